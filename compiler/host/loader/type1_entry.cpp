#include "host/loader/type1_entry.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/lines.h"
#include "host/live.h"

namespace tunec::host {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// "+LEFT" or "+LEFT-DONE" (systemd: src/boot/efi/boot.c, config_entry_parse_tries)
bool is_counter(std::string_view text) {
  const std::size_t dash = text.find('-');
  return is_number(text.substr(0, dash)) && (dash == text.npos || is_number(text.substr(dash + 1)));
}

}  // namespace

std::vector<std::string> Type1Entry::all(std::string_view key) const {
  std::vector<std::string> values;
  for (const auto& [name, value] : lines) {
    if (name == key) values.push_back(value);
  }
  return values;
}

std::string Type1Entry::first(std::string_view key) const {
  const auto values = all(key);
  return values.empty() ? "" : values.front();
}

// Several lines of options are one line (config_entry_add_type1).
std::vector<std::string> Type1Entry::words() const {
  const std::string line = fmt::format("{}", fmt::join(all("options"), " "));
  const auto words = words_of(line);
  return {words.begin(), words.end()};
}

Type1Entry read_type1_entry(std::string_view text) {
  Type1Entry entry;
  while (!text.empty()) {
    const std::string_view line = trimmed(next_line(text));
    if (line.empty() || line.front() == '#') continue;
    const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
    entry.lines.emplace_back(line.substr(0, blank), trimmed(line.substr(blank)));
  }
  return entry;
}

std::string name_without_counter(std::string_view name) {
  std::string result(name);
  std::ranges::transform(result, result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  const std::size_t plus = result.rfind('+'), dot = result.rfind('.');
  if (plus != result.npos && dot != result.npos && plus < dot &&
      is_counter(std::string_view(result).substr(plus + 1, dot - plus - 1)))
    result.erase(plus, dot - plus);
  return result;
}

std::string type1_text(const Type1Entry& entry, std::string_view title, const std::vector<std::string>& words,
                       std::string_view old_initrd, std::string_view initrd) {
  std::string text = fmt::format("title {}\n", title);
  for (const auto& [key, value] : entry.lines) {
    if (key == "title" || key == "sort-key" || key == "options") continue;
    const bool replaced = key == "initrd" && !initrd.empty() && value == old_initrd;
    text += fmt::format("{} {}\n", key, replaced ? initrd : value);
  }
  return text + fmt::format("options {}\n", fmt::join(words, " "));
}

}  // namespace tunec::host
