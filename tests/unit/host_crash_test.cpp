// Runs of tunec-host that die. Each is killed before each of its system calls that change anything, in turn;
// then it is finished, or taken back: the machine has one of the two states, and nothing is left over.
#include <gtest/gtest.h>

#include "support/host_rig.h"
#include "support/killed.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

void compile_first(const HostRig& rig) {
  rig.compile({{"etc/changed", {"1"}}, {"etc/removed/file", {"1"}}, {"etc/same", {"1"}}});
}

void compile_second(const HostRig& rig) {
  rig.compile({{"etc/changed", {"22", 0600}}, {"etc/new/deep/file", {"2"}}, {"etc/same", {"1"}}},
              R"({"effect": "reload", "command": "c", "files": ["etc/changed"]})",
              R"({"name": "v", "effect": "live", "read": "/proc/sys/v", "write": true, "expect": "2"})");
}

// A machine with the first tree, and one with the second; times aside, for the second is made twice.
struct States {
  States() {
    HostRig rig;
    prepare(rig);
    before = rig.contents();
    rig.apply(rig.running());
    after = rig.contents();
  }
  static void prepare(HostRig& rig) {
    rig.set_value("/proc/sys/v", "1");
    rig.put("etc/changed", {"0", 0640, 3});
    compile_first(rig);
    ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.refusal;
    compile_second(rig);
  }
  std::string before, after;
};

// Calls `finish` for each moment at which `run` can be killed.
void kill_everywhere(bool is_rollback, const std::function<void(HostRig&, const States&)>& finish) {
  const States states;
  ASSERT_NE(states.before, states.after);
  End end = End::killed;
  int mixed = 0;
  for (int changes = 0; end == End::killed; ++changes) {
    ASSERT_LT(changes, 1000);
    SCOPED_TRACE(changes);
    HostRig rig;
    States::prepare(rig);
    if (is_rollback) {
      ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.refusal;
    }
    end = killed_before_change(
        changes, [&] { return is_rollback ? rig.rollback(rig.running()) : rig.apply(rig.running()); });
    if (end == End::impossible) GTEST_SKIP() << "ptrace is not available";
    mixed += rig.contents() != states.before && rig.contents() != states.after ? 1 : 0;
    finish(rig, states);
  }
  EXPECT_GT(mixed, 10);  // otherwise the test checks nothing
}

TEST(HostCrash, an_apply_that_died_can_be_finished) {
  kill_everywhere(false, [](HostRig& rig, const States& states) {
    EXPECT_EQ(rig.resume(rig.running()), exit_as_wanted) << rig.refusal << rig.warned;
    EXPECT_TRUE(rig.contents() == states.before || rig.contents() == states.after) << rig.contents();
    EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.refusal << rig.warned;
    EXPECT_EQ(rig.contents(), states.after);
    EXPECT_EQ(rig.rollback(rig.running()), exit_as_wanted);
    EXPECT_EQ(rig.contents(), states.before);
  });
}

TEST(HostCrash, an_apply_that_died_can_be_taken_back) {
  kill_everywhere(false, [](HostRig& rig, const States& states) {
    // Before it began there is nothing to take back.
    const bool began = rig.scratch.exists("root/var/lib/tunec/generations/2");
    if (began) {
      EXPECT_EQ(rig.rollback(rig.running()), exit_as_wanted) << rig.refusal << rig.warned;
    }
    EXPECT_EQ(rig.contents(), states.before);
    EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.refusal << rig.warned;
    EXPECT_EQ(rig.contents(), states.after);
  });
}

TEST(HostCrash, a_roll_back_that_died_can_be_finished) {
  kill_everywhere(true, [](HostRig& rig, const States& states) {
    EXPECT_EQ(rig.resume(rig.running()), exit_as_wanted) << rig.refusal << rig.warned;
    EXPECT_TRUE(rig.contents() == states.before || rig.contents() == states.after) << rig.contents();
    if (rig.contents() != states.before) {
      EXPECT_EQ(rig.rollback(rig.running()), exit_as_wanted);
    }
    EXPECT_EQ(rig.contents(), states.before);
  });
}

}  // namespace
}  // namespace tunec::test
