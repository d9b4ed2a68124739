// CpuSet over sorted runs. Every operation is one pass over both sides' runs, so that a set of 8192 CPUs in
// one run costs what one CPU costs.
#include "base/cpu_set.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace tunec {

namespace {

using Runs = std::vector<std::pair<int, int>>;

// Takes runs in rising order of their first CPU; joins those that overlap or touch.
void append(Runs& runs, int first, int last) {
  if (!runs.empty() && first <= runs.back().second + 1) {
    runs.back().second = std::max(runs.back().second, last);
    return;
  }
  runs.emplace_back(first, last);
}

std::optional<int> cpu_number(std::string_view text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || text.front() == '-' || error != std::errc{} || stop != end) return std::nullopt;
  if (number > CpuSet::max_cpu) return std::nullopt;
  return number;
}

}  // namespace

CpuSet CpuSet::of(int first, int last) {
  CpuSet set;
  set.insert(first, last);
  return set;
}

std::optional<CpuSet> CpuSet::parse(std::string_view list) {
  CpuSet set;
  if (list.empty()) return set;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    const std::string_view item = list.substr(at, comma - at);
    const std::size_t dash = item.find('-');
    const std::optional<int> first = cpu_number(item.substr(0, dash));
    const std::optional<int> last = dash == item.npos ? first : cpu_number(item.substr(dash + 1));
    if (!first || !last || *last < *first) return std::nullopt;
    set.insert(*first, *last);
    at = comma + 1;
  }
  return set;
}

void CpuSet::insert(int first, int last) {
  first = std::max(first, 0);
  last = std::min(last, max_cpu);
  if (last < first) return;
  // The runs that overlap or touch [first, last] become one.
  const auto begin = std::lower_bound(runs_.begin(), runs_.end(), first,
                                      [](const auto& run, int cpu) { return run.second + 1 < cpu; });
  auto end = begin;
  while (end != runs_.end() && end->first <= last + 1) {
    first = std::min(first, end->first);
    last = std::max(last, end->second);
    ++end;
  }
  runs_.insert(runs_.erase(begin, end), {first, last});
}

bool CpuSet::contains(int cpu) const {
  const auto run = std::lower_bound(runs_.begin(), runs_.end(), cpu, [](const auto& candidate, int wanted) {
    return candidate.second < wanted;
  });
  return run != runs_.end() && run->first <= cpu;
}

int CpuSet::size() const {
  int count = 0;
  for (const auto& [first, last] : runs_) count += last - first + 1;
  return count;
}

std::vector<int> CpuSet::cpus() const {
  std::vector<int> all;
  all.reserve(static_cast<std::size_t>(size()));
  for (const auto& [first, last] : runs_) {
    for (int cpu = first; cpu <= last; ++cpu) all.push_back(cpu);
  }
  return all;
}

std::optional<int> CpuSet::lowest() const {
  if (runs_.empty()) return std::nullopt;
  return runs_.front().first;
}

CpuSet CpuSet::operator|(const CpuSet& other) const {
  Runs all;
  std::merge(runs_.begin(), runs_.end(), other.runs_.begin(), other.runs_.end(), std::back_inserter(all));
  CpuSet result;
  for (const auto& [first, last] : all) append(result.runs_, first, last);
  return result;
}

CpuSet CpuSet::operator&(const CpuSet& other) const {
  CpuSet result;
  auto a = runs_.begin();
  auto b = other.runs_.begin();
  while (a != runs_.end() && b != other.runs_.end()) {
    const int first = std::max(a->first, b->first);
    const int last = std::min(a->second, b->second);
    if (first <= last) result.runs_.emplace_back(first, last);
    if (a->second < b->second) {
      ++a;
    } else {
      ++b;
    }
  }
  return result;
}

CpuSet CpuSet::operator-(const CpuSet& other) const {
  CpuSet outside;
  int next = 0;
  for (const auto& [first, last] : other.runs_) {
    if (next < first) outside.runs_.emplace_back(next, first - 1);
    next = last + 1;
  }
  if (next <= max_cpu) outside.runs_.emplace_back(next, max_cpu);
  return *this & outside;
}

bool CpuSet::subset_of(const CpuSet& other) const { return (*this - other).empty(); }

std::string CpuSet::to_string() const {
  std::string text;
  for (const auto& [first, last] : runs_) {
    if (!text.empty()) text += ',';
    text += std::to_string(first);
    if (last > first) text += '-' + std::to_string(last);
  }
  return text;
}

}  // namespace tunec
