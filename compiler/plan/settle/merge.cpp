// Pure: it reports nothing, and reads neither catalogue nor facts. It first sorts candidates by their places,
// so that the order of declarations has no effect.
#include "plan/settle/merge.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace tunec {
namespace {

Setting setting_of(Candidate candidate) {
  Setting setting;
  setting.param = candidate.param;
  setting.name = std::move(candidate.name);
  setting.instances = std::move(candidate.instances);
  setting.value = std::move(candidate.value);
  setting.origin = std::move(candidate.origin);
  return setting;
}

const std::vector<Value>& items_of(const Value& value, std::vector<Value>& storage) {
  if (const List* list = value.get_if<List>()) return list->items;
  storage.assign(1, value);
  return storage;
}

// 9090 before 49152-49215, and both before words.
std::pair<std::int64_t, std::string> natural(const Value& item) {
  std::string text = to_text(item);
  std::int64_t number = INT64_MAX;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return {number, std::move(text)};
}

// Every item once, in that order.
Value united(const Value& left, const Value& right) {
  std::vector<Value> all, storage;
  for (const Value* value : {&left, &right}) {
    for (const Value& item : items_of(*value, storage)) {
      if (std::ranges::none_of(all, [&](const Value& earlier) { return same(earlier, item); }))
        all.push_back(item);
    }
  }
  std::ranges::sort(all, {}, natural);
  return list_of(std::move(all));
}

// The value that two candidates make together, if neither beats the other and the parameter merges its
// values.
std::optional<Value> combined(MergePolicy policy, const Value& left, const Value& right) {
  if (policy == MergePolicy::union_) return united(left, right);
  const auto order = compare(left, right);
  if (!order || policy == MergePolicy::replace) return std::nullopt;
  return (policy == MergePolicy::max) == (*order >= 0) ? left : right;
}

// `unchecked` counts only for its own items of a united list, so another statement's origin represents the
// list.
void set_unchecked_apart(const Value& value, bool is_unchecked, Setting& setting) {
  if (!is_unchecked) return;
  std::vector<Value> storage;
  const std::vector<Value>& items = items_of(value, storage);
  setting.unchecked_items.insert(setting.unchecked_items.end(), items.begin(), items.end());
  const auto checked = std::ranges::find(setting.also_set_by, false, &Origin::unchecked);
  if (setting.origin.unchecked && checked != setting.also_set_by.end()) std::swap(setting.origin, *checked);
}

using Group = std::vector<const Candidate*>;  // of one name

// An includer's candidate beats those of what it includes. In one body, a value given to a name beats a value
// that moved there from the parameter's former name.
bool beats(const Candidate& a, const Candidate& b, const InclusionGraph& graph) {
  if (a.origin.forced != b.origin.forced) return a.origin.forced;
  if (a.node == b.node) return a.origin.moved_from.empty() && !b.origin.moved_from.empty();
  return graph.includes(a.node, b.node);
}

Group unbeaten(const Group& group, const InclusionGraph& graph) {
  Group left;
  for (const Candidate* candidate : group) {
    if (std::ranges::none_of(group, [&](const Candidate* other) { return beats(*other, *candidate, graph); }))
      left.push_back(candidate);
  }
  return left;
}

// Merges the sides into `setting`. True if they agree or can be combined.
bool settle(const Group& sides, Setting& setting) {
  setting = setting_of(*sides.front());
  for (std::size_t i = 1; i < sides.size(); ++i) {
    const Candidate& other = *sides[i];
    if (same(setting.value, other.value) || setting.value == other.value) {
      setting.also_set_by.push_back(other.origin);
    } else if (auto both = combined(setting.param->merge, setting.value, other.value)) {
      // The first origin is the one of the value that won.
      if (same(*both, other.value)) {
        std::swap(setting.origin, setting.also_set_by.emplace_back(other.origin));
      } else {
        setting.also_set_by.push_back(other.origin);
      }
      setting.value = std::move(*both);
    } else {
      return false;
    }
  }
  if (setting.param->merge == MergePolicy::union_ && sides.size() > 1) {
    for (const Candidate* side : sides) set_unchecked_apart(side->value, side->origin.unchecked, setting);
  }
  return true;
}

void settle_group(const Group& group, const InclusionGraph& graph, Merged& merged) {
  // A united value is not beaten: every intent adds its part, unless there is an `override`.
  const bool forced = std::ranges::any_of(group, [](const Candidate* c) { return c->origin.forced; });
  const Group sides = group.front()->param->merge == MergePolicy::union_ && !forced ? group
                                                                                    : unbeaten(group, graph);
  Setting setting;
  if (!settle(sides, setting)) {
    Conflict conflict{group.front()->name, {}};
    for (const Candidate* side : sides) conflict.sides.push_back(*side);
    merged.conflicts.push_back(std::move(conflict));
    return;
  }
  for (const Candidate* candidate : group) {
    if (std::ranges::find(sides, candidate) == sides.end())
      setting.overridden.push_back({candidate->value, candidate->origin});
  }
  merged.settings.push_back(std::move(setting));
}

}  // namespace

