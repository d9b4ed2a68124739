// Facts before they are checked: one kind of tree for YAML and for `facts { … }` blocks. A tree that aliases
// repeat, or that machines share, is one object.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/value.h"
#include "diagnostics/reporter.h"
#include "source/yaml.h"
#include "syntax/ast.h"

namespace tunec {

struct RawFacts;
using RawFactsPtr = std::shared_ptr<const RawFacts>;

struct RawFacts {
  enum class Kind { scalar, list, map };
  struct Entry {
    std::string key;
    Span span;
    RawFactsPtr tree;
  };
  Kind kind = Kind::map;
  Value value;  // of a scalar
  Span span;
  std::vector<RawFactsPtr> items;
  std::vector<Entry> entries;  // sorted by key
  std::size_t content = 0;     // see content_hash(); set in shared trees

  const RawFacts* find(std::string_view key) const;
};

// Makes trees of YAML nodes. A node with an alias has one tree, however often the alias occurs.
class RawFactsOfYaml {
 public:
  RawFactsPtr of(const yaml::NodePtr& node);

 private:
  std::unordered_map<yaml::NodePtr, RawFactsPtr> shared_;
};

using StatementList = std::vector<const ast::Statement*>;

// The statements of a `facts` block, or of several. Blocks named disk, nic, gpu, pci and node add to the
// lists disks, nics, …; their label is the name (of a gpu or pci device: the address).
RawFactsPtr raw_facts_of(const StatementList& statements, Span span, Reporter& reporter);
// Whether one of its values was reported as wrong when it was read.
bool holds_poison(const RawFacts& tree);
void add_entry(RawFacts& map, RawFacts::Entry entry);
// The entries of `over` beat those of `under`.
RawFacts merged(RawFacts under, const RawFacts& over);
// The same facts, given by an equal text at another place.
RawFactsPtr moved(const RawFactsPtr& tree, const Shift& shift);
// Makes a tree that others can share.
RawFactsPtr shared(RawFacts tree);

// A hash of a tree's contents, wherever they stand.
std::size_t content_hash(const RawFacts& tree);
bool same_content(const RawFacts& a, const RawFacts& b);

}  // namespace tunec
