// Each function follows the parser of its target, not the target's manual. Where the two differ (udev's
// trailing backslash, libvirt's missing escapes, GRUB's wildcards), the comment describes it.
#include "render/quote.h"

#include <algorithm>

#include <fmt/format.h>

namespace tunec {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool only(std::string_view text, std::string_view others) {
  return std::ranges::all_of(text,
                             [&](char c) { return is_alphanumeric(c) || others.find(c) != others.npos; });
}

// The text with `before` in front of each character of `special`.
std::string escaped(std::string_view text, std::string_view special, char before) {
  std::string result;
  result.reserve(text.size() + 8);
  for (const char c : text) {
    if (special.find(c) != special.npos) result += before;
    result += c;
  }
  return result;
}

std::string doubled(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) result.append(special.find(c) != special.npos ? 2 : 1, c);
  return result;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

std::string quote_shell_double(std::string_view text) { return escaped(text, "\\\"$`", '\\'); }

// grub.cfg: inside "…" a backslash counts only before $ " \. Outside, besides the obvious characters, * ? [
// are wildcards if the regexp module is loaded, and # starts a comment at the beginning of a word. Only the
// value is quoted, so that a kernel can also read the text without GRUB (it accepts name="a b" itself). GRUB
// removes the quotes. If there is a blank, it then puts new quotes round the whole word, which the kernel
// accepts too.
std::string quote_cmdline(std::string_view word) {
  if (!word.empty() && only(word, "_-.,:=/@+%^~!")) return std::string(word);
  const std::size_t equals = word.find('=');
  const std::size_t value = equals == word.npos ? 0 : equals + 1;
  const std::string_view name = word.substr(0, value);
  if (!only(name, "_-.,:=/@+%^~!")) return fmt::format("\"{}\"", escaped(word, "\\\"$", '\\'));
  return fmt::format("{}\"{}\"", name, escaped(word.substr(value), "\\\"$", '\\'));
}

std::string quote_kernel_word(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (!contains(word, " ") || equals == word.npos) return std::string(word);
  return fmt::format("{}\"{}\"", word.substr(0, equals + 1), word.substr(equals + 1));
}

std::string quote_libvirt(std::string_view text) {
  const bool one_line = !contains(text, "\n") && !contains(text, "\r");
  if (one_line && !contains(text, "\"")) return fmt::format("\"{}\"", text);
  if (one_line && !contains(text, "'")) return fmt::format("'{}'", text);
  return fmt::format("\"\"\"{}\"\"\"", text);
}

// In "…" udev reads \" as ", and every other backslash as it stands. So a text that ends in a backslash
// cannot be closed. Such a text goes into e"…" (systemd 247 and later), which understands C's escapes.
std::string quote_udev(std::string_view text) {
  const std::string literal = doubled(text, "$%");
  if (!literal.ends_with('\\')) return fmt::format("\"{}\"", escaped(literal, "\"", '\\'));
  return fmt::format("e\"{}\"", escaped(literal, "\\\"", '\\'));
}

std::string quote_systemd(std::string_view text) {
  std::string result = doubled(text, "%");
  if (text.ends_with('%') && !text.ends_with("%%")) result.pop_back();
  return result;
}

// The list in systemd.unit(5), "Specifiers", of systemd 245 to 262.
std::string quote_systemd_text(std::string_view text) {
  constexpr std::string_view specifiers = "%aAbBCdDEfgGhHiIjJlLmMnNopPqsStTuUvVwWyY";
  for (std::size_t at = text.find('%'); at != text.npos && at + 1 < text.size();
       at = text.find('%', at + 2)) {
    if (specifiers.find(text[at + 1]) != specifiers.npos) return std::string(text);
  }
  return quote_systemd(text);
}

std::string quote_systemd_item(std::string_view item) {
  if (!item.empty() && item.find_first_of(" \t\"'\\") == item.npos) return std::string(item);
  return fmt::format("\"{}\"", escaped(item, "\"\\", '\\'));
}

std::string quote_modprobe(std::string_view text) { return doubled(text, "\\"); }

// For lib/ctype.c of Linux, the byte 0xA0 is a blank too.
std::string quote_module_option(std::string_view value) {
  const bool has_blank = value.find_first_of(" \t\xa0") != value.npos;
  return has_blank ? fmt::format("\"{}\"", value) : std::string(value);
}

std::string escape_unit_path(std::string_view path) {
  std::string result;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    if (!result.empty()) result += '-';
    for (const char c : part) {
      const bool stays = is_alphanumeric(c) || c == ':' || c == '_' || (c == '.' && !result.empty());
      result += stays ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return result.empty() ? "-" : result;
}

std::string quote_shell_word(std::string_view text) {
  // ~ and = are not in it: at the start of a word ~ has a meaning for sh, and so has = in an assignment.
  if (!text.empty() && only(text, "_-.,:/@+%^")) return std::string(text);
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

}  // namespace tunec
