// All budgets, for review. A budget is evaluated once for hosts that it cannot tell apart; an entry then
// holds all hosts whose sheets are equal.
#include <algorithm>
#include <map>

#include "check/policy/budget.h"
#include "check/policy/evaluation.h"
#include "syntax/print.h"

namespace tunec {
namespace {

// Short forms of numbers, for long texts.
class Numbers {
 public:
  std::size_t of(const std::string& text) { return known_.try_emplace(text, known_.size()).first->second; }

 private:
  std::map<std::string, std::size_t> known_;
};

// The parts of a sheet that a table shows.
std::string shown(const Sheet& sheet) {
  std::string text = fmt::format("{}\n{}\n{}\n", sheet.budget->name.text, sheet.of, to_source(sheet.total));
  for (const SheetPart& part : sheet.parts) text += to_source(part.value) + '\n';
  return text;
}

// The parts of a machine that a CPU map shows.
std::string layout(const Facts& facts) {
  std::string text;
  for (const CpuSet& core : facts.cores_cpus) text += core.to_string() + ';';
  for (const NumaNode& node : facts.nodes) text += '\n' + node.cpus.to_string();
  return text;
}

std::string name_of_group(const ast::Policy& budget, const PolicySubject& subject) {
  if (!subject.entries.empty())
    return fmt::format("{} and {}", subject.entries.front().host->name, subject.entries.back().host->name);
  const auto group = subject.extra_names.find("group");
  return budget.per && group != subject.extra_names.end()
             ? fmt::format("{} {}", print(*budget.per), to_text(group->second))
             : "the fleet";
}

class Entries {
 public:
  Entries(const CheckInput& input, const HostColumns& columns)
      : plan_(columns.plan()),
        input_(input),
        subjects_(input, columns, reporter_),
        of_host_(plan_.hosts.size()) {}

  void add(const PolicyDecl& budget, const PolicyReads& reads) {
    std::map<const HostPlan*, std::size_t> asked;  // of this budget
    subjects_.each(budget, reads, [&](const PolicySubject& subject) {
      auto sheet = sheet_for(budget, subject);
      if (!sheet) return false;
      if (subject.host == nullptr) return add_group(budget, subject, std::move(*sheet)), true;
      const auto [known, first] = asked.try_emplace(subject.host, asked_.size());
      if (first) {
        asked_.emplace_back();
        for (const HostPlan* host : subject.hosts)
          of_host_[static_cast<std::size_t>(host - plan_.hosts.data())].push_back(known->second);
      }
      asked_[known->second].push_back(std::move(*sheet));
      return true;  // each host has its own sheet
    });
  }

  std::vector<BudgetEntry> take() {
    std::vector<std::size_t> numbers;
    for (const auto& sheets : asked_) {
      std::string text;
      for (const Sheet& sheet : sheets) text += shown(sheet);
      numbers.push_back(texts_.of(text));
    }
    std::vector<BudgetEntry> entries;
    std::map<std::vector<std::size_t>, std::size_t> by_key;
    for (std::size_t i = 0; i < of_host_.size(); ++i) {
      if (of_host_[i].empty()) continue;
      const HostPlan& host = plan_.hosts[i];
      std::vector<std::size_t> key{layout_of(*host.facts)};
      for (const std::size_t at : of_host_[i])
        key.insert(key.end(), {numbers[at], std::size_t{is_waived(asked_[at], host)}});
      const auto [known, first] = by_key.try_emplace(std::move(key), entries.size());
      if (first) {
        entries.emplace_back();
        for (const std::size_t at : of_host_[i]) {
          for (Sheet sheet : asked_[at]) {
            sheet.waived = is_waived(sheet, host);
            entries.back().sheets.push_back(std::move(sheet));
          }
        }
      }
      entries[known->second].hosts.push_back(&host);
    }
    for (auto& [key, group] : groups_) entries.push_back(std::move(group));
    return entries;
  }

 private:
  std::optional<Sheet> sheet_for(const PolicyDecl& budget, const PolicySubject& subject) {
    PolicyEvaluation evaluation(budget, subject, input_, subjects_.directory(), reporter_);
    if (!evaluation.applies()) return std::nullopt;
    return sheet_of(*budget.syntax, subject, evaluation.evaluate, reporter_);
  }

  void add_group(const PolicyDecl& budget, const PolicySubject& subject, Sheet sheet) {
    std::vector<const HostPlan*> hosts = subject.hosts;
    std::ranges::sort(hosts, {}, [](const HostPlan* host) { return host->name; });
    sheet.waived = !sheet.closes &&
                   std::ranges::all_of(hosts, [&](const HostPlan* host) { return is_waived(sheet, *host); });
    const std::string name = name_of_group(*budget.syntax, subject);
    BudgetEntry& entry = groups_[{name, hosts}];
    entry.of = name;
    entry.hosts = std::move(hosts);
    entry.sheets.push_back(std::move(sheet));
  }

  bool is_waived(const Sheet& sheet, const HostPlan& host) {
    return !sheet.closes && input_.waivers.allow_breach(sheet.budget->name.text, host.name, reporter_);
  }
  bool is_waived(const std::vector<Sheet>& sheets, const HostPlan& host) {
    return std::ranges::any_of(sheets, [&](const Sheet& sheet) { return is_waived(sheet, host); });
  }

  std::size_t layout_of(const Facts& facts) {
    const auto [known, first] = layouts_.try_emplace(&facts, 0);
    if (first) known->second = texts_.of(layout(facts));
    return known->second;
  }

  const Plan& plan_;
  const CheckInput& input_;
  Reporter reporter_;  // its reports repeat those of the check
  Subjects subjects_;
  std::vector<std::vector<Sheet>> asked_;  // for each host that a budget was evaluated for: its sheets
  std::vector<std::vector<std::size_t>> of_host_;  // for each host of the plan: places in asked_
  // Hosts lie in the plan sorted by name
  std::map<std::pair<std::string, std::vector<const HostPlan*>>, BudgetEntry> groups_;
  Numbers texts_;
  std::map<const Facts*, std::size_t> layouts_;
};

}  // namespace

std::vector<BudgetEntry> budgets_of(const Plan& plan, const CheckInput& input) {
  std::vector<std::pair<const PolicyDecl*, PolicyReads>> budgets;
  PolicyReads all;
  for (const PolicyDecl& policy : input.fleet.policies) {
    if (!policy.syntax->budget) continue;
    budgets.emplace_back(&policy, PolicyReads(*policy.syntax, input.fleet, input.boot_state));
    all.add(budgets.back().second);
  }
  const HostColumns columns(plan, all, input.boot_state);
  Entries entries(input, columns);
  for (const auto& [budget, reads] : budgets) entries.add(*budget, reads);
  return entries.take();
}

}  // namespace tunec
