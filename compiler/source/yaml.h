// YAML as a tree with places, for facts, inventories, platforms and the catalogue. Only source/yaml* uses
// yaml-cpp. Duplicate keys are refused here: YAML forbids them, and readers treat them differently. Aliases
// share their node, so nested aliases need no memory.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "source/sources.h"

namespace tunec::yaml {

struct Node;
using NodePtr = std::shared_ptr<const Node>;

struct Node {
  enum class Kind { null, scalar, sequence, map };
  Kind kind = Kind::null;
  std::string scalar;
  bool quoted = false;
  Span span;
  std::vector<NodePtr> items;                        // sequence
  std::vector<std::pair<NodePtr, NodePtr>> entries;  // map, in file order; keys are scalars

  NodePtr find(std::string_view key) const;  // null pointer if there is none
  // For files of our own: the scalar of a key, or the scalars of a list; empty if there is none.
  std::string text(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
};

struct Error {
  Span where;
  std::string reason;
};

struct Document {
  NodePtr root;  // null pointer after an error
  std::optional<Error> error;
};

Document parse(FileId file, const Sources& sources);

}  // namespace tunec::yaml
