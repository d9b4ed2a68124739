// Private to recovering_parser.cpp and recovery.cpp, the only files that use ANTLR. ANTLR's parser reads our
// own token stream: a view that does not copy the text (the runtime's stream copies each token). Offsets are
// bytes from the start.
#pragma once

#include <string>
#include <vector>

#include <antlr4-runtime.h>

#include "TuneParser.h"
#include "syntax/lexeme.h"

namespace tunec::syntax {

using grammar::TuneParser;

class Word final : public antlr4::Token {
 public:
  Word(const Lexeme& word, std::size_t index)
      : lexeme(word), kind_(word.kind < 0 ? EOF : static_cast<std::size_t>(word.kind)), index_(index) {}
  std::string getText() const override { return {}; }
  std::size_t getType() const override { return kind_; }
  std::size_t getLine() const override { return 0; }
  std::size_t getCharPositionInLine() const override { return 0; }
  std::size_t getChannel() const override { return DEFAULT_CHANNEL; }
  std::size_t getTokenIndex() const override { return index_; }
  std::size_t getStartIndex() const override { return lexeme.begin; }
  std::size_t getStopIndex() const override { return lexeme.end; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  antlr4::CharStream* getInputStream() const override { return nullptr; }
  std::string toString() const override { return {}; }

  Lexeme lexeme;

 private:
  std::size_t kind_, index_;
};

class Words final : public antlr4::TokenStream {
 public:
  // The last word must be the end of the file: kind −1.
  explicit Words(const Lexemes& lexemes) {
    words_.reserve(lexemes.size());
    for (const Lexeme& lexeme : lexemes) words_.emplace_back(lexeme, words_.size());
  }
  void consume() override {
    if (at_ + 1 < words_.size()) ++at_;
  }
  std::size_t LA(ssize_t i) override { return LT(i)->getType(); }
  antlr4::Token* LT(ssize_t i) override {
    const ssize_t at = static_cast<ssize_t>(at_) + i - (i > 0 ? 1 : 0);
    return at < 0 ? nullptr : &words_[std::min(static_cast<std::size_t>(at), words_.size() - 1)];
  }
  antlr4::Token* get(std::size_t index) const override { return const_cast<Word*>(&words_[index]); }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = std::min(index, words_.size() - 1); }
  std::size_t size() override { return words_.size(); }
  std::string getSourceName() const override { return {}; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext*) override { return {}; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }
  const Word& word(std::size_t index) const { return words_[std::min(index, words_.size() - 1)]; }

 private:
  std::vector<Word> words_;
  std::size_t at_ = 0;
};

inline const Lexeme& lexeme_of(const antlr4::Token* token) { return static_cast<const Word*>(token)->lexeme; }

// recovery.cpp
std::shared_ptr<antlr4::ANTLRErrorStrategy> make_recovery(Session& session, const Words& words);

}  // namespace tunec::syntax
