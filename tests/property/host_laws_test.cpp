// Laws of tunec-host on generated machines and trees: a roll-back is the exact inverse of an apply, a dry run
// changes nothing, a second apply does nothing, and a run that is killed anywhere can be finished or undone.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include "support/host_rig.h"
#include "support/killed.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

// No path leads through another one.
const std::vector<std::string>& paths() {
  static const std::vector<std::string> all{"etc/a",   "etc/d/e/f/deep",    "etc/d/e/near", "etc/d/other",
                                            "etc/h/i", "usr/lib/new/place", "etc/z"};
  return all;
}

rc::Gen<RigFiles> files(const std::vector<unsigned>& owners) {
  using Parts = std::tuple<bool, std::string, unsigned, unsigned>;
  const auto parts = rc::gen::tuple(rc::gen::arbitrary<bool>(), rc::gen::arbitrary<std::string>(),
                                    rc::gen::element(0600U, 0640U, 0644U, 0755U, 04755U),
                                    rc::gen::elementOf(owners));
  return rc::gen::map(rc::gen::container<std::vector<Parts>>(paths().size(), parts),
                      [](const std::vector<Parts>& all) {
                        RigFiles result;
                        for (std::size_t i = 0; i < all.size(); ++i) {
                          const auto& [there, content, mode, owner] = all[i];
                          const unsigned owned_by = ::geteuid() == 0 ? owner : 0;
                          if (there) result[paths()[i]] = {content, mode, owned_by, "live"};
                        }
                        return result;
                      });
}

struct Case {
  RigFiles machine;
  std::vector<RigFiles> trees;
};

Case any_case(std::size_t trees) {
  Case made{*files({0, 1, 4711}), {}};
  for (std::size_t i = 0; i < trees; ++i) made.trees.push_back(*files({0}));
  return made;
}

// A value for each tree that is wanted in place of the one before.
void compile(const HostRig& rig, const RigFiles& tree, std::size_t number) {
  std::string names;
  for (const auto& [path, file] : tree) names += (names.empty() ? "\"" : ", \"") + path + "\"";
  const std::string steps = names.empty()
                                ? ""
                                : R"({"effect": "reload", "command": "c", "files": [)" + names + "]}";
  rig.compile(tree, steps,
              R"({"name": "v", "effect": "live", "read": "/proc/sys/v", "write": true, "expect": ")" +
                  std::to_string(number % 2) + "\"}");
}

void prepare(const HostRig& rig, const Case& made) {
  for (const auto& [path, file] : made.machine) rig.put(path, file);
  rig.set_value("/proc/sys/v", "7");
}

void require(bool holds, const HostRig& rig) {
  if (!holds) RC_FAIL(rig.refusal + rig.warned);
}

RC_GTEST_PROP(HostLaws, a_roll_back_is_the_inverse_of_an_apply, ()) {
  const Case made = any_case(*rc::gen::inRange<std::size_t>(1, 4));
  HostRig rig;
  prepare(rig, made);
  std::vector<std::string> states{rig.state()};
  for (std::size_t i = 0; i < made.trees.size(); ++i) {
    compile(rig, made.trees[i], i);
    require(rig.apply(rig.running()) == exit_as_wanted, rig);
    for (const auto& [path, file] : made.trees[i]) {
      RC_ASSERT(rig.scratch.read("root/" + path) == file.content);
      RC_ASSERT(rig.scratch.mode("root/" + path) == file.mode);
    }
    states.push_back(rig.state());
  }
  if (*rc::gen::arbitrary<bool>()) {
    require(rig.rollback(rig.running(), 1) == exit_as_wanted, rig);
    states.resize(1);
  }
  for (; states.size() > 1; states.pop_back()) {
    RC_ASSERT(rig.state() == states.back());
    require(rig.rollback(rig.running()) == exit_as_wanted, rig);
  }
  RC_ASSERT(rig.state() == states.front());
}

RC_GTEST_PROP(HostLaws, a_dry_run_changes_nothing_and_a_second_apply_neither, ()) {
  const Case made = any_case(2);
  HostRig rig;
  prepare(rig, made);
  for (std::size_t i = 0; i < made.trees.size(); ++i) {
    compile(rig, made.trees[i], i);
    const std::string before = rig.state(true), store = rig.store();
    rig.dry_run(rig.running());
    RC_ASSERT(rig.refusal == "");
    RC_ASSERT(rig.state(true) == before);
    RC_ASSERT(rig.store() == store);
    require(rig.apply(rig.running()) == exit_as_wanted, rig);
    const std::string after = rig.state(true);
    require(rig.apply(rig.running()) == exit_as_wanted, rig);
    RC_ASSERT(rig.said == "nothing to do\n");
    RC_ASSERT(rig.ran.empty());
    RC_ASSERT(rig.state(true) == after);
    RC_ASSERT(rig.scratch.names("root/var/lib/tunec/generations").size() == i + 1);
  }
}

// Times of files are left out by comparing a state with itself only: both are reached in the same rig.
RC_GTEST_PROP(HostLaws, killed_anywhere_it_can_be_finished_and_taken_back, ()) {
  const Case made = any_case(2);
  HostRig rig;
  prepare(rig, made);
  compile(rig, made.trees[0], 0);
  require(rig.apply(rig.running()) == exit_as_wanted, rig);
  const std::string before = rig.state();
  compile(rig, made.trees[1], 1);
  const bool is_rollback = *rc::gen::arbitrary<bool>();
  if (is_rollback) require(rig.apply(rig.running()) == exit_as_wanted, rig);
  const End end = killed_before_change(*rc::gen::inRange(0, 250), [&] {
    return is_rollback ? rig.rollback(rig.running()) : rig.apply(rig.running());
  });
  RC_PRE(end != End::impossible);
  if (*rc::gen::arbitrary<bool>()) {
    require(rig.resume(rig.running()) == exit_as_wanted, rig);
    const std::string resumed = rig.state();
    if (is_rollback) {
      // Killed before it was begun, it is not finished.
      if (resumed != before) require(rig.rollback(rig.running()) == exit_as_wanted, rig);
    } else if (resumed != before) {
      require(rig.apply(rig.running()) == exit_as_wanted, rig);
      RC_ASSERT(rig.said == "nothing to do\n");
      require(rig.rollback(rig.running()) == exit_as_wanted, rig);
    }
  } else if (rig.state() != before || rig.dry_run(rig.running()) == exit_usage_or_io) {
    require(rig.rollback(rig.running()) == exit_as_wanted, rig);
  }
  RC_ASSERT(rig.state() == before);
}

}  // namespace
}  // namespace tunec::test
