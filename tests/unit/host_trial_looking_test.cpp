// Commands that only look, while a generation is on trial.
#include <gtest/gtest.h>

#include "support/trial_rig.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(HostTrialLooking, nothing_that_only_looks_arms_or_confirms_it) {
  TrialRig rig;
  const std::string before = rig.state(true);
  EXPECT_EQ(rig.apply(rig.machine(), host::ApplyMode::dry_run), exit_differs);
  EXPECT_EQ(rig.state(true), before);
  ASSERT_EQ(rig.trial({60, false}), exit_to_do);
  for (const bool booted : {false, true}) {
    if (booted) rig.reboot_to_the_end();
    const std::string state = rig.state(true), store = rig.store();
    const std::vector<std::string> done = rig.done;
    rig.status();
    rig.apply(rig.machine(), host::ApplyMode::dry_run);
    rig.code_of([&] { return report_with_trial(rig.machine(), list); });
    rig.code_of([&] { return verify(rig.machine(), host::ReportForm::table); });
    EXPECT_EQ(rig.apply(rig.machine()), exit_usage_or_io);
    EXPECT_TRUE(has(rig.refusal, "generation 1 is on trial")) << rig.refusal;
    EXPECT_EQ(rig.state(true), state);
    EXPECT_EQ(rig.done, done);
    EXPECT_EQ(rig.store(), store);
  }
}

TEST(HostTrialLooking, status_says_in_which_state_it_is) {
  TrialRig rig;
  const auto says = [&](const char* state) {
    EXPECT_EQ(rig.status(), exit_to_do);
    EXPECT_TRUE(has(rig.said, state)) << rig.said;
  };
  ASSERT_EQ(rig.trial(), exit_to_do);
  says("generation 1 is on trial: armed, and the next boot is its trial boot");
  rig.reboot();
  says("generation 1 is on trial: in its trial boot, which is not judged yet");
  rig.scratch.clear("root/etc/systemd/system/tunec-trial.service");  // somebody removed it
  rig.reboot();
  EXPECT_NE(rig.status(), exit_as_wanted);
  EXPECT_TRUE(has(rig.said, "its units did not run: `tunec-host rollback` takes it back")) << rig.said;
}

TEST(HostTrialLooking, whoever_confirms_while_it_is_judged_is_told_so) {
  TrialRig rig;
  ASSERT_EQ(rig.trial({600, false}), exit_to_do);
  rig.reboot();
  Generations generations(rig.machine());
  const Fd judge = generations.lock();
  EXPECT_EQ(rig.confirm(), exit_usage_or_io);
  EXPECT_EQ(rig.refusal,
            "the trial boot of generation 1 is being judged: `tunec-host status` says when that is done");
  EXPECT_EQ(rig.go_back(), exit_usage_or_io);
  EXPECT_EQ(rig.refusal, "another tunec-host is changing this machine: wait until it is done");
}

}  // namespace
}  // namespace tunec::test
