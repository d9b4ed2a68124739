// Sorts patterns by the text before their first `*` or bracket. All names that match a pattern begin with its
// text.
#include "site/facts_index.h"

#include <algorithm>
#include <numeric>
#include <ranges>

#include "diagnostics/diag.h"
#include "machine/host_pattern.h"

namespace tunec {
namespace {

// Up to this many patterns are tried one by one, since that is quicker than listing their names
constexpr std::size_t max_tried = 16;
constexpr std::size_t max_expanded = 1'000'000;  // names; patterns beyond that are tried one by one

std::string_view beginning_of(std::string_view pattern) {
  return pattern.substr(0, pattern.find_first_of("*["));
}
std::string_view end_of(std::string_view pattern) { return pattern.substr(pattern.find_last_of("*]") + 1); }

bool is_pattern(std::string_view text) { return has_wildcard(text) || text.find('[') != text.npos; }

bool less_backwards(std::string_view a, std::string_view b) {
  return std::ranges::lexicographical_compare(a | std::views::reverse, b | std::views::reverse);
}

}  // namespace

ImportedFactsIndex::ImportedFactsIndex(const std::vector<ImportedFacts>& facts, Reporter& reporter) {
  std::vector<const ImportedFacts*> patterns;
  by_name_.reserve(facts.size());
  for (const ImportedFacts& stated : facts) {
    if (is_pattern(stated.pattern)) {
      patterns.push_back(&stated);
    } else if (const auto [earlier, first] = by_name_.emplace(stated.pattern, &stated); !first) {
      reporter.report(stated.where, diag::declared_twice, "the machine", stated.pattern)
          .label(earlier->second->where, "first given here");
    }
  }
  for (const ImportedFacts* stated : patterns) {
    if (patterns.size() > max_tried && expanded_.size() < max_expanded && !has_wildcard(stated->pattern)) {
      auto expanded = expand_pattern(stated->pattern);
      if (auto* names = std::get_if<std::vector<std::string>>(&expanded)) {
        for (std::string& name : *names) expanded_.emplace(std::move(name), stated);
        continue;
      }
    }
    tried_[beginning_of(stated->pattern)].push_back(stated);
  }
}

const ImportedFacts* ImportedFactsIndex::find(const std::string& name) const {
  if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
  const auto expanded = expanded_.find(name);
  const ImportedFacts* first = expanded == expanded_.end() ? nullptr : expanded->second;
  for (std::size_t length = 0; !tried_.empty() && length <= name.size(); ++length) {
    const auto tried = tried_.find(std::string_view(name).substr(0, length));
    if (tried == tried_.end()) continue;
    for (const ImportedFacts* stated : tried->second) {  // in the order of the files
      if (first != nullptr && first < stated) break;
      if (!matches_pattern(stated->pattern, name)) continue;
      first = stated;
      break;
    }
  }
  return first;
}

HostNames::HostNames(const LoadedFiles& files)
    : HostNames([&] {
        std::vector<std::string> names;
        for (const auto& [name, host] : files.inventory) names.push_back(name);
        for (const ImportedFacts& stated : files.facts) {
          if (has_wildcard(stated.pattern)) continue;
          auto expanded = expand_pattern(stated.pattern);
          if (auto* found = std::get_if<std::vector<std::string>>(&expanded))
            std::ranges::move(*found, std::back_inserter(names));
        }
        return names;
      }()) {}

HostNames::HostNames(std::vector<std::string> names) : names_(std::move(names)) {
  std::ranges::sort(names_);
  names_.erase(std::ranges::unique(names_).begin(), names_.end());
}

std::vector<std::string> HostNames::matching(std::string_view pattern) {
  std::vector<std::string> found;
  const auto take = [&](const std::string& name) {
    if (matches_pattern(pattern, name)) found.push_back(name);
  };
  const std::string_view beginning = beginning_of(pattern), end = end_of(pattern);
  if (!beginning.empty() || end.empty()) {
    auto name = std::ranges::lower_bound(names_, beginning);
    for (; name != names_.end() && name->starts_with(beginning); ++name) take(*name);
    return found;
  }
  if (by_end_.empty()) {
    by_end_.resize(names_.size());
    std::iota(by_end_.begin(), by_end_.end(), std::size_t{0});
    std::ranges::sort(by_end_, less_backwards,
                      [this](std::size_t index) { return std::string_view(names_[index]); });
  }
  auto next = std::ranges::lower_bound(by_end_, end, less_backwards,
                                       [this](std::size_t index) { return std::string_view(names_[index]); });
  for (; next != by_end_.end() && names_[*next].ends_with(end); ++next) take(names_[*next]);
  std::ranges::sort(found);
  return found;
}

}  // namespace tunec
