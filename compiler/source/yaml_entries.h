// Reads a big map of similar entries, as an inventory exporter writes them, entry by entry: each distinct
// text once, on all processors, without a tree of the whole file.
//
// The split into entries is a guess by indentation. Each piece is then parsed, and must begin exactly at its
// entry, with the parser in the state of a new entry. Otherwise the caller reads the file as a whole, which
// also reports its mistakes. Each piece has the bounds on aliases.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "source/yaml.h"

namespace tunec::yaml {

struct Entry {
  std::string key;
  Span where;               // the key
  std::uint32_t end = 0;    // of the entry's text
  std::uint32_t value = 0;  // where its value's text begins, behind the colon; 0 if only reading tells
  // The entry whose value has the same text, and is read for both: itself, or an earlier one
  std::uint32_t first = 0;
};

struct Entries {
  FileId file;
  Span heading;            // the key under which they stand
  std::uint32_t head = 0;  // end of what stands above them
  std::uint32_t tail = 0;  // where they end
  std::uint32_t indentation = 0;
  std::vector<Entry> all;
  NodePtr rest;  // the file without all but the last of them, when it was read

  // From the text that was read for an entry to the entry's own.
  Shift shift(const Entry& entry) const;
};

// Nothing if the file's top-level map has no block map under `key`, or none that could be cut.
std::optional<Entries> find_entries(FileId file, const Sources& sources, std::string_view key);

struct ReadEntry {
  std::size_t place;  // in `all`
  const NodePtr& value;
};
// Called from several threads, once for each piece.
using Take = std::function<void(const std::vector<ReadEntry>&)>;
constexpr std::size_t piece_bytes = std::size_t{128} << 10;

// Whether to read a file of so many bytes entry by entry is less work than to read it as a whole, or work for
// several processors: what stands above the entries is read once more for each piece.
bool is_worth_cutting(const Entries& entries, std::size_t bytes_of_file);
// False if the cuts were wrong, or the file is: then what was taken means nothing.
bool read_entries(Entries& entries, const Sources& sources, const Take& take,
                  std::size_t bytes_of_a_piece = piece_bytes);

}  // namespace tunec::yaml
