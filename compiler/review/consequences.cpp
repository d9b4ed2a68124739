#include "review/consequences.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "check/policy/budget.h"

namespace tunec {
namespace {

// Budgets.

using Sheets = std::map<std::pair<std::string, std::string>, const Sheet*>;  // by budget and part of the host

class BudgetsBySide {
 public:
  explicit BudgetsBySide(const Side& side) : entries_(budgets_of(side.plan, side.input)) {
    for (const BudgetEntry& entry : entries_) {
      Sheets& sheets = sheets_.emplace_back();
      for (const Sheet& sheet : entry.sheets) {
        const std::string& part = sheet.of.empty() ? entry.of : sheet.of;
        sheets[{sheet.budget->name.text, part}] = &sheet;
      }
      if (!entry.of.empty()) {
        fleet_.merge(Sheets(sheets));
        continue;
      }
      for (const HostPlan* host : entry.hosts) of_host_[host] = sheets_.size() - 1;
    }
  }

  std::size_t entry_of(const HostPlan& host) const {
    const auto found = of_host_.find(&host);
    return found == of_host_.end() ? std::string::npos : found->second;
  }
  const Sheets& sheets(std::size_t entry) const {
    static const Sheets none;
    return entry == std::string::npos ? none : sheets_[entry];
  }
  const Sheets& of_fleet() const { return fleet_; }

