// Trial boots: each way in which one can end, on a machine whose GRUB and systemd are stood in for.
#include <gtest/gtest.h>

#include "host/loader/grub_entry.h"
#include "support/trial_rig.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

constexpr const char* drop_in = "root/etc/default/grub.d/60.cfg";
constexpr const char* sysctl = "root/etc/sysctl.d/90.conf";
constexpr const char* custom = "root/boot/grub/custom.cfg";

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// Without what differs from boot to boot.
std::string state_of(const TrialRig& rig) {
  rig.set_value("/proc/sys/kernel/random/boot_id", "any");
  rig.scratch.clear("root/run");
  return rig.contents();
}

// As before the trial, and the next boot is not one.
void expect_old(TrialRig& rig, const std::string& before) {
  EXPECT_EQ(state_of(rig), before);
  rig.reboot_to_the_end();
  EXPECT_FALSE(has(rig.cmdline(), "new=1")) << rig.cmdline();
  EXPECT_EQ(state_of(rig), before);
}

void expect_new(TrialRig& rig) {
  rig.reboot_to_the_end();
  EXPECT_TRUE(has(rig.cmdline(), "new=1")) << rig.cmdline();
  EXPECT_FALSE(has(rig.cmdline(), "tunec.trial")) << rig.cmdline();
  EXPECT_TRUE(rig.scratch.exists(drop_in));
  EXPECT_FALSE(rig.scratch.exists(custom));
  EXPECT_FALSE(rig.scratch.exists("root/etc/systemd/system/tunec-trial.service"));
  EXPECT_EQ(rig.grubenv("tunec_trial"), "");
}

TEST(HostTrial, is_armed_last_and_leaves_the_configuration_of_grub_alone) {
  TrialRig rig;
  const std::string grub_cfg = rig.scratch.read("root/boot/grub/grub.cfg");
  EXPECT_EQ(rig.trial(), exit_to_do) << rig.refusal << rig.warned;
  EXPECT_FALSE(rig.scratch.exists(drop_in));
  EXPECT_EQ(rig.scratch.read("root/boot/grub/grub.cfg"), grub_cfg);
  EXPECT_EQ(rig.scratch.read(sysctl), "vm.swappiness = 10\n");
  EXPECT_EQ(rig.value("/proc/sys/vm/swappiness"), "60") << "the boot sets it";
  EXPECT_EQ(rig.done, (std::vector<std::string>{"set tunec_trial=armed", "settle"}));
  EXPECT_EQ(rig.scratch.read("root/run/reboot-required.pkgs"), "tunec-host\n");
  EXPECT_TRUE(has(rig.said, "generation 1 is on trial: the next boot is its trial boot")) << rig.said;
  EXPECT_TRUE(has(rig.warned, "this host has no watchdog")) << rig.warned;
  const std::string text = rig.scratch.read(custom);
  EXPECT_TRUE(has(text,
                  "menuentry 'trial of generation 1' --class debian --unrestricted --id tunec-trial {\n"
                  "\tload_video\n\techo\t'Loading Linux ...'\n"
                  "\tlinux\t/boot/vmlinuz-6.1.0-9-amd64 root=UUID=1 ro new=1 quiet tunec.trial=1 panic=10 "))
      << text;
  EXPECT_TRUE(
      has(text, "\tinitrd\t/boot/microcode.img /boot/initrd.img-6.1.0-9-amd64\n\tboot\n\treboot\n}\n"))
      << text;
}

TEST(HostTrial, a_good_boot_commits_itself) {
  TrialRig rig;
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.refusal << rig.warned;
  rig.reboot();
  EXPECT_TRUE(has(rig.cmdline(), "new=1 quiet tunec.trial=1")) << rig.cmdline();
  EXPECT_EQ(rig.judge(), exit_as_wanted) << rig.warned;
  EXPECT_TRUE(has(rig.said, "generation 1 is applied, and boots from now on")) << rig.said;
  expect_new(rig);
  EXPECT_EQ(rig.status(), exit_as_wanted) << rig.said;
  EXPECT_EQ(rig.trial(), exit_usage_or_io);
  EXPECT_TRUE(has(rig.refusal, "nothing of this tree needs a boot")) << rig.refusal;
}

