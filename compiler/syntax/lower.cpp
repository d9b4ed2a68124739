// Declarations and statements: parse tree → AST, one plain function per rule. lower.h describes the shared
// part.
#include <algorithm>
#include <array>

#include "diagnostics/diag.h"
#include "syntax/literals.h"
#include "syntax/lower.h"

namespace tunec::syntax {
namespace {

class Lowering : private ExprLowering {
 public:
  using ExprLowering::ExprLowering;

  void declaration(const Node& c, std::vector<ast::Declaration>& out) {
    const auto add = [&](auto node) { out.push_back({std::move(node), span(c)}); };
    switch (c.number) {
      case Rule::site: return add(ast::Site{name_in(c)});
      case Rule::importFile: {
        const Lexeme* path = token(&c, Kind::STRING);
        return add(ast::Import{plain(path), path != nullptr ? span(*path) : span(c)});
      }
      case Rule::let: return add(ast::Let{name_in(c), expr_in(c), word(&c, Kind::DEFAULT) != nullptr});
      case Rule::profile:
        return add(ast::Profile{dotted(child(&c, Rule::dotted)), parameters(c), body_in(c)});
      case Rule::host: return add(host(c));
      case Rule::pool: return add(ast::Pool{name_in(c), body_in(c)});
      case Rule::instanceType: return add(ast::InstanceType{name_in(c), body_in(c)});
      case Rule::policy:
      case Rule::budget: return add(policy(c));
      case Rule::waive: return add(waive(c));
      case Rule::test: return add(test(c));
      default: return;
    }
  }

 private:
  // Statements

  std::vector<ast::Statement> body(const Node* node) {
    std::vector<ast::Statement> out;
    if (node == nullptr) return out;
    std::size_t statements = 0;
    for (const Node& item : *node) statements += item.is_word ? 0 : 1;
    out.reserve(statements);
    for (const Node& item : *node) {
      if (item.is_word) continue;
      ast::Statement statement{ast::Doc{}, span(item)};
      switch (item.number) {
        case Rule::doc: statement.node = ast::Doc{plain_in(item)}; break;
        case Rule::include: statement.node = include(item); break;
        case Rule::when: statement.node = when(item); break;
        case Rule::block: statement.node = block(item); break;
        case Rule::number: statement.node = number(item); break;
        default: statement.node = assign(item); break;
      }
      out.push_back(std::move(statement));
    }
    return out;
  }
  std::vector<ast::Statement> body_in(const Node& node) { return body(child(&node, Rule::body)); }
  ast::Include include(const Node& node) {
    const Node* given = child(&node, Rule::arguments);
    return {dotted(child(&node, Rule::dotted)),
            given != nullptr ? arguments(*given) : std::vector<ast::Argument>{}};
  }
  ast::Block block(const Node& node) {
    ast::Block out{path(node), {}, body_in(node)};
    const Node* label = child(&node, Rule::label);
    if (label == nullptr) return out;
    if (const Lexeme* string = token(label, Kind::STRING)) {
      out.label = text(*string);
    } else if (first(*label).kind == Kind::INT || first(*label).kind == Kind::QUANTITY ||
               first(*label).kind == Kind::PCI_ADDRESS) {
      out.label = literal(*label);
    } else {
      ast::Name name = name_in(*label);
      const Span where = name.span;
      out.label = ast::Expr{ast::Path{{{std::move(name), {}}}}, where};
    }
    return out;
  }
  ast::Assign number(const Node& node) {
    return {ast::AssignKind::let, ast::Path{{{name_in(node), {}}}}, expr_in(node), {}, false, {}};
  }
  ast::Assign assign(const Node& node) {
    ast::Assign out{ast::AssignKind::plain, path(node), expr_in(node), {}, false, {}};
    if (word(&node, Kind::OVERRIDE) != nullptr) out.kind = ast::AssignKind::override_;
    if (word(&node, Kind::UNCHECKED) != nullptr) out.kind = ast::AssignKind::unchecked;
    out.where_available = word(&node, Kind::AVAILABLE) != nullptr;
    if (word(&node, Kind::DEFAULT) != nullptr) out.default_value = expr_in(node, 1);
    if (const Lexeme* reason = token(&node, Kind::STRING)) out.because = plain(reason);
    return out;
  }

