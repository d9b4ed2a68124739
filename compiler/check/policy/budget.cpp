#include "check/policy/budget.h"

#include <cstdlib>

#include <fmt/ranges.h>

#include "base/units.h"
#include "diagnostics/diag.h"
#include "plan/platform/convert.h"

namespace tunec {
namespace {

std::string name_of(const PolicySubject& subject) {
  if (subject.host == nullptr) return "";
  std::vector<std::string> names;
  for (const ScopeEntry& scope : subject.entries)
    names.push_back(fmt::format("{} {}", scope.name, scope.instance));
  return fmt::format("{}", fmt::join(names, ", "));
}

bool is_nothing(const Value& value) {
  if (const auto* cpus = value.get_if<CpuSet>()) return cpus->empty();
  if (const auto* list = value.get_if<List>()) return list->items.empty();
  return value.poisoned() || base_number(value) == 0 || same(value, Value{std::int64_t{0}});
}

bool add_cpus(Sheet& sheet) {
  const auto total = as_cpus(sheet.total);
  if (!total) return false;
  CpuSet all;
  for (SheetPart& part : sheet.parts) {
    if (part.value.poisoned()) continue;
    const auto cpus = as_cpus(part.value);
    if (!cpus) return false;
    part.value = {*cpus};
    sheet.twice = sheet.twice | (all & *cpus);
    all = all | *cpus;
  }
  sheet.total = {*total};
  sheet.outside = all - *total;
  sheet.promised = {all};
  sheet.left = {*total - all};
  sheet.closes = sheet.outside.empty() && sheet.twice.empty();
  return true;
}

bool add_amounts(Sheet& sheet) {
  for (const SheetPart& part : sheet.parts) {
    if (part.value.poisoned()) continue;
    const auto sum = sheet.promised.poisoned() ? part.value
                                               : arithmetic(ast::BinaryOp::add, sheet.promised, part.value);
    if (!sum) return false;
    sheet.promised = *sum;
  }
  if (sheet.promised.poisoned()) {
    sheet.left = sheet.total;
    return true;
  }
  const auto order = compare(sheet.promised, sheet.total);
  const auto left = arithmetic(ast::BinaryOp::subtract, sheet.total, sheet.promised);
  if (!order || !left) return false;
  sheet.left = *left;
  sheet.closes = *order <= 0;
  return true;
}

}  // namespace

Parameters Sheet::message_names() const {
  Parameters extra_names{
      {"total", total}, {"promised", promised}, {"left", left}, {"outside", {outside}}, {"twice", {twice}}};
  const auto excess = of_cpus() ? std::optional(Value{outside | twice})
                                : arithmetic(ast::BinaryOp::subtract, promised, total);
  extra_names["excess"] = excess.value_or(Value{Poison{}});
  return extra_names;
}

std::string Sheet::sum() const {
  std::vector<std::string> terms;
  for (const SheetPart& part : parts) {
    if (!is_nothing(part.value))
      terms.push_back(fmt::format("{} {}", readable(part.value, total), part.name));
  }
  std::string text = fmt::format("{}", fmt::join(terms, " + "));
  if (!of_cpus()) {
    text += fmt::format(" = {} of {}", readable(promised, total), readable(total, total));
    return closes ? text : text + fmt::format(", {} too much", readable(message_names().at("excess"), total));
  }
  text += fmt::format(", of {}", readable(total, total));
  if (!twice.empty()) text += fmt::format("; {} twice", twice.to_string());
  if (!outside.empty()) text += fmt::format("; {} not there", outside.to_string());
  return text;
}

std::string readable(const Value& value, const Value& beside) {
  if (const auto* decimal = value.get_if<Decimal>())
    return fmt::format("{:.2f}", decimal->number.approximate());
  if (const auto* cpus = value.get_if<CpuSet>(); cpus != nullptr && cpus->empty()) return "no CPUs";
  std::string exact = to_text(value);
  const auto* size = value.get_if<Bytes>();
  if (size == nullptr) return exact;
  const bool binary = to_text(beside).ends_with("iB");
  const std::int64_t mega = binary ? 1 << 20 : 1'000'000, giga = mega * (binary ? 1024 : 1000);
  const bool is_short = exact.find_first_not_of("-0123456789") <= 5;
  if (std::abs(size->count) < mega || (size->count % mega == 0 && is_short)) return exact;
  const bool large = std::abs(size->count) >= giga;
  return fmt::format("{:.1f}{}{}",
                     static_cast<double>(size->count) / static_cast<double>(large ? giga : mega),
                     large ? "G" : "M", binary ? "iB" : "B");
}

std::optional<Sheet> sheet_of(const ast::Policy& budget, const PolicySubject& subject, Evaluator& evaluate,
                              Reporter& reporter) {
  if (!budget.total) return std::nullopt;
  Sheet sheet{&budget, name_of(subject), evaluate(*budget.total), {}, {}, {}, {}, {}, true};
  if (sheet.total.poisoned()) return std::nullopt;
  for (const ast::Part& part : budget.parts) {
    evaluate.trace().looked_at.clear();
    SheetPart made{part.name, evaluate(part.value), {}};
    made.settings = evaluate.trace().looked_at;
    sheet.parts.push_back(std::move(made));
  }
  const bool of_cpus = sheet.total.is<CpuSet>() || sheet.total.is<Range>() || sheet.total.is<List>();
  if (of_cpus ? add_cpus(sheet) : add_amounts(sheet)) return sheet;
  Draft draft = reporter.report(
      budget.total->span, diag::bad_operands,
      fmt::format("the parts of budget `{}` are not of the kind of its total, {} {}", budget.name.text,
                  type_name(sheet.total), to_source(sheet.total)));
  for (const SheetPart& part : sheet.parts)
    draft.note(fmt::format("{}: {} {}", part.name, type_name(part.value), to_source(part.value)));
  return std::nullopt;
}

}  // namespace tunec