TEST(HostTrial, what_is_committed_is_what_apply_makes) {
  TrialRig tried, applied;
  ASSERT_EQ(tried.trial(), exit_to_do);
  tried.reboot_to_the_end();
  tried.reboot();
  EXPECT_EQ(applied.apply(applied.machine()), exit_to_do) << applied.refusal;
  applied.machine().run("update-grub");
  applied.reboot();
  EXPECT_EQ(state_of(tried), state_of(applied));
}

TEST(HostTrial, a_committed_one_is_taken_back_like_any_other) {
  TrialRig rig;
  rig.compile_tree(true);
  const std::string before = state_of(rig);
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.warned;
  rig.reboot_to_the_end();
  EXPECT_EQ(rig.scratch.read("root/boot/initrd.img-6.1.0-9-amd64"), "new initrd");
  EXPECT_EQ(rig.go_back(), exit_to_do) << rig.warned << rig.refusal;
  EXPECT_EQ(rig.value("/proc/sys/vm/swappiness"), "60");
  rig.reboot();
  EXPECT_EQ(state_of(rig), before);
}

TEST(HostTrial, a_boot_that_ends_early_falls_back_and_says_so) {
  TrialRig rig;
  const std::string before = state_of(rig);
  ASSERT_EQ(rig.trial(), exit_to_do);
  rig.reboot();  // panics before anything is judged
  rig.reboot();
  EXPECT_FALSE(has(rig.cmdline(), "new=1"));
  const std::string reason = "the trial of generation 1 fell back: its boot ended before it could be judged";
  EXPECT_TRUE(has(rig.warned, reason)) << rig.warned;
  EXPECT_TRUE(has(rig.scratch.read("root/run/motd.d/tunec-trial"), reason));
  EXPECT_EQ(rig.status(), exit_failed);
  EXPECT_TRUE(has(rig.said, reason)) << rig.said;
  EXPECT_EQ(rig.code_of([&] { return report_with_trial(rig.machine(), list); }), exit_failed);
  EXPECT_TRUE(has(rig.said, reason) && has(rig.said, "undone")) << rig.said;
  EXPECT_EQ(state_of(rig), before);
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.refusal;
  rig.reboot_to_the_end();
  expect_new(rig);
}

TEST(HostTrial, a_host_that_differs_from_its_tree_falls_back) {
  TrialRig rig;
  const std::string before = state_of(rig);
  ASSERT_EQ(rig.trial(), exit_to_do);
  rig.reboot();
  rig.set_value("/proc/sys/vm/swappiness", "77");
  EXPECT_EQ(rig.judge(), exit_failed);
  EXPECT_TRUE(rig.asked_to_reboot);
  rig.reboot();
  EXPECT_TRUE(has(rig.warned, "sysctl.vm.swappiness  expected 10, found 77")) << rig.warned;
  EXPECT_EQ(rig.status(), exit_failed);
  EXPECT_EQ(state_of(rig), before);
}

TEST(HostTrial, a_unit_that_failed_counts_unless_it_had_failed_before) {
  TrialRig rig;
  rig.failed_units = "old.service loaded failed failed Old\n";
  ASSERT_EQ(rig.trial(), exit_to_do);
  rig.reboot();
  EXPECT_EQ(rig.judge(), exit_as_wanted) << rig.warned;
  TrialRig other;
  ASSERT_EQ(other.trial(), exit_to_do);
  other.reboot();
  other.failed_units = "guests.service loaded failed failed Guests\n";
  EXPECT_EQ(other.judge(), exit_failed);
  EXPECT_TRUE(has(other.warned, "guests.service failed")) << other.warned;
  TrialRig silent;
  ASSERT_EQ(silent.trial(), exit_to_do);
  silent.reboot();
  silent.failing = {"systemctl list-units"};
  EXPECT_EQ(silent.judge(), exit_failed);
  EXPECT_TRUE(has(silent.warned, "systemctl does not say which units failed")) << silent.warned;
}

