// Builds nodes from events. The header lists the attacks that this guards against.
#include "source/yaml_builder.h"

#include <algorithm>
#include <iterator>

#include <yaml-cpp/mark.h>

#include "source/yaml_spans.h"

namespace tunec::yaml {

namespace {

constexpr std::uint32_t max_depth = 200;
constexpr std::uint64_t max_values = 20'000'000;  // with aliases written out
constexpr std::uint64_t max_merged = 2'000'000;   // entries copied by merge keys

bool is_one_of(char c, std::string_view set) { return set.find(c) != set.npos; }
bool is_merge(const Node& key) { return key.scalar == "<<" && !key.quoted; }

}  // namespace

void Builder::OnDocumentStart(const YAML::Mark& mark) {
  if (documents_++ == 0) return;
  const std::uint32_t begin = place(mark);
  const bool marked = text_.substr(begin).starts_with("---");
  fail(begin, begin,
       marked ? "a second document begins here; give it a file of its own" : std::string(misplaced));
}

void Builder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto node = std::make_shared<Node>();
  node->span = null_span(skip_properties(text_, place(mark)));
  finish(node, Extent{}, anchor);
}

void Builder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto anchored = anchors_.find(anchor);
  const std::uint32_t begin = place(mark);
  last_end_ = alias_end(text_, begin);
  if (anchored == anchors_.end()) fail(begin, last_end_, "this alias stands inside the node that it names");
  add(anchored->second.first, anchored->second.second);
}

void Builder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       const std::string& value) {
  const auto node = std::make_shared<Node>();
  node->kind = Node::Kind::scalar;
  node->scalar = value;
  const std::uint32_t begin = skip_properties(text_, place(mark));
  const std::optional<std::uint32_t> end = scalar_end(text_, begin, value);
  if (!end) fail(begin, begin + 1, "this quote is never closed");
  if (value.find('\0') != value.npos) fail(begin, *end, "a value cannot hold the character 0");
  node->span = {file_, begin, *end};
  node->quoted = tag == "!" || tag == "tag:yaml.org,2002:str" ||
                 (begin < text_.size() && is_one_of(text_[begin], "\"'|>"));
  last_end_ = node->span.end;
  finish(node, Extent{}, anchor);
}

void Builder::OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                              YAML::EmitterStyle::value /*style*/) {
  open(Node::Kind::sequence, mark, anchor);
}

void Builder::OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) {
  open(Node::Kind::map, mark, anchor);
}

void Builder::fail(std::uint32_t begin, std::uint32_t end, std::string reason) const {
  const auto size = static_cast<std::uint32_t>(text_.size());
  throw Stop{{{file_, std::min(begin, size), std::min(end, size)}, std::move(reason)}};
}

std::uint32_t Builder::place(const YAML::Mark& mark) const {
  const auto here = static_cast<std::uint32_t>(std::max(mark.pos, 0));
  const Part part = *std::prev(std::ranges::upper_bound(parts_, here, {}, &Part::here));
  return std::min(here - part.here + part.there, static_cast<std::uint32_t>(text_.size()));
}

// yaml-cpp marks a missing value at the next token; people expect the place after the colon.
Span Builder::null_span(std::uint32_t mark) {
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (!text_.substr(mark).starts_with(word)) continue;
    const std::size_t after = mark + word.size();
    if (after < text_.size() && !is_one_of(text_[after], " \t\r\n,]}")) continue;
    last_end_ = static_cast<std::uint32_t>(after);
    return {file_, mark, last_end_};
  }
  std::size_t at = std::min(mark, last_end_);
  while (at < mark && is_one_of(text_[at], " \t")) ++at;
  if (at < mark && text_[at] == ':') ++at;
  last_end_ = static_cast<std::uint32_t>(at);
  return {file_, last_end_, last_end_};
}

