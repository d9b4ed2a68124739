// ANTLR's parse tree → our AST: one plain function per rule. After a mistake a context may lack any of its children,
// so nothing here counts on one: what is missing becomes an ast::Missing or a name with no text. Children are walked
// by rule number; the generated accessors search by dynamic_cast from the first child, which is too slow for big files.
#include <algorithm>

#include "diagnostics/diag.h"
#include "syntax/antlr.h"
#include "syntax/literals.h"
#include "syntax/operators.h"

namespace tunec::syntax {
namespace {

using Context = antlr4::ParserRuleContext;
using Tree = antlr4::tree::ParseTree;

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
Context* child(Context* context, std::size_t rule, std::size_t skip = 0) {
  if (context == nullptr) return nullptr;
  for (Tree* tree : context->children)
    if (auto* found = rule_of(tree); found != nullptr && found->getRuleIndex() == rule && skip-- == 0) return found;
  return nullptr;
}
const Lexeme* token(Context* context, std::size_t kind) {
  if (context == nullptr) return nullptr;
  for (Tree* tree : context->children)
    if (const Lexeme* word = word_of(tree); word != nullptr && word->kind == static_cast<int>(kind)) return word;
  return nullptr;
}

class Lowering {
 public:
  explicit Lowering(Session& session) : s_(session) {}

  ast::Expr expr(Context* context, int budget) {
    if (context == nullptr) return missing({s_.file, 0, 0});
    std::vector<Operand> operands;
    std::vector<Join> joins;
    if (context->children.size() > 2 * static_cast<std::size_t>(max_operators)) return too_long(context);
    int operators = 0;  // joins and prefixes, and the argument lists' dots: an upper bound of the tree's height
    for (Tree* tree : context->children)
      operators += rule_of(tree) != nullptr ? static_cast<int>(std::min<std::size_t>(tree->children.size(), 2 * max_operators)) : 0;
    operators -= static_cast<int>(std::min<std::size_t>(context->children.size(), 1));
    if (operators > budget) return too_long(context);
    for (Tree* tree : context->children) {
      if (auto* rule = rule_of(tree)) operands.push_back(operand(rule, budget - operators));
      else if (const Infix* infix = infix_of(s_.slice(*word_of(tree)))) joins.push_back({infix, span(*word_of(tree))});
    }
    if (operands.size() != joins.size() + 1) return missing(span(context));
    return build_tree(std::move(operands), joins, s_.reporter);
  }

  void declaration(Context* c, std::vector<ast::Declaration>& out) {
    const auto add = [&](auto node) { out.push_back({std::move(node), span(c)}); };
    switch (c->getRuleIndex()) {
      case TuneParser::RuleSite: return add(ast::Site{name_in(c)});
      case TuneParser::RuleImportFile: {
        const Lexeme* path = token(c, TuneParser::STRING);
        return add(ast::Import{plain(path), path != nullptr ? span(*path) : span(c)});
      }
      case TuneParser::RuleLet: return add(ast::Let{name_in(c), expr_in(c)});
      case TuneParser::RuleProfile: return add(ast::Profile{dotted(child(c, TuneParser::RuleDotted)), parameters(c), body(child(c, TuneParser::RuleBody))});
      case TuneParser::RuleHost: return add(host(c));
      case TuneParser::RulePool: return add(ast::Pool{name_in(c), body(child(c, TuneParser::RuleBody))});
      case TuneParser::RuleInstanceType: return add(ast::InstanceType{name_in(c), body(child(c, TuneParser::RuleBody))});
      case TuneParser::RulePolicy: return add(policy(c));
      case TuneParser::RuleWaive: return add(waive(c));
      case TuneParser::RuleTest: return add(test(c));
      default: return;
    }
  }

 private:
  // Places and words

