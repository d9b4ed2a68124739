// Private to lower.cpp and lower_expr.cpp: places, names, strings and expressions, which both lower. After a
// mistake any child of a node may be missing: it becomes an ast::Missing, or a name with empty text.
#pragma once

#include "syntax/cst.h"
#include "syntax/lexeme.h"
#include "syntax/operators.h"

namespace tunec::syntax {

class ExprLowering {
 public:
  ExprLowering(Session& session, const Lexemes& words) : s_(session), words_(words) {}

  ast::Expr expr(const Node& node, int budget);  // `budget`: how many more operators deep it may be
  ast::Expr expr_in(const Node& node, std::size_t nth = 0);
  ast::Name name(const Node* node);
  ast::Name name_in(const Node& node, std::size_t nth = 0) { return name(child(&node, Rule::name, nth)); }
  ast::Name dotted(const Node* node);
  ast::Path path(const Node& node, int budget = max_operators);
  std::vector<ast::Argument> arguments(const Node& node, int budget = max_operators);
  std::string plain(const Lexeme* word);  // a string that must not have holes
  std::string plain_in(const Node& node) { return plain(token(&node, Kind::STRING)); }
  ast::Expr text(const Lexeme& word);
  const Lexeme& first(const Node& node) const { return words_[node.first]; }
  const Lexeme* token(const Node* node, Kind::Number kind) const;  // nullptr if there is none
  Span span(const Lexeme& word) const { return s_.span(word.begin, word.end); }
  Span span(const Node& node) const;

 protected:
  ast::Expr literal(const Node& node);
  ast::Name no_name(const Node* node) const;
  Session& s_;
  const Lexemes& words_;

 private:
  static ast::Expr missing(Span where) { return {ast::Missing{}, where}; }
  ast::Expr too_long(const Node& node);
  Operand operand(const Node& node, int budget);
  ast::Expr path_or_text(const Node& node, const Node& head, int budget);
  ast::Expr list(const Node& node, int budget);
  ast::PathPart part(const Node& node, int budget);

  bool reported_long_ = false;
};

// lower.cpp
void lower(Session& session, const Lexemes& words, const Node& declaration,
           std::vector<ast::Declaration>& out);
// lower_expr.cpp
ast::Expr lower_expr(Session& session, const Lexemes& words, const Node& expr);
// parse.cpp: all declarations up to the first mistake. Returns the word that the mistake's declaration begins
// with, or END.
std::uint32_t lower_good(Session& session, const Lexemes& words, std::vector<ast::Declaration>& out);
// parse.cpp
ast::Expr parse_hole(Session& session, std::uint32_t begin, std::uint32_t end);

}  // namespace tunec::syntax
