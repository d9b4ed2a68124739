#include "host/live.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/lines.h"
#include "base/whole_number.h"
#include "output/tree/directory.h"

namespace tunec::host {
namespace {

using Words = std::vector<std::string_view>;

// Keys of which a later word replaces the earlier one cannot be told from those that add up. A later word of
// the same key is another value unless it is expected too.
std::string_view later_word(const Words& line, const Words& expected) {
  for (const std::string_view word : expected) {
    const auto last = std::ranges::find(line.rbegin(), line.rend(), word);
    const std::size_t equals = word.find('=');
    if (last == line.rend() || equals == word.npos) continue;
    const std::string_view key = word.substr(0, equals + 1);
    const auto later = std::find_if(line.rbegin(), last, [&](std::string_view other) {
      return other.starts_with(key) && std::ranges::find(expected, other) == expected.end();
    });
    if (later != last) return *later;
  }
  return {};
}

bool has_words(const Words& line, const Words& expected) {
  return std::ranges::all_of(
             expected, [&](std::string_view word) { return std::ranges::find(line, word) != line.end(); }) &&
         later_word(line, expected).empty();
}

std::string_view chosen(const Words& words) {
  for (const std::string_view word : words) {
    if (word.size() > 2 && word.front() == '[' && word.back() == ']') return word.substr(1, word.size() - 2);
  }
  return {};
}

std::optional<long long> number(std::string_view text) {
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  return whole_number<long long>(text, hex ? 16 : 10);
}

bool same_number(std::string_view a, std::string_view b) {
  const auto left = number(a), right = number(b);
  return left && left == right;
}

bool same_truth(std::string_view shown, std::string_view expected) {
  return (shown == "Y" && (expected == "1" || expected == "y")) ||
         (shown == "N" && (expected == "0" || expected == "n"));
}

// Word for word the same, or other numbers. Powers of two, whole pages and ticks of the clock are less than
// twice or half of what they are made of, and limits of the kernel may be farther.
bool is_rounding(std::string_view before, std::string_view shown, std::string_view wanted) {
  const Words left = words_of(shown), right = words_of(wanted);
  if (left.empty() || left.size() != right.size()) return false;
  bool are_near = true;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] == right[i]) continue;
    const auto a = number(left[i]), b = number(right[i]);
    if (!a || !b) return false;
    are_near = are_near && *a / 2 <= *b && *b / 2 <= *a && (*a != 0) == (*b != 0);
  }
  return are_near || shown != before;
}

// "00000000,0000ffff" is ffff.
bool same_mask(std::string_view shown, std::string_view expected) {
  const auto digits = [](std::string_view text) {
    std::string result;
    for (const char c : text) {
      if (c != ',') result += c;
    }
    result.erase(0, result.find_first_not_of('0'));
    return result;
  };
  const std::size_t comma = shown.find(',');
  return comma != shown.npos && comma <= 8 && (shown.size() - comma) % 9 == 0 &&
         shown.find_first_not_of("0123456789abcdef,") == shown.npos && digits(shown) == digits(expected);
}

// "9100,9177,9090-9092" as ranges that neither touch nor overlap; empty if it is no such list. A CpuSet ends
// before most ports. Words of a mask have eight digits each.
std::vector<std::pair<long long, long long>> ranges_of(std::string_view text) {
  std::vector<std::pair<long long, long long>> ranges;
  for (const std::string_view part : split(text, ',')) {
    const std::size_t hyphen = part.find('-');
    const auto first = whole_number<long long>(part.substr(0, hyphen));
    const auto last = hyphen == part.npos ? first : whole_number<long long>(part.substr(hyphen + 1));
    constexpr std::size_t digits_of_mask = 8;
    if (!first || !last || *first > *last || part.substr(0, hyphen).size() >= digits_of_mask) return {};
    ranges.emplace_back(*first, *last);
  }
  std::ranges::sort(ranges);
  std::vector<std::pair<long long, long long>> joined;
  for (const auto& [first, last] : ranges) {
    if (joined.empty() || first > joined.back().second + 1) joined.emplace_back(first, last);
    else joined.back().second = std::max(joined.back().second, last);
  }
  return joined;
}

// The kernel shows sets of CPUs, nodes and ports in its own order, with ranges joined. Lists of a module's
// parameter are no sets: each device takes the next one.
bool same_set(std::string_view path, std::string_view shown, std::string_view expected) {
  const bool is_list = expected.find_first_of(",-") != expected.npos ||
                       shown.find_first_of(",-") != shown.npos;
  if (!is_list || path.starts_with("/sys/module/")) return false;
  const auto left = ranges_of(shown);
  return !left.empty() && left == ranges_of(expected);
}

}  // namespace

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string_view> words;
  for (std::size_t begin = text.find_first_not_of(blanks); begin != text.npos;) {
    const std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(blanks, end);
  }
  return words;
}

std::optional<std::string> read_value(const Machine& machine, const std::string& path) {
  const Fd fd(::open((machine.kernel + path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) return std::nullopt;
  std::string text;
  char buffer[4096];
  ssize_t count = 0;
  while ((count = ::read(fd.get(), buffer, sizeof buffer)) > 0)
    text.append(buffer, static_cast<std::size_t>(count));
  if (count < 0) return std::nullopt;
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

std::string write_kernel_file(const std::string& path, std::string_view text) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NONBLOCK));
  // One call: the kernel takes each as a value of its own.
  if (fd.get() < 0 || ::write(fd.get(), text.data(), text.size()) < 0) return std::strerror(errno);
  return "";
}

std::string write_value(const Machine& machine, const std::string& path, std::string_view value) {
  return machine.write(machine.kernel + path, fmt::format("{}\n", value));
}

Written write_and_read_back(const Machine& machine, const std::string& path, std::string_view before,
                            std::string_view wanted) {
  const auto write = [&] {
    Written written{write_value(machine, path, wanted), "", false};
    if (written.error.empty()) written.shown = read_value(machine, path).value_or("");
    return written;
  };
  Written first = write();
  const bool is_as_asked = !first.error.empty() || shows(path, first.shown, wanted);
  if (is_as_asked || !is_rounding(before, first.shown, wanted)) return first;
  Written second = write();
  second.is_rounded = second.error.empty() && second.shown == first.shown;
  return second;
}

std::string replaced_by(std::string_view command_line, std::string_view expected) {
  return std::string(later_word(words_of(command_line), words_of(expected)));
}

bool shows(std::string_view path, std::string_view shown, std::string_view expected) {
  const Words left = words_of(shown), right = words_of(expected);
  if (path == "/proc/cmdline") return has_words(left, right);
  if (left == right) return true;
  if (right.size() == 1 && chosen(left) == right.front()) return true;
  if (left.size() != right.size()) return false;
  return std::ranges::equal(left, right, [&](std::string_view a, std::string_view b) {
    return a == b || same_number(a, b) || same_truth(a, b) || same_mask(a, b) || same_set(path, a, b);
  });
}

std::string writable(std::string_view shown) {
  const std::string_view choice = chosen(words_of(shown));
  return std::string(choice.empty() ? shown : choice);
}

}  // namespace tunec::host
