// The value of a literal, from its text. The lexer checks only the shape. Everything beyond the shape
// (10.8.0.400 is no address, MxB is no unit) is checked and reported here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.h"
#include "diagnostics/reporter.h"

namespace tunec::syntax {

enum class Shape {
  whole,
  hex,
  decimal,
  quantity,
  version,
  date,
  address,
  prefix,
  mac,
  pci_id,
  pci_address,
  boolean
};

// Nothing if it was wrong, which is reported.
std::optional<Value> literal_value(Shape shape, std::string_view text, Span span, Reporter& reporter);

// "a {x} b", split: pieces.size() == holes.size() + 1. Holes are offsets in the file, without their braces.
struct StringParts {
  std::vector<std::string> pieces;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> holes;
};
// `text` is the string as written, quotes included (the closing one may be missing), and begins at `span`.
StringParts read_string(std::string_view text, Span span, Reporter& reporter);
// The inverse of read_string for a piece, without quotes.
std::string escape(std::string_view piece);

}  // namespace tunec::syntax
