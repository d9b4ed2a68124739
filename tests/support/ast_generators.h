// Random trees for the laws of the syntax. They contain only what the parser can produce: no Missing, no
// negative literals, and no keyword as the first name of an expression or pattern.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "syntax/ast.h"

namespace tunec::testing {

inline rc::Gen<std::string> any_name() {
  return rc::gen::element<std::string>("a", "kvm-01", "mq-deadline", "_x", "wg0", "host", "pool", "test",
                                       "x-1-y", "vm", "Service", "help");
}
inline rc::Gen<std::string> any_string() {
  return rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab {}\"\\\n\t#'=é.")));
}

class AstMaker {
 public:
  static ast::Name name() { return {*any_name(), {}}; }
  static ast::Name member() {  // after a dot or before `=`, every word is a name
    return {*rc::gen::element<std::string>("a", "kvm-01", "in", "on", "default", "when", "include",
                                           "not a name", "a.b/c", "1", "because"),
            {}};
  }
  static int upto(int most) { return *rc::gen::inRange(0, most + 1); }

  static ast::Expr literal() {
    switch (upto(7)) {
      case 0: return {ast::Literal{Value{static_cast<std::int64_t>(upto(100000))}, {}}, {}};
      case 1: return {ast::Literal{Value{*rc::gen::arbitrary<bool>()}, {}}, {}};
      case 2: return {ast::Literal{Value{Bytes{16 << 20}}, "16MiB"}, {}};
      case 3: return {ast::Literal{Value{Percent{25}}, "25%"}, {}};
      case 4: return {ast::Literal{Value{Decimal{*Fraction::of(21, 4), "5.25"}}, "5.25"}, {}};
      case 5: return {ast::Literal{Value{Word{WordKind::prefix, "10.8.0.0/24"}}, "10.8.0.0/24"}, {}};
      case 6: return {ast::Literal{Value{Date{2027, 3, 31}}, "2027-03-31"}, {}};
      default: return {ast::Literal{Value{*any_string()}, {}}, {}};
    }
  }
  static ast::Path path(int depth, bool in_setting) {
    ast::Path out;
    const int more = upto(2);
    for (int i = 0; i <= more; ++i) {
      ast::PathPart part{i == 0 && !in_setting ? name() : member(), {}};
      if (depth > 0 && upto(5) == 0) part.arguments = arguments(depth - 1);
      out.parts.push_back(std::move(part));
    }
    return out;
  }
  static std::vector<ast::Argument> arguments(int depth) {
    std::vector<ast::Argument> out;
    for (int i = upto(2); i > 0; --i) {
      ast::Argument argument{{}, expr(depth), {}, {}};
      if (const int kind = upto(2); kind == 0) argument.label = name();
      else if (kind == 1) {
        argument.each = name();
        if (upto(1) == 0) argument.where = expr(depth);
      }
      out.push_back(std::move(argument));
    }
    return out;
  }
  static ast::Expr expr(int depth, bool holes = true) {
    switch (depth > 0 ? upto(6) : upto(1)) {
      case 0: return literal();
      case 1: return {path(depth, false), {}};
      case 2: {
        ast::ListExpr list;
        for (int i = upto(3); i > 0; --i) list.items.emplace_back(expr(depth - 1));
        return {std::move(list), {}};
      }
      case 3: return {ast::RangeExpr{expr(depth - 1), expr(depth - 1)}, {}};
      case 4:
        return {ast::Unary{upto(1) == 0 ? ast::UnaryOp::minus : ast::UnaryOp::not_, expr(depth - 1)}, {}};
      case 5:
        if (holes) return text();
        [[fallthrough]];
      default:
        return {ast::Binary{static_cast<ast::BinaryOp>(upto(14)), expr(depth - 1), expr(depth - 1)}, {}};
    }
  }
  // Strings inside holes have no holes themselves.
  static ast::Expr text() {
    ast::Text out{{*any_string()}, {}};
    for (int i = 1 + upto(1); i > 0; --i) {
      out.holes.emplace_back(
          ast::Expr{ast::Binary{ast::BinaryOp::add, literal(), ast::Expr{path(0, false), {}}}, {}});
      out.pieces.push_back(*any_string());
    }
    return {std::move(out), {}};
  }