void Builder::open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
  const std::uint32_t begin = skip_properties(text_, place(mark));
  if (frames_.size() >= max_depth) fail(begin, begin + 1, "nested deeper than " + std::to_string(max_depth));
  Frame& frame = frames_.emplace_back();
  frame.node = std::make_shared<Node>();
  frame.node->kind = kind;
  frame.node->span = {file_, begin, begin};
  frame.anchor = anchor;
  last_end_ = begin;
}

void Builder::close() {
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  if (!frame.merged.empty()) merge(frame);
  Node& node = *frame.node;
  node.span.end = collection_end(text_, node.span.begin, std::max(last_end_, node.span.begin));
  last_end_ = node.span.end;
  ++frame.extent.height;
  finish(frame.node, frame.extent, frame.anchor);
}

void Builder::finish(const NodePtr& node, Extent extent, YAML::anchor_t anchor) {
  if (anchor != 0) anchors_.try_emplace(anchor, node, extent);
  add(node, extent);
}

void Builder::add(const NodePtr& node, Extent extent) {
  if (frames_.empty()) {
    root = node;
    return;
  }
  Frame& frame = frames_.back();
  if (frames_.size() + extent.height > max_depth + 1) {
    fail(node->span, "nested deeper than " + std::to_string(max_depth) + ", aliases included");
  }
  frame.extent.height = std::max(frame.extent.height, extent.height);
  frame.extent.values += extent.values;
  if (frame.extent.values > max_values) {
    fail(node->span, "aliases repeat this too often: more than " + std::to_string(max_values) + " values");
  }
  if (frame.node->kind == Node::Kind::sequence) {
    frame.node->items.push_back(node);
  } else if (!frame.key) {
    add_key(frame, node);
  } else {
    const NodePtr key = std::exchange(frame.key, nullptr);
    if (is_merge(*key)) {
      frame.merged.push_back(node);
    } else {
      frame.node->entries.emplace_back(key, node);
    }
  }
}

// Remembers the key. Only large maps get a hash table: in a small map, comparing all keys is quicker.
bool Builder::seen_before(Frame& frame, std::string_view key) {
  const std::vector<std::pair<NodePtr, NodePtr>>& entries = frame.node->entries;
  constexpr std::size_t small = 16;
  if (entries.size() < small) return frame.node->find(key) != nullptr;
  if (frame.keys.empty()) {
    for (const auto& [name, value] : entries) frame.keys.insert(name->scalar);
  }
  return !frame.keys.insert(key).second;
}

void Builder::add_key(Frame& frame, const NodePtr& key) {
  if (key->kind != Node::Kind::scalar) fail(key->span, "a key must be a word");
  const bool twice = is_merge(*key) ? !frame.merged.empty() : seen_before(frame, key->scalar);
  if (twice) fail(key->span, "`" + key->scalar + "` is given twice in this map");
  frame.key = key;
}

// "<<: *base" or "<<: [*one, *two]": the map's own keys beat those of `one`, and these beat those of `two`.
void Builder::merge(Frame& frame) {
  std::vector<std::pair<NodePtr, NodePtr>>& entries = frame.node->entries;
  std::unordered_set<std::string_view> keys;
  for (const auto& [name, value] : entries) keys.insert(name->scalar);
  const auto take = [&](const NodePtr& from) {
    if (from->kind != Node::Kind::map) fail(from->span, "`<<` takes a map or a list of maps");
    copied_ += from->entries.size();
    if (copied_ > max_merged) {
      fail(from->span, "`<<` copies too much: more than " + std::to_string(max_merged) + " entries");
    }
    for (const auto& entry : from->entries) {
      if (keys.insert(entry.first->scalar).second) entries.push_back(entry);
    }
  };
  for (const NodePtr& from : frame.merged) {
    if (from->kind != Node::Kind::sequence) {
      take(from);
      continue;
    }
    for (const NodePtr& item : from->items) take(item);
  }
}

}  // namespace tunec::yaml
