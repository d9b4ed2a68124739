// Private to make_tables: the automata that ANTLR made of the two grammars, and the tables that come of them.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include <antlr4-runtime.h>

namespace tunec::grammar {

inline bool ends_rule(const antlr4::atn::ATNState* state) {
  return dynamic_cast<const antlr4::atn::RuleStopState*>(state) != nullptr;
}

// An array of numbers as C++.
template <class Numbers>
void write_array(std::ostream& out, const std::string& type, const std::string& name,
                 const Numbers& numbers) {
  out << "inline constexpr " << type << " " << name << "[] = {";
  std::size_t column = 0;
  for (const auto number : numbers)
    out << (column++ % 32 == 0 ? "\n    " : "") << static_cast<long>(number) << ",";
  out << "\n};\n";
}

// lexer_table.cpp; false if there are too many states
bool write_lexer(const antlr4::atn::ATN& atn, std::ostream& out);
// parser_table.cpp; false, and told on stderr, if two words do not decide everywhere
bool write_parser(const antlr4::Parser& parser, std::ostream& out);

}  // namespace tunec::grammar
