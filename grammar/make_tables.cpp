// tunec-make-tables OUT: the build step that turns the automata of TuneLexer.g4 and TuneParser.g4 into the
// tables that tunec runs on (compiler/syntax/lexer.cpp, walker.cpp), and into numbers for their words and
// rules. A grammar that they cannot follow stops the build.
#include <fstream>

#include "TuneLexer.h"
#include "TuneParser.h"
#include "automaton.h"

int main(int argc, char** argv) {
  using namespace tunec::grammar;
  if (argc != 2) return 2;
  antlr4::ANTLRInputStream nothing;
  TuneLexer lexer(&nothing);
  antlr4::CommonTokenStream no_words(&lexer);
  const TuneParser parser(&no_words);

  std::ofstream out(argv[1]);
  out << "// Written by grammar/make_tables.cpp.\n#pragma once\n\n#include <cstddef>\n#include "
         "<cstdint>\n\nnamespace tunec::grammar {\n\n";
  out << "struct Kind {\n  enum Number : std::int16_t {\n    END = -1,\n";
  for (std::size_t kind = 1; kind <= parser.getVocabulary().getMaxTokenType(); ++kind)
    out << "    " << parser.getVocabulary().getSymbolicName(kind) << " = " << kind << ",\n";
  out << "  };\n};\nstruct Rule {\n  enum Number : std::uint16_t {\n";
  for (const std::string& rule : parser.getRuleNames()) out << "    " << rule << ",\n";
  out << "  };\n};\n";
  out << "inline constexpr const char* kind_names[] = {\n    \"\",\n";
  for (std::size_t kind = 1; kind <= parser.getVocabulary().getMaxTokenType(); ++kind)
    out << "    \"" << parser.getVocabulary().getSymbolicName(kind) << "\",\n";
  out << "};\ninline constexpr const char* rule_names[] = {\n";
  for (const std::string& rule : parser.getRuleNames()) out << "    \"" << rule << "\",\n";
  out << "};\n";
  const bool good = write_lexer(lexer.getATN(), out) && write_parser(parser, out);
  out << "\n}  // namespace tunec::grammar\n";
  return good && out.flush().good() ? 0 : 1;
}
