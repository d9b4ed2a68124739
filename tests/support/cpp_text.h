// C++ source as text, for the laws about the project's own code: what a file includes, and what its strings
// say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tunec::test {

struct Include {
  std::string what;     // "plan/plan.h", "fstream"
  bool quoted = false;  // "…", not <…>
  std::size_t line = 1;
};
std::vector<Include> includes_of(std::string_view source);

struct Literal {
  std::string text;  // as written, escapes and all
  std::size_t line = 1;
};
// String literals, raw ones too; those of #include lines and comments are none.
std::vector<Literal> literals_of(std::string_view source);

}  // namespace tunec::test
