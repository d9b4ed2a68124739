#include "review/changed_settings.h"

#include <algorithm>
#include <map>

namespace tunec {
namespace {

struct Difference {
  SettingPair settings;
  HostPairs hosts;
};

// Merges two sorted lists of settings by name. `get` makes a Setting of an element.
template <class List, class Get, class Found>
void merge(const List& before, const List& after, Get get, Found found) {
  auto a = before.begin();
  auto b = after.begin();
  while (a != before.end() || b != after.end()) {
    const Setting* old = a == before.end() ? nullptr : get(*a);
    const Setting* now = b == after.end() ? nullptr : get(*b);
    const int order = old == nullptr ? 1 : now == nullptr ? -1 : old->name.compare(now->name);
    if (order > 0) old = nullptr;
    if (order < 0) now = nullptr;
    found(old, now);
    if (old != nullptr) ++a;
    if (now != nullptr) ++b;
  }
}

bool differ(const Setting* before, const Setting* after) {
  return before == nullptr || after == nullptr || !same_setting(*before, *after);
}

std::vector<Difference> shared_differences(const HostPair& hosts) {
  std::vector<Difference> all;
  merge(
      *hosts.before->shared, *hosts.after->shared, [](const Setting& setting) { return &setting; },
      [&](const Setting* before, const Setting* after) {
        if (differ(before, after)) all.push_back({{before, after}, {}});
      });
  return all;
}

const std::string& name_of(const SettingPair& pair) {
  return pair.after != nullptr ? pair.after->name : pair.before->name;
}

}  // namespace

bool same_setting(const Setting& before, const Setting& after) {
  if (before.surface != after.surface || before.key != after.key) return false;
  if (before.value == after.value) return true;
  const List* a = before.value.get_if<List>();
  const List* b = after.value.get_if<List>();
  if (a == nullptr || b == nullptr || after.param->merge != MergePolicy::union_ || after.param->is_repeated)
    return false;
  return std::ranges::is_permutation(a->items, b->items);
}

void for_each_changed_setting(const HostPairs& hosts, const VisitChange& visit) {
  std::map<std::pair<std::size_t, std::size_t>, std::vector<Difference>> by_classes;
  std::vector<Difference> own;
  for (const HostPair& pair : hosts) {
    const auto [entry, is_new] = by_classes.try_emplace({pair.before->host_class, pair.after->host_class});
    if (is_new) entry->second = shared_differences(pair);
    std::vector<std::string_view> own_names;
    merge(
        pair.before->own, pair.after->own, [](const Setting& setting) { return &setting; },
        [&](const Setting* before, const Setting* after) {
          own_names.push_back(after != nullptr ? after->name : before->name);
        });
    for (Difference& difference : entry->second) {
      if (!std::ranges::binary_search(own_names, std::string_view(name_of(difference.settings))))
        difference.hosts.push_back(pair);
    }
    for (const std::string_view name : own_names) {
      const SettingPair both{pair.before->find(name), pair.after->find(name)};
      if (differ(both.before, both.after)) own.push_back({both, {pair}});
    }
  }
  for (const auto& [classes, differences] : by_classes) {
    for (const Difference& difference : differences) {
      if (!difference.hosts.empty()) visit(difference.settings, difference.hosts);
    }
  }
  for (const Difference& difference : own) visit(difference.settings, difference.hosts);
}

}  // namespace tunec
