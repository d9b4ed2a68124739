// Finds entries by their indentation. In doubt, it makes no cut.
#include <algorithm>
#include <unordered_map>

#include "source/yaml_entries.h"
#include "source/yaml_read.h"

namespace tunec::yaml {
namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_null(std::string_view word) { return word == "null" || word == "Null" || word == "NULL"; }

std::size_t next_line(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('\n', at);
  return end == text.npos ? text.size() : end + 1;
}

// Nothing but a comment may follow.
bool is_rest_blank(std::string_view text, std::size_t at) {
  at = text.find_first_not_of(' ', at);
  return at == text.npos || text[at] == '\n' || text[at] == '#';
}

// Finds "key:" on a line of its own that is not indented; nothing if there is no such line.
std::optional<std::size_t> find_heading(std::string_view text, std::string_view key) {
  const std::string heading = std::string(key) + ":";
  std::size_t at = 0;
  if (!text.starts_with(heading)) {
    at = text.find("\n" + heading) + 1;
    if (at == 0) return std::nullopt;
  }
  return is_rest_blank(text, at + heading.size()) ? std::optional(at) : std::nullopt;
}

// If the key is a plain word: where the text of its value begins. Any other key has to be parsed.
std::uint32_t value_of(std::string_view text, std::size_t key) {
  std::size_t end = key;
  while (end < text.size() && (is_name(text[end]) || text[end] == '-' || text[end] == '.')) ++end;
  const bool colon = end + 1 < text.size() && text[end] == ':' &&
                     (text[end + 1] == ' ' || text[end + 1] == '\n');
  return colon && is_name(text[key]) && !is_null(text.substr(key, end - key))
             ? static_cast<std::uint32_t>(end + 1)
             : 0;
}

// Finds the entries below `head` that have the same indentation, and where they end.
bool find_lines(std::string_view text, Entries& entries) {
  std::size_t line = entries.head;
  for (; line < text.size(); line = next_line(text, line)) {
    const std::size_t begin = text.find_first_not_of(' ', line);
    if (begin == text.npos) break;
    if (text[begin] == '\n' || text[begin] == '#') continue;
    const auto indentation = static_cast<std::uint32_t>(begin - line);
    if (indentation == 0) break;
    if (entries.indentation == 0) entries.indentation = indentation;
    if (indentation < entries.indentation ||
        (indentation == entries.indentation && text.substr(begin).starts_with("<<")))
      return false;
    if (indentation > entries.indentation ||
        !(is_name(text[begin]) || text[begin] == '"' || text[begin] == '\'')) {
      if (entries.all.empty()) return false;
      continue;  // it belongs to the previous entry
    }
    Entry& entry = entries.all.emplace_back();
    entry.where = {entries.file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin)};
    entry.value = value_of(text, begin);
  }
  entries.tail = static_cast<std::uint32_t>(std::min(line, text.size()));
  return !entries.all.empty();
}

// Sets the names that need no parsing, and finds values with the same text.
void find_repeated(std::string_view text, Entries& entries) {
  std::unordered_map<std::string_view, std::uint32_t> first_by_text;
  for (std::uint32_t i = 0; i < entries.all.size(); ++i) {
    Entry& entry = entries.all[i];
    entry.end = i + 1 < entries.all.size() ? entries.all[i + 1].where.begin - entries.indentation
                                           : entries.tail;
    entry.first = i;
    if (entry.value == 0) continue;
    entry.where.end = entry.value - 1;
    entry.key = text.substr(entry.where.begin, entry.where.end - entry.where.begin);
    entry.first = first_by_text.emplace(text.substr(entry.value, entry.end - entry.value), i).first->second;
  }
}

}  // namespace

Shift Entries::shift(const Entry& entry) const {
  const Entry& from = all[entry.first];
  return {{file, from.value, from.end}, {file, entry.value, entry.end}};
}

std::optional<Entries> find_entries(FileId file, const Sources& sources, std::string_view key) {
  const std::string_view text = sources.text(file);
  const auto heading = find_heading(text, key);
  if (!heading || first_bad_byte(text)) return std::nullopt;
  Entries entries;
  entries.file = file;
  entries.heading = {file, static_cast<std::uint32_t>(*heading),
                     static_cast<std::uint32_t>(*heading + key.size())};
  entries.head = static_cast<std::uint32_t>(next_line(text, *heading));
  if (!find_lines(text, entries)) return std::nullopt;
  // An anchor could reach from piece to piece. For block scalars and tabs, readers disagree on where they end
  // or how they indent.
  const std::string_view cut = text.substr(entries.head, entries.tail - entries.head);
  if (std::ranges::any_of(std::string_view("&|>\t\r"), [&](char c) { return cut.find(c) != cut.npos; }))
    return std::nullopt;
  find_repeated(text, entries);
  return entries;
}

}  // namespace tunec::yaml
