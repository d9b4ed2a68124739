// Reads a text with ANTLR's own lexer and parser. Tests compare tunec's tables with these results.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/cst.h"
#include "syntax/lexeme.h"

namespace tunec::test {

// The words that the generated lexer finds.
std::vector<syntax::RawWord> antlr_words(std::string_view text);
// The first word that the generated parser rejects in a file's declarations; empty if it accepts all of them.
std::optional<std::uint32_t> antlr_mistake(const syntax::Lexemes& words);
// The trees of the declarations, as the recovering parser passes them to lowering.
std::vector<syntax::Cst> antlr_trees(const syntax::Lexemes& words);

// The sources in the form that the parsers take.
syntax::Lexemes words_for_parsers(syntax::Session& session);

// Every .tune file, case and fuzz seed of the project, by path.
std::vector<std::pair<std::string, std::string>> project_texts();

}  // namespace tunec::test
