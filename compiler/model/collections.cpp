#include "model/collections.h"

namespace tunec {
bool is_collection_of_facts(std::string_view name) { return name == "node"; }
std::size_t item_count(const Facts& facts, std::string_view) { return facts.nodes.size(); }
std::optional<Value> item_fact(const Facts& facts, std::string_view, std::size_t item, std::string_view field) {
  if (field == "number") return Value{static_cast<std::int64_t>(item)};
  if (field == "cpus") return Value{facts.nodes[item].cpus};
  if (field == "memory") return facts.nodes[item].memory > 0 ? Value{Bytes{facts.nodes[item].memory}} : Value{Poison{}};
  return std::nullopt;
}
std::vector<std::string_view> item_fields(std::string_view) { return {"cpus", "memory", "number"}; }
std::vector<std::string_view> collections_of_facts() { return {"node"}; }
}  // namespace tunec
