// The parse tree of rules and words, flat: each node is followed by everything below it, in the order of the
// text. walker.h makes it; for text with a mistake, recovering_parser.h does. After a mistake, any child of a
// node may be missing.
#pragma once

#include <cstdint>
#include <vector>

#include "TuneTables.h"

namespace tunec::syntax {

using grammar::Kind;
using grammar::Rule;

struct Node {
  static constexpr std::uint32_t no_word = 0xFFFFFFFF;

  std::int16_t number = 0;  // a word's Kind or a Rule
  bool is_word = false;
  bool broken = false;      // the parser gave up within it
  std::uint32_t first = 0;  // its words, by their places in Lexemes
  std::uint32_t last = 0;   // the word before `first` if it has none; no_word if there is no such word either
  std::uint32_t size = 1;   // in nodes, with everything below it: the distance to its next sibling

  bool is(Rule::Number rule) const { return !is_word && number == static_cast<int>(rule); }
  bool is(Kind::Number kind) const { return is_word && number == static_cast<int>(kind); }
  bool operator==(const Node&) const = default;

  // Its children.
  class Iterator {
   public:
    explicit Iterator(const Node* at) : at_(at) {}
    const Node& operator*() const { return *at_; }
    Iterator& operator++() {
      at_ += at_->size;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Node* at_;
  };
  Iterator begin() const { return Iterator(this + 1); }
  Iterator end() const { return Iterator(this + size); }
};

using Cst = std::vector<Node>;

// All of these accept a null node.
inline const Node* child(const Node* node, Rule::Number rule, std::size_t skip = 0) {
  if (node == nullptr) return nullptr;
  for (const Node& below : *node)
    if (below.is(rule) && skip-- == 0) return &below;
  return nullptr;
}
inline const Node* word(const Node* node, Kind::Number kind) {
  if (node == nullptr) return nullptr;
  for (const Node& below : *node)
    if (below.is(kind)) return &below;
  return nullptr;
}
inline std::size_t count_children(const Node& node) {
  std::size_t count = 0;
  for (auto at = node.begin(); at != node.end(); ++at) ++count;
  return count;
}

}  // namespace tunec::syntax