 private:
  std::vector<BudgetEntry> entries_;
  std::vector<Sheets> sheets_;
  std::unordered_map<const HostPlan*, std::size_t> of_host_;
  Sheets fleet_;  // of the whole fleet, its groups and pairs
};

struct Left {
  BudgetChange change;
  const Sheet* after = nullptr;
};

// What is left of a whole, for comparing budgets of one kind; CPUs by their number.
Value amount_left(const Sheet& sheet) {
  if (const auto* cpus = sheet.left.get_if<CpuSet>()) return {static_cast<std::int64_t>(cpus->size())};
  return sheet.left;
}

std::string left_text(const Sheet& sheet) {
  if (const auto* cpus = sheet.left.get_if<CpuSet>())
    return sheet.closes ? fmt::format("{} CPUs", cpus->size()) : "does not close";
  return readable(sheet.left, sheet.total);
}

void compare(const Sheets& before, const Sheets& after, const std::string& host, std::size_t hosts,
             std::map<std::pair<std::string, std::string>, Left>& found) {
  for (const auto& [name, sheet] : after) {
    const auto old = before.find(name);
    const Sheet* was = old == before.end() ? nullptr : old->second;
    if (sheet->left.poisoned() || (was != nullptr && was->left == sheet->left && was->total == sheet->total))
      continue;
    // What rounds to the same is no news
    if (was != nullptr && !was->left.poisoned() && left_text(*was) == left_text(*sheet) &&
        was->closes == sheet->closes)
      continue;
    Left& left = found[name];
    left.change.hosts += hosts;
    const bool tighter = left.after == nullptr ||
                         tunec::compare(amount_left(*sheet), amount_left(*left.after)).value_or(0) < 0;
    if (!tighter) continue;
    left.after = sheet;
    left.change.budget = name.first;
    left.change.of = name.second;
    left.change.tightest = host;
    left.change.left_before = was == nullptr || was->left.poisoned() ? "" : left_text(*was);
    left.change.left_after = left_text(*sheet);
    left.change.total = sheet->of_cpus() ? fmt::format("{} CPUs", sheet->total.as<CpuSet>().size())
                                         : readable(sheet->total, sheet->total);
    left.change.closes = sheet->closes || sheet->waived;
  }
}

std::vector<BudgetChange> budget_changes(const Side& before, const Side& after, const HostPairs& pairs) {
  const BudgetsBySide old(before), now(after);
  std::map<std::pair<std::size_t, std::size_t>, std::vector<const HostPlan*>> kinds;
  for (const HostPair& pair : pairs)
    kinds[{old.entry_of(*pair.before), now.entry_of(*pair.after)}].push_back(pair.after);
  std::map<std::pair<std::string, std::string>, Left> found;
  for (const auto& [entries, hosts] : kinds)
    compare(old.sheets(entries.first), now.sheets(entries.second), hosts.front()->name, hosts.size(), found);
  compare(old.of_fleet(), now.of_fleet(), "", 0, found);
  std::vector<BudgetChange> changes;
  for (auto& [name, left] : found) changes.push_back(std::move(left.change));
  return changes;
}

// Findings.

using FindingKey = std::pair<std::string, std::string>;  // code, and what distinguishes findings of that code

std::string concealed(std::string message, const std::vector<std::string>& secrets) {
  constexpr std::string_view instead = "(secret)";
  for (const std::string& secret : secrets) {
    for (std::size_t at = message.find(secret); at != std::string::npos; at = message.find(secret, at))
      message.replace(at, secret.size(), instead), at += instead.size();
  }
  return message;
}

std::map<FindingKey, FindingChange> findings_of(const Side& side, const std::vector<std::string>& secrets) {
  const Sources& sources = side.input.sources;
  std::map<FindingKey, FindingChange> all;
  for (const Diagnostic& diagnostic : side.reporter.sorted()) {
    if (diagnostic.severity == Severity::error) continue;  // the command has printed them
    const std::string message = concealed(diagnostic.message, secrets);
    const bool is_in_a_file = diagnostic.where.file.index < sources.size();
    const std::string& what = !diagnostic.policy.empty() ? diagnostic.policy
                              : !diagnostic.key.empty()  ? diagnostic.key
                                                         : message;
    FindingChange& finding = all[{std::string(diagnostic.info->code), what}];
    if (finding.code.empty())
      finding = {std::string(diagnostic.info->code),
                 diagnostic.policy,
                 message,
                 is_in_a_file ? sources.line_place(diagnostic.where) : "",
                 {}};
    finding.hosts.insert(finding.hosts.end(), diagnostic.hosts.begin(), diagnostic.hosts.end());
  }
  for (auto& [key, finding] : all) {
    std::ranges::sort(finding.hosts);
    finding.hosts.erase(std::ranges::unique(finding.hosts).begin(), finding.hosts.end());
  }
  return all;
}

// Those of `in` that `other` does not have, or has on fewer hosts.
std::vector<FindingChange> only_in(const std::map<FindingKey, FindingChange>& in,
                                   const std::map<FindingKey, FindingChange>& other) {
  std::vector<FindingChange> only;
  for (const auto& [key, finding] : in) {
    const auto same = other.find(key);
    FindingChange rest = finding;
    if (same != other.end()) {
      rest.hosts.clear();
      std::ranges::set_difference(finding.hosts, same->second.hosts, std::back_inserter(rest.hosts));
      if (rest.hosts.empty()) continue;
    }
    only.push_back(std::move(rest));
  }
  return only;
}

// Waivers.

WaiverChange waiver_of(const WaiverDecl& declared, const Side& side) {
  const ast::Waive& waive = *declared.syntax;
  WaiverChange waiver{waive.what.text,
                      waive.hosts.text,
                      waive.owner ? *waive.owner : "",
                      waive.until ? to_text(Value{*waive.until}) : "",
                      waive.because,
                      side.input.sources.line_place(declared.declared),
                      declared.param != nullptr,
                      0};
  if (side.today && waive.until)
    waiver.days_left = static_cast<std::size_t>(
        std::max<std::int64_t>(0, days_between(*side.today, *waive.until)));
  return waiver;
}

using WaiverKey = std::tuple<std::string, std::string, std::string, std::string, std::string>;
WaiverKey key_of(const WaiverChange& waiver) {
  return {waiver.what, waiver.hosts_pattern, waiver.owner, waiver.until, waiver.because};
}

std::map<WaiverKey, WaiverChange> waivers_of(const Side& side) {
  std::map<WaiverKey, WaiverChange> all;
  for (const WaiverDecl& declared : side.input.fleet.waivers) {
    WaiverChange waiver = waiver_of(declared, side);
    all.emplace(key_of(waiver), std::move(waiver));
  }
  return all;
}

void compare_waivers(const Side& before, const Side& after, Consequences& found) {
  constexpr std::size_t soon = 30;  // days
  const auto old = waivers_of(before), now = waivers_of(after);
  for (const auto& [key, waiver] : now) {
    if (!old.contains(key)) found.waivers_begun.push_back(waiver);
    if (!waiver.until.empty() && after.today && waiver.days_left <= soon) found.ending_soon.push_back(waiver);
  }
  for (const auto& [key, waiver] : old) {
    if (!now.contains(key)) found.waivers_ended.push_back(waiver);
  }
}

}  // namespace

Consequences consequences_of(const Side& before, const Side& after, const HostPairs& pairs,
                             const std::vector<std::string>& secrets) {
  Consequences found;
  found.budgets = budget_changes(before, after, pairs);
  const auto old = findings_of(before, secrets), now = findings_of(after, secrets);
  found.begun = only_in(now, old);
  found.ceased = only_in(old, now);
  compare_waivers(before, after, found);
  return found;
}

}  // namespace tunec
