// See unquote.h. Each function is to be read beside the C code it was ported from, so it keeps that code's
// form.
#include "support/unquote.h"

#include <cctype>

namespace tunec::test {
namespace {

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// GRUB would expand $name, ${name}, $1, $?, $#, $*, $@.
bool grub_expands(std::string_view rest) {
  if (rest.size() < 2) return false;
  const char next = rest[1] == '{' && rest.size() > 2 ? rest[2] : rest[1];
  return is_name(next) || std::string_view("?#*@").find(next) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> unquote_shell_double(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '`' || c == '$') return std::nullopt;  // ends it, or expands
    if (c != '\\') {
      result += c;
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    switch (text[i]) {
      case '$':
      case '`':
      case '"':
      case '\\': result += text[i]; break;
      case '\n': break;
      default: result += '\\'; result += text[i];
    }
  }
  return result;
}

std::optional<std::string> unquote_shell_word(std::string_view text) {
  if (text.empty() || text[0] == '~' || text[0] == '#') return std::nullopt;
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\'') {
      const std::size_t end = text.find('\'', i + 1);
      if (end == text.npos) return std::nullopt;
      result += text.substr(i + 1, end - i - 1);
      i = end;
    } else if (c == '\\') {
      if (++i == text.size()) return std::nullopt;
      result += text[i];
    } else if (std::string_view(" \t\n|&;<>()$`\"*?[{!=").find(c) != std::string_view::npos) {
      return std::nullopt;
    } else {
      result += c;
    }
  }
  return result;
}

std::optional<std::vector<std::string>> grub_words(std::string_view line) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ' ' || c == '\t') {
      if (word) words.push_back(*std::exchange(word, std::nullopt));
      continue;
    }
    if (std::string_view("{}|&;<>\n*?[").find(c) != std::string_view::npos) return std::nullopt;
    if (c == '#' && !word) return std::nullopt;
    if (c == '$' && grub_expands(line.substr(i))) return std::nullopt;
    if (!word) word = "";
    if (c == '\\') {
      if (++i == line.size()) return std::nullopt;
      if (line[i] != '\n') *word += line[i];
    } else if (c == '\'') {
      const std::size_t end = line.find('\'', i + 1);
      if (end == line.npos) return std::nullopt;
      *word += line.substr(i + 1, end - i - 1);
      i = end;
    } else if (c == '"') {
      for (++i; i < line.size() && line[i] != '"'; ++i) {
        if (line[i] == '$' && grub_expands(line.substr(i))) return std::nullopt;
        const bool escape = line[i] == '\\' && i + 1 < line.size() &&
                            std::string_view("$\\\"\n").find(line[i + 1]) != std::string_view::npos;
        if (escape) ++i;
        if (!(escape && line[i] == '\n')) *word += line[i];
      }
      if (i == line.size()) return std::nullopt;
    } else {
      *word += c;
    }
  }
  if (word) words.push_back(*word);
  return words;
}

std::string grub_loader_cmdline(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    const bool space = word.find(' ') != word.npos;
    if (!line.empty()) line += ' ';
    if (space) line += '"';
    for (std::size_t i = 0; i < word.size(); ++i) {
      const bool is_hex = word[i] == '\\' && i + 3 < word.size() && word[i + 1] == 'x' &&
                          hex(word[i + 2]) >= 0 && hex(word[i + 3]) >= 0;
      if (is_hex) {
        line += word.substr(i, 4);
        i += 3;
        continue;
      }
      if (word[i] == '\\' || word[i] == '\'' || word[i] == '"') line += '\\';
      line += word[i];
    }
    if (space) line += '"';
  }
  return line;
}

