#include "host/verify/secrets.h"

#include <algorithm>
#include <cctype>

#include "base/lines.h"

namespace tunec::host {
namespace {

// In lower case, without `_` and `-`. A word that has one of these in it names a secret, and so does one that
// ends with one of the others. Both sides of a comparison lose the same, so a word too many does no harm.
constexpr std::string_view secret_parts[] = {"password", "passwd",     "passphrase",
                                             "secret",   "credential", "mnemonic"};
constexpr std::string_view secret_ends[] = {"pass",  "pwd",    "psk",       "privatekey", "presharedkey",
                                            "token", "apikey", "accesskey", "authkey",    "encryptionkey"};
constexpr std::string_view hidden = "(left out)";

bool names_secret(std::string_view word) {
  return std::ranges::any_of(secret_parts,
                             [&](std::string_view part) { return word.find(part) != word.npos; }) ||
         std::ranges::any_of(secret_ends, [&](std::string_view end) { return word.ends_with(end); });
}

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// The letters of the last word of a text: `"vnc_password"` is vncpassword. Goes back no further than that
// word.
std::string last_word(std::string_view text) {
  constexpr std::string_view between = "_-\"' \t";
  std::size_t begin = text.size();
  while (begin > 0 && (is_letter(text[begin - 1]) || between.find(text[begin - 1]) != between.npos)) --begin;
  std::string word;
  for (const char c : text.substr(begin)) {
    if (is_letter(c)) word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return word;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// `key=`, with no other word before it on which it could depend.
bool is_bare_key(std::string_view before) {
  constexpr std::string_view key = "key";
  return before.ends_with(key) &&
         (before.size() == key.size() || is_blank(before[before.size() - key.size() - 1]));
}

// Behind a word such as `--password`, whose value is the next one; npos if it is none.
std::size_t value_of_option(std::string_view line, std::size_t at) {
  if (line.substr(at, 2) != "--" || (at != 0 && !is_blank(line[at - 1]))) return line.npos;
  const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
  const std::string_view option = line.substr(at, end - at);
  return option.find('=') == option.npos && names_secret(last_word(option)) ? end : line.npos;
}

// Behind `://` of an address with a password: https://user:password@host
std::size_t value_of_address(std::string_view line, std::size_t at) {
  constexpr std::string_view mark = "://";
  if (line.substr(at, mark.size()) != mark) return line.npos;
  const std::size_t begin = at + mark.size();
  const std::string_view host = line.substr(begin, line.find_first_of("/ \t\"'", begin) - begin);
  const std::size_t end = host.find('@');
  return end != host.npos && host.find(':') < end ? begin : line.npos;
}

// The place where the value of something that names a secret begins; npos if there is none.
std::size_t value_of_secret(std::string_view line) {
  for (std::size_t at = 0; at < line.size(); ++at) {
    std::size_t value = line.npos;
    if (line[at] == '=' || line[at] == ':') {
      const std::string_view before = line.substr(0, at);
      value = names_secret(last_word(before)) || is_bare_key(before) ? at + 1 : value_of_address(line, at);
    } else if (line[at] == '-') {
      value = value_of_option(line, at);
    }
    if (value != line.npos) return value;
  }
  return line.npos;
}

std::string hide(std::string_view text, char separator) {
  std::string result;
  for (const std::string_view part : split(text, separator)) {
    if (!result.empty() || part.data() != text.data()) result += separator;
    const std::size_t value = value_of_secret(part);
    result += part.substr(0, value);
    const bool has_value = value != part.npos && part.find_first_not_of(" \t\r", value) != part.npos;
    if (has_value) result += hidden;
  }
  return result;
}

}  // namespace

std::string without_secrets(std::string_view text) { return hide(text, '\n'); }
std::string words_without_secrets(std::string_view text) { return hide(text, ' '); }

bool is_secret_file(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.ends_with("secret") || name.ends_with("_key") || name.ends_with(".key");
}

}  // namespace tunec::host
