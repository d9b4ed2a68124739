// Lines for the terminal. Source text is not trusted. An escape sequence in a file name or a comment must not
// reach the terminal. A bidirectional override must not show a reviewer another text than the one that is
// compiled.
#include "diagnostics/snippet.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/core.h>

namespace tunec {

namespace {

constexpr std::size_t widest = 200;        // columns
constexpr std::size_t before_place = 60;   // columns kept before the place if a line is cut
constexpr std::size_t look_around = 4096;  // bytes; a file may be one line of many megabytes
constexpr std::string_view tab = "    ";
constexpr std::string_view hidden = "·";
constexpr std::string_view cut = "…";

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t code_point_end(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && continues(text[at])) ++at;
  return at;
}

struct CodePoints {
  char32_t first, last;
};

// What moves a cursor, reorders text or cannot be seen: control characters (C0, DEL, C1), line and paragraph
// separators, and those of Unicode's class Cf, format characters.
constexpr CodePoints steering[] = {
    {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},     {0x600, 0x605},     {0x61C, 0x61C},
    {0x6DD, 0x6DD},   {0x70F, 0x70F},   {0x180E, 0x180E}, {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0x1D173, 0x1D17A}, {0xE0000, 0xE007F},
};

// Of well-formed UTF-8; a byte that stands alone is its own number.
char32_t number_of(std::string_view code_point) {
  const auto byte = [code_point](std::size_t at) { return static_cast<unsigned char>(code_point[at]); };
  constexpr unsigned char lead_bits[] = {0xFF, 0x1F, 0x0F, 0x07};
  if (code_point.size() > std::size(lead_bits)) return 0;
  char32_t number = byte(0) & lead_bits[code_point.size() - 1];
  for (std::size_t i = 1; i < code_point.size(); ++i) number = number << 6 | (byte(i) & 0x3F);
  return number;
}

bool harmful(std::string_view code_point) {
  if (code_point.size() == 1) return number_of(code_point) < 0x20 || number_of(code_point) >= 0x7F;
  const char32_t number = number_of(code_point);
  return std::ranges::any_of(
      steering, [number](const CodePoints& some) { return number >= some.first && number <= some.last; });
}

std::string_view shown(std::string_view code_point) {
  if (code_point == "\t") return tab;
  return harmful(code_point) ? hidden : code_point;
}

struct Window {
  std::size_t begin, end;  // bytes
};

Window near(std::string_view line, std::size_t begin) {
  Window window{begin > look_around ? begin - look_around : 0, std::min(line.size(), begin + look_around)};
  while (window.begin > 0 && continues(line[window.begin])) --window.begin;
  while (window.end < line.size() && continues(line[window.end])) ++window.end;
  return window;
}

}  // namespace

Snippet snippet(std::string_view line, std::size_t begin, std::size_t end) {
  begin = std::min(begin, line.size());
  end = std::clamp(end, begin, line.size());
  const Window window = near(line, begin);
  std::vector<std::string_view> columns;
  std::size_t first = 0, last = 0;
  for (std::size_t at = window.begin; at < window.end;) {
    const std::size_t next = code_point_end(line, at);
    if (at < begin) first = columns.size() + (line[at] == '\t' ? tab.size() : 1);
    if (at < end) last = columns.size() + (line[at] == '\t' ? tab.size() : 1);
    const std::string_view text = shown(line.substr(at, next - at));
    if (text == tab) {
      for (std::size_t space = 0; space < tab.size(); ++space) columns.push_back(tab.substr(space, 1));
    } else {
      columns.push_back(text);
    }
    at = next;
  }
  std::size_t from = 0, to = columns.size();
  if (columns.size() > widest || window.begin > 0) {
    from = first > before_place ? first - before_place : 0;
    to = std::min(columns.size(), from + widest);
  }
  Snippet result;
  const bool cut_in_front = from > 0 || window.begin > 0;
  if (cut_in_front) result.text += cut;
  for (std::size_t column = from; column < to; ++column) result.text += columns[column];
  if (to < columns.size() || window.end < line.size()) result.text += cut;
  result.first = first - from + (cut_in_front ? 1 : 0);
  last = std::clamp(last, first, std::max(first, to));
  result.count = std::max<std::size_t>(1, last - first);
  return result;
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = code_point_end(text, at);
    result += text[at] == '\t' ? std::string_view(" ") : shown(text.substr(at, next - at));
    at = next;
  }
  return result;
}

std::string steering_escaped(std::string_view text, std::string (*spell)(std::uint32_t)) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = code_point_end(text, at);
    const std::string_view code_point = text.substr(at, next - at);
    const char32_t number = number_of(code_point);
    if (number < 0x20 || !harmful(code_point)) result += code_point;
    else result += spell(static_cast<std::uint32_t>(number));
    at = next;
  }
  return result;
}

std::string escaped_json(std::string_view json) {
  return steering_escaped(json, [](std::uint32_t number) {
    if (number < 0x10000) return fmt::format("\\u{:04x}", number);
    const std::uint32_t above = number - 0x10000;  // as two halves, see RFC 8259
    return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (above >> 10), 0xDC00 + (above & 0x3FF));
  });
}

}  // namespace tunec
