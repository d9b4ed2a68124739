// Quoting that GNU make (find_char_unquote() in misc.c and read.c) and ninja (depfile_parser.in.cc) both
// undo: a backslash before a blank and before #, and $ twice. Other characters with a meaning in either of
// them cannot be quoted for both, so a name that contains one is refused.
#include "driver/depfile.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/sha256.h"
#include "driver/recorded_files.h"

namespace tunec {
namespace {

// Separators of rules, patterns, wildcards and assignments of make; the quoting itself.
constexpr std::string_view meaningful = ":;|=%*?[]\\";

bool is_plain(std::string_view name) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return !name.empty() && !name.starts_with('~') && name.find_first_of(meaningful) == name.npos &&
         std::ranges::none_of(name, is_control);
}

std::string quoted_for_make(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c == ' ' || c == '#') result += '\\';
    if (c == '$') result += '$';
    result += c;
  }
  return result;
}

}  // namespace

DependencyRule dependency_rule(std::string_view target, std::string_view record) {
  const std::vector<std::string> names = answered_names(record, sha256_hex);
  const auto odd = std::ranges::find_if_not(names, is_plain);
  const std::string_view fault = !is_plain(target) ? target : odd != names.end() ? *odd : std::string_view();
  if (!fault.empty())
    return {{}, fmt::format("{}: a rule of make cannot have a name with one of {} in it", fault, meaningful)};
  std::string text = quoted_for_make(target) + ":";
  for (const std::string& name : names) text += fmt::format(" \\\n  {}", quoted_for_make(name));
  text += "\n";
  for (const std::string& name : names) text += fmt::format("\n{}:\n", quoted_for_make(name));
  return {text, {}};
}

}  // namespace tunec
