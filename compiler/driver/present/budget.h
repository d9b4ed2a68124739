// Budgets as people review them: a map with a character for each CPU, tables of parts with their shares, and
// bars.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "check/policy/budget.h"
#include "diagnostics/render.h"

namespace tunec {

// `asked`: the host to name first, if the entry contains it.
std::string budget_text(const BudgetEntry& entry, TextStyle style, std::string_view asked = {});

// One budget of equal hosts, as a line of JSON. Values are in base units; CPU sets are counts.
std::string budget_json(const BudgetEntry& entry, const Sheet& sheet, const Sources& sources);

// A different letter for each of the names: its first letter if that is free, else another letter of the
// name, else any letter.
std::string letters_for(const std::vector<std::string>& names);

// `width` characters: the letter of each amount in proportion to its share of `total`, at least once if it is
// not 0; then dots. If the amounts exceed the total, `|` marks its end.
std::string bar(const std::vector<double>& amounts, const std::string& letters, double total,
                std::size_t width);

// A row for each thread number of the cores of a node, so that siblings stand below each other. `.` is a CPU
// that is not promised, `!` one that is promised twice, `-` one outside the total.
std::string cpu_map(const Sheet& sheet, const std::string& letters, const Facts& facts, TextStyle style);

// The CPUs that the map shows: those of all nodes with a CPU of the sheet.
CpuSet shown_in_map(const Sheet& sheet, const Facts& facts);

// A run of one letter, in the colour of that letter.
std::string painted(const std::string& text, char letter, const std::string& letters, TextStyle style);

}  // namespace tunec