  Span span(const Lexeme& word) const { return s_.span(word.begin, word.end); }
  Span span(Context* context) const {
    const std::uint32_t begin = lexeme_of(context->start).begin;
    const std::uint32_t end = context->stop != nullptr ? lexeme_of(context->stop).end : begin;
    return s_.span(begin, std::max(begin, end));
  }
  static ast::Expr missing(Span where) { return {ast::Missing{}, where}; }
  ast::Expr too_long(Context* context) {
    const Span where = span(context);
    if (!reported_long_) s_.reporter.report(where, diag::expression_too_long, max_operators, "operators");
    reported_long_ = true;
    return missing(where);
  }

  ast::Name name(Context* context) {
    if (context == nullptr) return {"", {s_.file, 0, 0}};
    for (Tree* tree : context->children) {
      const Lexeme* word = word_of(tree);
      if (word != nullptr && word->kind >= static_cast<int>(TuneParser::SITE) && word->kind <= static_cast<int>(TuneParser::ID))
        return {std::string(s_.slice(*word)), span(*word)};
    }
    const Span at = span(context);
    return {"", {s_.file, at.begin, at.begin}};
  }
  ast::Name name_in(Context* context, std::size_t nth = 0) { return name(child(context, TuneParser::RuleName, nth)); }
  ast::Name dotted(Context* context) {
    ast::Name out;
    if (context == nullptr) return {"", {s_.file, 0, 0}};
    for (Tree* tree : context->children) {
      auto* rule = rule_of(tree);
      if (rule == nullptr) continue;
      const ast::Name part = name(rule);
      out.text += (out.text.empty() ? "" : ".") + part.text;
    }
    out.span = span(context);
    return out;
  }
  ast::Name pattern(Context* context) {
    if (context == nullptr) return {"", {s_.file, 0, 0}};
    const Span where = span(context);
    const std::string_view text = s_.text.substr(where.begin, where.end - where.begin);
    if (context->exception == nullptr && text.find_first_of(" \t\r\n#") != std::string_view::npos)
      s_.reporter.report(where, diag::bad_literal, std::string(text), "a name or pattern of hosts").help("write it without blanks");
    return {std::string(text), where};
  }

  // Strings

  std::string plain(const Lexeme* word) {
    if (word == nullptr) return {};
    StringParts parts = read_string(s_.slice(*word), span(*word), s_.reporter);
    if (!parts.holes.empty())
      s_.reporter.report(span(*word), diag::bad_literal, std::string(s_.slice(*word)), "a string without holes").help("write \\{ for the character");
    return std::move(parts.pieces.front());
  }
  std::string plain_in(Context* context) { return plain(token(context, TuneParser::STRING)); }
  ast::Expr text(const Lexeme& word) {
    const std::string_view written = s_.slice(word);
    if (word.muted && (written.size() < 2 || written.back() != '"')) return missing(span(word));
    StringParts parts = read_string(written, span(word), s_.reporter);
    if (parts.holes.empty()) return {ast::Literal{Value{std::move(parts.pieces.front())}, std::string(written)}, span(word)};
    ast::Text out{std::move(parts.pieces), {}};
    for (const auto& [begin, end] : parts.holes) out.holes.emplace_back(parse_hole(s_, begin, end));
    return {std::move(out), span(word)};
  }

  // Expressions

  ast::Expr expr_in(Context* context, std::size_t nth = 0) {
    auto* found = child(context, TuneParser::RuleExpr, nth);
    if (found == nullptr && context != nullptr) return missing(s_.span(span(context).end, span(context).end));
    reported_long_ = false;
    return expr(found, max_operators);
  }

