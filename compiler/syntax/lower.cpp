// Declarations and statements: ANTLR's parse tree → our AST, one plain function per rule. lower.h tells what it rests on.
#include <algorithm>

#include "diagnostics/diag.h"
#include "syntax/literals.h"
#include "syntax/lower.h"

namespace tunec::syntax {
namespace {

class Lowering : private ExprLowering {
 public:
  explicit Lowering(Session& session) : ExprLowering(session) {}

  void declaration(Context* c, std::vector<ast::Declaration>& out) {
    const auto add = [&](auto node) { out.push_back({std::move(node), span(c)}); };
    switch (c->getRuleIndex()) {
      case TuneParser::RuleSite: return add(ast::Site{name_in(c)});
      case TuneParser::RuleImportFile: {
        const Lexeme* path = token(c, TuneParser::STRING);
        return add(ast::Import{plain(path), path != nullptr ? span(*path) : span(c)});
      }
      case TuneParser::RuleLet: return add(ast::Let{name_in(c), expr_in(c)});
      case TuneParser::RuleProfile:
        return add(ast::Profile{dotted(child(c, TuneParser::RuleDotted)), parameters(c), body_in(c)});
      case TuneParser::RuleHost: return add(host(c));
      case TuneParser::RulePool: return add(ast::Pool{name_in(c), body_in(c)});
      case TuneParser::RuleInstanceType: return add(ast::InstanceType{name_in(c), body_in(c)});
      case TuneParser::RulePolicy:
      case TuneParser::RuleBudget: return add(policy(c));
      case TuneParser::RuleWaive: return add(waive(c));
      case TuneParser::RuleTest: return add(test(c));
      default: return;
    }
  }