Merged merge(std::vector<Candidate> candidates, const InclusionGraph& graph) {
  std::ranges::stable_sort(candidates, [](const Candidate& a, const Candidate& b) {
    return std::tie(a.name, a.origin.where, a.origin.via) < std::tie(b.name, b.origin.where, b.origin.via);
  });
  Merged merged;
  for (std::size_t begin = 0; begin < candidates.size();) {
    Group group;
    std::size_t end = begin;
    while (end < candidates.size() && candidates[end].name == candidates[begin].name)
      group.push_back(&candidates[end++]);
    settle_group(group, graph, merged);
    begin = end;
  }
  return merged;
}

Setting settle_own(std::vector<Candidate> own, const Setting* shared, std::vector<Conflict>& conflicts) {
  const bool any_forced = std::ranges::any_of(own, [](const Candidate& c) { return c.origin.forced; });
  if (shared != nullptr && shared->origin.forced && !any_forced) {
    Setting winner = *shared;
    for (const Candidate& candidate : own) winner.overridden.push_back({candidate.value, candidate.origin});
    return winner;
  }
  static const InclusionGraph levels = [] {
    InclusionGraph graph;
    graph.add_node();
    graph.add_node();
    graph.add_edge(0, 1);
    graph.close();
    return graph;
  }();
  Setting setting;
  Merged merged;
  if (own.size() > 1) merged = merge(std::move(own), levels);
  if (own.size() == 1) {
    setting = setting_of(std::move(own.front()));
  } else if (merged.settings.empty()) {
    setting = setting_of(merged.conflicts.front().sides.front());
    conflicts.push_back(std::move(merged.conflicts.front()));
  } else {
    setting = std::move(merged.settings.front());
  }
  if (shared == nullptr) return setting;
  if (setting.param->merge == MergePolicy::union_ && !setting.origin.forced) {
    const Value own_value = std::exchange(setting.value, united(setting.value, shared->value));
    setting.also_set_by.push_back(shared->origin);
    setting.also_set_by.insert(setting.also_set_by.end(), shared->also_set_by.begin(),
                               shared->also_set_by.end());
    setting.unchecked_items.insert(setting.unchecked_items.end(), shared->unchecked_items.begin(),
                                   shared->unchecked_items.end());
    set_unchecked_apart(own_value, setting.origin.unchecked, setting);
    set_unchecked_apart(shared->value, shared->origin.unchecked, setting);
    return setting;
  }
  setting.overridden.push_back({shared->value, shared->origin});
  setting.overridden.insert(setting.overridden.end(), shared->overridden.begin(), shared->overridden.end());
  return setting;
}

}  // namespace tunec
