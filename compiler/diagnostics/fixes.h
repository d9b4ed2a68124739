// The edits of a diagnostic as exact changes of a text: places to replace, in the order of the text. An edit
// that does not fit the text is not made, and nor are those that belong to it: a word that is not there or is
// there twice, a place in a file of tunec's own.
//
// Settings, waivers and inclusions are found by the place of their names. A value that begins with a blank,
// such as ` where available`, is put behind the one that is there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "source/sources.h"

namespace tunec {

// Each edit is of the kind `replace`, and none overlaps another of its fix.
std::vector<Fix> fixes_of(const Diagnostic& diagnostic, const Sources& sources);

// Edits of the text of one file, sorted, none overlapping another.
std::string edited(std::string_view text, const std::vector<Edit>& edits);

}  // namespace tunec
