// The kind; then a scalar's size and text, or the number of children and the children. In a map, keys and
// values alternate.
#include "source/yaml_packed.h"

#include <cstdint>
#include <cstring>

namespace tunec::yaml {
namespace {

void put(std::string& bytes, std::size_t number) {
  const auto small = static_cast<std::uint32_t>(number);
  bytes.append(reinterpret_cast<const char*>(&small), sizeof small);
}

void pack(std::string& bytes, const Node& node) {
  bytes += static_cast<char>(node.kind);
  bytes += node.quoted ? '\1' : '\0';
  put(bytes, node.scalar.size() + node.items.size() + node.entries.size());  // a node has only one of these
  bytes += node.scalar;
  for (const NodePtr& item : node.items) pack(bytes, *item);
  for (const auto& [key, value] : node.entries) pack(bytes, *key), pack(bytes, *value);
}

NodePtr unpack(std::string_view& bytes) {
  const auto node = std::make_shared<Node>();
  node->kind = static_cast<Node::Kind>(bytes[0]);
  node->quoted = bytes[1] != '\0';
  std::uint32_t size = 0;
  std::memcpy(&size, bytes.data() + 2, sizeof size);
  bytes.remove_prefix(2 + sizeof size);
  if (node->kind == Node::Kind::scalar) {
    node->scalar = bytes.substr(0, size);
    bytes.remove_prefix(size);
  }
  for (std::uint32_t i = 0; node->kind == Node::Kind::sequence && i < size; ++i)
    node->items.push_back(unpack(bytes));
  for (std::uint32_t i = 0; node->kind == Node::Kind::map && i < size; ++i) {
    NodePtr key = unpack(bytes);
    node->entries.emplace_back(std::move(key), unpack(bytes));
  }
  return node;
}

}  // namespace

std::string packed(const Node& root) {
  std::string bytes;
  pack(bytes, root);
  return bytes;
}

NodePtr unpacked(std::string_view bytes) { return unpack(bytes); }

}  // namespace tunec::yaml
