// Laws of budgets: a sheet agrees with sums and with operations on sets, whatever the order of its parts. The
// text for reviewers shows all of it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "driver/present/budget.h"
#include "plan/platform/boot_state.h"
#include "support/case_reader.h"
#include "support/generators.h"
#include "support/over_memory.h"

namespace tunec {
namespace {

constexpr int machine = 16;  // CPUs of the host

struct BudgetRun {
  test::Run run;
  std::vector<BudgetEntry> entries;
  const Sheet& sheet() const { return entries.at(0).sheets.at(0); }
  bool refused() const {
    return std::ranges::any_of(run.compilation->reporter.sorted(), [](const Diagnostic& diagnostic) {
      return std::string_view(diagnostic.info->code) == "T0604";
    });
  }
};

BudgetRun run_budget(const std::string& total, const std::vector<std::string>& parts) {
  MemoryFileSystem files;
  std::string& text = files.files["main.tune"];
  text = "site s\nbudget b { for host total " + total + "\n";
  for (std::size_t i = 0; i < parts.size(); ++i) text += fmt::format("  part \"{}\" = {}\n", i, parts[i]);
  text +=
      "}\nhost a { facts { os = \"ubuntu 24.04\"  memory = 64GiB  cpu { vendor = intel  cores = 8  threads = "
      "2 } } }\n";
  BudgetRun result{test::compile_in_memory(files), {}};
  Compilation& c = *result.run.compilation;
  const BootState boot_state(c.plan(), c.catalogue, c.boot_order);
  for (BudgetEntry& entry :
       budgets_of(c.plan(), {c.fleet, c.catalogue, c.sources, c.waivers, boot_state, true})) {
    // The shipped budgets
    std::erase_if(entry.sheets, [](const Sheet& sheet) { return sheet.budget->name.text != "b"; });
    if (!entry.sheets.empty()) result.entries.push_back(std::move(entry));
  }
  return result;
}

std::vector<std::string> shuffled(std::vector<std::string> parts) {
  std::vector<std::string> result;
  while (!parts.empty()) {
    const auto at = *rc::gen::inRange<std::size_t>(0, parts.size());
    result.push_back(parts[at]);
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return result;
}

RC_GTEST_PROP(BudgetLaw, AmountsAreSummed, ()) {
  const auto amounts = *rc::gen::resize(6, rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(
                                               rc::gen::inRange<std::int64_t>(0, 1 << 20))));
  const std::int64_t sum = std::accumulate(amounts.begin(), amounts.end(), std::int64_t{0});
  const std::int64_t total = *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(0, 1 << 22), rc::gen::just(sum),
                                             rc::gen::just(std::max<std::int64_t>(sum - 1, 0)));
  std::vector<std::string> parts;
  for (const std::int64_t amount : amounts) parts.push_back(fmt::format("{}KiB", amount));
  const BudgetRun result = run_budget(fmt::format("{}KiB", total), parts),
                  turned = run_budget(fmt::format("{}KiB", total), shuffled(parts));
  const Sheet& sheet = result.sheet();
  RC_ASSERT(sheet.promised == Value{Bytes{sum * 1024}});
  RC_ASSERT(sheet.left == Value{Bytes{(total - sum) * 1024}});
  RC_ASSERT(sheet.closes == (sum <= total));
  RC_ASSERT(result.refused() == !sheet.closes);
  RC_ASSERT(turned.sheet().promised == sheet.promised);
  RC_ASSERT(turned.sheet().left == sheet.left);
  RC_ASSERT(turned.refused() == result.refused());
}

RC_GTEST_PROP(BudgetLaw, CpusAreCountedOneByOne, ()) {
  const auto some = rc::gen::resize(5, rc::gen::container<std::set<int>>(rc::gen::inRange(0, machine + 4)));
  const auto sets = *rc::gen::resize(4,
                                     rc::gen::nonEmpty(rc::gen::container<std::vector<std::set<int>>>(some)));
  std::map<int, int> promises;
  std::vector<std::string> parts;
  for (const std::set<int>& cpus : sets) {
    for (const int cpu : cpus) ++promises[cpu];
    parts.push_back(to_source(Value{gen::set_of(cpus)}));
  }
  CpuSet all, outside, twice;
  for (const auto& [cpu, times] : promises) {
    all.insert(cpu, cpu);
    if (cpu >= machine) outside.insert(cpu, cpu);
    if (times > 1) twice.insert(cpu, cpu);
  }
  // An empty list is not a CPU set; `cpus` converts it to one.
  for (std::string& part : parts) part = fmt::format("cpus({})", part);
  const BudgetRun result = run_budget("host.cpus", parts), turned = run_budget("host.cpus", shuffled(parts));
  for (const Sheet* sheet : {&result.sheet(), &turned.sheet()}) {
    RC_ASSERT(sheet->promised == Value{all});
    RC_ASSERT(sheet->outside == outside);
    RC_ASSERT(sheet->twice == twice);
    RC_ASSERT(sheet->closes == (outside.empty() && twice.empty()));
    RC_ASSERT(sheet->left == Value{CpuSet::of(0, machine - 1) - all});
    if (!sheet->closes) continue;
    int count = sheet->left.as<CpuSet>().size();
    for (const SheetPart& part : sheet->parts) count += part.value.as<CpuSet>().size();
    RC_ASSERT(count == machine);  // no CPU is lost or counted twice
  }
  RC_ASSERT(result.refused() == !result.sheet().closes);
  RC_ASSERT(turned.refused() == result.refused());
}

// Each CPU of the machine is one character of the map. The characters' numbers agree with the sheet.
RC_GTEST_PROP(BudgetLaw, AMapShowsEveryCpu, ()) {
  const auto any_cpus = [] {
    // A generator of sets gives up if no more values are left
    const auto cpus = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, machine));
    return std::set<int>(cpus.begin(), cpus.end());
  };
  const std::set<int> first = any_cpus(), second = any_cpus();
  const auto cpus = [](const std::set<int>& set) {
    return fmt::format("cpus({})", to_source(Value{gen::set_of(set)}));
  };
  const BudgetRun result = run_budget("host.cpus", {cpus(first), cpus(second)});
  const std::string text = cpu_map(result.sheet(), "ab", *result.entries.at(0).hosts.front()->facts, {});
  std::map<char, int> shown;
  for (const std::string& line : test::lines_of(text)) {
    for (const char c : line.substr(13, line.rfind("  ") - 13)) ++shown[c];
  }
  const CpuSet a = gen::set_of(first), b = gen::set_of(second);
  RC_ASSERT(shown['!'] == (a & b).size());
  RC_ASSERT(shown['a'] == (a - b).size());
  RC_ASSERT(shown['b'] == (b - a).size());
  RC_ASSERT(shown['.'] == machine - (a | b).size());
}

