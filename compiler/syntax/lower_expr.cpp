// Expressions, and the names and strings in them: ANTLR's parse tree → our AST. The operators' tree is built in
// operators.cpp, literals are read in literals.cpp.
#include <algorithm>

#include "diagnostics/diag.h"
#include "syntax/literals.h"
#include "syntax/lower.h"

namespace tunec::syntax {
namespace {

// Tells words from rules by two virtual calls: dynamic_cast across the library's border compares names.
class Sorter final : public antlr4::tree::ParseTreeVisitor {
 public:
  antlrcpp::Any visit(Tree*) override { return {}; }
  antlrcpp::Any visitChildren(Tree* node) override {
    rule = static_cast<Context*>(node);
    return {};
  }
  antlrcpp::Any visitTerminal(antlr4::tree::TerminalNode* node) override {
    word = &lexeme_of(node->getSymbol());
    return {};
  }
  antlrcpp::Any visitErrorNode(antlr4::tree::ErrorNode* node) override { return visitTerminal(node); }
  Context* rule = nullptr;
  const Lexeme* word = nullptr;
};

Shape shape(std::size_t kind) {
  switch (kind) {
    case TuneParser::INT: return Shape::whole;
    case TuneParser::HEX: return Shape::hex;
    case TuneParser::DECIMAL: return Shape::decimal;
    case TuneParser::QUANTITY: return Shape::quantity;
    case TuneParser::VERSION: return Shape::version;
    case TuneParser::DATE: return Shape::date;
    case TuneParser::ADDRESS: return Shape::address;
    case TuneParser::PREFIX: return Shape::prefix;
    case TuneParser::MAC: return Shape::mac;
    case TuneParser::PCI_ID: return Shape::pci_id;
    case TuneParser::PCI_ADDRESS: return Shape::pci_address;
    default: return Shape::boolean;
  }
}

}  // namespace

const Lexeme* word_of(Tree* tree) {
  Sorter sorter;
  tree->accept(&sorter);
  return sorter.word;
}

Context* rule_of(Tree* tree) {
  Sorter sorter;
  tree->accept(&sorter);
  return sorter.rule;
}

Context* child(Context* context, std::size_t rule, std::size_t skip) {
  if (context == nullptr) return nullptr;
  for (Tree* tree : context->children)
    if (auto* found = rule_of(tree); found != nullptr && found->getRuleIndex() == rule && skip-- == 0) return found;
  return nullptr;
}

const Lexeme* token(Context* context, std::size_t kind) {
  if (context == nullptr) return nullptr;
  for (Tree* tree : context->children)
    if (const Lexeme* word = word_of(tree); word != nullptr && is_kind(*word, kind)) return word;
  return nullptr;
}

ast::Expr ExprLowering::expr(Context* context, int budget) {
  if (context == nullptr) return missing({s_.file, 0, 0});
  std::vector<Operand> operands;
  std::vector<Join> joins;
  if (context->children.size() > 2 * static_cast<std::size_t>(max_operators)) return too_long(context);
  int operators = 0;  // joins and prefixes, and the argument lists' dots: an upper bound of the tree's height
  for (Tree* tree : context->children)
    if (rule_of(tree) != nullptr) operators += static_cast<int>(std::min<std::size_t>(tree->children.size(), 2 * max_operators));
  operators -= static_cast<int>(std::min<std::size_t>(context->children.size(), 1));
  if (operators > budget) return too_long(context);
  for (Tree* tree : context->children) {
    if (auto* rule = rule_of(tree)) operands.push_back(operand(rule, budget - operators));
    else if (const Infix* infix = infix_of(s_.slice(*word_of(tree)))) joins.push_back({infix, span(*word_of(tree))});
  }
  if (operands.size() != joins.size() + 1) return missing(span(context));
  return build_tree(std::move(operands), joins, s_.reporter);
}

// Places and words

Span ExprLowering::span(Context* context) const {
  const std::uint32_t begin = lexeme_of(context->start).begin;
  const std::uint32_t end = context->stop != nullptr ? lexeme_of(context->stop).end : begin;
  return s_.span(begin, std::max(begin, end));
}

ast::Expr ExprLowering::too_long(Context* context) {
  const Span where = span(context);
  if (!reported_long_) s_.reporter.report(where, diag::expression_too_long, max_operators, "operators");
  reported_long_ = true;
  return missing(where);
}

ast::Name ExprLowering::name(Context* context) {
  if (context == nullptr) return no_name(context);
  for (Tree* tree : context->children) {
    const Lexeme* word = word_of(tree);
    if (word != nullptr && word->kind >= static_cast<int>(TuneParser::SITE) && word->kind <= static_cast<int>(TuneParser::ID))
      return {std::string(s_.slice(*word)), span(*word)};
  }
  return no_name(context);
}

ast::Name ExprLowering::no_name(Context* context) const {
  const std::uint32_t at = context != nullptr ? span(context).begin : 0;
  return {"", s_.span(at, at)};
}

ast::Name ExprLowering::dotted(Context* context) {
  ast::Name out;
  if (context == nullptr) return no_name(context);
  for (Tree* tree : context->children) {
    auto* rule = rule_of(tree);
    if (rule == nullptr) continue;
    const ast::Name part = name(rule);
    out.text += (out.text.empty() ? "" : ".") + part.text;
  }
  out.span = span(context);
  return out;
}

// Strings

std::string ExprLowering::plain(const Lexeme* word) {
  if (word == nullptr || s_.slice(*word).front() != '"') return {};  // in other quotes, which was reported
  StringParts parts = read_string(s_.slice(*word), span(*word), s_.reporter);
  if (!parts.holes.empty())
    s_.reporter.report(span(*word), diag::bad_literal, std::string(s_.slice(*word)), "a string without holes")
        .help("write \\{ for the character");
  return std::move(parts.pieces.front());
}

ast::Expr ExprLowering::text(const Lexeme& word) {
  const std::string_view written = s_.slice(word);
  if (word.muted && (written.size() < 2 || written.back() != '"')) return missing(span(word));
  StringParts parts = read_string(written, span(word), s_.reporter);
  if (parts.holes.empty()) return {ast::Literal{Value{std::move(parts.pieces.front())}, std::string(written)}, span(word)};
  ast::Text out{std::move(parts.pieces), {}};
  for (const auto& [begin, end] : parts.holes) out.holes.emplace_back(parse_hole(s_, begin, end));
  return {std::move(out), span(word)};
}

// Expressions

ast::Expr ExprLowering::expr_in(Context* context, std::size_t nth) {
  auto* found = child(context, TuneParser::RuleExpr, nth);
  if (found == nullptr && context != nullptr) return missing(s_.span(span(context).end, span(context).end));
  reported_long_ = false;
  return expr(found, max_operators);
}

Operand ExprLowering::operand(Context* context, int budget) {
  Operand out{{}, missing(span(context))};
  for (Tree* tree : context->children) {
    const Lexeme* word = word_of(tree);
    if (word == nullptr) continue;
    if (is_kind(*word, TuneParser::MINUS)) out.prefixes.push_back({ast::UnaryOp::minus, span(*word)});
    if (is_kind(*word, TuneParser::NOT)) out.prefixes.push_back({ast::UnaryOp::not_, span(*word)});
    if (is_kind(*word, TuneParser::DEFAULT)) out.value = {ast::Path{{{{"default", span(*word)}, {}}}}, span(*word)};
  }
  for (Tree* tree : context->children) {
    auto* rule = rule_of(tree);
    if (rule == nullptr) continue;
    switch (rule->getRuleIndex()) {
      case TuneParser::RuleLiteral: out.value = literal(rule); break;
      case TuneParser::RuleExpr: out.value = expr(rule, budget); break;
      case TuneParser::RuleList: out.value = list(rule, budget); break;
      case TuneParser::RuleHead: out.value = path_or_text(context, rule, budget); return out;
      default: break;
    }
  }
  return out;
}

ast::Expr ExprLowering::path_or_text(Context* context, Context* head, int budget) {
  const Lexeme* string = token(head, TuneParser::STRING);
  if (string != nullptr && head == context->children.back() && head->children.size() == 1) return text(*string);
  ast::Path path = this->path(context, budget);
  const std::uint32_t begin = path.parts.front().name.span.begin;
  return {std::move(path), s_.span(begin, std::max(begin, span(context).end))};
}

ast::Expr ExprLowering::list(Context* context, int budget) {
  ast::ListExpr out;
  for (Tree* tree : context->children)
    if (auto* rule = rule_of(tree)) out.items.emplace_back(expr(rule, budget));
  return {std::move(out), span(context)};
}

ast::Expr ExprLowering::literal(Context* context) {
  const Lexeme& word = lexeme_of(context->start);
  auto value = literal_value(shape(static_cast<std::size_t>(word.kind)), s_.slice(word), span(word), s_.reporter);
  if (!value) return missing(span(word));
  return {ast::Literal{*std::move(value), std::string(s_.slice(word))}, span(word)};
}

ast::Path ExprLowering::path(Context* context, int budget) {
  ast::Path out;
  for (Tree* tree : context->children) {
    auto* rule = rule_of(tree);
    if (rule == nullptr) continue;
    const std::size_t which = rule->getRuleIndex();
    if (which == TuneParser::RuleHead || which == TuneParser::RulePart) out.parts.push_back(part(rule, budget));
  }
  if (out.parts.empty()) out.parts.push_back({no_name(context), {}});
  return out;
}

ast::PathPart ExprLowering::part(Context* context, int budget) {
  ast::PathPart out;
  if (const Lexeme* string = token(context, TuneParser::STRING)) {
    out.name = {plain(string), span(*string)};
  } else {
    auto* rule = context->children.empty() ? nullptr : rule_of(context->children.front());
    out.name = rule != nullptr ? name(rule) : no_name(context);
  }
  if (auto* rule = child(context, TuneParser::RuleArguments)) out.arguments = arguments(rule, budget);
  return out;
}

std::vector<ast::Argument> ExprLowering::arguments(Context* context, int budget) {
  std::vector<ast::Argument> out;
  for (Tree* tree : context->children) {
    auto* rule = rule_of(tree);
    if (rule == nullptr) continue;
    auto* value = child(rule, TuneParser::RuleExpr);
    ast::Argument argument{{}, value != nullptr ? expr(value, budget) : missing(span(rule)), {}, {}};
    if (token(rule, TuneParser::WHERE) != nullptr) {
      auto* where = child(rule, TuneParser::RuleExpr, 1);
      argument.where = where != nullptr ? expr(where, budget) : missing(span(rule));
    }
    auto& said = token(rule, TuneParser::FOR) != nullptr ? argument.each : argument.label;
    if (auto* word = child(rule, TuneParser::RuleName)) said = name(word);
    out.push_back(std::move(argument));
  }
  return out;
}

ast::Expr lower_expr(Session& session, TuneParser::ExprContext* expr) {
  return ExprLowering(session).expr(expr, max_operators);
}

}  // namespace tunec::syntax
