// Myers' algorithm (1986), which finds the shortest list of removed and added lines. Its table grows with the
// square of that list's length, so texts that differ in more than `most_changes` lines are shown as all
// removed and all added.
#include "base/text_diff.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

namespace tunec {
namespace {

constexpr int context = 3, most_changes = 4000;

using Lines = std::vector<std::string_view>;  // each with its line end

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

struct LineEdit {
  char mark;  // ' ', '-' or '+'
  std::string_view line;
};

class Comparison {
 public:
  Comparison(const Lines& old_lines, const Lines& new_lines) : old_(old_lines), new_(new_lines) {
    const std::size_t shorter = std::min(old_.size(), new_.size());
    while (head_ < shorter && old_[head_] == new_[head_]) ++head_;
    while (tail_ < shorter - head_ && old_[old_.size() - 1 - tail_] == new_[new_.size() - 1 - tail_]) ++tail_;
    old_count_ = static_cast<int>(old_.size() - head_ - tail_);
    new_count_ = static_cast<int>(new_.size() - head_ - tail_);
  }

  std::vector<LineEdit> run() {
    const std::vector<LineEdit> middle = follow_back(search());
    std::vector<LineEdit> all;
    all.reserve(head_ + middle.size() + tail_);
    for (std::size_t i = 0; i < head_; ++i) all.push_back({' ', old_[i]});
    all.insert(all.end(), middle.begin(), middle.end());
    for (std::size_t i = old_.size() - tail_; i < old_.size(); ++i) all.push_back({' ', old_[i]});
    return all;
  }

 private:
  std::string_view old_line(int i) const { return old_[head_ + static_cast<std::size_t>(i)]; }
  std::string_view new_line(int i) const { return new_[head_ + static_cast<std::size_t>(i)]; }

  // For each number of changes d: how far each diagonal k = -d, -d + 2 … d reaches in the old text. Empty if
  // the texts need too many changes.
  using Reach = std::vector<std::vector<int>>;
  static int at(const std::vector<int>& reach, int d, int k) {
    return reach[static_cast<std::size_t>((k + d) / 2)];
  }
  // Whether diagonal k is best entered by adding a line (from k + 1), with d - 1 changes behind.
  static bool by_adding(const std::vector<int>& before, int d, int k) {
    return k == -d || (k != d && at(before, d - 1, k - 1) < at(before, d - 1, k + 1));
  }

  Reach search() const {
    Reach all;
    for (int d = 0; d <= most_changes; ++d) {
      std::vector<int> reach(static_cast<std::size_t>(d) + 1);
      for (int k = -d; k <= d; k += 2) {
        int x = 0;
        if (d > 0)
          x = by_adding(all.back(), d, k) ? at(all.back(), d - 1, k + 1) : at(all.back(), d - 1, k - 1) + 1;
        while (x < old_count_ && x - k < new_count_ && x - k >= 0 && old_line(x) == new_line(x - k)) ++x;
        reach[static_cast<std::size_t>((k + d) / 2)] = x;
        if (x >= old_count_ && x - k >= new_count_) {
          all.push_back(std::move(reach));
          return all;
        }
      }
      all.push_back(std::move(reach));
    }
    return {};
  }

  std::vector<LineEdit> follow_back(const Reach& all) const {
    std::vector<LineEdit> edits;
    int x = old_count_, y = new_count_;
    for (int d = static_cast<int>(all.size()) - 1; d > 0; --d) {
      const std::vector<int>& before = all[static_cast<std::size_t>(d) - 1];
      const int k = x - y;
      const bool added = by_adding(before, d, k);
      const int from = at(before, d - 1, added ? k + 1 : k - 1);
      for (const int start = added ? from : from + 1; x > start; --x, --y)
        edits.push_back({' ', old_line(x - 1)});
      if (added) edits.push_back({'+', new_line(--y)});
      else edits.push_back({'-', old_line(--x)});
    }
    if (all.empty()) {
      while (y > 0) edits.push_back({'+', new_line(--y)});
      while (x > 0) edits.push_back({'-', old_line(--x)});
    }
    for (; x > 0; --x) edits.push_back({' ', old_line(x - 1)});
    std::ranges::reverse(edits);
    return edits;
  }

  const Lines &old_, &new_;
  std::size_t head_ = 0, tail_ = 0;  // equal lines at both ends
  int old_count_ = 0, new_count_ = 0;
};

// "12,7", or "12" for one line. For no line, the number of the line before.
std::string range_of(std::size_t begin, std::size_t count) {
  if (count == 1) return fmt::format("{}", begin + 1);
  return fmt::format("{},{}", count == 0 ? begin : begin + 1, count);
}

void write_hunk(std::string& out, const std::vector<LineEdit>& edits, std::size_t begin, std::size_t end,
                std::size_t old_begin, std::size_t new_begin) {
  std::size_t old_count = 0, new_count = 0;
  for (std::size_t i = begin; i < end; ++i) {
    old_count += edits[i].mark != '+' ? 1 : 0;
    new_count += edits[i].mark != '-' ? 1 : 0;
  }
  out += fmt::format("@@ -{} +{} @@\n", range_of(old_begin, old_count), range_of(new_begin, new_count));
  for (std::size_t i = begin; i < end; ++i) {
    out.append(1, edits[i].mark).append(edits[i].line);
    if (!edits[i].line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
  }
}

}  // namespace

std::string unified_diff(std::string_view old_name, std::string_view old_text, std::string_view new_name,
                         std::string_view new_text) {
  if (old_text == new_text) return {};
  const Lines old_lines = lines_of(old_text), new_lines = lines_of(new_text);
  const std::vector<LineEdit> edits = Comparison(old_lines, new_lines).run();
  std::string out = fmt::format("--- {}\n+++ {}\n", old_name, new_name);
  std::size_t old_line = 0, new_line = 0, at = 0;
  const auto step_to = [&](std::size_t to) {
    for (; at < to; ++at) {
      old_line += edits[at].mark != '+' ? 1 : 0;
      new_line += edits[at].mark != '-' ? 1 : 0;
    }
  };
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].mark == ' ') continue;
    std::size_t last = i;  // the last change of this hunk
    for (std::size_t next = i; next < edits.size() && next - last <= 2 * context; ++next)
      if (edits[next].mark != ' ') last = next;
    const std::size_t begin = i - std::min<std::size_t>(i - at, context);
    const std::size_t end = std::min(last + 1 + context, edits.size());
    step_to(begin);
    write_hunk(out, edits, begin, end, old_line, new_line);
    step_to(end);
    i = end - 1;
  }
  return out;
}

}  // namespace tunec
