// Facts before they are checked: the same tree whether they came from YAML or from a `facts { … }` block.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/value.h"
#include "diagnostics/reporter.h"
#include "source/yaml.h"
#include "syntax/ast.h"

namespace tunec {

struct FactTree {
  enum class Kind { scalar, list, map };
  Kind kind = Kind::map;
  Value value;  // of a scalar
  Span span;
  std::vector<FactTree> items;
  struct Entry;
  std::vector<Entry> entries;

  const FactTree* find(std::string_view key) const;
};
struct FactTree::Entry {
  std::string key;
  Span span;
  FactTree tree;
};

FactTree fact_tree(const yaml::Node& node);
// The body of a `facts` block. Blocks named disk, nic, gpu, pci and node add to the lists disks, nics, …; their label is the
// name (of a gpu or pci device: the address).
FactTree fact_tree(const std::vector<ast::Statement>& body, Span span, Reporter& reporter);
// The entries of `over` beat those of `under`.
FactTree merged(FactTree under, const FactTree& over);
// Equal trees have equal text; for sharing the facts of machines of one kind.
std::string canonical(const FactTree& tree);

}  // namespace tunec
