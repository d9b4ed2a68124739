#include "plan/budget.h"

#include <algorithm>

#include "base/units.h"
#include "diagnostics/diag.h"

namespace tunec {
namespace {

std::string name_of(const PolicySubject& subject) {
  std::string name = subject.host != nullptr ? subject.host->name : "the fleet";
  for (const Scope& scope : subject.scopes) {
    name += fmt::format(", {} {}", scope.name, scope.instance);
  }
  if (const auto group = subject.told.find("group"); subject.host == nullptr && group != subject.told.end()) {
    if (const std::string text = to_text(group->second); !text.empty()) name = text;
  }
  return name;
}

bool is_nothing(const Value& value) {
  if (const auto* cpus = value.get_if<CpuSet>()) return cpus->empty();
  if (const auto* list = value.get_if<List>()) return list->items.empty();
  return value.poisoned() || base_number(value) == 0 || same(value, Value{std::int64_t{0}});
}

bool add_cpus(Sheet& sheet) {
  const auto total = as_cpus(sheet.total);
  CpuSet all;
  for (const SheetPart& part : sheet.parts) {
    if (part.value.poisoned()) continue;
    const auto cpus = as_cpus(part.value);
    if (!cpus) return false;
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
    const auto sum = sheet.promised.poisoned() ? part.value : arithmetic(ast::BinaryOp::add, sheet.promised, part.value);
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

Parameters Sheet::told() const {
  Parameters told{{"total", total}, {"promised", promised}, {"left", left}, {"outside", {outside}}, {"twice", {twice}}};
  const auto excess = total.is<CpuSet>() ? std::optional(Value{outside | twice}) : arithmetic(ast::BinaryOp::subtract, promised, total);
  told["excess"] = excess.value_or(Value{Poison{}});
  return told;
}

std::string Sheet::sum() const {
  std::string text;
  for (const SheetPart& part : parts) {
    if (is_nothing(part.value)) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : " + ", to_text(part.value), part.name);
  }
  if (!total.is<CpuSet>()) return fmt::format("{} = {} of {}", text, to_text(promised), to_text(total));
  text = fmt::format("{}, of {}", text, to_text(total));
  if (!twice.empty()) text += fmt::format("; {} twice", twice.to_string());
  if (!outside.empty()) text += fmt::format("; {} not there", outside.to_string());
  return text;
}

std::optional<Sheet> sheet_of(const ast::Policy& budget, const PolicySubject& subject, Evaluator& evaluate, Reporter& reporter) {
  if (!budget.total) return std::nullopt;
  Sheet sheet{&budget, name_of(subject), evaluate(*budget.total), {}, {}, {}, {}, {}, true};
  if (sheet.total.poisoned()) return std::nullopt;
  for (const ast::Part& part : budget.parts) {
    evaluate.view->looked_at.clear();
    SheetPart made{part.name, evaluate(part.value), {}};
    made.settings = evaluate.view->looked_at;
    sheet.parts.push_back(std::move(made));
  }
  if (sheet.total.is<CpuSet>() ? add_cpus(sheet) : add_amounts(sheet)) return sheet;
  Draft draft = reporter.report(budget.total->span, diag::bad_operands, fmt::format("the parts of budget `{}` are not of the kind of its total, {} {}", budget.name.text, type_name(sheet.total), to_source(sheet.total)));
  for (const SheetPart& part : sheet.parts) draft.note(fmt::format("{}: {} {}", part.name, type_name(part.value), to_source(part.value)));
  return std::nullopt;
}

std::vector<HostSheets> budgets_of(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  std::map<std::string, std::vector<Sheet>> by_host;
  std::map<std::string, std::map<const ast::Policy*, const HostPlan*>> stand_in;  // whose sheet of a budget a host has
  std::map<std::string, std::map<const ast::Policy*, std::vector<Sheet>>> sheets;
  const Subjects subjects(input, plan, reporter);
  for (const PolicyDecl& policy : input.fleet.policies) {
    if (!policy.syntax->budget) continue;
    subjects.each(policy, [&](const PolicySubject& subject) {
      const Subject who = subject_of(*subject.hosts.front());
      SettingsInView view = view_of(subject, input);
      Evaluator evaluate(input.fleet, who, reporter);
      evaluate.view = &view;
      evaluate.parameters = &subject.told;
      evaluate.lets = &policy.syntax->lets;
      evaluate.shipped_policy = input.sources.shipped(policy.declared.file);
      if (subject.host != nullptr && policy.syntax->where && evaluate.condition(*policy.syntax->where) != true) return;
      for (const ast::Expr& condition : policy.syntax->conditions) {
        if (evaluate.condition(condition) != true) return;
      }
      auto sheet = sheet_of(*policy.syntax, subject, evaluate, reporter);
      if (!sheet) return;
      const HostPlan* first = subject.hosts.front();
      sheets[first->name][policy.syntax].push_back(std::move(*sheet));
      for (const HostPlan* host : subject.hosts) stand_in[host->name][policy.syntax] = first;
    });
  }
  // Hosts whose sheets are all the same hosts' are one entry.
  std::map<std::vector<std::pair<const ast::Policy*, const HostPlan*>>, HostSheets> entries;
  for (const HostPlan& host : plan.hosts) {
    const auto known = stand_in.find(host.name);
    if (known == stand_in.end()) continue;
    const std::vector<std::pair<const ast::Policy*, const HostPlan*>> key(known->second.begin(), known->second.end());
    const auto [entry, first] = entries.try_emplace(key);
    if (!first) {
      entry->second.alike.push_back(host.name);
      continue;
    }
    entry->second.host = &host;
    for (const PolicyDecl& policy : input.fleet.policies) {
      const auto from = known->second.find(policy.syntax);
      if (from == known->second.end()) continue;
      for (Sheet sheet : sheets[from->second->name][policy.syntax]) {
        if (sheet.of.starts_with(from->second->name)) sheet.of.replace(0, from->second->name.size(), host.name);
        entry->second.sheets.push_back(std::move(sheet));
      }
    }
  }
  std::vector<HostSheets> result;
  for (auto& [key, entry] : entries) result.push_back(std::move(entry));
  std::ranges::sort(result, {}, [](const HostSheets& one) { return one.host->name; });
  return result;
}

}  // namespace tunec
