#include "support/antlr_reference.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "TuneLexer.h"
#include "syntax/antlr.h"
#include "syntax/recovering_parser.h"

namespace tunec::test {

using namespace syntax;

namespace {

// The lexer's input: bytes. Every byte above ASCII is replaced by DEL, see TuneLexer.g4.
class Characters final : public antlr4::CharStream {
 public:
  explicit Characters(std::string_view text) : text_(text) {}
  void consume() override { ++at_; }
  std::size_t LA(ssize_t i) override {
    const std::size_t at = at_ + static_cast<std::size_t>(i) - (i > 0 ? 1 : 0);
    if (at >= text_.size()) return EOF;
    const auto byte = static_cast<unsigned char>(text_[at]);
    return byte < 0x80 ? byte : 0x7F;
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = index; }
  std::size_t size() override { return text_.size(); }
  std::string getSourceName() const override { return {}; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string toString() const override { return {}; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// Stops at the first mistake.
class Strict final : public antlr4::ANTLRErrorStrategy {
 public:
  void reset(antlr4::Parser*) override {}
  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    throw antlr4::InputMismatchException(parser);
  }
  void recover(antlr4::Parser*, std::exception_ptr) override { throw antlr4::ParseCancellationException(); }
  void sync(antlr4::Parser*) override {}
  bool inErrorRecoveryMode(antlr4::Parser*) override { return false; }
  void reportMatch(antlr4::Parser*) override {}
  void reportError(antlr4::Parser*, const antlr4::RecognitionException& e) override {
    at = static_cast<std::uint32_t>(e.getOffendingToken()->getTokenIndex());
  }
  std::uint32_t at = 0;
};

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::vector<RawWord> antlr_words(std::string_view text) {
  Characters characters(text);
  grammar::TuneLexer lexer(&characters);
  auto* automaton = lexer.getInterpreter<antlr4::atn::LexerATNSimulator>();
  std::vector<RawWord> words;
  while (characters.index() < text.size()) {
    const auto kind = static_cast<int>(automaton->match(&characters, grammar::TuneLexer::DEFAULT_MODE));
    words.push_back({kind, static_cast<std::uint32_t>(characters.index())});
  }
  return words;
}

std::optional<std::uint32_t> antlr_mistake(const Lexemes& lexemes) {
  Words words(lexemes);
  TuneParser parser(&words);
  parser.removeErrorListeners();
  const auto strict = std::make_shared<Strict>();
  parser.setErrorHandler(strict);
  try {
    while (words.LA(1) != antlr4::Token::EOF) parser.declaration();
  } catch (const antlr4::ParseCancellationException&) {
    return strict->at;
  }
  return std::nullopt;
}

std::vector<Cst> antlr_trees(const Lexemes& lexemes) {
  Reporter reporter;
  Session session{{}, {}, reporter};
  RecoveringParser parser(session, lexemes, 0);
  std::vector<Cst> trees;
  while (!parser.at_end()) trees.push_back(parser.declaration());
  return trees;
}

Lexemes words_for_parsers(Session& session) {
  Lexemes words = visible_words(session, 0, static_cast<std::uint32_t>(session.text.size()));
  if (!depth_is_bounded(session, words)) return {{Kind::END}};
  match_braces(session, words);
  mark_settings(words);
  return words;
}

std::vector<std::pair<std::string, std::string>> project_texts() {
  std::vector<std::pair<std::string, std::string>> texts;
  const std::filesystem::path root = std::filesystem::current_path().parent_path();  // tests run in tests/
  for (const char* folder : {"stdlib", "profiles", "tests/cases", "tests/fuzz/seeds", "grammar"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const auto ending = entry.path().extension();
      if (entry.is_regular_file() && (ending == ".tune" || ending == ".md" || ending == ""))
        texts.emplace_back(entry.path().lexically_relative(root), contents(entry.path()));
    }
  }
  std::ranges::sort(texts);
  return texts;
}

}  // namespace tunec::test