  Operand operand(Context* context, int budget) {
    Operand out{{}, missing(span(context))};
    for (Tree* tree : context->children) {
      const Lexeme* word = word_of(tree);
      if (word == nullptr) continue;
      if (word->kind == static_cast<int>(TuneParser::MINUS)) out.prefixes.push_back({ast::UnaryOp::minus, span(*word)});
      if (word->kind == static_cast<int>(TuneParser::NOT)) out.prefixes.push_back({ast::UnaryOp::not_, span(*word)});
      if (word->kind == static_cast<int>(TuneParser::DEFAULT)) out.value = {ast::Path{{{{"default", span(*word)}, {}}}}, span(*word)};
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

  ast::Expr path_or_text(Context* context, Context* head, int budget) {
    const Lexeme* string = token(head, TuneParser::STRING);
    if (string != nullptr && head == context->children.back() && head->children.size() == 1) return text(*string);
    ast::Path path = this->path(context, budget);
    const std::uint32_t begin = path.parts.front().name.span.begin;
    return {std::move(path), s_.span(begin, std::max(begin, span(context).end))};
  }

  ast::Expr list(Context* context, int budget) {
    ast::ListExpr out;
    for (Tree* tree : context->children)
      if (auto* rule = rule_of(tree)) out.items.emplace_back(expr(rule, budget));
    return {std::move(out), span(context)};
  }

  static Shape shape(std::size_t kind) {
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
  ast::Expr literal(Context* context) {
    const Lexeme& word = lexeme_of(context->start);
    auto value = literal_value(shape(static_cast<std::size_t>(word.kind)), s_.slice(word), span(word), s_.reporter);
    if (!value) return missing(span(word));
    return {ast::Literal{*std::move(value), std::string(s_.slice(word))}, span(word)};
  }

  ast::Path path(Context* context, int budget = max_operators) {
    ast::Path out;
    for (Tree* tree : context->children) {
      auto* rule = rule_of(tree);
      if (rule == nullptr || (rule->getRuleIndex() != TuneParser::RuleHead && rule->getRuleIndex() != TuneParser::RulePart)) continue;
      out.parts.push_back(part(rule, budget));
    }
    if (out.parts.empty()) out.parts.push_back({{"", {s_.file, span(context).begin, span(context).begin}}, {}});
    return out;
  }
  ast::PathPart part(Context* context, int budget) {
    ast::PathPart out;
    if (const Lexeme* string = token(context, TuneParser::STRING)) {
      out.name = {plain(string), span(*string)};
    } else {
      auto* rule = context->children.empty() ? nullptr : rule_of(context->children.front());
      out.name = rule != nullptr ? name(rule) : ast::Name{"", {s_.file, span(context).begin, span(context).begin}};
    }
    if (auto* rule = child(context, TuneParser::RuleArguments)) out.arguments = arguments(rule, budget);
    return out;
  }
  std::vector<ast::Argument> arguments(Context* context, int budget = max_operators) {
    std::vector<ast::Argument> out;
    for (Tree* tree : context->children) {
      auto* rule = rule_of(tree);
      if (rule == nullptr) continue;
      auto* value = child(rule, TuneParser::RuleExpr);
      ast::Argument argument{{}, value != nullptr ? expr(value, budget) : missing(span(rule)), {}};
      if (auto* said = child(rule, TuneParser::RuleName)) (token(rule, TuneParser::FOR) != nullptr ? argument.each : argument.label) = name(said);
      out.push_back(std::move(argument));
    }
    return out;
  }

  // Statements

  std::vector<ast::Statement> body(Context* context) {
    std::vector<ast::Statement> out;
    if (context == nullptr) return out;
    out.reserve(context->children.size());  // its braces too: a statement is big, moving it costs more than room for two
    for (Tree* tree : context->children) {
      auto* rule = rule_of(tree);
      if (rule == nullptr) continue;
      ast::Statement statement{ast::Doc{}, span(rule)};
      switch (rule->getRuleIndex()) {
        case TuneParser::RuleDoc: statement.node = ast::Doc{plain_in(rule)}; break;
        case TuneParser::RuleInclude: statement.node = include(rule); break;
        case TuneParser::RuleWhen: statement.node = when(rule); break;
        case TuneParser::RuleBlock: statement.node = block(rule); break;
        default: statement.node = assign(rule); break;
      }
      out.push_back(std::move(statement));
    }
    return out;
  }
  ast::Include include(Context* context) {
    auto* given = child(context, TuneParser::RuleArguments);
    return {dotted(child(context, TuneParser::RuleDotted)), given != nullptr ? arguments(given) : std::vector<ast::Argument>{}};
  }
  ast::Block block(Context* context) {
    ast::Block out{path(context), {}, body(child(context, TuneParser::RuleBody))};
    auto* label = child(context, TuneParser::RuleLabel);
    if (label == nullptr) return out;
    if (const Lexeme* string = token(label, TuneParser::STRING)) {
      out.label = text(*string);
    } else {
      ast::Name said = name_in(label);
      const Span where = said.span;
      out.label = ast::Expr{ast::Path{{{std::move(said), {}}}}, where};
    }
    return out;
  }
  ast::Assign assign(Context* context) {
    ast::Assign out{ast::AssignKind::plain, path(context), expr_in(context), {}, false, {}};
    if (token(context, TuneParser::OVERRIDE) != nullptr) out.kind = ast::AssignKind::override_;
    if (token(context, TuneParser::UNCHECKED) != nullptr) out.kind = ast::AssignKind::unchecked;
    out.where_available = token(context, TuneParser::AVAILABLE) != nullptr;
    if (token(context, TuneParser::DEFAULT) != nullptr) out.standard = expr_in(context, 1);
    if (const Lexeme* reason = token(context, TuneParser::STRING)) out.because = plain(reason);
    return out;
  }

  // `else when` arms stand flat in the grammar and nested in the AST, so they are built from the last to the first.
  ast::When when(Context* context) {
    struct Arm {
      std::optional<ast::Expr> condition;
      std::vector<ast::Statement> body;
      Span span;
    };
    std::vector<Arm> arms{{expr_in(context), {}, span(context)}};
    if (context->children.size() > 5 * static_cast<std::size_t>(max_else_when)) {  // an arm is five children
      s_.reporter.report(span(context), diag::expression_too_long, max_else_when, "arms");
      return {*std::move(arms[0].condition), {}, {}};
    }
    std::size_t conditions = 1, bodies = 0;
    const Lexeme* second_else = nullptr;
    bool previous_is_else = false;
    for (Tree* tree : context->children) {
      if (const Lexeme* word = word_of(tree)) {
        const bool begins_else = word->kind == static_cast<int>(TuneParser::ELSE);
        if (begins_else && bodies > 1 && !arms.back().condition && second_else == nullptr) second_else = word;
        if (begins_else) arms.push_back({{}, {}, span(*word)});
        if (previous_is_else && word->kind == static_cast<int>(TuneParser::WHEN)) arms.back().condition = expr_in(context, conditions++);
        previous_is_else = begins_else;
      } else if (auto* rule = rule_of(tree); rule != nullptr && rule->getRuleIndex() == TuneParser::RuleBody) {
        arms.back().body = body(rule);
        arms.back().span.end = span(rule).end;
        ++bodies;
      }
    }
    if (second_else != nullptr) s_.reporter.report(span(*second_else), diag::said_twice, "else");
    std::vector<ast::Statement> rest;
    for (std::size_t i = arms.size(); i-- > 1;) {
      if (!arms[i].condition) {
        rest = std::move(arms[i].body);
        continue;
      }
      ast::When inner{*std::move(arms[i].condition), std::move(arms[i].body), std::move(rest)};
      rest = {};
      rest.push_back({std::move(inner), arms[i].span});
    }
    return {*std::move(arms[0].condition), std::move(arms[0].body), std::move(rest)};
  }

  // What declarations are made of

  ast::Host host(Context* c) {
    return {pattern(child(c, TuneParser::RulePattern)), token(c, TuneParser::HOSTS) != nullptr, body(child(c, TuneParser::RuleBody))};
  }
  std::vector<ast::Parameter> parameters(Context* context) {
    std::vector<ast::Parameter> out;
    for (Tree* tree : context->children) {
      auto* rule = rule_of(tree);
      if (rule == nullptr || rule->getRuleIndex() != TuneParser::RuleParameter) continue;
      ast::Parameter parameter{name_in(rule), {}, {}};
      if (token(rule, TuneParser::COLON) != nullptr) parameter.type = name_in(rule, 1);
      if (token(rule, TuneParser::ASSIGN) != nullptr) parameter.standard = expr_in(rule);
      out.push_back(std::move(parameter));
    }
    return out;
  }
  void clause(Context* c, ast::Policy& out, std::vector<int>& said) {
    const int kind = lexeme_of(c->start).kind;
    const bool once = kind == static_cast<int>(TuneParser::DOC) || kind == static_cast<int>(TuneParser::FOR) ||
                      kind == static_cast<int>(TuneParser::ELSE) || kind == static_cast<int>(TuneParser::HELP);
    if (once && std::ranges::find(said, kind) != said.end())
      s_.reporter.report(span(lexeme_of(c->start)), diag::said_twice, std::string(s_.slice(lexeme_of(c->start))));
    said.push_back(kind);
    const Lexeme* string = token(c, TuneParser::STRING);
    switch (static_cast<std::size_t>(kind)) {
      case TuneParser::DOC: out.doc = plain(string); break;
      case TuneParser::FOR: out.scope = name_in(c); break;
      case TuneParser::LET: out.lets.push_back({name_in(c), expr_in(c)}); break;
      case TuneParser::WHEN: out.conditions.push_back(expr_in(c)); break;
      case TuneParser::REQUIRE: out.rules.push_back({false, expr_in(c)}); break;
      case TuneParser::FORBID: out.rules.push_back({true, expr_in(c)}); break;
      case TuneParser::HELP:
        if (string != nullptr) out.help = text(*string);
        break;
      default: {
        if (string != nullptr) out.message = text(*string);
        auto* severity = child(c, TuneParser::RuleName);
        if (severity == nullptr) break;
        const ast::Name said_severity = name(severity);
        out.severity = said_severity.text;
        if (out.severity != "error" && out.severity != "warning" && out.severity != "note" && !out.severity.empty())
          s_.reporter.report(said_severity.span, diag::expected, "`error`, `warning` or `note`", "`" + out.severity + "`");
      }
    }
  }
  ast::Policy policy(Context* context) {
    ast::Policy out;
    out.name = name_in(context);
    std::vector<int> said;
    for (Tree* tree : context->children)
      if (auto* rule = rule_of(tree); rule != nullptr && rule->getRuleIndex() == TuneParser::RuleClause) clause(rule, out, said);
    return out;
  }
  ast::Waive waive(Context* c) {
    ast::Waive out{dotted(child(c, TuneParser::RuleDotted)), pattern(child(c, TuneParser::RulePattern)), {}, plain_in(c)};
    const Lexeme* until = token(c, TuneParser::DATE);
    if (until == nullptr) return out;
    const auto value = literal_value(Shape::date, s_.slice(*until), span(*until), s_.reporter);
    if (value) out.until = value->as<Date>();
    return out;
  }
  ast::Test test(Context* context) {
    ast::Test out{plain_in(context), {}, {}};
    for (Tree* tree : context->children) {
      auto* rule = rule_of(tree);
      if (rule == nullptr) continue;
      if (rule->getRuleIndex() == TuneParser::RuleHost) out.hosts.push_back(host(rule));
      else out.expectations.push_back(expr_in(rule));
    }
    return out;
  }

  Session& s_;
  bool reported_long_ = false;
};

}  // namespace

void lower(Session& session, TuneParser::DeclarationContext& declaration, ast::File& out) {
  for (Tree* tree : declaration.children)
    if (auto* rule = rule_of(tree)) Lowering(session).declaration(rule, out.declarations);
}
ast::Expr lower_expr(Session& session, TuneParser::ExprContext* expr) { return Lowering(session).expr(expr, max_operators); }

}  // namespace tunec::syntax
