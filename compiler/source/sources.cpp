// Files, their lines, and the one check of UTF-8.
#include "source/sources.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace tunec {

namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The length of the sequence that begins at `at`. 0 if it is too long for its code point, a surrogate, past
// U+10FFFF, or cut off.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [text](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() - at < length) return 0;
  for (std::size_t index = 1; index < length; ++index) {
    if (!continues(text[at + index])) return 0;
  }
  const unsigned char second = byte(at + 1);
  const bool bad = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                   (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
  return bad ? 0 : length;
}

std::vector<std::uint32_t> line_starts_of(std::string_view text) {
  std::vector<std::uint32_t> starts = {0};
  for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n', end + 1)) {
    starts.push_back(static_cast<std::uint32_t>(end + 1));
  }
  return starts;
}

}  // namespace

FileId Sources::add(std::string name, std::string text, bool shipped) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  File& file = files_.emplace_back();
  file.name = std::move(name);
  file.text = std::move(text);
  file.shipped = shipped;
  file.line_starts = line_starts_of(file.text);
  return FileId{static_cast<std::uint32_t>(files_.size() - 1)};
}

std::string_view Sources::name(FileId file) const { return files_.at(file.index).name; }

std::string_view Sources::text(FileId file) const { return files_.at(file.index).text; }

std::string_view Sources::text(Span span) const {
  const std::string_view whole = text(span.file);
  const std::size_t begin = std::min<std::size_t>(span.begin, whole.size());
  return whole.substr(begin, span.end > begin ? span.end - begin : 0);
}

bool Sources::shipped(FileId file) const { return files_.at(file.index).shipped; }

LineColumn Sources::position(FileId file, std::uint32_t offset) const {
  const File& in = files_.at(file.index);
  offset = std::min(offset, static_cast<std::uint32_t>(in.text.size()));
  const auto after = std::upper_bound(in.line_starts.begin(), in.line_starts.end(), offset);
  LineColumn place;
  place.line = static_cast<std::uint32_t>(after - in.line_starts.begin());
  const std::string_view before = std::string_view(in.text).substr(*(after - 1), offset - *(after - 1));
  const auto inner = std::count_if(before.begin(), before.end(), continues);
  place.column = static_cast<std::uint32_t>(before.size() - static_cast<std::size_t>(inner)) + 1;
  return place;
}

std::string Sources::place(Span span) const {
  const LineColumn at = position(span.file, span.begin);
  return fmt::format("{}:{}:{}", name(span.file), at.line, at.column);
}

std::string Sources::line_place(Span span) const {
  return fmt::format("{}:{}", name(span.file), position(span.file, span.begin).line);
}

std::string_view Sources::line(FileId file, std::uint32_t line) const {
  const File& in = files_.at(file.index);
  if (line == 0 || line > in.line_starts.size()) return {};
  std::string_view rest = std::string_view(in.text).substr(in.line_starts[line - 1]);
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

std::optional<std::size_t> first_bad_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = 0;
    while (text.size() - at >= sizeof eight) {  // in most files, nearly all bytes are ASCII
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080U) != 0) break;
      at += sizeof eight;
    }
    if (at == text.size()) break;
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

}  // namespace tunec
