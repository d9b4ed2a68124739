// Strict on purpose: a line that a consumer would silently ignore is a failure here.
#include "support/readers.h"

#include <algorithm>

#include "support/case_reader.h"
#include "support/unquote.h"

namespace tunec::test {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_comment(std::string_view line) { return line.empty() || line[0] == '#' || line[0] == ';'; }

// "If the first separator is a slash, remaining slashes and dots are left intact. If the first separator is a
// dot, dots and slashes are interchanged."
std::string proc_path(std::string_view key) {
  std::string path(key);
  const std::size_t first = path.find_first_of("./");
  if (first == std::string::npos || path[first] == '/') return path;
  for (char& c : path) {
    if (c == '.' || c == '/') c = c == '.' ? '/' : '.';
  }
  return path;
}

// Passes a command line that begins with `quiet` through GRUB to the kernel.
std::optional<Pairs> booted(const std::string& line) {
  const auto words = grub_words(line);
  if (!words || words->empty() || words->front() != "quiet") return std::nullopt;
  Pairs pairs = kernel_args(grub_loader_cmdline(*words));
  pairs.erase(pairs.begin());
  return pairs;
}

}  // namespace

std::optional<Pairs> read_sysctl(std::string_view text) {
  Pairs pairs;
  for (const std::string& whole : lines_of(text)) {
    const std::string_view line = trimmed(whole);
    if (is_comment(line)) continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    pairs.emplace_back(proc_path(trimmed(line.substr(0, equals))), trimmed(line.substr(equals + 1)));
  }
  return pairs;
}

std::optional<Pairs> read_modprobe(std::string_view text) {
  static constexpr std::string_view commands[] = {"alias", "blacklist", "install", "remove", "softdep"};
  Pairs pairs;
  for (const std::string& whole : lines_of(text)) {
    const std::string_view line = trimmed(whole);
    if (is_comment(line)) continue;
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos || line.back() == '\\') return std::nullopt;
    const std::string_view command = line.substr(0, blank), rest = trimmed(line.substr(blank));
    if (std::ranges::find(commands, command) != std::end(commands)) continue;
    if (command != "options") return std::nullopt;
    const std::size_t end = std::min(rest.find(' '), rest.size());
    for (const auto& [name, value] : kernel_args(std::string(rest.substr(end))))
      pairs.emplace_back(std::string(rest.substr(0, end)) + "." + name, value);
  }
  return pairs;
}

std::optional<Pairs> read_grub(std::string_view text) {
  constexpr std::string_view opening = "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX";
  std::string line = "quiet";
  for (const std::string& whole : lines_of(text)) {
    if (is_comment(whole)) continue;
    if (!whole.starts_with(opening) || !whole.ends_with('"')) return std::nullopt;
    const auto more = unquote_shell_double(
        std::string_view(whole).substr(opening.size(), whole.size() - opening.size() - 1));
    if (!more) return std::nullopt;
    line += *more;
  }
  return booted(line);
}

std::optional<Pairs> read_grubby(std::string_view word) {
  const auto line = unquote_shell_word(word);
  return line ? booted("quiet " + *line) : std::nullopt;
}

}  // namespace tunec::test
