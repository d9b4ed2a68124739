// Lines for the terminal. Source text is not trusted: an escape sequence in a file name or a comment must not
// reach the terminal, nor may a bidirectional override show a reviewer another program than the one that
// runs.
#include "diagnostics/snippet.h"

#include <algorithm>
#include <vector>

namespace tunec {

namespace {

constexpr std::size_t widest = 200;        // columns
constexpr std::size_t before_place = 60;   // kept in front of the place when a line is cut
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

// C0, DEL, C1, line and paragraph separators, zero-width and direction marks, byte order mark.
bool harmful(std::string_view code_point) {
  const auto byte = [code_point](std::size_t at) { return static_cast<unsigned char>(code_point[at]); };
  if (code_point.size() == 1) return byte(0) < 0x20 || byte(0) >= 0x7F;
  if (code_point.size() == 2) return (byte(0) == 0xC2 && byte(1) < 0xA0) || code_point == "\u061C";
  if (code_point.size() != 3) return false;
  if (byte(0) == 0xE2 && byte(1) == 0x80) {
    return (byte(2) >= 0x8B && byte(2) <= 0x8F) || (byte(2) >= 0xA8 && byte(2) <= 0xAE);
  }
  if (byte(0) == 0xE2 && byte(1) == 0x81) return byte(2) >= 0xA0 && byte(2) <= 0xAF;
  return code_point == "\uFEFF";
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

}  // namespace tunec
