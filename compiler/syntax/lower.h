// Private to lower.cpp and lower_expr.cpp: walking ANTLR's parse tree, and what is lowered alike everywhere: places,
// names, strings and expressions. After a mistake a context may lack any of its children, so nothing counts on one:
// what is missing becomes an ast::Missing or a name with no text.
// Children are walked by rule number; the generated accessors search by dynamic_cast from the first child, which is too
// slow for big files.
#pragma once

#include "syntax/antlr.h"
#include "syntax/operators.h"

namespace tunec::syntax {

using Context = antlr4::ParserRuleContext;
using Tree = antlr4::tree::ParseTree;

const Lexeme* word_of(Tree* tree);   // nullptr if it is a rule
Context* rule_of(Tree* tree);        // nullptr if it is a word
Context* child(Context* context, std::size_t rule, std::size_t skip = 0);  // nullptr if there is none, or no context
const Lexeme* token(Context* context, std::size_t kind);
inline bool is_kind(const Lexeme& word, std::size_t kind) { return word.kind == static_cast<int>(kind); }

class ExprLowering {
 public:
  explicit ExprLowering(Session& session) : s_(session) {}

  ast::Expr expr(Context* context, int budget);  // `budget`: how many operators deep it may still be
  ast::Expr expr_in(Context* context, std::size_t nth = 0);
  ast::Name name(Context* context);
  ast::Name name_in(Context* context, std::size_t nth = 0) { return name(child(context, TuneParser::RuleName, nth)); }
  ast::Name dotted(Context* context);
  ast::Path path(Context* context, int budget = max_operators);
  std::vector<ast::Argument> arguments(Context* context, int budget = max_operators);
  std::string plain(const Lexeme* word);  // a string that may have no holes
  std::string plain_in(Context* context) { return plain(token(context, TuneParser::STRING)); }
  ast::Expr text(const Lexeme& word);
  Span span(const Lexeme& word) const { return s_.span(word.begin, word.end); }
  Span span(Context* context) const;

 protected:
  ast::Name no_name(Context* context) const;
  Session& s_;

 private:
  static ast::Expr missing(Span where) { return {ast::Missing{}, where}; }
  ast::Expr too_long(Context* context);
  Operand operand(Context* context, int budget);
  ast::Expr path_or_text(Context* context, Context* head, int budget);
  ast::Expr list(Context* context, int budget);
  ast::Expr literal(Context* context);
  ast::PathPart part(Context* context, int budget);

  bool reported_long_ = false;
};

}  // namespace tunec::syntax
