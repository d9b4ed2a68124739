// Test results as JUnit XML, for pipelines. It has no times and no names of machines, so the same results
// give the same bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tunec {

struct JunitCase {
  std::string name;
  std::string file;      // names its suite
  std::size_t line = 0;  // 0 if unknown
  std::string message;   // of the first failure; empty if it passed
  std::string text;      // all diagnostics
  bool error = false;    // it could not be run
};

// A suite for each file, in the order in which the files first occur.
std::string junit(const std::vector<JunitCase>& cases);
// Escaped for text and attributes; U+FFFD replaces characters that XML cannot contain.
std::string xml_text(std::string_view text);

}  // namespace tunec
