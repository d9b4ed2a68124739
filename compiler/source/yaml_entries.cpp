// Each piece is parsed as a file that contains only its own entries, after everything that stands above the
// entries in the whole file. So its anchors are known, and the parser reaches the first entry in the same
// state as in the whole file. The places of the keys prove that each entry ends before the next one begins.
// Such an entry leaves the parser in the same state, whichever entries came before. Something follows each
// entry here, as it does there: the next entry, or one that we add, since yaml-cpp forgives much at the end
// of a file. The text below the entries is parsed with the last of them.
#include "source/yaml_entries.h"

#include <algorithm>
#include <atomic>
#include <unordered_set>

#include "base/parallel.h"
#include "source/yaml_read.h"

namespace tunec::yaml {
namespace {

using Places = std::vector<std::size_t>;  // indices of entries

// Parts of a file, joined.
class Joined {
 public:
  explicit Joined(std::string_view text) : text_(text) {}
  void add(std::size_t begin, std::size_t end) {
    parts.push_back({static_cast<std::uint32_t>(stream.size()), static_cast<std::uint32_t>(begin)});
    stream += text_.substr(begin, end - begin);
  }
  // Adds text that is not in the file. Its places are the end of the file.
  void add_made_up(std::string_view text) {
    add(text_.size(), text_.size());
    stream += text;
  }
  std::string stream;
  std::vector<Builder::Part> parts;

 private:
  std::string_view text_;
};

// The map below the heading, if it has exactly this number of entries.
NodePtr map_of(const NodePtr& root, Span heading, std::size_t count) {
  if (!root || root->kind != Node::Kind::map) return nullptr;
  const auto found = std::ranges::find(root->entries, heading,
                                       [](const auto& entry) { return entry.first->span; });
  const bool whole = found != root->entries.end() && found->second->kind == Node::Kind::map &&
                     found->second->entries.size() == count;
  return whole ? found->second : nullptr;
}

// Parses the text above and below the entries, with the last entry.
std::optional<Builder::Anchors> read_rest(Entries& entries, std::string_view text) {
  Joined rest(text);
  rest.add(0, entries.head);
  rest.add(entries.all.back().where.begin - entries.indentation, text.size());
  Builder builder(entries.file, text, rest.parts);
  if (read(rest.stream, builder)) return std::nullopt;
  const NodePtr map = map_of(builder.root, entries.heading, 1);
  if (!map || map->entries.front().first->span.begin != entries.all.back().where.begin) return std::nullopt;
  entries.rest = builder.root;
  return builder.anchors();
}

bool read_piece(Entries& entries, std::string_view text, const Places& places,
                const Builder::Anchors& anchors, const Take& take) {
  Joined piece(text);
  piece.add(0, entries.head);
  for (const std::size_t place : places) {
    const Entry& entry = entries.all[place];
    piece.add(entry.where.begin - entries.indentation, entry.end);
  }
  piece.add_made_up("\n" + std::string(entries.indentation, ' ') + "_end_of_piece: 0\n");
  Builder builder(entries.file, text, piece.parts, anchors);
  if (read(piece.stream, builder)) return false;
  const NodePtr map = map_of(builder.root, entries.heading, places.size() + 1);
  if (!map || map->entries.back().first->span.begin != text.size()) return false;
  std::vector<ReadEntry> values;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& [key, value] = map->entries[i];
    Entry& entry = entries.all[places[i]];
    if (key->span.begin != entry.where.begin) return false;
    entry.where = key->span;
    entry.key = key->scalar;
    values.push_back({places[i], value});
  }
  take(values);
  return true;
}

std::vector<Places> pieces_of(const Entries& entries, std::size_t bytes) {
  // Each piece parses the text above again
  bytes = std::max<std::size_t>(bytes, 8 * std::size_t{entries.head});
  std::vector<Places> pieces;
  std::size_t size = bytes;
  for (std::size_t i = 0; i < entries.all.size(); ++i) {
    const Entry& entry = entries.all[i];
    if (entry.first != i) continue;
    if (size >= bytes) pieces.emplace_back(), size = 0;
    pieces.back().push_back(i);
    size += entry.end - entry.where.begin;
  }
  return pieces;
}

bool is_any_key_twice(const Entries& entries) {
  std::unordered_set<std::string_view> keys;
  keys.reserve(entries.all.size());
  return std::ranges::any_of(entries.all, [&](const Entry& entry) { return !keys.insert(entry.key).second; });
}

}  // namespace

bool is_worth_cutting(const Entries& entries, std::size_t bytes_of_file) {
  const std::vector<Places> pieces = pieces_of(entries, piece_bytes);
  if (pieces.size() > 1) return true;
  std::size_t bytes = 2 * std::size_t{entries.head};
  for (const Places& piece : pieces) {
    for (const std::size_t place : piece) bytes += entries.all[place].end - entries.all[place].where.begin;
  }
  return bytes < bytes_of_file;
}

bool read_entries(Entries& entries, const Sources& sources, const Take& take, std::size_t bytes_of_a_piece) {
  const std::string_view text = sources.text(entries.file);
  const auto anchors = read_rest(entries, text);
  if (!anchors) return false;
  const std::vector<Places> pieces = pieces_of(entries, bytes_of_a_piece);
  std::atomic<bool> sound = true;
  in_parallel(pieces.size(), [&](std::size_t i) {
    if (sound && !read_piece(entries, text, pieces[i], *anchors, take)) sound = false;
  });
  return sound && !is_any_key_twice(entries);
}

}  // namespace tunec::yaml
