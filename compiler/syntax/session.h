// The state that the files of this folder share while they read one text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "diagnostics/reporter.h"

namespace tunec::syntax {

struct Session {
  FileId file;
  std::string_view text;
  Reporter& reporter;
  std::vector<std::uint32_t> mistakes{};  // places where the parser reported a mistake

  Span span(std::uint32_t begin, std::uint32_t end) const { return {file, begin, end}; }
  template <class Word>
  std::string_view slice(const Word& word) const {
    return text.substr(word.begin, word.end - word.begin);
  }
};

}  // namespace tunec::syntax
