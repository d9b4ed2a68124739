#include "host/verify/secrets.h"

#include <algorithm>
#include <cctype>

#include "base/lines.h"

namespace tunec::host {
namespace {

// In lower case, without `_` and `-`.
constexpr std::string_view secret_keys[] = {"password",     "passwd", "passphrase",  "privatekey",
                                            "presharedkey", "secret", "secretkey",   "mnemonic",
                                            "token",        "apikey", "passwordhash"};
constexpr std::string_view hidden = "(left out)";

// The letters of the last word of a text: `"vnc_password"` is vncpassword.
std::string last_word(std::string_view text) {
  std::string word;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (c != '_' && c != '-' && c != '"' && c != '\'' && c != ' ' && c != '\t') word.clear();
  }
  return word;
}

// The place behind the `=` or `:` of a key that names a secret; npos if there is none.
std::size_t value_of_secret(std::string_view line) {
  for (std::size_t at = line.find_first_of("=:"); at != line.npos; at = line.find_first_of("=:", at + 1)) {
    const std::string word = last_word(line.substr(0, at));
    if (std::ranges::any_of(secret_keys, [&](std::string_view key) { return word.ends_with(key); }))
      return at + 1;
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