TEST(HostTrial, a_mount_that_is_enabled_has_to_be_active) {
  TrialRig rig;
  rig.compile({{"etc/default/grub.d/60.cfg", {"GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX new=1\"\n"}},
               {"etc/systemd/system/srv\\x2da.mount", {"[Mount]\n"}}},
              R"({"effect": "reboot", "command": "update-grub", "files": ["etc/default/grub.d/60.cfg"]})");
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.refusal;
  rig.reboot();
  rig.failing = {"systemctl is-active"};
  EXPECT_EQ(rig.judge(), exit_failed);
  EXPECT_NE(std::ranges::find(rig.ran, "systemctl is-active --quiet 'srv\\x2da.mount'"), rig.ran.end());
  EXPECT_TRUE(has(rig.warned, "srv\\x2da.mount is not active")) << rig.warned;
}

TEST(HostTrial, waits_for_somebody_outside) {
  TrialRig rig;
  ASSERT_EQ(rig.trial({600, false}), exit_to_do);
  EXPECT_TRUE(has(rig.said, "`tunec-host confirm` within 600 s makes it last")) << rig.said;
  EXPECT_EQ(rig.confirm(), exit_usage_or_io);
  EXPECT_TRUE(has(rig.refusal, "this is not its trial boot: reboot first")) << rig.refusal;
  rig.set_value("/proc/uptime", "90.5 100.00");
  rig.reboot();
  EXPECT_EQ(rig.confirm(), exit_usage_or_io);
  EXPECT_TRUE(has(rig.refusal, "is not judged yet")) << rig.refusal;
  EXPECT_EQ(rig.judge(), exit_to_do);
  EXPECT_FALSE(rig.scratch.exists(drop_in));
  const std::string timer =
      "systemd-run --unit=tunec-trial-confirm --on-active=600 --timer-property=AccuracySec=1s "
      "/usr/local/sbin/tunec-host boot unconfirmed";
  EXPECT_NE(std::ranges::find(rig.ran, timer), rig.ran.end()) << "the clock starts when the boot is complete";
  EXPECT_EQ(rig.overdue(false), exit_as_wanted) << "the boot was complete in time";
  EXPECT_EQ(rig.status(), exit_to_do);
  EXPECT_TRUE(has(rig.said, "good, and waits 600 s for a confirmation; 600 s are left")) << rig.said;
  rig.set_value("/proc/uptime", "289.9 100.00");
  EXPECT_EQ(rig.status(), exit_to_do);
  EXPECT_TRUE(has(rig.said, "good, and waits 600 s for a confirmation; 401 s are left")) << rig.said;
  EXPECT_EQ(rig.judge(), exit_as_wanted) << "once is enough";
  EXPECT_FALSE(rig.scratch.exists(drop_in));
  EXPECT_EQ(rig.confirm(), exit_as_wanted) << rig.warned << rig.refusal;
  EXPECT_EQ(rig.overdue(true), exit_as_wanted);
  EXPECT_FALSE(rig.asked_to_reboot);
  expect_new(rig);
  EXPECT_EQ(rig.confirm(), exit_usage_or_io);
  EXPECT_EQ(rig.refusal, "no generation is on trial");
}

TEST(HostTrial, falls_back_if_nobody_confirms_or_the_boot_never_completes) {
  for (const bool judged : {false, true}) {
    TrialRig rig;
    const std::string before = state_of(rig);
    ASSERT_EQ(rig.trial({600, false}), exit_to_do);
    rig.reboot();
    if (judged) rig.judge();
    EXPECT_EQ(rig.overdue(judged), exit_failed);
    EXPECT_TRUE(rig.asked_to_reboot);
    rig.reboot();
    EXPECT_TRUE(has(rig.warned, judged ? "nobody confirmed it in time" : "was not complete after 15 minutes"))
        << rig.warned;
    EXPECT_EQ(state_of(rig), before);
  }
}