RC_GTEST_PROP(BudgetLaw, LettersTellPartsApart, ()) {
  const auto names = *rc::gen::resize(52, rc::gen::container<std::vector<std::string>>(gen::text()));
  RC_PRE(names.size() <= 52U);
  const std::string letters = letters_for(names);
  RC_ASSERT(letters.size() == names.size());
  RC_ASSERT(std::set<char>(letters.begin(), letters.end()).size() == names.size());
}

RC_GTEST_PROP(BudgetLaw, ABarIsAsWideAsItIsAndLeavesNobodyOut, ()) {
  const auto given = *rc::gen::resize(8, rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1000)));
  const double total = *rc::gen::inRange(0, 4000);
  const std::vector<double> amounts(given.begin(), given.end());
  const std::string letters = std::string("abcdefghijklmnopqrstuvwxyz").substr(0, amounts.size());
  RC_PRE(letters.size() == amounts.size());
  const std::string drawn = bar(amounts, letters, total, 60);
  const double sum = std::accumulate(amounts.begin(), amounts.end(), 0.0);
  RC_ASSERT(drawn.size() == 60U);
  RC_ASSERT((std::ranges::count(drawn, '|') == 1) == (sum > total));
  for (std::size_t i = 0; i < amounts.size(); ++i)
    RC_ASSERT((drawn.find(letters[i]) != std::string::npos) == (amounts[i] > 0));
  RC_ASSERT(sum < total || drawn.find('.') == std::string::npos || sum == 0);
}

}  // namespace
}  // namespace tunec
