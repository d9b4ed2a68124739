#include "machine/fact_reads.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace tunec {
namespace {

// The last number in a name: 7 for kvm-07.
std::optional<std::int64_t> number_in(std::string_view name) {
  const std::size_t last = name.find_last_of("0123456789");
  if (last == std::string_view::npos) return std::nullopt;
  std::size_t first = last;
  while (first > 0 && name[first - 1] >= '0' && name[first - 1] <= '9') --first;
  if (last - first >= 18) return std::nullopt;
  return std::stoll(std::string(name.substr(first, last - first + 1)));
}

// Appends a text that differs for each value.
void append_exactly(std::string& text, const Value& value) {
  if (const List* list = value.get_if<List>()) {
    fmt::format_to(std::back_inserter(text), "[{}:", list->items.size());
    for (const Value& item : list->items) append_exactly(text, item);
    return;
  }
  const std::string source = to_source(value);
  fmt::format_to(std::back_inserter(text), "{}:{}:", value.v.index(), source.size());
  text += source;
}

// The field's values for all items of a collection; their names if no field is given.
std::string column_of(const Facts& facts, std::string_view collection, std::string_view field) {
  std::string text;
  for (const MachineItem& item : machine_items(facts, collection)) {
    const auto value = field.empty() ? std::optional(Value{item.name})
                                     : item_fact(facts, collection, item.index, field);
    append_exactly(text, value.value_or(Value{Poison{}}));
  }
  return text;
}

}  // namespace

bool is_of_the_host(std::string_view leaf) { return leaf == "name" || leaf == "number" || leaf == "groups"; }

constexpr std::string_view declared_prefix = "declared.";
std::string declared_leaf(std::size_t part) { return fmt::format("{}{}", declared_prefix, part); }

std::optional<Value> leaf_value(const HostRecord& host, std::string_view leaf) {
  if (leaf == "name") return symbol(std::string(host.name));
  if (leaf == "number") {
    const auto number = number_in(host.name);
    return number ? Value{*number} : Value{Poison{}};
  }
  if (leaf == "groups") {
    std::vector<Value> groups;
    for (const std::string& group : host.groups) groups.push_back(symbol(group));
    return list_of(std::move(groups));
  }
  if (is_label(leaf)) return host.labels == nullptr ? Value{Poison{}} : label(*host.labels, leaf);
  return fact(*host.facts, leaf);
}

std::optional<Value> RecordedFacts::leaf(std::string_view name) {
  auto value = leaf_value(host_, name);
  if (value) reads_.emplace(name);
  return value;
}

std::vector<MachineItem> RecordedFacts::items(std::string_view collection) {
  reads_.emplace(collection);
  return machine_items(*host_.facts, collection);
}

std::optional<Value> RecordedFacts::item(std::string_view collection, std::size_t index,
                                         std::string_view field) {
  reads_.insert(fmt::format("{}.{}", collection, field));
  return item_fact(*host_.facts, collection, index, field);
}

const std::vector<CpuSet>& RecordedFacts::cores() {
  add_collection("core");
  return host_.facts->cores_cpus;
}

const std::vector<NumaNode>& RecordedFacts::nodes() {
  add_collection("node");
  return host_.facts->nodes;
}

const std::vector<PciDevice>& RecordedFacts::pci() {
  add_collection("pci");
  return host_.facts->pci;
}

void RecordedFacts::add_collection(std::string_view collection) {
  reads_.emplace(collection);
  for (const std::string_view field : item_fields(collection))
    reads_.insert(fmt::format("{}.{}", collection, field));
}

FactNumbers::Projection FactNumbers::project(const FactReads& reads, const HostRecord& host) {
  Projection numbers;
  numbers.reserve(reads.size());
  for (const std::string& leaf : reads) numbers.push_back(number(leaf, host));
  return numbers;
}

void FactNumbers::set_declared(std::string_view host, std::vector<std::string> parts) {
  std::vector<std::uint32_t>& numbers = declared_[host];
  for (std::string& part : parts) {
    const auto next = static_cast<std::uint32_t>(declared_texts_.size());
    numbers.push_back(declared_texts_.try_emplace(std::move(part), next).first->second);
  }
}

std::uint32_t FactNumbers::number(std::string_view leaf, const HostRecord& host) {
  if (leaf.starts_with(declared_prefix)) {
    const auto& parts = declared_.at(host.name);
    return parts.at(std::stoul(std::string(leaf.substr(declared_prefix.size()))));
  }
  auto found = columns_.find(leaf);
  if (found == columns_.end()) found = columns_.emplace(leaf, Column()).first;
  Column& column = found->second;
  if (is_of_the_host(leaf)) return compute(column, leaf, host);
  const void* object = is_label(leaf) ? static_cast<const void*>(host.labels) : host.facts;
  const std::size_t index = objects_.try_emplace(object, objects_.size()).first->second;
  if (index >= column.by_object.size()) column.by_object.resize(objects_.size());
  if (column.by_object[index] == 0) column.by_object[index] = compute(column, leaf, host);
  return column.by_object[index];
}

std::uint32_t FactNumbers::compute(Column& column, std::string_view leaf, const HostRecord& host) {
  std::string text;
  if (const auto value = leaf_value(host, leaf)) {
    append_exactly(text, *value);
  } else {
    const std::size_t dot = std::min(leaf.find('.'), leaf.size());
    text = column_of(*host.facts, leaf.substr(0, dot), leaf.substr(std::min(dot + 1, leaf.size())));
  }
  // This decides whether an unknown label is reported.
  if (is_label(leaf) && host.labels != nullptr && host.labels->faulty) text += '!';
  const auto next = static_cast<std::uint32_t>(column.by_value.size() + 1);
  return column.by_value.try_emplace(std::move(text), next).first->second;
}

}  // namespace tunec
