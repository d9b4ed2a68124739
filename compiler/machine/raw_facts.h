// Facts before they are checked: the same tree for YAML and for `facts { … }` blocks. Content that aliases
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

struct FactTree;
using FactPtr = std::shared_ptr<const FactTree>;

struct FactTree {
  enum class Kind { scalar, list, map };
  struct Entry {
    std::string key;
    Span span;
    FactPtr tree;
  };
  Kind kind = Kind::map;
  Value value;  // of a scalar
  Span span;
  std::vector<FactPtr> items;
  std::vector<Entry> entries;  // sorted by key
  std::size_t content = 0;     // see content_of(); of what others point to

  const FactTree* find(std::string_view key) const;
};

// Trees of YAML nodes. A node that an alias names has one tree, however often it is named.
class FactTrees {
 public:
  FactPtr of(const yaml::NodePtr& node);

 private:
  std::unordered_map<yaml::NodePtr, FactPtr> shared_;
};

// The body of a `facts` block. Blocks named disk, nic, gpu, pci and node add to the lists disks, nics, …;
// their label is the name (of a gpu or pci device: the address).
FactPtr fact_tree(const std::vector<ast::Statement>& body, Span span, Reporter& reporter);
void add_entry(FactTree& map, FactTree::Entry entry);
// The entries of `over` beat those of `under`.
FactTree merged(FactTree under, const FactTree& over);
// The same facts, stated in a text that is the same at another place.
FactPtr moved(const FactPtr& tree, const Shift& shift);
// A tree that others can point to.
FactPtr shared(FactTree tree);

// A hash of what a tree says, wherever it stands.
std::size_t content_of(const FactTree& tree);
bool same_content(const FactTree& a, const FactTree& b);

}  // namespace tunec
