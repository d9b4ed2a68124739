// Expressions, and the names and strings in them: parse tree → AST. operators.cpp builds the tree of
// operators, literals.cpp reads literals.
#include <algorithm>

#include "diagnostics/diag.h"
#include "syntax/literals.h"
#include "syntax/lower.h"

namespace tunec::syntax {
namespace {

Shape shape(int kind) {
  switch (kind) {
    case Kind::INT: return Shape::whole;
    case Kind::HEX: return Shape::hex;
    case Kind::DECIMAL: return Shape::decimal;
    case Kind::QUANTITY: return Shape::quantity;
    case Kind::VERSION: return Shape::version;
    case Kind::DATE: return Shape::date;
    case Kind::ADDRESS: return Shape::address;
    case Kind::PREFIX: return Shape::prefix;
    case Kind::MAC: return Shape::mac;
    case Kind::PCI_ID: return Shape::pci_id;
    case Kind::PCI_ADDRESS: return Shape::pci_address;
    default: return Shape::boolean;
  }
}

}  // namespace

ast::Expr ExprLowering::expr(const Node& node, int budget) {
  const std::size_t children = count_children(node);
  if (children > 2 * static_cast<std::size_t>(max_operators)) return too_long(node);
  // Binary and unary operators, and the dots of argument lists: an upper bound of the tree's height
  int operators = 0;
  for (const Node& item : node)
    if (!item.is_word)
      operators += static_cast<int>(std::min<std::size_t>(count_children(item), 2 * max_operators));
  operators -= static_cast<int>(std::min<std::size_t>(children, 1));
  if (operators > budget) return too_long(node);
  std::vector<Operand> operands;
  std::vector<Join> joins;
  for (const Node& item : node) {
    if (!item.is_word) {
      operands.push_back(operand(item, budget - operators));
      if (children == 1 && operands.front().prefixes.empty()) return std::move(operands.front().value);
    } else if (const Infix* infix = infix_of(s_.slice(first(item)))) {
      joins.push_back({infix, span(first(item))});
    }
  }
  if (operands.size() != joins.size() + 1) return missing(span(node));
  return build_tree(std::move(operands), joins, s_.reporter);
}

// Places and words

const Lexeme* ExprLowering::token(const Node* node, Kind::Number kind) const {
  const Node* found = word(node, kind);
  return found != nullptr ? &first(*found) : nullptr;
}

Span ExprLowering::span(const Node& node) const {
  const std::uint32_t begin = first(node).begin;
  const std::uint32_t end = node.last != Node::no_word ? words_[node.last].end : begin;
  return s_.span(begin, std::max(begin, end));
}

ast::Expr ExprLowering::too_long(const Node& node) {
  const Span where = span(node);
  if (!reported_long_) s_.reporter.report(where, diag::expression_too_long, max_operators, "operators");
  reported_long_ = true;
  return missing(where);
}

ast::Name ExprLowering::name(const Node* node) {
  if (node == nullptr) return no_name(node);
  for (const Node& item : *node) {
    if (item.is_word && is_name(item.number)) return {std::string(s_.slice(first(item))), span(first(item))};
  }
  return no_name(node);
}

ast::Name ExprLowering::no_name(const Node* node) const {
  const std::uint32_t at = node != nullptr ? span(*node).begin : 0;
  return {"", s_.span(at, at)};
}

ast::Name ExprLowering::dotted(const Node* node) {
  ast::Name out;
  if (node == nullptr) return no_name(node);
  for (const Node& item : *node) {
    if (item.is_word) continue;
    const ast::Name part = name(&item);
    out.text += (out.text.empty() ? "" : ".") + part.text;
  }
  out.span = span(*node);
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
  if (parts.holes.empty()) return {ast::Literal{Value{std::move(parts.pieces.front())}, {}}, span(word)};
  ast::Text out{std::move(parts.pieces), {}};
  for (const auto& [begin, end] : parts.holes) out.holes.emplace_back(parse_hole(s_, begin, end));
  return {std::move(out), span(word)};
}

// Expressions

ast::Expr ExprLowering::expr_in(const Node& node, std::size_t nth) {
  const Node* found = child(&node, Rule::expr, nth);
  if (found == nullptr) return missing(s_.span(span(node).end, span(node).end));
  reported_long_ = false;
  return expr(*found, max_operators);
}

Operand ExprLowering::operand(const Node& node, int budget) {
  Operand out{{}, missing(span(node))};
  for (const Node& item : node) {
    if (item.is(Kind::MINUS)) out.prefixes.push_back({ast::UnaryOp::minus, span(first(item))});
    if (item.is(Kind::NOT)) out.prefixes.push_back({ast::UnaryOp::not_, span(first(item))});
    if (item.is(Kind::DEFAULT))
      out.value = {ast::Path{{{{"default", span(first(item))}, {}}}}, span(first(item))};
  }
  for (const Node& item : node) {
    if (item.is_word) continue;
    switch (item.number) {
      case Rule::literal: out.value = literal(item); break;
      case Rule::expr: out.value = expr(item, budget); break;
      case Rule::list: out.value = list(item, budget); break;
      case Rule::head: out.value = path_or_text(node, item, budget); return out;
      default: break;
    }
  }
  return out;
}

ast::Expr ExprLowering::path_or_text(const Node& node, const Node& head, int budget) {
  const Lexeme* string = token(&head, Kind::STRING);
  const bool is_last = &head + head.size == &node + node.size;
  if (string != nullptr && is_last && count_children(head) == 1) return text(*string);
  ast::Path path = this->path(node, budget);
  const std::uint32_t begin = path.parts.front().name.span.begin;
  return {std::move(path), s_.span(begin, std::max(begin, span(node).end))};
}

ast::Expr ExprLowering::list(const Node& node, int budget) {
  ast::ListExpr out;
  for (const Node& item : node)
    if (!item.is_word) out.items.emplace_back(expr(item, budget));
  return {std::move(out), span(node)};
}

ast::Expr ExprLowering::literal(const Node& node) {
  const Lexeme& word = first(node);
  auto value = literal_value(shape(word.kind), s_.slice(word), span(word), s_.reporter);
  if (!value) return missing(span(word));
  return {ast::Literal{*std::move(value), s_.slice(word)}, span(word)};
}

ast::Path ExprLowering::path(const Node& node, int budget) {
  ast::Path out;
  for (const Node& item : node)
    if (item.is(Rule::head) || item.is(Rule::part)) out.parts.push_back(part(item, budget));
  if (out.parts.empty()) out.parts.push_back({no_name(&node), {}});
  return out;
}

ast::PathPart ExprLowering::part(const Node& node, int budget) {
  ast::PathPart out;
  if (const Lexeme* string = token(&node, Kind::STRING)) {
    out.name = {plain(string), span(*string)};
  } else {
    const bool named = node.size > 1 && !(*node.begin()).is_word;
    out.name = named ? name(&*node.begin()) : no_name(&node);
  }
  if (const Node* given = child(&node, Rule::arguments)) out.arguments = arguments(*given, budget);
  return out;
}

std::vector<ast::Argument> ExprLowering::arguments(const Node& node, int budget) {
  std::vector<ast::Argument> out;
  for (const Node& item : node) {
    if (item.is_word) continue;
    const Node* value = child(&item, Rule::expr);
    ast::Argument argument{{}, value != nullptr ? expr(*value, budget) : missing(span(item)), {}, {}};
    if (word(&item, Kind::WHERE) != nullptr) {
      const Node* where = child(&item, Rule::expr, 1);
      argument.where = where != nullptr ? expr(*where, budget) : missing(span(item));
    }
    auto& label = word(&item, Kind::FOR) != nullptr ? argument.each : argument.label;
    if (const Node* given = child(&item, Rule::name)) label = name(given);
    out.push_back(std::move(argument));
  }
  return out;
}

ast::Expr lower_expr(Session& session, const Lexemes& words, const Node& expr) {
  return ExprLowering(session, words).expr(expr, max_operators);
}

}  // namespace tunec::syntax
