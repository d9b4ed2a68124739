// Private to parse.cpp, recovery.cpp and lower*.cpp, the only files that see ANTLR. Its runtime is given our own
// character and token streams: they are views (the runtime's copy the text as UTF-32 and every token with its text),
// and with them every offset is a byte offset from the start.
//
// The lexer reads bytes. All bytes above ASCII appear as DEL: the grammar treats them alike (they may stand in
// strings and comments only), and the runtime caches its transitions only for symbols up to 127.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <antlr4-runtime.h>

#include "TuneLexer.h"
#include "TuneParser.h"
#include "diagnostics/reporter.h"
#include "source/sources.h"
#include "syntax/ast.h"
#include "syntax/lexeme.h"

namespace tunec::syntax {

using grammar::TuneLexer;
using grammar::TuneParser;

class Characters final : public antlr4::CharStream {
 public:
  Characters(std::string_view text, std::size_t begin, std::size_t end) : text_(text), at_(begin), end_(end) {}
  void consume() override { ++at_; }
  std::size_t LA(ssize_t i) override {
    const std::size_t at = at_ + static_cast<std::size_t>(i) - (i > 0 ? 1 : 0);
    if (at >= end_) return EOF;
    const auto byte = static_cast<unsigned char>(text_[at]);
    return byte < 0x80 ? byte : 0x7F;
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = index; }
  std::size_t size() override { return end_; }
  std::string getSourceName() const override { return {}; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string toString() const override { return {}; }

 private:
  std::string_view text_;
  std::size_t at_, end_;
};

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
  // The last one must be the end of the file: kind −1.
  explicit Words(const std::vector<Lexeme>& lexemes) {
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

// What the three files hand each other about the file at hand.
struct Session {
  FileId file;
  std::string_view text;
  Reporter& reporter;
  std::vector<std::uint32_t> mistakes;  // where the parser reported something

  Span span(std::uint32_t begin, std::uint32_t end) const { return {file, begin, end}; }
  std::string_view slice(const Lexeme& lexeme) const { return text.substr(lexeme.begin, lexeme.end - lexeme.begin); }
};

std::shared_ptr<antlr4::ANTLRErrorStrategy> make_recovery(Session& session, const Words& words);     // recovery.cpp
ast::Expr parse_hole(Session& session, std::uint32_t begin, std::uint32_t end);                      // parse.cpp
void lower(Session& session, TuneParser::DeclarationContext& declaration, ast::File& out);           // lower.cpp
ast::Expr lower_expr(Session& session, TuneParser::ExprContext* expr);                               // lower_expr.cpp

}  // namespace tunec::syntax
