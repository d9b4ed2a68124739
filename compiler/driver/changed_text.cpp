#include "driver/changed_text.h"

#include <algorithm>

#include "base/lines.h"

namespace tunec {
namespace {

constexpr std::size_t farthest = std::size_t{256} << 10;  // bytes to look for where an unchanged part goes on
constexpr std::size_t most_in_a_row = 64;                  // parts that changed side by side
constexpr std::size_t most_changes = 1000;                // each is looked for through so many bytes

std::string_view text_of(const PartedFile& file, std::size_t part) {
  const std::size_t begin = file.parts[part].begin;
  return file.text.substr(begin, part + 1 < file.parts.size() ? file.parts[part + 1].begin - begin : file.text.npos);
}

// Where the text goes on with an unchanged part, from `part` on.
std::optional<std::pair<std::size_t, std::size_t>> find_same(const PartedFile& before, std::size_t part, std::string_view now, std::size_t from) {
  const std::size_t last = std::min(before.parts.size(), part + most_in_a_row + 1);
  for (std::size_t i = part; i < last; ++i) {
    const std::size_t at = now.substr(from, farthest).find(text_of(before, i));
    if (at != now.npos) return std::pair(i, from + at);
  }
  if (last < before.parts.size() || now.size() - from > farthest) return std::nullopt;
  return std::pair(before.parts.size(), now.size());
}

// Nothing but comments, in either language.
bool says_nothing(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin != line.npos && line[begin] != '#') return false;
  }
  return true;
}

}  // namespace

std::optional<std::vector<Stretch>> stretches_of(const PartedFile& before, std::string_view now) {
  std::vector<Stretch> stretches;
  std::size_t at = 0, part = 0;
  while (part < before.parts.size() || at < now.size()) {
    Stretch same{true, part, part, at, at};
    while (part < before.parts.size() && now.substr(at).starts_with(text_of(before, part))) at += text_of(before, part++).size();
    same.last = part;
    same.end = at;
    if (same.first < same.last) stretches.push_back(same);
    if (part == before.parts.size() && at == now.size()) break;
    const auto next = find_same(before, part, now, at);
    if (!next || stretches.size() > 2 * most_changes) return std::nullopt;
    for (std::size_t i = part; i < next->first; ++i) {
      if (before.parts[i].host.empty()) return std::nullopt;
    }
    stretches.push_back({false, part, next->first, at, next->second});
    std::tie(part, at) = *next;
  }
  return stretches;
}

ReducedText::ReducedText(const PartedFile& before, std::string_view now, const std::vector<Stretch>& stretches, const std::set<std::string>& hosts)
    : before_(before), stretches_(stretches) {
  for (const Stretch& stretch : stretches) {
    if (!stretch.same) {
      changed_.push_back({&stretch, text_.size(), text_.size() + stretch.end - stretch.begin});
      text_ += now.substr(stretch.begin, stretch.end - stretch.begin);
      continue;
    }
    for (std::size_t i = stretch.first; i < stretch.last; ++i) {
      const std::string& host = before.parts[i].host;
      if (!host.empty() && !hosts.contains(host)) continue;
      left_.push_back({static_cast<std::uint32_t>(text_.size()), host});
      text_ += text_of(before, i);
    }
  }
}

std::optional<std::vector<Part>> ReducedText::whole_parts(const std::vector<Part>& found, std::set<std::string>& changed) const {
  std::vector<std::vector<Part>> in_changed(changed_.size());
  auto left = left_.begin();
  auto within = changed_.begin();
  for (const Part& part : found) {
    if (left != left_.end() && *left == part) {  // first: one without a text is where what changed begins
      ++left;
      continue;
    }
    while (within != changed_.end() && within->end <= part.begin) ++within;  // both in order
    if (within == changed_.end() || part.begin < within->begin || part.host.empty()) return std::nullopt;
    changed.insert(part.host);
    in_changed[static_cast<std::size_t>(within - changed_.begin())].push_back({static_cast<std::uint32_t>(part.begin - within->begin + within->stretch->begin), part.host});
  }
  if (left != left_.end()) return std::nullopt;
  // What stands before the first part that changed goes with the part before: that of a host is among these, that of the site must not grow.
  for (std::size_t i = 0; i < changed_.size(); ++i) {
    const auto& [stretch, begin, end] = changed_[i];
    const std::size_t own = in_changed[i].empty() ? end : begin + in_changed[i].front().begin - stretch->begin;
    const bool of_site = stretch->first == 0 || before_.parts[stretch->first - 1].host.empty();
    if (of_site && !says_nothing(std::string_view(text_).substr(begin, own - begin))) return std::nullopt;
  }
  std::vector<Part> parts;
  auto next = in_changed.begin();
  for (const Stretch& stretch : stretches_) {
    if (!stretch.same) {
      std::ranges::copy(*next++, std::back_inserter(parts));
      continue;
    }
    const std::size_t from = before_.parts[stretch.first].begin;
    for (std::size_t i = stretch.first; i < stretch.last; ++i) {
      parts.push_back({static_cast<std::uint32_t>(before_.parts[i].begin - from + stretch.begin), before_.parts[i].host});
    }
  }
  return parts;
}

}  // namespace tunec
