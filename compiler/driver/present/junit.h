// Test results as JUnit's XML, which pipelines read. Without times and host names: the same results are the
// same bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tunec {

struct JunitCase {
  std::string name;
  std::string file;      // the suite that it joins
  std::size_t line = 0;  // 0 where there is none
  std::string message;   // of the first failure; empty if it passed
  std::string text;      // everything that is said of it
  bool error = false;    // it could not be run at all
};

// A suite for each file, in the order in which files come first.
std::string junit(const std::vector<JunitCase>& cases);
// Text that XML can hold, in attributes too: marks escaped, and what is no character of XML replaced by
// U+FFFD.
std::string xml_text(std::string_view text);

}  // namespace tunec
