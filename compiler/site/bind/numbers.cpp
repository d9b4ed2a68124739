// Numbers that policies read and that a site may know better. `let NAME default VALUE` beside the policies
// declares one; `let NAME = VALUE` of the site, a profile or a host replaces the default. On a host, a number
// is a setting and follows the same rules of merging, but no file carries it.
#include "site/bind/numbers.h"

#include <array>

#include "base/overloaded.h"
#include "base/suggest.h"
#include "base/units.h"
#include "diagnostics/diag.h"
#include "site/bind/binder.h"
#include "syntax/print.h"

namespace tunec {
namespace {

std::optional<Value> plain_value(const ast::Expr& expr) {
  return std::visit(overloaded{
                        [](const ast::Literal& literal) { return std::optional(literal.value); },
                        [](const ast::RangeExpr& range) -> std::optional<Value> {
                          const auto low = plain_value(*range.lowest), high = plain_value(*range.highest);
                          if (!low || !high || compare(*low, *high).value_or(1) > 0) return std::nullopt;
                          return range_of(*low, *high);
                        },
                        [](const auto&) { return std::optional<Value>(); },
                    },
                    expr.node);
}

ValueType type_of(const Value& value) {
  return std::visit(overloaded{
                        [](bool) { return ValueType::boolean; },
                        [](std::int64_t) { return ValueType::integer; },
                        [](const Decimal&) { return ValueType::decimal; },
                        [](const Bytes&) { return ValueType::size; },
                        [](const Duration&) { return ValueType::duration; },
                        [](const Percent&) { return ValueType::percent; },
                        [](const Ratio&) { return ValueType::ratio; },
                        [](const Bandwidth&) { return ValueType::bandwidth; },
                        [](const Range&) { return ValueType::range; },
                        [](const auto&) { return ValueType::any; },
                    },
                    value.v);
}

// A quantity needs a unit when it is given. So a bare number has the base unit, and no unit is guessed.
std::string_view unit_of(const Value& value) {
  const Value& sample = value.is<Range>() ? value.as<Range>().ends.front() : value;
  switch (dimension_of(sample)) {
    case Dimension::size: return "B";
    case Dimension::duration: return "ns";
    case Dimension::bandwidth: return "bps";
    case Dimension::none: break;
  }
  return "";
}

}  // namespace

std::optional<ParamInfo> number_declared_by(const ast::Let& let, Reporter& reporter) {
  const auto value = plain_value(let.value);
  if (!value) {
    if (!std::holds_alternative<ast::Missing>(let.value.node))
      reporter.report(let.value.span, diag::bad_literal, print(let.value), "a plain value")
          .help("a default is written out, as in `let reserve default 2GiB..16GiB`; `let … = …` computes");
    return std::nullopt;
  }
  ParamInfo number;
  number.name = number.key = let.name.text;
  number.type = type_of(*value);
  if (number.type == ValueType::range) number.element = type_of(value->as<Range>().ends[0]);
  number.unit = unit_of(*value);
  number.defaults.push_back({std::nullopt, "", *value});
  number.doc = "a number that policies read";
  return number;
}

std::vector<std::string_view> names_of_numbers(const Fleet& fleet) {
  std::vector<std::string_view> names;
  for (const auto* constants : {&fleet.quantities, &fleet.constants}) {
    for (const auto& [name, constant] : *constants) {
      if (constant.number != nullptr) names.push_back(name);
    }
  }
  return names;
}

void Binder::bind_number(const ast::Assign& assign, const Prefix& prefix, Body& into) {
  const ast::Name& name = assign.path.parts.front().name;
  if (name.text.empty()) return;
  if (!prefix.empty() || place_ == Place::instance_template) {
    reporter_.report(name.span, diag::misplaced_statement, "`let`")
        .help("a number for policies is given beside the blocks of a host or profile, or for the whole site");
    return;
  }
  check_names(assign.value, false);
  const ParamInfo* number = number_named(fleet_, name.text);
  if (number != nullptr) {
    into.push_back(BoundSetting{number, {}, &assign.value, &assign, name.span});
    return;
  }
  auto draft = reporter_.report(name.span, diag::unknown_name, "number for policies", name.text);
  const auto names = names_of_numbers(fleet_);
  if (const auto near = nearest(name.text, names)) draft.did_you_mean(*near);
  else
    draft.help(fmt::format("there are {}; a constant is declared outside of hosts and profiles",
                           fmt::join(names, ", ")));
}

void Binder::bind_numbers_of_site() {
  for (const auto& [name, constant] : fleet_.constants) {
    const ParamInfo* number = number_named(fleet_, name);
    if (number == nullptr || constant.number != nullptr) continue;
    fleet_.number_assigns.push_back({ast::AssignKind::let,
                                     ast::Path{{{constant.syntax->name, {}}}},
                                     constant.syntax->value,
                                     {},
                                     false,
                                     {}});
    const ast::Assign& assign = fleet_.number_assigns.back();
    fleet_.numbers.push_back(BoundSetting{number, {}, &assign.value, &assign, constant.declared});
  }
}

// A misspelt number declares a constant, which nothing reads.
void Binder::report_misspelt_numbers() {
  const auto names = names_of_numbers(fleet_);
  for (const auto& [name, constant] : fleet_.constants) {
    if (read_constants_.contains(name) || number_named(fleet_, name) != nullptr) continue;
    if (const auto near = nearest(name, names))
      reporter_.report(constant.declared, diag::constant_not_read, name)
          .did_you_mean(*near, "", ", which policies read");
  }
}

}  // namespace tunec
