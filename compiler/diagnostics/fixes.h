// The edits of a diagnostic as exact changes of a text: places to replace, in the order of the text. If an
// edit does not fit the text, neither it nor the edits of the same fix are made. It does not fit if its word
// is missing or occurs twice, or if the place is in a file of tunec's own.
//
// Settings, waivers and inclusions are found by the place of their names. A value that begins with a blank,
// such as ` where available`, is added after the existing value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "source/sources.h"

namespace tunec {

// Each edit is of the kind `replace`, and does not overlap another edit of its fix.
std::vector<Fix> fixes_of(const Diagnostic& diagnostic, const Sources& sources);

// The edits of one file's text, sorted, without overlaps.
std::string edited(std::string_view text, const std::vector<Edit>& edits);

}  // namespace tunec
