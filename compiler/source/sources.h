// Owns the text of every file that was read, for as long as anything points into it. Checks UTF-8 once, so
// that later stages never meet a bad byte. Converts a Span to a line and a column when needed.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace tunec {

struct LineColumn {
  std::uint32_t line = 1;    // from 1
  std::uint32_t column = 1;  // from 1, in code points
};

class Sources {
 public:
  // `name` is what messages show: the path as the user gave it, or "stdlib:…" for files inside tunec.
  // A byte order mark is dropped. The caller must refuse a text of 4 GiB or more (FileSystem's limit).
  FileId add(std::string name, std::string text, bool shipped = false);

  std::string_view name(FileId file) const;
  std::string_view text(FileId file) const;
  std::string_view text(Span span) const;
  bool shipped(FileId file) const;  // part of tunec itself, not the user's
  std::size_t size() const { return files_.size(); }

  LineColumn position(FileId file, std::uint32_t offset) const;
  std::string_view line(FileId file, std::uint32_t line) const;  // without its line end
  std::string place(Span span) const;                            // "site.tune:5:3"
  std::string line_place(Span span) const;                       // "site.tune:5"

 private:
  struct File {
    std::string name, text;
    bool shipped = false;
    std::vector<std::uint32_t> line_starts;  // made at once, so that threads may read them
  };
  std::deque<File> files_;
};

// The offset of the first byte that is not UTF-8; nothing if all bytes are.
std::optional<std::size_t> first_bad_utf8(std::string_view text);

}  // namespace tunec