std::vector<std::pair<std::string, std::string>> kernel_args(std::string cmdline) {
  // In lib/ctype.c, character 160 is a space.
  const auto is_space = [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u == ' ' || (u >= 9 && u <= 13) || u == 0xA0;
  };
  std::vector<std::pair<std::string, std::string>> args;
  std::size_t at = 0;
  while (at < cmdline.size() && is_space(cmdline[at])) ++at;
  while (at < cmdline.size()) {
    bool in_quote = false, quoted = false;
    std::size_t equals = std::string::npos;
    if (cmdline[at] == '"') {
      ++at;
      in_quote = quoted = true;
    }
    std::size_t i = at;
    for (; i < cmdline.size(); ++i) {
      if (is_space(cmdline[i]) && !in_quote) break;
      if (equals == std::string::npos && cmdline[i] == '=' && i > at) equals = i;
      if (cmdline[i] == '"') in_quote = !in_quote;
    }
    std::string name = cmdline.substr(at, std::min(equals, i) - at);
    std::string value = equals == std::string::npos ? "" : cmdline.substr(equals + 1, i - equals - 1);
    std::string& tail = equals == std::string::npos ? name : value;
    bool stripped = false;
    if (equals != std::string::npos && value.starts_with('"')) {
      value.erase(0, 1);
      stripped = value.ends_with('"');
      if (stripped) value.pop_back();
    }
    if (quoted && !stripped && tail.ends_with('"')) tail.pop_back();
    args.emplace_back(std::move(name), std::move(value));
    for (at = i; at < cmdline.size() && is_space(cmdline[at]); ++at) {
    }
  }
  return args;
}

std::optional<std::string> unquote_libvirt(std::string_view text) {
  if (text.size() > 6 && text.starts_with("\"\"\"")) {
    const std::size_t end = text.find("\"\"\"", 3);
    if (end == text.npos || end + 3 != text.size()) return std::nullopt;
    return std::string(text.substr(3, end - 3));
  }
  if (text.empty() || (text[0] != '"' && text[0] != '\'')) return std::nullopt;
  const std::size_t end = text.find_first_of(text[0] == '"' ? "\"\r\n" : "'\r\n", 1);
  if (end == text.npos || text[end] != text[0] || end + 1 != text.size()) return std::nullopt;
  return std::string(text.substr(1, end - 1));
}

std::optional<std::string> unquote_udev(std::string_view text) {
  const bool escaped = text.starts_with('e');
  if (escaped) text.remove_prefix(1);
  if (!text.starts_with('"')) return std::nullopt;
  std::string value;
  std::size_t i = 1;
  for (; i < text.size() && text[i] != '"'; ++i) {
    if (!escaped) {
      if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '"') ++i;
      value += text[i];
    } else if (text[i] == '\\') {
      if (++i >= text.size()) return std::nullopt;
      if (text[i] != '\\' && text[i] != '"') return std::nullopt;  // tunec writes no other escape of C
      value += text[i];
    } else {
      value += text[i];
    }
  }
  if (i + 1 != text.size()) return std::nullopt;
  std::string expanded;
  for (std::size_t at = 0; at < value.size(); ++at) {
    expanded += value[at];
    if (value[at] != '%' && value[at] != '$') continue;
    if (at + 1 == value.size() || value[at + 1] != value[at]) return std::nullopt;
    ++at;
  }
  return expanded;
}

std::string unquote_systemd(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] == '%' && i + 1 < text.size() && text[i + 1] == '%') ++i;
  }
  return result;
}

std::optional<std::vector<std::string>> systemd_words(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    if (at == text.size()) return words;
    std::string word;
    char quote = 0;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      if (c == '\\') {
        if (++at == text.size()) return std::nullopt;
        if (text[at] != '\\' && text[at] != '"' && text[at] != '\'') return std::nullopt;
        word += text[at];
      } else if (quote != 0) {
        if (c == quote) quote = 0;
        else word += c;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == ' ' || c == '\t') {
        break;
      } else {
        word += c;
      }
    }
    if (quote != 0) return std::nullopt;
    words.push_back(word);
  }
}

std::string unquote_modprobe(std::string_view line) {
  std::string result;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) ++i;
    result += line[i];
  }
  return result;
}

std::string unescape_unit_path(std::string_view text) {
  if (text == "-") return "/";
  std::string result = "/";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-') {
      result += '/';
    } else if (text[i] == '\\' && i + 3 < text.size() && text[i + 1] == 'x') {
      result += static_cast<char>(hex(text[i + 2]) * 16 + hex(text[i + 3]));
      i += 3;
    } else {
      result += text[i];
    }
  }
  return result;
}

}  // namespace tunec::test
