#include "syntax/recovering_parser.h"

#include "syntax/antlr.h"

namespace tunec::syntax {
namespace {

// Converts ANTLR's tree to ours. Two virtual calls distinguish words from rules: dynamic_cast across the
// library's border would compare names.
class Copier final : public antlr4::tree::ParseTreeVisitor {
 public:
  antlrcpp::Any visit(antlr4::tree::ParseTree*) override { return {}; }
  antlrcpp::Any visitChildren(antlr4::tree::ParseTree* tree) override {
    const auto* rule = static_cast<antlr4::ParserRuleContext*>(tree);
    const std::size_t at = out.size();
    const std::uint32_t last = rule->stop != nullptr ? index(rule->stop) : Node::no_word;
    out.push_back({static_cast<std::int16_t>(rule->getRuleIndex()), false, rule->exception != nullptr,
                   index(rule->start), last, 1});
    for (antlr4::tree::ParseTree* child : tree->children) child->accept(this);
    out[at].size = static_cast<std::uint32_t>(out.size() - at);
    return {};
  }
  antlrcpp::Any visitTerminal(antlr4::tree::TerminalNode* node) override {
    const std::uint32_t at = index(node->getSymbol());
    out.push_back({static_cast<std::int16_t>(lexeme_of(node->getSymbol()).kind), true, false, at, at, 1});
    return {};
  }
  antlrcpp::Any visitErrorNode(antlr4::tree::ErrorNode* node) override { return visitTerminal(node); }
  Cst out;

 private:
  static std::uint32_t index(const antlr4::Token* token) {
    return static_cast<std::uint32_t>(token->getTokenIndex());
  }
};

Cst copy(antlr4::tree::ParseTree* tree) {
  Copier copier;
  tree->accept(&copier);
  return std::move(copier.out);
}

}  // namespace

struct RecoveringParser::Parser {
  Parser(Session& session, const Lexemes& lexemes) : words(lexemes), parser(&words) {
    parser.removeErrorListeners();
    parser.setErrorHandler(make_recovery(session, words));
  }
  Words words;
  TuneParser parser;
};

RecoveringParser::RecoveringParser(Session& session, const Lexemes& words, std::uint32_t from)
    : parser_(std::make_unique<Parser>(session, words)) {
  parser_->words.seek(from);
}
RecoveringParser::~RecoveringParser() = default;

bool RecoveringParser::at_end() const { return parser_->words.LA(1) == antlr4::Token::EOF; }

Cst RecoveringParser::declaration() {
  Cst tree = copy(parser_->parser.declaration());
  parser_->parser.getTreeTracker().reset();
  return tree;
}

Cst RecoveringParser::hole() { return copy(parser_->parser.hole()->expr()); }

}  // namespace tunec::syntax
