// What ANTLR itself makes of a text: the authority that the tables, which tunec runs on, are held against.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/cst.h"
#include "syntax/lexeme.h"

namespace tunec::test {

// By the generated lexer.
std::vector<syntax::RawWord> antlr_words(std::string_view text);
// The first word that the generated parser cannot take, of a file's declarations; nothing if it takes all.
std::optional<std::uint32_t> antlr_mistake(const syntax::Lexemes& words);
// The declarations' trees, as the recovering parser hands them to lowering.
std::vector<syntax::Cst> antlr_trees(const syntax::Lexemes& words);

// As the parsers are given them.
syntax::Lexemes words_for_parsers(syntax::Session& session);

// Every .tune file, case and fuzz seed of the project, by its path.
std::vector<std::pair<std::string, std::string>> project_texts();

}  // namespace tunec::test
