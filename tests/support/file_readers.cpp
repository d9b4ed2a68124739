// Readers of all files except the boot line, sysctl.d and modprobe.d. They are as strict as those in
// readers.cpp.
#include <charconv>

#include "support/case_reader.h"
#include "support/readers.h"
#include "support/unquote.h"

namespace tunec::test {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_comment(std::string_view line) { return line.empty() || line[0] == '#'; }

std::string_view take_word(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest = trimmed(rest.substr(end));
  return word;
}

// systemd's cunescape(), limited to \\, \n, \t and \xHH. Of the specifiers, only %% is accepted, as a percent
// sign.
std::optional<std::string> unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 1 >= text.size() || text[i + 1] != '%') return std::nullopt;
      result += text[i++];
    } else if (text[i] != '\\') {
      result += text[i];
    } else if (++i >= text.size()) {
      return std::nullopt;
    } else if (text[i] == 'x') {
      int code = 0;
      if (i + 2 >= text.size() || std::from_chars(&text[i + 1], &text[i + 3], code, 16).ptr != &text[i + 3])
        return std::nullopt;
      result += static_cast<char>(code);
      i += 2;
    } else {
      const std::size_t escape = std::string_view("\\nt\"").find(text[i]);
      if (escape == std::string_view::npos) return std::nullopt;
      result += "\\\n\t\""[escape];
    }
  }
  return result;
}

// Removes one `key op "value"` from the front of a rule; e"…" is a value with C's escapes.
bool take_clause(std::string_view& rest, UdevRule& rule) {
  const std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  const bool match = rest.substr(equals).starts_with("==") || rest[equals - 1] == '!';
  const std::size_t begin = equals + (rest.substr(equals).starts_with("==") ? 2 : 1);
  std::size_t end = rest.find('"', begin);
  if (end == std::string_view::npos || end > begin + 1) return false;
  for (++end; end < rest.size() && rest[end] != '"'; ++end) end += rest[end] == '\\' ? 1 : 0;
  if (end >= rest.size()) return false;
  const std::string_view quoted = rest.substr(begin, end + 1 - begin);
  // udev substitutes nothing in matches, because they are patterns.
  const auto value = match ? std::optional(std::string(quoted.substr(1, quoted.size() - 2)))
                           : unquote_udev(quoted);
  if (!value) return false;
  (match ? rule.matches : rule.assignments).emplace_back(trimmed(rest.substr(0, equals)), *value);
  rest = trimmed(rest.substr(end + 1));
  if (rest.starts_with(',')) rest = trimmed(rest.substr(1));
  return true;
}

std::optional<std::string> qemu_scalar(std::string_view text) {
  if (text.find_first_not_of("0123456789") == std::string_view::npos && !text.empty())
    return std::string(text);
  return unquote_libvirt(text);
}

std::optional<std::string> qemu_value(std::string_view text) {
  if (!text.starts_with('[')) return qemu_scalar(text);
  if (!text.ends_with(']')) return std::nullopt;
  std::string items;
  for (std::string_view rest = trimmed(text.substr(1, text.size() - 2)); !rest.empty();) {
    const bool quoted = rest[0] == '"' || rest[0] == '\'';
    const std::size_t end =
        std::min(quoted ? rest.find(rest[0], 1) : rest.find_first_of(", "), rest.size() - quoted) + quoted;
    const auto item = qemu_scalar(rest.substr(0, end));
    if (!item) return std::nullopt;
    items += *item + "\n";
    rest = trimmed(rest.substr(end));
    if (rest.starts_with(',')) rest = trimmed(rest.substr(1));
  }
  return items;
}

}  // namespace

std::set<std::string> read_blacklist(std::string_view text) {
  std::set<std::string> names;
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with("blacklist ")) names.insert(std::string(trimmed(std::string_view(line).substr(10))));
  }
  return names;
}

std::optional<std::vector<std::string>> read_modules_load(std::string_view text) {
  std::vector<std::string> names;
  for (const std::string& line : lines_of(text)) {
    if (is_comment(line)) continue;
    if (line.find_first_of(" \t") != std::string::npos) return std::nullopt;
    names.push_back(line);
  }
  return names;
}