  static std::vector<ast::Statement> body(int depth) {
    std::vector<ast::Statement> out;
    for (int i = upto(3); i > 0; --i) out.push_back({statement(depth), {}});
    return out;
  }
  static decltype(ast::Statement::node) statement(int depth) {
    switch (depth > 0 ? upto(4) : upto(2)) {
      case 0: return ast::Doc{*any_string()};
      case 1: return ast::Include{name(), arguments(1)};
      case 2: return assign();
      case 3: return ast::When{expr(1), body(depth - 1), body(depth - 1)};
      default: {
        ast::Block block{path(1, upto(3) == 0), {}, body(depth - 1)};
        if (const int kind = upto(2); kind == 0) block.label = ast::Expr{ast::Path{{{name(), {}}}}, {}};
        else if (kind == 1) block.label = ast::Expr{ast::Literal{Value{*any_string()}, {}}, {}};
        return block;
      }
    }
  }
  static ast::Assign assign() {
    ast::Assign out{static_cast<ast::AssignKind>(upto(2)), path(1, true), expr(2), {}, upto(3) == 0, {}};
    if (out.kind != ast::AssignKind::plain) out.because = *any_string();
    else if (upto(2) == 0) out.default_value = expr(1);
    return out;
  }

  static ast::Host host() {
    return {{*rc::gen::element<std::string>("kvm-01", "kvm-[02..40]", "db-*", "*", "kvm-[01..03]-rack[1..2]",
                                            "a.fra1.example", "*-test"),
             {}},
            upto(1) == 0,
            body(2)};
  }
  static ast::Declaration declaration() {
    switch (upto(8)) {
      case 0: return {ast::Site{name()}, {}};
      case 1: return {ast::Import{*any_string(), {}}, {}};
      case 2: return {ast::Let{name(), expr(3)}, {}};
      case 3: {
        ast::Profile out{name(), {}, body(2)};
        if (upto(3) == 0) out.name.text += ".default";
        for (int i = upto(2); i > 0; --i) {
          ast::Parameter parameter{name(), {}, {}};
          if (upto(1) == 0) parameter.type = name();
          if (upto(1) == 0) parameter.default_value = expr(1);
          out.parameters.push_back(std::move(parameter));
        }
        return {std::move(out), {}};
      }
      case 4: return {host(), {}};
      case 5: return {ast::InstanceType{name(), body(1)}, {}};
      case 6: return {policy(), {}};
      case 7: {
        ast::Waive out;
        out.what = {*rc::gen::element<std::string>("a", "kvm-01", "module.vfio-pci.ids", "not a name",
                                                   "sysctl.net.ipv4.conf().x"),
                    {}};
        out.hosts.text = "db-*";
        if (upto(1) == 0) out.owner = *any_string();
        if (upto(1) == 0) out.until = Date{2027, 3, 31};
        out.because = *any_string();
        return {std::move(out), {}};
      }
      default: {
        ast::Test out{{*any_string(), {}}, {}, {}};
        for (int i = upto(2); i > 0; --i) out.hosts.push_back(host());
        for (int i = upto(2); i > 0; --i) out.expectations.push_back(expr(2));
        return {std::move(out), {}};
      }
    }
  }
  static ast::Policy policy() {
    ast::Policy out;
    out.name = name();
    out.doc = *any_string();
    if (upto(1) == 0) {
      out.scope = name();
      if (upto(2) == 0) out.per = expr(1);
      if (upto(1) == 0) out.where = expr(1);
    }
    out.budget = upto(2) == 0;
    if (out.budget && upto(3) > 0) out.total = expr(2);
    for (int i = out.budget ? upto(2) : 0; i > 0; --i) out.parts.push_back({*any_string(), expr(2)});
    for (int i = upto(2); i > 0; --i) out.conditions.push_back(expr(2));
    for (int i = upto(2); i > 0; --i) {
      ast::Rule rule{static_cast<ast::RuleKind>(upto(3)), expr(2), {}};
      if (rule.kind >= ast::RuleKind::unique && upto(1) == 0) rule.per = expr(1);
      out.rules.push_back(std::move(rule));
    }
    if (upto(1) == 0) out.severity = "warning";
    if (upto(1) == 0) out.message = text();
    if (upto(1) == 0) out.help = text();
    return out;
  }
  static ast::File file() {
    ast::File out;
    for (int i = upto(4); i > 0; --i) out.declarations.push_back(declaration());
    return out;
  }
};

}  // namespace tunec::testing
