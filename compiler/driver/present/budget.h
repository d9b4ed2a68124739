// Budgets as tables that people review: a map of the CPUs, a character each; parts with their shares, and a
// bar.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "check/policy/budget.h"
#include "diagnostics/render.h"

namespace tunec {

// `asked`: the host that is named first, if it is one of the entry's.
std::string budget_text(const BudgetEntry& entry, TextStyle style, std::string_view asked = {});

// One budget of equal hosts, as a line of JSON. Values are in base units; of CPUs their number.
std::string budget_json(const BudgetEntry& entry, const Sheet& sheet, const Sources& sources);

// A letter for each of these names, no two alike: its first one if that is free, else a later one of its
// words, else any.
std::string letters_for(const std::vector<std::string>& names);

// `width` characters: each amount's letter as often as is its share of `total`, and at least once if it is
// not 0; then dots. If the amounts are more than the total, `|` stands where that ends.
std::string bar(const std::vector<double>& amounts, const std::string& letters, double total,
                std::size_t width);

// A row for each thread number of a node's cores, so that siblings stand under each other. `.` is promised to
// nobody, `!` twice, and
// `-` no CPU of the total.
std::string cpu_map(const Sheet& sheet, const std::string& letters, const Facts& facts, TextStyle style);

// The CPUs that it shows: those of the nodes that the sheet is about.
CpuSet shown_in_map(const Sheet& sheet, const Facts& facts);

// A letter, or a run of it, in its colour.
std::string painted(const std::string& text, char letter, const std::string& letters, TextStyle style);

}  // namespace tunec
