// C++ source as text, for the laws about the project's own code: the includes and string literals of a file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tunec::test {

struct Include {
  std::string name;     // "plan/plan.h", "fstream"
  bool quoted = false;  // "…" rather than <…>
  std::size_t line = 1;
};
std::vector<Include> includes_of(std::string_view source);

struct Literal {
  std::string text;  // as written, escapes and all
  std::size_t line = 1;
};
// All string literals, including raw ones, but not those in #include lines and comments.
std::vector<Literal> literals_of(std::string_view source);

}  // namespace tunec::test
