// Diagnostics for people (with the source line and carets) and for programs (one JSON object a line).
#pragma once

#include <string>

#include "diagnostics/diagnostic.h"
#include "source/sources.h"

namespace tunec {

struct TextStyle {
  bool colour = false;
};

std::string render_text(const Diagnostic& diagnostic, const Sources& sources, TextStyle style);
// code, name, severity, message, file, line, column, end {line, column}, labels, notes, help, hosts.
std::string render_json(const Diagnostic& diagnostic, const Sources& sources);

}  // namespace tunec
