// Strong index types, and places in source text. Every stage passes Spans on, so that a message can always
// point into a file. A Span has no lines or columns: Sources computes them.
#pragma once

#include <compare>
#include <cstdint>

namespace tunec {

struct FileId {
  std::uint32_t index = 0;
  auto operator<=>(const FileId&) const = default;
};

// Bytes of one file, half open. An empty span is a place between two bytes (something is missing there).
struct Span {
  FileId file;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  auto operator<=>(const Span&) const = default;
};

// A text that occurs twice, byte for byte, is read once. A Shift moves places in the text `from` to the same
// places in the text `to`, and leaves other places alone.
struct Shift {
  Span from, to;
  Span operator()(Span span) const {
    if (span.file != from.file || span.begin < from.begin || span.end > from.end) return span;
    return {to.file, span.begin - from.begin + to.begin, span.end - from.begin + to.begin};
  }
};

// The place of a message that concerns no file.
inline constexpr Span nowhere{FileId{UINT32_MAX}, 0, 0};

}  // namespace tunec
