// Builds the tree from yaml-cpp's events; its own tree has no places and forgives keys given twice.
//
// No file is trusted. Aliases share nodes, so a few lines can stand for billions of values, or for unlimited
// nesting. The tree's height is bounded here, and so is its size with every alias written out. So code that
// walks the tree may recurse, and needs no bounds of its own.
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

// yaml-cpp's parser passes it on, like its own exceptions; parse() catches it.
struct Stop {
  Error error;
};

constexpr std::string_view misplaced =
    "this does not belong to what stands above it; look at the indentation";

class Builder final : public YAML::EventHandler {
 public:
  // The height and size that an alias to a node adds.
  struct Extent {
    std::uint32_t height = 1;
    std::uint64_t values = 1;
  };
  using Anchors = std::unordered_map<YAML::anchor_t, std::pair<NodePtr, Extent>>;
  // The stream is joined from parts of the file: from `here` in the stream, the text comes from `there` in
  // the file. Sorted.
  struct Part {
    std::uint32_t here, there;
  };

  // `anchors`: anchors of nodes that were read earlier and are not part of this stream.
  Builder(FileId file, std::string_view text, std::vector<Part> parts, Anchors anchors = {})
      : file_(file), text_(text), parts_(std::move(parts)), anchors_(std::move(anchors)) {}

  NodePtr root;  // null pointer until a document has been read
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
  // A collection whose end has not been read yet.
  struct Frame {
    std::shared_ptr<Node> node;
    NodePtr key;  // of a map: a key whose value has not been read yet
    Extent extent;
    YAML::anchor_t anchor = 0;
    // Only for large maps, where comparing with each key would be quadratic
    std::unordered_set<std::string_view> keys;
    std::vector<NodePtr> merged;  // values of "<<"
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
  std::uint32_t last_end_ = 0;  // end of the last node; the search for a closing bracket starts there
  std::uint64_t copied_ = 0;    // entries that merge keys copied
  int documents_ = 0;
};

}  // namespace tunec::yaml