TEST(HostTrial, is_not_confirmed_while_the_host_differs) {
  TrialRig rig;
  ASSERT_EQ(rig.trial({600, false}), exit_to_do);
  rig.reboot_to_the_end();
  rig.set_value("/proc/sys/vm/swappiness", "5");
  EXPECT_EQ(rig.confirm(), exit_differs);
  EXPECT_FALSE(rig.scratch.exists(drop_in));
}

TEST(HostTrial, a_reboot_before_the_confirmation_falls_back) {
  TrialRig rig;
  const std::string before = state_of(rig);
  ASSERT_EQ(rig.trial({600, false}), exit_to_do);
  rig.reboot_to_the_end();
  rig.reboot();
  EXPECT_TRUE(has(rig.warned, "nobody confirmed it before the machine was booted again")) << rig.warned;
  EXPECT_EQ(state_of(rig), before);
}

TEST(HostTrial, is_disarmed_where_grub_could_not_write) {
  TrialRig rig;
  const std::string before = state_of(rig);
  ASSERT_EQ(rig.trial(), exit_to_do);
  rig.grub_can_write = false;
  rig.reboot();
  EXPECT_TRUE(has(rig.warned, "GRUB did not boot it: it could not write grubenv")) << rig.warned;
  EXPECT_EQ(rig.grubenv("tunec_trial"), "");
  EXPECT_EQ(state_of(rig), before);
}

TEST(HostTrial, an_armed_one_that_nobody_knows_is_disarmed) {
  TrialRig rig;
  rig.scratch.write("root/boot/grub/grubenv", "# GRUB Environment Block\ntunec_trial=armed\n");
  rig.reboot();
  EXPECT_EQ(rig.boot(), exit_as_wanted);
  EXPECT_EQ(rig.done, (std::vector<std::string>{"unset tunec_trial", "settle"}));
  rig.set_value("/proc/cmdline", "ro tunec.trial=4");
  EXPECT_EQ(rig.boot(), exit_to_do);
  EXPECT_TRUE(has(rig.warned, "this boot is the trial of generation 4, which was taken back")) << rig.warned;
}

TEST(HostTrial, is_cancelled_by_a_roll_back) {
  TrialRig rig;
  rig.compile_tree(true);
  const std::string before = state_of(rig);
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.warned;
  rig.done.clear();
  EXPECT_EQ(rig.go_back(), exit_as_wanted) << rig.warned << rig.refusal;
  EXPECT_EQ(rig.done, (std::vector<std::string>{"unset tunec_trial", "settle", "settle"}));
  expect_old(rig, before);
  EXPECT_EQ(rig.status(), exit_usage_or_io) << "that was no failure";
  TrialRig booted;
  ASSERT_EQ(booted.trial({60, false}), exit_to_do);
  booted.reboot_to_the_end();
  EXPECT_EQ(booted.go_back(), exit_to_do) << "it still runs with the new command line";
  booted.reboot();
  EXPECT_FALSE(has(booted.cmdline(), "new=1"));
  EXPECT_FALSE(booted.scratch.exists(sysctl));
}

TEST(HostTrial, a_roll_back_loses_no_changes_of_others) {
  TrialRig rig;
  ASSERT_EQ(rig.trial(), exit_to_do);
  rig.put("etc/sysctl.d/90.conf", {"by hand"});
  EXPECT_EQ(rig.go_back(), exit_usage_or_io);
  EXPECT_EQ(rig.grubenv("tunec_trial"), "armed");
  EXPECT_EQ(rig.go_back(true), exit_as_wanted);
  EXPECT_FALSE(rig.scratch.exists(sysctl));
}

