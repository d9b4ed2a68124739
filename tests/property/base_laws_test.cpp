// Laws of the base types; each test's name is the law.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <iterator>

#include "base/suggest.h"
#include "base/version.h"
#include "support/generators.h"

namespace tunec {
namespace {

std::set<int> as_set(const CpuSet& set) {
  const std::vector<int> cpus = set.cpus();
  return {cpus.begin(), cpus.end()};
}

RC_GTEST_PROP(CpuSetLaw, agrees_with_a_set_of_numbers, ()) {
  const std::set<int> a = *gen::cpus();
  const std::set<int> b = *gen::cpus();
  const CpuSet x = gen::set_of(a), y = gen::set_of(b);
  std::set<int> both, either, only;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::inserter(either, either.end()));
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(only, only.end()));
  RC_ASSERT(as_set(x) == a);
  RC_ASSERT(as_set(x & y) == both);
  RC_ASSERT(as_set(x | y) == either);
  RC_ASSERT(as_set(x - y) == only);
  RC_ASSERT(x.size() == static_cast<int>(a.size()));
  RC_ASSERT(x.empty() == a.empty());
  RC_ASSERT(x.lowest() == (a.empty() ? std::nullopt : std::optional(*a.begin())));
  RC_ASSERT(x.subset_of(y) == std::includes(b.begin(), b.end(), a.begin(), a.end()));
  const int cpu = *rc::gen::inRange(-1, 100);
  RC_ASSERT(x.contains(cpu) == (a.count(cpu) == 1));
}

RC_GTEST_PROP(CpuSetLaw, has_one_form_per_set_however_it_was_made, ()) {
  const std::set<int> a = *gen::cpus();
  const std::set<int> b = *gen::cpus();
  std::set<int> either = a;
  either.insert(b.begin(), b.end());
  RC_ASSERT((gen::set_of(a) | gen::set_of(b)) == gen::set_of(either));
  RC_ASSERT((gen::set_of(either) - gen::set_of(b)) == gen::set_of(a) - gen::set_of(b));
}

RC_GTEST_PROP(CpuSetLaw, reads_back_what_it_prints, ()) {
  const CpuSet set = gen::set_of(*gen::cpus());
  RC_ASSERT(CpuSet::parse(set.to_string()) == set);
}

RC_GTEST_PROP(ValueLaw, a_quantity_reads_back_as_itself, ()) {
  const Value value = *gen::quantity();
  RC_ASSERT(scalar_from_text(to_source(value)) == value);
}

RC_GTEST_PROP(ValueLaw, a_scalar_reads_back_as_itself, ()) {
  const Value value = scalar_from_text(
      *rc::gen::oneOf(gen::text(), gen::version_text(),
                      rc::gen::map(rc::gen::arbitrary<std::int64_t>(),
                                   [](std::int64_t number) { return std::to_string(number); })));
  RC_ASSERT(scalar_from_text(to_text(value)) == value);
}

RC_GTEST_PROP(ValueLaw, comparison_turns_round_with_its_sides, ()) {
  const Value a = *gen::quantity();
  const Value b = *gen::quantity();
  const std::optional<int> forth = compare(a, b), back = compare(b, a);
  RC_ASSERT(forth.has_value() == back.has_value());
  RC_ASSERT(forth.has_value() == (a.v.index() == b.v.index()));
  if (forth) RC_ASSERT(*forth == -*back);
  RC_ASSERT(compare(a, a) == 0);
  RC_ASSERT(same(a, b) == (a == b));
}

RC_GTEST_PROP(VersionLaw, order_is_total, ()) {
  const Version a = Version::parse(*gen::version_text()).value();
  const Version b = Version::parse(*gen::version_text()).value();
  const Version c = Version::parse(*gen::version_text()).value();
  RC_ASSERT((a < b) + (a == b) + (b < a) == 1);
  if (a <= b && b <= c) RC_ASSERT(a <= c);
  if (a == b) RC_ASSERT((a <=> c) == (b <=> c));
}

RC_GTEST_PROP(VersionLaw, an_interval_reads_back_and_holds_what_it_says, ()) {
  const std::string since = *gen::version_text(), until = *gen::version_text();
  const std::optional<VersionInterval> interval = VersionInterval::parse(since + ".." + until);
  RC_ASSERT(interval.has_value() == (*Version::parse(since) < *Version::parse(until)));
  if (!interval) return;
  RC_ASSERT(VersionInterval::parse(interval->to_string()) == interval);
  RC_ASSERT(interval->contains(*interval->since));
  RC_ASSERT(!interval->contains(*interval->until));
}

RC_GTEST_PROP(SuggestLaw, distance_is_symmetric_and_respects_its_limit, ()) {
  const std::string a = *gen::text(), b = *gen::text();
  const std::size_t whole = edit_distance(a, b, a.size() + b.size());
  RC_ASSERT(whole == edit_distance(b, a, a.size() + b.size()));
  RC_ASSERT((whole == 0) == (a == b));
  const std::size_t limit = *rc::gen::inRange<std::size_t>(0, 8);
  RC_ASSERT(edit_distance(a, b, limit) == std::min(whole, limit + 1));
}

}  // namespace
}  // namespace tunec
