#include <algorithm>

#include "driver/present/budget.h"

namespace tunec {
namespace {

constexpr std::size_t max_cores = 64;  // in a line
constexpr int no_cpu = -1;

using Row = std::vector<int>;  // one CPU of each core

std::vector<Row> thread_rows(const Facts& facts, const CpuSet& cpus) {
  std::vector<Row> rows;
  std::size_t cores = 0;
  for (const CpuSet& core : facts.cores_cpus) {
    const std::vector<int> threads = (core & cpus).cpus();
    if (threads.empty()) continue;
    if (threads.size() > rows.size()) rows.resize(threads.size(), Row(cores, no_cpu));
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(i < threads.size() ? threads[i] : no_cpu);
    ++cores;
  }
  return rows;
}

// "0-7", or with a step "0,2…14".
std::string range_of_row(const Row& row) {
  Row cpus = row;
  std::erase(cpus, no_cpu);
  if (cpus.empty()) return "";
  const auto list = [&] {
    CpuSet all;
    for (const int cpu : cpus) all.insert(cpu, cpu);
    return all.to_string();
  };
  if (cpus.size() <= 4) return list();
  const int step = cpus[1] - cpus[0];
  for (std::size_t i = 1; i < cpus.size(); ++i) {
    if (cpus[i] - cpus[i - 1] != step) return list();
  }
  return step == 1 ? list() : fmt::format("{},{}…{}", cpus[0], cpus[1], cpus.back());
}

char character_of(int cpu, const Sheet& sheet, const std::string& letters) {
  if (cpu == no_cpu) return ' ';
  if (sheet.twice.contains(cpu)) return '!';
  if (!sheet.total.as<CpuSet>().contains(cpu)) return '-';
  for (std::size_t i = 0; i < sheet.parts.size(); ++i) {
    const auto* cpus = sheet.parts[i].value.get_if<CpuSet>();
    if (cpus != nullptr && cpus->contains(cpu)) return letters[i];
  }
  return '.';
}

std::string map_of(const std::string& label, const std::vector<Row>& rows, const Sheet& sheet,
                   const std::string& letters, TextStyle style) {
  std::string text;
  for (std::size_t begin = 0; !rows.empty() && begin < rows[0].size(); begin += max_cores) {
    for (const Row& row : rows) {
      const Row part(row.begin() + static_cast<std::ptrdiff_t>(begin),
                     row.begin() + static_cast<std::ptrdiff_t>(std::min(begin + max_cores, row.size())));
      const bool first = begin == 0 && &row == rows.data();
      text += fmt::format("    {:<8} ", first ? label : "");
      std::string run;
      for (std::size_t i = 0; i < part.size(); ++i) {
        const char here = character_of(part[i], sheet, letters);
        if (!run.empty() && run.back() != here) {
          text += painted(run, run.back(), letters, style);
          run.clear();
        }
        run += here;
      }
      text += painted(run, run.back(), letters, style) + "  " + range_of_row(part) + "\n";
    }
  }
  return text;
}

}  // namespace

CpuSet shown_in_map(const Sheet& sheet, const Facts& facts) {
  const CpuSet concerned = sheet.total.as<CpuSet>() | sheet.promised.as<CpuSet>();
  CpuSet shown;
  for (const NumaNode& node : facts.nodes) {
    if (!(node.cpus & concerned).empty()) shown = shown | node.cpus;
  }
  return shown;
}

std::string cpu_map(const Sheet& sheet, const std::string& letters, const Facts& facts, TextStyle style) {
  std::string text;
  const CpuSet shown = shown_in_map(sheet, facts);
  for (std::size_t i = 0; i < facts.nodes.size(); ++i) {
    const CpuSet& node = facts.nodes[i].cpus;
    if ((node & shown).empty()) continue;
    text += map_of(fmt::format("node {}", i), thread_rows(facts, node), sheet, letters, style);
  }
  std::vector<Row> elsewhere;  // CPUs whose core is unknown
  if (const CpuSet rest = (sheet.total.as<CpuSet>() | sheet.twice) - shown; !rest.empty())
    elsewhere.push_back(rest.cpus());
  return text + map_of("others", elsewhere, sheet, letters, style);
}

}  // namespace tunec
