// Builds the tree from yaml-cpp's events; its own tree has no places and forgives keys given twice.
//
// A file is hostile until shown otherwise. Aliases share nodes, so a few lines can stand for billions of
// values or for nesting without end: the tree's height and its size with every alias written out are bounded
// here, so that those who walk it may recurse and need no bounds of their own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <yaml-cpp/eventhandler.h>

#include "source/yaml.h"

namespace tunec::yaml {

// Thrown out of yaml-cpp's parser, as its own errors are; caught in parse().
struct Stop {
  Error error;
};

constexpr std::string_view misplaced =
    "this does not belong to what stands above it; look at the indentation";

class Builder final : public YAML::EventHandler {
 public:
  // What an alias to a node costs.
  struct Extent {
    std::uint32_t height = 1;
    std::uint64_t values = 1;
  };
  using Anchors = std::unordered_map<YAML::anchor_t, std::pair<NodePtr, Extent>>;
  // What is read is put together from parts of the file: from here on, there. Sorted.
  struct Part {
    std::uint32_t here, there;
  };

  // `anchors`: of nodes that were read before, in whose place others are read now.
  Builder(FileId file, std::string_view text, std::vector<Part> parts, Anchors anchors = {})
      : file_(file), text_(text), parts_(std::move(parts)), anchors_(std::move(anchors)) {}

  NodePtr root;  // null pointer until a document was read
  const Anchors& anchors() const { return anchors_; }
  Span place_of(const YAML::Mark& mark) const { return {file_, place(mark), place(mark)}; }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  // A collection whose end was not yet read.
  struct Frame {
    std::shared_ptr<Node> node;
    NodePtr key;  // of a map: read, its value still to come
    Extent extent;
    YAML::anchor_t anchor = 0;
    std::unordered_set<std::string_view> keys;  // of a large map, where looking at each would be quadratic
    std::vector<NodePtr> merged;                // values of "<<"
  };

  [[noreturn]] void fail(std::uint32_t begin, std::uint32_t end, std::string reason) const;
  [[noreturn]] void fail(Span where, std::string reason) const {
    fail(where.begin, where.end, std::move(reason));
  }
  std::uint32_t place(const YAML::Mark& mark) const;
  Span null_span(std::uint32_t mark);
  void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor);
  void close();
  void finish(const NodePtr& node, Extent extent, YAML::anchor_t anchor);
  void add(const NodePtr& node, Extent extent);
  static bool seen_before(Frame& frame, std::string_view key);
  void add_key(Frame& frame, const NodePtr& key);
  void merge(Frame& frame);

  FileId file_;
  std::string_view text_;
  std::vector<Part> parts_;
  Anchors anchors_;
  std::vector<Frame> frames_;
  std::uint32_t last_end_ = 0;  // of what was read last; a closing bracket is looked for behind it
  std::uint64_t copied_ = 0;    // by merge keys
  int documents_ = 0;
};

}  // namespace tunec::yaml