 private:
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
  std::vector<ast::Statement> body_in(Context* context) { return body(child(context, TuneParser::RuleBody)); }
  ast::Include include(Context* context) {
    auto* given = child(context, TuneParser::RuleArguments);
    return {dotted(child(context, TuneParser::RuleDotted)), given != nullptr ? arguments(given) : std::vector<ast::Argument>{}};
  }
  ast::Block block(Context* context) {
    ast::Block out{path(context), {}, body_in(context)};
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
    if (context->children.size() > 4 * static_cast<std::size_t>(max_else_when)) {  // an arm is four
      s_.reporter.report(span(context), diag::expression_too_long, max_else_when, "arms");
      return {*std::move(arms[0].condition), {}, {}};
    }
    std::size_t conditions = 1, bodies = 0;
    const Lexeme* second_else = nullptr;
    bool previous_is_else = false;
    for (Tree* tree : context->children) {
      if (const Lexeme* word = word_of(tree)) {
        const bool begins_else = is_kind(*word, TuneParser::ELSE);
        if (begins_else && bodies > 1 && !arms.back().condition && second_else == nullptr) second_else = word;
        if (begins_else) arms.push_back({{}, {}, span(*word)});
        if (previous_is_else && is_kind(*word, TuneParser::WHEN)) arms.back().condition = expr_in(context, conditions++);
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

  ast::Name pattern(Context* context) {
    if (context == nullptr) return no_name(context);
    const Span where = span(context);
    const std::string_view text = s_.text.substr(where.begin, where.end - where.begin);
    if (context->exception != nullptr) return {"", where};
    if (text.find_first_of(" \t\r\n#") != std::string_view::npos)
      s_.reporter.report(where, diag::bad_literal, std::string(text), "a name or pattern of hosts")
          .help("write it without blanks");
    return {std::string(text), where};
  }

  ast::Host host(Context* c) {
    return {pattern(child(c, TuneParser::RulePattern)), token(c, TuneParser::HOSTS) != nullptr, body_in(c)};
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
    const auto which = static_cast<std::size_t>(kind);
    static constexpr std::array<std::size_t, 6> many{TuneParser::WHEN,   TuneParser::REQUIRE,  TuneParser::FORBID,
                                                     TuneParser::UNIQUE, TuneParser::DISJOINT, TuneParser::LET};
    const bool once = std::ranges::find(many, which) == many.end();
    if (once && std::ranges::find(said, kind) != said.end())
      s_.reporter.report(span(lexeme_of(c->start)), diag::said_twice, std::string(s_.slice(lexeme_of(c->start))));
    said.push_back(kind);
    const Lexeme* string = token(c, TuneParser::STRING);
    switch (which) {
      case TuneParser::DOC: out.doc = plain(string); break;
      case TuneParser::FOR: {
        out.scope = name_in(c);
        std::size_t at = 0;
        if (token(c, TuneParser::PER) != nullptr) out.per = expr_in(c, at++);
        if (token(c, TuneParser::WHERE) != nullptr) out.where = expr_in(c, at);
        break;
      }
      case TuneParser::LET: out.lets.push_back({name_in(c), expr_in(c)}); break;
      case TuneParser::WHEN: out.conditions.push_back(expr_in(c)); break;
      case TuneParser::REQUIRE: out.rules.push_back({ast::RuleKind::require, expr_in(c), {}}); break;
      case TuneParser::FORBID: out.rules.push_back({ast::RuleKind::forbid, expr_in(c), {}}); break;
      case TuneParser::UNIQUE:
      case TuneParser::DISJOINT:
        out.rules.push_back({which == TuneParser::UNIQUE ? ast::RuleKind::unique : ast::RuleKind::disjoint, expr_in(c), {}});
        if (token(c, TuneParser::PER) != nullptr) out.rules.back().per = expr_in(c, 1);
        break;
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
    out.budget = context->getRuleIndex() == TuneParser::RuleBudget;
    out.name = name_in(context);
    std::vector<int> said;
    std::size_t sums = 0;  // of the budget's own expressions
    const Lexeme* begun = nullptr;
    for (Tree* tree : context->children) {
      if (const Lexeme* word = word_of(tree)) {
        if (is_kind(*word, TuneParser::TOTAL) || is_kind(*word, TuneParser::PART)) begun = word;
        if (is_kind(*word, TuneParser::STRING)) out.parts.push_back({plain(word), ast::Expr{ast::Missing{}, span(*word)}});
        continue;
      }
      auto* rule = rule_of(tree);
      if (rule == nullptr) continue;
      if (rule->getRuleIndex() == TuneParser::RuleClause) clause(rule, out, said);
      if (rule->getRuleIndex() != TuneParser::RuleExpr || begun == nullptr) continue;
      ast::Expr value = expr_in(context, sums++);
      if (is_kind(*begun, TuneParser::PART)) {
        if (!out.parts.empty()) out.parts.back().value = std::move(value);
        continue;
      }
      if (out.total) s_.reporter.report(span(*begun), diag::said_twice, "total");
      out.total = std::move(value);
    }
    return out;
  }
  // A parameter's name goes in quotes where one of its parts is no name.
  ast::Name waived(Context* context) {
    if (context == nullptr) return no_name(context);
    const Lexeme* string = token(context, TuneParser::STRING);
    return string != nullptr ? ast::Name{plain(string), span(*string)} : dotted(child(context, TuneParser::RuleDotted));
  }
  ast::Waive waive(Context* c) {
    ast::Waive out{waived(child(c, TuneParser::RuleWaived)), pattern(child(c, TuneParser::RulePattern)), {}, {}, plain_in(c)};
    for (Tree* tree : c->children) {
      auto* rule = rule_of(tree);
      if (rule == nullptr || rule->getRuleIndex() != TuneParser::RuleTerm) continue;
      const Lexeme& word = lexeme_of(rule->start);
      const bool is_owner = is_kind(word, TuneParser::OWNER);
      if (is_owner ? out.owner.has_value() : out.until.has_value()) s_.reporter.report(span(word), diag::said_twice, is_owner ? "owner" : "until");
      if (is_owner) {
        out.owner = plain_in(rule);
      } else if (const Lexeme* until = token(rule, TuneParser::DATE)) {
        const auto value = literal_value(Shape::date, s_.slice(*until), span(*until), s_.reporter);
        if (value) out.until = value->as<Date>();
      }
    }
    return out;
  }
  ast::Test test(Context* context) {
    const Lexeme* name = token(context, TuneParser::STRING);
    ast::Test out{{plain(name), name != nullptr ? span(*name) : span(context)}, {}, {}};
    for (Tree* tree : context->children) {
      auto* rule = rule_of(tree);
      if (rule == nullptr) continue;
      if (rule->getRuleIndex() == TuneParser::RuleHost) out.hosts.push_back(host(rule));
      else out.expectations.push_back(expr_in(rule));
    }
    return out;
  }
};

}  // namespace

void lower(Session& session, TuneParser::DeclarationContext& declaration, ast::File& out) {
  for (Tree* tree : declaration.children)
    if (auto* rule = rule_of(tree)) Lowering(session).declaration(rule, out.declarations);
}

}  // namespace tunec::syntax