  // `else when` arms stand flat in the grammar and nested in the AST, so they are built from the last to the
  // first.
  ast::When when(const Node& node) {
    struct Arm {
      std::optional<ast::Expr> condition;
      std::vector<ast::Statement> body;
      Span span;
    };
    std::vector<Arm> arms{{expr_in(node), {}, span(node)}};
    if (count_children(node) > 4 * static_cast<std::size_t>(max_else_when)) {  // an arm has four children
      s_.reporter.report(span(node), diag::expression_too_long, max_else_when, "arms");
      return {*std::move(arms[0].condition), {}, {}};
    }
    std::size_t conditions = 1, bodies = 0;
    const Lexeme* second_else = nullptr;
    bool previous_is_else = false;
    for (const Node& item : node) {
      if (item.is_word) {
        const bool begins_else = item.is(Kind::ELSE);
        if (begins_else && bodies > 1 && !arms.back().condition && second_else == nullptr)
          second_else = &first(item);
        if (begins_else) arms.push_back({{}, {}, span(first(item))});
        if (previous_is_else && item.is(Kind::WHEN)) arms.back().condition = expr_in(node, conditions++);
        previous_is_else = begins_else;
      } else if (item.is(Rule::body)) {
        arms.back().body = body(&item);
        arms.back().span.end = span(item).end;
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

  ast::Name pattern(const Node* node) {
    if (node == nullptr) return no_name(node);
    const Span where = span(*node);
    const std::string_view text = s_.text.substr(where.begin, where.end - where.begin);
    if (node->broken) return {"", where};
    if (text.find_first_of(" \t\r\n#") != std::string_view::npos) {
      const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
      std::string closed(text);
      std::erase_if(closed, [](char c) { return c == ' ' || c == '\t'; });
      Draft draft = s_.reporter.report(where, diag::bad_literal, std::string(line),
                                       "a name or pattern of hosts");
      draft.help("write it without spaces");
      if (closed.find_first_of("\r\n#") == std::string::npos)
        draft.fix({Edit::Kind::replace, where, closed}, Certainty::certain);
      return {"", where};
    }
    const bool mended = node->last != Node::no_word &&
                        std::ranges::any_of(words_.begin() + node->first, words_.begin() + node->last + 1,
                                            [](const Lexeme& word) { return word.muted; });
    return {mended ? with_ranges(text) : std::string(text), where};
  }

  // kvm-[01..03] of kvm-[01-03], kvm-[01:03] or kvm-{01..03}, which was reported.
  static std::string with_ranges(std::string_view text) {
    std::string pattern;
    bool inside = false;
    for (const char c : text) {
      const bool opens = c == '[' || c == '{', closes = c == ']' || c == '}';
      inside = (inside || opens) && !closes;
      if (opens || closes) pattern += opens ? '[' : ']';
      else if (inside && (c == '-' || c == ':')) pattern += "..";
      else pattern += c;
    }
    return pattern;
  }

  ast::Host host(const Node& c) {
    return {pattern(child(&c, Rule::pattern)), word(&c, Kind::HOSTS) != nullptr, body_in(c)};
  }
  std::vector<ast::Parameter> parameters(const Node& node) {
    std::vector<ast::Parameter> out;
    for (const Node& item : node) {
      if (!item.is(Rule::parameter)) continue;
      ast::Parameter parameter{name_in(item), {}, {}};
      if (word(&item, Kind::COLON) != nullptr) parameter.type = name_in(item, 1);
      if (word(&item, Kind::ASSIGN) != nullptr) parameter.default_value = expr_in(item);
      out.push_back(std::move(parameter));
    }
    return out;
  }
  void clause(const Node& c, ast::Policy& out, std::vector<int>& given) {
    const int kind = first(c).kind;
    static constexpr std::array<int, 6> many{Kind::WHEN,   Kind::REQUIRE,  Kind::FORBID,
                                             Kind::UNIQUE, Kind::DISJOINT, Kind::LET};
    const bool once = std::ranges::find(many, kind) == many.end();
    if (once && std::ranges::find(given, kind) != given.end())
      s_.reporter.report(span(first(c)), diag::said_twice, std::string(s_.slice(first(c))));
    given.push_back(kind);
    const Lexeme* string = token(&c, Kind::STRING);
    switch (kind) {
      case Kind::DOC: out.doc = plain(string); break;
      case Kind::FOR: {
        out.scope = name_in(c);
        std::size_t at = 0;
        if (word(&c, Kind::PER) != nullptr) out.per = expr_in(c, at++);
        if (word(&c, Kind::WHERE) != nullptr) out.where = expr_in(c, at);
        break;
      }
      case Kind::LET: out.lets.push_back({name_in(c), expr_in(c), false}); break;
      case Kind::WHEN: out.conditions.push_back(expr_in(c)); break;
      case Kind::REQUIRE: out.rules.push_back({ast::RuleKind::require, expr_in(c), {}}); break;
      case Kind::FORBID: out.rules.push_back({ast::RuleKind::forbid, expr_in(c), {}}); break;
      case Kind::UNIQUE:
      case Kind::DISJOINT:
        out.rules.push_back(
            {kind == Kind::UNIQUE ? ast::RuleKind::unique : ast::RuleKind::disjoint, expr_in(c), {}});
        if (word(&c, Kind::PER) != nullptr) out.rules.back().per = expr_in(c, 1);
        break;
      case Kind::HELP:
        if (string != nullptr) out.help = text(*string);
        break;
      default: {
        if (string != nullptr) out.message = text(*string);
        const Node* severity = child(&c, Rule::name);
        if (severity == nullptr) break;
        const ast::Name said_severity = name(severity);
        out.severity = said_severity.text;
        if (out.severity != "error" && out.severity != "warning" && out.severity != "note" &&
            !out.severity.empty())
          s_.reporter.report(said_severity.span, diag::expected, "`error`, `warning` or `note`",
                             "`" + out.severity + "`");
      }
    }
  }
  ast::Policy policy(const Node& node) {
    ast::Policy out;
    out.budget = node.is(Rule::budget);
    out.name = name_in(node);
    std::vector<int> given;
    std::size_t sums = 0;  // in the budget's own expressions
    const Node* begun = nullptr;
    for (const Node& item : node) {
      if (item.is(Kind::TOTAL) || item.is(Kind::PART)) begun = &item;
      if (item.is(Kind::STRING))
        out.parts.push_back({plain(&first(item)), ast::Expr{ast::Missing{}, span(first(item))}});
      if (item.is(Rule::clause)) clause(item, out, given);
      if (!item.is(Rule::expr) || begun == nullptr) continue;
      ast::Expr value = expr_in(node, sums++);
      if (begun->is(Kind::PART)) {
        if (!out.parts.empty()) out.parts.back().value = std::move(value);
        continue;
      }
      if (out.total) s_.reporter.report(span(first(*begun)), diag::said_twice, "total");
      out.total = std::move(value);
    }
    return out;
  }
  // A parameter's name needs quotes if one of its parts is no name.
  ast::Name waived(const Node* node) {
    if (node == nullptr) return no_name(node);
    const Lexeme* string = token(node, Kind::STRING);
    return string != nullptr ? ast::Name{plain(string), span(*string)} : dotted(child(node, Rule::dotted));
  }
  ast::Waive waive(const Node& c) {
    ast::Waive out{waived(child(&c, Rule::waived)), pattern(child(&c, Rule::pattern)), {}, {}, plain_in(c)};
    out.broken = token(&c, Kind::STRING) == nullptr;
    for (const Node& item : c) {
      if (!item.is(Rule::term)) continue;
      const Lexeme& begun = first(item);
      const bool is_owner = begun.kind == Kind::OWNER;
      if (is_owner ? out.owner.has_value() : out.until.has_value())
        s_.reporter.report(span(begun), diag::said_twice, is_owner ? "owner" : "until");
      if (is_owner) {
        out.owner = plain_in(item);
        continue;
      }
      const Lexeme* until = token(&item, Kind::DATE);
      const auto value = until == nullptr || until->muted
                             ? std::nullopt
                             : literal_value(Shape::date, s_.slice(*until), span(*until), s_.reporter);
      if (value) out.until = value->as<Date>();
      else out.broken = true;
    }
    return out;
  }
  ast::Test test(const Node& node) {
    const Lexeme* name = token(&node, Kind::STRING);
    ast::Test out{{plain(name), name != nullptr ? span(*name) : span(node)}, {}, {}};
    for (const Node& item : node) {
      if (item.is_word) continue;
      if (item.is(Rule::host)) out.hosts.push_back(host(item));
      else out.expectations.push_back(expr_in(item));
    }
    return out;
  }
};

}  // namespace

void lower(Session& session, const Lexemes& words, const Node& declaration,
           std::vector<ast::Declaration>& out) {
  for (const Node& item : declaration)
    if (!item.is_word) Lowering(session, words).declaration(item, out);
}

}  // namespace tunec::syntax
