#include "check/policy/host_groups.h"

#include <algorithm>
#include <unordered_map>

namespace tunec {
namespace {

// All but the values, so far as a policy may see it.
std::string shape_of(const HostPlan& host) {
  std::string shape;
  for (const Setting& setting : host.own) {
    shape += setting.name;
    if (setting.origin.unchecked) shape += '~';
    shape += setting.value.poisoned() ? "!\n" : "\n";
  }
  for (const std::string& name : host.spoiled) shape.append(name).append("?\n");
  return shape;
}

}  // namespace

AlikeHosts::AlikeHosts(const std::vector<std::vector<const HostPlan*>>& classes) {
  for (const auto& hosts : classes) {
    const std::size_t before = classes_.empty()
                                   ? 0
                                   : classes_.back().shapes_before + classes_.back().shapes.size();
    Class& one = classes_.emplace_back();
    one.hosts = hosts;
    one.shapes_before = before;
    std::unordered_map<std::string, std::size_t> known;
    for (const HostPlan* host : hosts) {
      const auto [shape, first] = known.try_emplace(shape_of(*host), one.shapes.size());
      if (first) one.shapes.push_back(host);
      one.shape_of.push_back(shape->second);
    }
  }
}

std::vector<AlikeHosts::Group> AlikeHosts::groups(const Outlook& outlook) const {
  std::vector<Group> groups;
  std::size_t verdicts = 0;
  for (const Class& one : classes_) {
    // Of each shape: whether the policy sees any of it, and the settings of which it sees the value.
    struct Sight {
      bool apart = false, for_itself = false;
      std::vector<std::size_t> values;
      std::unordered_map<std::string, std::size_t> verdicts;  // by those values
    };
    std::vector<Sight> sights(one.shapes.size());
    for (std::size_t i = 0; i < sights.size(); ++i) {
      sights[i].for_itself = outlook.each_for_itself(*one.shapes[i]);
      const std::vector<Setting>& own = one.shapes[i]->own;
      for (std::size_t at = 0; at < own.size(); ++at) {
        const Seen seen = outlook.sees(own[at], *one.shapes[i]);
        if (seen != Seen::not_at_all) sights[i].apart = true;
        if (seen == Seen::its_value) sights[i].values.push_back(at);
      }
    }
    if (std::ranges::none_of(sights, [](const Sight& sight) { return sight.apart || sight.for_itself; })) {
      groups.push_back({one.hosts, verdicts++, one.shapes_before});
      continue;
    }
    Group same{{}, verdicts++, 0};
    for (std::size_t i = 0; i < one.hosts.size(); ++i) {
      const HostPlan* host = one.hosts[i];
      Sight& sight = sights[one.shape_of[i]];
      const std::size_t shape = one.shapes_before + one.shape_of[i];
      if (sight.for_itself) {
        groups.push_back({{host}, verdicts++, shape});
      } else if (!sight.apart) {
        if (same.hosts.empty()) same.shape = shape;
        same.hosts.push_back(host);
      } else {
        std::string values;
        for (const std::size_t at : sight.values)
          values.append(to_source(host->own[at].value)).append("\n");
        const auto [verdict, first] = sight.verdicts.try_emplace(std::move(values), verdicts);
        if (first) ++verdicts;
        groups.push_back({{host}, verdict->second, shape});
      }
    }
    if (!same.hosts.empty()) groups.push_back(std::move(same));
  }
  return groups;
}

}  // namespace tunec
