// Trials that die: tunec-host is killed before each of its changes, in turn, and the power goes. Whatever
// boots then ends in one of the two states, without anybody's help. Or somebody resumes, or rolls back.
#include <gtest/gtest.h>

#include "support/killed.h"
#include "support/systemd_boot_rig.h"
#include "support/trial_rig.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

using Run = std::function<int(TrialRig&)>;
using Rig = std::unique_ptr<TrialRig>;

struct LoaderOfRig {
  const char* name;
  Rig (*make)();
};

class HostTrialCrash : public ::testing::TestWithParam<LoaderOfRig> {};
INSTANTIATE_TEST_SUITE_P(
    Loaders, HostTrialCrash,
    ::testing::Values(LoaderOfRig{"grub", []() -> Rig { return std::make_unique<TrialRig>(); }},
                      LoaderOfRig{"systemd_boot",
                                  []() -> Rig { return std::make_unique<SystemdBootRig>(); }}),
    [](const auto& made) { return made.param.name; });

// Of the files and the boot loader, without /run and the boot's identity.
std::string state_of(const TrialRig& rig) {
  rig.set_value("/proc/sys/kernel/random/boot_id", "any");
  rig.scratch.clear("root/run");
  return rig.contents();
}

void prepare(TrialRig& rig) {
  rig.put("boot/grub/custom.cfg", {"# theirs\n"});  // systemd-boot has none
  rig.compile_tree(true);
}

struct States {
  States() {
    const Rig rig = HostTrialCrash::GetParam().make();
    prepare(*rig);
    rig->reboot();
    before = state_of(*rig);
    EXPECT_EQ(rig->trial(), exit_to_do) << rig->refusal << rig->warned;
    rig->reboot_to_the_end();
    rig->reboot();
    after = state_of(*rig);
  }
  std::string before, after;
};

// Kills `run` at each moment after `set_up`, and calls `finish`.
void kill_everywhere(const Run& set_up, const Run& run,
                     const std::function<void(TrialRig&, const States&)>& finish) {
  const States states;
  ASSERT_NE(states.before, states.after);
  End end = End::killed;
  for (int changes = 0; end == End::killed; ++changes) {
    ASSERT_LT(changes, 2000);
    SCOPED_TRACE(changes);
    const Rig made = HostTrialCrash::GetParam().make();
    TrialRig& rig = *made;
    prepare(rig);
    if (set_up) set_up(rig);
    end = killed_before_change(changes, [&] {
      run(rig);
      return 0;
    });
    if (end == End::impossible) GTEST_SKIP() << "ptrace is not available";
    finish(rig, states);
    if (::testing::Test::HasFailure()) return;
  }
}

// Boots until nothing is open; returns whether it ended as it should.
void boot_to_the_end(TrialRig& rig, const States& states) {
  for (int boots = 0; boots < 3; ++boots) rig.reboot_to_the_end();
  // It had not begun when it died: none of its units were there yet.
  const bool is_open = rig.code_of([&] { return list(rig.machine()); }) == exit_as_wanted &&
                       rig.said.find("preparing") != std::string::npos;
  if (is_open) {
    EXPECT_EQ(rig.go_back(), exit_as_wanted);
  }
  rig.go_on();  // a unit that nothing starts may be left
  const std::string now = state_of(rig);
  EXPECT_TRUE(now == states.before || now == states.after) << now << "\n--- before\n"
                                                           << states.before << "\n--- after\n"
                                                           << states.after;
  EXPECT_EQ(now == states.after, rig.cmdline().find("new=1") != std::string::npos);
}

int make(TrialRig& rig) { return rig.trial(); }
int make_and_boot(TrialRig& rig) {
  rig.trial();
  rig.reboot();
  return 0;
}

TEST_P(HostTrialCrash, a_power_cut_while_it_is_prepared) { kill_everywhere(nullptr, make, boot_to_the_end); }

TEST_P(HostTrialCrash, one_that_died_while_it_was_prepared_can_be_resumed_or_taken_back) {
  for (const bool back : {false, true}) {
    kill_everywhere(nullptr, make, [&](TrialRig& rig, const States& states) {
      if (!rig.scratch.exists("root/var/lib/tunec/generations/1")) return;  // it had not begun
      if (back) {
        EXPECT_EQ(rig.go_back(), exit_as_wanted) << rig.refusal << rig.warned;
        rig.reboot_to_the_end();
        EXPECT_EQ(state_of(rig), states.before);
        return;
      }
      const int code = rig.go_on();
      EXPECT_TRUE(code == exit_to_do || rig.said == "nothing was interrupted\n") << rig.refusal << rig.warned;
      rig.reboot_to_the_end();
      rig.reboot();
      EXPECT_EQ(state_of(rig), states.after);
    });
  }
}

TEST_P(HostTrialCrash, a_power_cut_while_it_is_judged_and_committed) {
  kill_everywhere(
      make_and_boot, [](TrialRig& rig) { return rig.judge(); }, boot_to_the_end);
}

TEST_P(HostTrialCrash, a_power_cut_while_it_falls_back) {
  const auto differ = [](TrialRig& rig) {
    make_and_boot(rig);
    rig.set_value("/proc/sys/vm/swappiness", "77");
    return 0;
  };
  kill_everywhere(
      differ, [](TrialRig& rig) { return rig.judge(); },
      [](TrialRig& rig, const States& states) {
        boot_to_the_end(rig, states);
        EXPECT_EQ(state_of(rig), states.before);
      });
}

TEST_P(HostTrialCrash, a_power_cut_while_the_old_boot_takes_it_back) {
  kill_everywhere(
      make_and_boot,
      [](TrialRig& rig) {
        rig.reboot();
        return 0;
      },
      [](TrialRig& rig, const States& states) {
        boot_to_the_end(rig, states);
        EXPECT_EQ(state_of(rig), states.before);
      });
}

TEST_P(HostTrialCrash, a_power_cut_while_somebody_takes_it_back) {
  kill_everywhere(
      make, [](TrialRig& rig) { return rig.go_back(); },
      [](TrialRig& rig, const States& states) {
        boot_to_the_end(rig, states);
        const bool is_open = state_of(rig) == states.after;
        EXPECT_TRUE(is_open || state_of(rig) == states.before);
      });
}

}  // namespace
}  // namespace tunec::test