TEST(HostTrial, keeps_the_custom_cfg_of_somebody_else) {
  for (const char* theirs : {"menuentry 'theirs' { true }", "# a line\n", ""}) {
    TrialRig rig;
    rig.put("boot/grub/custom.cfg", {theirs, 0600});
    ASSERT_EQ(rig.trial(), exit_to_do);
    EXPECT_TRUE(rig.scratch.read(custom).starts_with(theirs));
    rig.reboot_to_the_end();
    if (*theirs != 0) {
      EXPECT_EQ(rig.scratch.read(custom), theirs);
      EXPECT_EQ(rig.scratch.mode(custom), 0600U);
    }
  }
}

TEST(HostTrial, has_an_initrd_of_its_own_only_if_what_is_in_it_changes) {
  TrialRig rig;
  rig.compile_tree(true);
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.warned;
  EXPECT_EQ(rig.scratch.read("root/boot/initrd.img-6.1.0-9-amd64"), "old initrd");
  EXPECT_TRUE(has(rig.scratch.read(custom), "\tinitrd\t/boot/microcode.img /boot/tunec-trial.img\n"));
  rig.reboot_to_the_end();
  EXPECT_EQ(rig.scratch.read("root/boot/initrd.img-6.1.0-9-amd64"), "new initrd");
  EXPECT_FALSE(rig.scratch.exists("root/boot/tunec-trial.img"));
  expect_new(rig);
}

TEST(HostTrial, a_word_of_the_tree_is_not_overridden) {
  TrialRig rig;
  rig.put("etc/default/grub.d/10.cfg", {"GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX panic=0\"\n"});
  ASSERT_EQ(rig.trial(), exit_to_do);
  EXPECT_TRUE(has(rig.warned, "the trial keeps `panic=0`")) << rig.warned;
  EXPECT_FALSE(has(rig.scratch.read(custom), "panic=10"));
}

TEST(HostTrial, reboots_if_it_is_told_to) {
  TrialRig rig;
  EXPECT_EQ(rig.trial({0, true}), exit_as_wanted);
  EXPECT_TRUE(rig.asked_to_reboot);
}

TEST(HostTrial, only_what_udev_need_not_find_makes_udev_wait) {
  TrialRig rig;
  rig.put("usr/local/sbin/tunec-host", {"the program"});
  ASSERT_EQ(rig.trial(), exit_to_do);
  const std::string unit = "root/etc/systemd/system/tunec-trial.service";
  EXPECT_TRUE(has(rig.scratch.read(unit), "systemd-sysctl.service systemd-udevd.service\n"));
  ASSERT_EQ(rig.go_back(), exit_as_wanted);
  // As if the program were on a file system of its own.
  rig.scratch.clear("root/usr/local");
  ASSERT_EQ(rig.trial(), exit_to_do);
  EXPECT_TRUE(has(rig.scratch.read(unit), "systemd-sysctl.service\n"));
}

TEST(HostTrial, a_commit_that_fails_falls_back) {
  for (const char* command : {"update-grub", "grub-editenv"}) {
    TrialRig rig;
    const std::string before = state_of(rig);
    ASSERT_EQ(rig.trial(), exit_to_do);
    rig.reboot();
    rig.failing = {command};
    EXPECT_EQ(rig.judge(), exit_failed);
    EXPECT_TRUE(has(rig.warned, "the commit failed")) << rig.warned;
    EXPECT_TRUE(rig.asked_to_reboot);
    rig.failing.clear();
    rig.reboot_to_the_end();
    EXPECT_EQ(state_of(rig), before) << command;
    EXPECT_EQ(rig.status(), exit_failed);
  }
}

TEST(HostTrial, a_grub_cfg_without_the_words_is_no_commit) {
  TrialRig rig;
  ASSERT_EQ(rig.trial(), exit_to_do);
  rig.reboot();
  Machine machine = rig.machine();
  const auto run = machine.run;
  machine.run = [&](const std::string& command) { return command == "update-grub" ? 0 : run(command); };
  EXPECT_EQ(rig.code_of([&] { return judge(machine); }), exit_failed);
  EXPECT_TRUE(has(rig.warned, "the entry of boot/grub/grub.cfg does not have `new=1`")) << rig.warned;
}

}  // namespace
}  // namespace tunec::test
