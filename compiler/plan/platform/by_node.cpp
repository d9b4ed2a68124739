#include "plan/platform/by_node.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace tunec {
namespace {

constexpr int max_nodes = 1024;  // CONFIG_NODES_SHIFT=10

}  // namespace

std::optional<Value> numbers_by_node(const Value& value) {
  if (const List* list = value.get_if<List>()) {
    const bool whole = std::ranges::all_of(list->items,
                                           [](const Value& item) { return item.is<std::int64_t>(); });
    return whole && !list->items.empty() ? std::optional(value) : std::nullopt;
  }
  const auto* text = value.get_if<std::string>();
  if (text == nullptr || text->find(':') == std::string::npos) return std::nullopt;
  std::vector<Value> numbers;
  std::set<int> nodes;
  for (std::size_t begin = 0; begin <= text->size();) {
    const std::size_t end = std::min(text->find(',', begin), text->size());
    int node = 0;
    std::int64_t number = 0;
    const char *first = text->data() + begin, *last = text->data() + end;
    const auto [colon, bad_node] = std::from_chars(first, last, node);
    if (bad_node != std::errc{} || colon == last || *colon != ':' || node < 0 || node >= max_nodes)
      return std::nullopt;
    const auto [rest, bad_number] = std::from_chars(colon + 1, last, number);
    if (bad_number != std::errc{} || rest != last) return std::nullopt;
    // If a node is given twice, the kernel takes the last number, but counts both in the sum.
    if (!nodes.insert(node).second) return std::nullopt;
    if (numbers.size() <= static_cast<std::size_t>(node))
      numbers.resize(static_cast<std::size_t>(node) + 1, Value{std::int64_t{0}});
    numbers[static_cast<std::size_t>(node)] = Value{number};
    begin = end + 1;
  }
  return list_of(std::move(numbers));
}

std::optional<Value> number_on_node(const Value& numbers, std::int64_t node, std::int64_t nodes) {
  if (const List* list = numbers.get_if<List>()) {
    if (node < 0 || static_cast<std::size_t>(node) >= list->items.size()) return Value{std::int64_t{0}};
    return list->items[static_cast<std::size_t>(node)];
  }
  const auto* number = numbers.get_if<std::int64_t>();
  if (number == nullptr || nodes < 1) return std::nullopt;
  return Value{*number / nodes + (node < *number % nodes ? 1 : 0)};
}

}  // namespace tunec
