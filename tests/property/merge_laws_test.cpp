// Laws of merging, over random inclusions and candidates: the rule of compiler/plan/merge.h, said a second
// time in the plainest way there is, and compared.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "plan/settle/merge.h"

namespace tunec {
namespace {

const ParamInfo& param_of(MergePolicy policy) {
  static const std::vector<ParamInfo> params = [] {
    std::vector<ParamInfo> made(4);
    for (std::size_t i = 0; i < made.size(); ++i) made[i].merge = static_cast<MergePolicy>(i);
    return made;
  }();
  return params[static_cast<std::size_t>(policy)];
}

struct Situation {
  std::size_t nodes = 0;
  std::set<std::pair<std::size_t, std::size_t>> edges;  // includer, included
  std::vector<Candidate> candidates;

  InclusionGraph graph() const {
    InclusionGraph graph;
    for (std::size_t i = 0; i < nodes; ++i) graph.add_node();
    for (const auto& [above, below] : edges) graph.add_edge(above, below);
    graph.close();
    return graph;
  }
  // Directly or through others, by trying every way.
  bool includes(std::size_t above, std::size_t below) const {
    return std::ranges::any_of(edges, [&](const auto& edge) {
      return edge.first == above && (edge.second == below || includes(edge.second, below));
    });
  }
};

// A statement in a profile that is included twice, with other arguments, gives two candidates of one place.
Situation any_situation() {
  Situation situation;
  situation.nodes = *rc::gen::inRange<std::size_t>(1, 8);
  for (std::size_t above = 0; above < situation.nodes; ++above) {
    for (std::size_t below = above + 1; below < situation.nodes; ++below) {
      if (*rc::gen::inRange(0, 3) == 0) situation.edges.insert({above, below});
    }
  }
  const auto places = *rc::gen::container<std::set<std::pair<std::uint32_t, std::uint32_t>>>(
      rc::gen::pair(rc::gen::inRange<std::uint32_t>(0, 12), rc::gen::inRange<std::uint32_t>(0, 3)));
  for (const auto& [where, via] : places) {
    Candidate candidate;
    candidate.name = std::string(1, "abcd"[where % 4]);
    candidate.param = &param_of(static_cast<MergePolicy>(where % 4));
    const auto number = *rc::gen::inRange<std::int64_t>(0, 4);
    candidate.value = candidate.param->merge == MergePolicy::union_ ? list_of({Value{number}})
                                                                    : Value{number};
    candidate.node = *rc::gen::inRange<std::size_t>(0, situation.nodes);
    candidate.origin.where = {FileId{0}, where * 10, where * 10 + 5};
    candidate.origin.via = {{FileId{0}, via * 10, via * 10 + 5}};
    candidate.origin.forced = *rc::gen::inRange(0, 6) == 0;
    situation.candidates.push_back(std::move(candidate));
  }
  return situation;
}

void shuffle(std::vector<Candidate>& candidates) {
  for (std::size_t i = candidates.size(); i > 1; --i)
    std::swap(candidates[i - 1], candidates[*rc::gen::inRange<std::size_t>(0, i)]);
}

std::string text_of(const Origin& origin) {
  return fmt::format("{}/{}{}", origin.where.begin, origin.via.empty() ? 0 : origin.via[0].begin,
                     origin.forced ? "!" : "");
}

// Everything that a merge says.
std::string text_of(const Merged& merged) {
  std::string text;
  for (const Setting& setting : merged.settings) {
    text += fmt::format("{} = {} at {}", setting.name, to_source(setting.value), text_of(setting.origin));
    for (const Origin& origin : setting.also_set_by) text += " also " + text_of(origin);
    for (const Overridden& beaten : setting.overridden)
      text += fmt::format(" beat {} at {}", to_source(beaten.value), text_of(beaten.origin));
    text += "\n";
  }
  for (const Conflict& conflict : merged.conflicts) {
    text += "conflict " + conflict.name;
    for (const Candidate& side : conflict.sides)
      text += fmt::format(" {} at {}", to_source(side.value), text_of(side.origin));
    text += "\n";
  }
  return text;
}

std::map<std::string, Value> values_of(const Merged& merged) {
  std::map<std::string, Value> values;
  for (const Setting& setting : merged.settings) values[setting.name] = setting.value;
  return values;
}

std::set<std::int64_t> numbers_of(const Value& value) {
  std::set<std::int64_t> numbers;
  if (const auto* number = value.get_if<std::int64_t>()) numbers.insert(*number);
  if (const auto* list = value.get_if<List>()) {
    for (const Value& item : list->items) numbers.insert(item.as<std::int64_t>());
  }
  return numbers;
}

// The rule itself. An empty set is a conflict.
std::set<std::int64_t> by_the_rule(const Situation& situation, const std::string& name) {
  std::vector<const Candidate*> all;
  for (const Candidate& candidate : situation.candidates) {
    if (candidate.name == name) all.push_back(&candidate);
  }
  const bool any_forced = std::ranges::any_of(all, [](const Candidate* c) { return c->origin.forced; });
  if (any_forced) std::erase_if(all, [](const Candidate* c) { return !c->origin.forced; });
  const MergePolicy policy = all.front()->param->merge;
  std::set<std::int64_t> numbers;
  for (const Candidate* candidate : all) {
    const bool beaten = std::ranges::any_of(
        all, [&](const Candidate* other) { return situation.includes(other->node, candidate->node); });
    if (!beaten || (policy == MergePolicy::union_ && !any_forced))
      numbers.merge(numbers_of(candidate->value));
  }
  if (policy == MergePolicy::union_ || numbers.size() == 1) return numbers;
  if (policy == MergePolicy::replace) return {};
  return {policy == MergePolicy::max ? *numbers.rbegin() : *numbers.begin()};
}

RC_GTEST_PROP(MergeLaw, an_includer_always_beats_what_it_includes_and_the_rest_must_agree, ()) {
  const Situation situation = any_situation();
  const Merged merged = merge(situation.candidates, situation.graph());
  std::set<std::string> names, settled;
  for (const Candidate& candidate : situation.candidates) names.insert(candidate.name);
  for (const Setting& setting : merged.settings) {
    RC_ASSERT(settled.insert(setting.name).second);
    RC_ASSERT(numbers_of(setting.value) == by_the_rule(situation, setting.name));
  }
  for (const Conflict& conflict : merged.conflicts) {
    RC_ASSERT(settled.insert(conflict.name).second);
    RC_ASSERT(by_the_rule(situation, conflict.name).empty());
    RC_ASSERT(conflict.sides.size() > 1U);
  }
  RC_ASSERT(settled == names);
  RC_ASSERT(std::ranges::is_sorted(merged.settings, {}, &Setting::name));
}

RC_GTEST_PROP(MergeLaw, the_order_of_candidates_shows_in_nothing, ()) {
  Situation situation = any_situation();
  const std::string before = text_of(merge(situation.candidates, situation.graph()));
  shuffle(situation.candidates);
  RC_ASSERT(text_of(merge(situation.candidates, situation.graph())) == before);
}

RC_GTEST_PROP(MergeLaw, saying_everything_twice_changes_no_value, ()) {
  Situation situation = any_situation();
  const auto before = values_of(merge(situation.candidates, situation.graph()));
  const std::vector<Candidate> again = situation.candidates;
  situation.candidates.insert(situation.candidates.end(), again.begin(), again.end());
  RC_ASSERT(values_of(merge(situation.candidates, situation.graph())) == before);
}

RC_GTEST_PROP(MergeLaw, merging_what_was_merged_changes_nothing, ()) {
  const Situation situation = any_situation();
  const Merged merged = merge(situation.candidates, situation.graph());
  std::vector<Candidate> results;
  for (const Setting& setting : merged.settings)
    results.push_back({setting.param, setting.name, setting.instances, setting.value, setting.origin, 0});
  const Merged again = merge(results, situation.graph());
  RC_ASSERT(again.conflicts.empty());
  RC_ASSERT(values_of(again) == values_of(merged));
}

RC_GTEST_PROP(MergeLaw, every_candidate_is_accounted_for, ()) {
  const Situation situation = any_situation();
  const Merged merged = merge(situation.candidates, situation.graph());
  for (const Setting& setting : merged.settings) {
    std::multiset<std::string> given, told{text_of(setting.origin)};
    for (const Candidate& candidate : situation.candidates) {
      if (candidate.name == setting.name) given.insert(text_of(candidate.origin));
    }
    for (const Origin& origin : setting.also_set_by) told.insert(text_of(origin));
    for (const Overridden& beaten : setting.overridden) told.insert(text_of(beaten.origin));
    RC_ASSERT(told == given);
  }
}

// A host's own statements over what its class has: the same as one merge in which the host includes
// everything.
RC_GTEST_PROP(MergeLaw, a_hosts_own_value_is_as_if_the_host_included_its_class, ()) {
  Situation situation = any_situation();
  Situation whole;
  whole.nodes = situation.nodes + 1;
  for (const auto& [above, below] : situation.edges) whole.edges.insert({above + 1, below + 1});
  for (std::size_t node = 1; node < whole.nodes; ++node) whole.edges.insert({0, node});
  std::map<std::string, std::vector<Candidate>> own;
  std::vector<Candidate> shared;
  for (Candidate& candidate : situation.candidates) {
    const bool is_own = *rc::gen::inRange(0, 3) == 0;
    whole.candidates.push_back(candidate);
    whole.candidates.back().node = is_own ? 0 : candidate.node + 1;
    candidate.node = is_own ? 0 : candidate.node;
    if (is_own) own[candidate.name].push_back(candidate);
    else shared.push_back(candidate);
  }
  const Merged below = merge(shared, situation.graph());
  const auto expected = values_of(merge(whole.candidates, whole.graph()));
  for (const auto& [name, candidates] : own) {
    const auto found = std::ranges::find(below.settings, name, &Setting::name);
    if (std::ranges::find(below.conflicts, name, &Conflict::name) != below.conflicts.end()) continue;
    std::vector<Conflict> conflicts;
    const Setting setting = settle_own(candidates, found == below.settings.end() ? nullptr : &*found,
                                       conflicts);
    const auto wanted = expected.find(name);
    RC_ASSERT(conflicts.empty() == (wanted != expected.end()));
    if (conflicts.empty()) RC_ASSERT(numbers_of(setting.value) == numbers_of(wanted->second));
  }
}

}  // namespace
}  // namespace tunec
