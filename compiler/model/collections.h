// What the facts list of a machine: its NUMA nodes, graphics cards, network cards. Policies go over them by these names.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "model/facts.h"

namespace tunec {

bool is_collection_of_facts(std::string_view name);
std::size_t item_count(const Facts& facts, std::string_view collection);
// Nothing if items of the collection have no such field; Poison if it is not known of this one.
std::optional<Value> item_fact(const Facts& facts, std::string_view collection, std::size_t item, std::string_view field);
std::vector<std::string_view> item_fields(std::string_view collection);
std::vector<std::string_view> collections_of_facts();

}  // namespace tunec
