// Reads a big map of similar entries, as inventory exporters write it, entry by entry. Each distinct text is
// read once, on all processors, without a tree of the whole file.
//
// The split into entries is a guess by indentation. Each piece is then parsed. It must begin exactly at its
// entry, with the parser in the state of a new entry. Otherwise the caller reads the file as a whole, which
// also reports its mistakes. The bounds on aliases apply to each piece.
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
  std::uint32_t value = 0;  // where the text of its value begins, after the colon; 0 if only parsing shows it
  // The first entry whose value has the same text (possibly this one). It is read for both
  std::uint32_t first = 0;
};

struct Entries {
  FileId file;
  Span heading;            // the key that contains the entries
  std::uint32_t head = 0;  // where the text above them ends
  std::uint32_t tail = 0;  // where the entries end
  std::uint32_t indentation = 0;
  std::vector<Entry> all;
  NodePtr rest;  // the file with only the last of them, once it has been read

  // The shift from the text that was read for an entry to the entry's own text.
  Shift shift(const Entry& entry) const;
};

// Nothing if the file's top-level map has no block map under `key`, or none that could be cut.
std::optional<Entries> find_entries(FileId file, const Sources& sources, std::string_view key);

struct ReadEntry {
  std::size_t place;  // index into `all`
  const NodePtr& value;
};
// Called once for each piece, from several threads.
using Take = std::function<void(const std::vector<ReadEntry>&)>;
constexpr std::size_t piece_bytes = std::size_t{128} << 10;

// Whether reading a file of this size entry by entry is less work than reading it as a whole, or worth
// several processors. The text above the entries is parsed again for each piece.
bool is_worth_cutting(const Entries& entries, std::size_t bytes_of_file);
// False if the cuts or the file were wrong. Then the results that were passed on are void.
bool read_entries(Entries& entries, const Sources& sources, const Take& take,
                  std::size_t bytes_of_a_piece = piece_bytes);

}  // namespace tunec::yaml
