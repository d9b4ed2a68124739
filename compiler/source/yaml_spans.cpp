// Finds the ends of YAML values; see the header.
#include "source/yaml_spans.h"

#include <algorithm>

namespace tunec::yaml {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_space(char c) { return is_blank(c) || c == '\n' || c == '\r'; }

std::uint32_t place(std::size_t offset) { return static_cast<std::uint32_t>(offset); }

std::size_t line_end(std::string_view text, std::size_t at) {
  std::size_t end = std::min(text.find('\n', at), text.size());
  while (end > at && is_space(text[end - 1])) --end;
  return end;
}

std::optional<std::uint32_t> quoted_end(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t at = begin + 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      const bool doubled = quote == '\'' && at + 1 < text.size() && text[at + 1] == quote;
      if (!doubled) return place(at + 1);
      ++at;
    }
  }
  return std::nullopt;
}

}  // namespace

std::uint32_t skip_properties(std::string_view text, std::uint32_t at) {
  std::size_t next = at;
  while (next < text.size() && (text[next] == '&' || text[next] == '!')) {
    while (next < text.size() && !is_space(text[next])) ++next;
    while (next < text.size() && is_space(text[next])) ++next;
  }
  return place(next);
}

std::optional<std::uint32_t> scalar_end(std::string_view text, std::uint32_t begin, std::string_view value) {
  if (begin >= text.size()) return place(text.size());
  const char first = text[begin];
  if (first == '"' || first == '\'') return quoted_end(text, begin);
  const bool as_written = text.substr(begin, value.size()) == value;
  return place(as_written && first != '|' && first != '>' ? begin + value.size() : line_end(text, begin));
}

std::uint32_t alias_end(std::string_view text, std::uint32_t begin) {
  return place(std::min(text.find_first_of(" \t\r\n,]}", begin), text.size()));
}

std::uint32_t collection_end(std::string_view text, std::uint32_t begin, std::uint32_t last) {
  if (begin >= text.size() || (text[begin] != '[' && text[begin] != '{')) return last;
  std::size_t at = std::max(last, begin + 1);
  while (at < text.size() && (is_space(text[at]) || text[at] == ',')) ++at;
  return at < text.size() && (text[at] == ']' || text[at] == '}') ? place(at + 1) : last;
}

}  // namespace tunec::yaml