std::optional<Pairs> read_tmpfiles(std::string_view text) {
  Pairs pairs;
  for (const std::string& line : lines_of(text)) {
    if (is_comment(line)) continue;
    std::string_view rest = line;
    if (take_word(rest) != "w") return std::nullopt;
    const auto path = unescaped(take_word(rest));
    for (int field = 0; field < 4; ++field) {
      if (take_word(rest) != "-") return std::nullopt;
    }
    const auto argument = unescaped(rest);
    if (!path || !argument) return std::nullopt;
    pairs.emplace_back(*path, *argument);
  }
  return pairs;
}

std::optional<std::vector<UdevRule>> read_udev(std::string_view text) {
  std::vector<UdevRule> rules;
  for (const std::string& line : lines_of(text)) {
    if (is_comment(line)) continue;
    UdevRule rule;
    for (std::string_view rest = line; !rest.empty();) {
      if (!take_clause(rest, rule)) return std::nullopt;
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

std::optional<Pairs> read_qemu(std::string_view text) {
  Pairs pairs;
  for (const std::string& line : lines_of(text)) {
    if (is_comment(line)) continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) return std::nullopt;
    const auto value = qemu_value(trimmed(std::string_view(line).substr(equals + 1)));
    if (!value) return std::nullopt;
    pairs.emplace_back(trimmed(std::string_view(line).substr(0, equals)), *value);
  }
  return pairs;
}

std::optional<Pairs> read_unit(std::string_view text) {
  Pairs pairs;
  std::string section;
  for (const std::string& line : lines_of(text)) {
    if (is_comment(line) || line[0] == ';') continue;
    if (line.front() == '[' && line.back() == ']') {
      section = line.substr(1, line.size() - 2);
      continue;
    }
    const std::size_t equals = line.find('=');
    if (section.empty() || equals == std::string::npos || line.back() == '\\') return std::nullopt;
    pairs.emplace_back(section + "." + std::string(trimmed(std::string_view(line).substr(0, equals))),
                       unquote_systemd(trimmed(std::string_view(line).substr(equals + 1))));
  }
  return pairs;
}

std::optional<WireguardFile> read_wireguard(std::string_view text) {
  WireguardFile file;
  Pairs* section = nullptr;
  for (const std::string& line : lines_of(text)) {
    if (is_comment(line)) continue;
    const std::size_t equals = line.find('=');
    if (line == "[Interface]" && section == nullptr) {
      section = &file.interface;
    } else if (line == "[Peer]" && section != nullptr) {
      section = &file.peers.emplace_back();
    } else if (section == nullptr || equals == std::string::npos) {
      return std::nullopt;
    } else {
      section->emplace_back(trimmed(std::string_view(line).substr(0, equals)),
                            trimmed(std::string_view(line).substr(equals + 1)));
    }
  }
  return file;
}

std::optional<Pairs> read_shell(std::string_view text) {
  Pairs pairs;
  for (const std::string& line : lines_of(text)) {
    if (is_comment(line)) continue;
    const std::size_t equals = line.find("=\"");
    if (equals == std::string::npos || line.size() < equals + 3 || line.back() != '"') return std::nullopt;
    const auto value = unquote_shell_double(
        std::string_view(line).substr(equals + 2, line.size() - equals - 3));
    if (!value) return std::nullopt;
    pairs.emplace_back(line.substr(0, equals), *value);
  }
  return pairs;
}

std::optional<std::set<int>> read_cpu_list(std::string_view text) {
  std::set<int> cpus;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    int first = 0;
    auto parsed = std::from_chars(at, end, first);
    if (parsed.ec != std::errc{}) return std::nullopt;
    int last = first;
    if (parsed.ptr != end && *parsed.ptr == '-') {
      parsed = std::from_chars(parsed.ptr + 1, end, last);
      if (parsed.ec != std::errc{} || last < first) return std::nullopt;
    }
    for (int cpu = first; cpu <= last; ++cpu) cpus.insert(cpu);
    at = parsed.ptr;
    if (at == end) break;
    if (*at++ != ',' || at == end) return std::nullopt;
  }
  return cpus;
}

}  // namespace tunec::test
