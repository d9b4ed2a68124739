// What a trial boot is judged by beside its tree: what ran before it, and what the operator wants to be
// asked.
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "host/verify/findings.h"
#include "support/trial_rig.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

constexpr const char* drop_in = "root/etc/default/grub.d/60.cfg";

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

void put_hook(const TrialRig& rig, const std::string& path, const std::string& text, unsigned mode = 0755) {
  rig.put("etc/tunec/" + path, {"#!/bin/sh\n" + text + "\n", mode});
}

bool did_reboot(const TrialRig& rig) {
  return std::ranges::any_of(
      rig.ran, [](const std::string& command) { return command.starts_with("systemctl reboot"); });
}

// What the judge says of a machine that `change` was done to, in its trial boot.
int judge_after(TrialRig& rig, const std::function<void()>& change) {
  EXPECT_EQ(rig.trial(), exit_to_do) << rig.refusal << rig.warned;
  rig.reboot();
  change();
  return rig.judge();
}

TEST(HostTrialHealth, checks_run_in_the_order_of_their_names_and_see_the_generation) {
  TrialRig rig;
  const std::string log = rig.scratch.at("log");
  put_hook(rig, "health.d/20-second", "echo second $TUNEC_GENERATION >>" + log);
  put_hook(rig, "health.d/10-first",
           "echo first >>" + log + "; stat -c %a " + rig.scratch.at("root/run/tunec-hook"));
  for (const char* leftover : {"10-first~", ".hidden", "10-first.dpkg-old"})
    put_hook(rig, std::string("health.d/") + leftover, "exit 1");
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.refusal << rig.warned;
  EXPECT_TRUE(has(rig.said, "judged by what the tree says, and by /etc/tunec/health.d: 10-first, 20-second"))
      << rig.said;
  EXPECT_FALSE(rig.scratch.exists("log")) << "they ask about the trial boot";
  rig.reboot();
  EXPECT_EQ(rig.judge(), exit_as_wanted) << rig.warned;
  EXPECT_EQ(rig.scratch.read("log"), "first\nsecond 1\n");
  EXPECT_TRUE(has(rig.said, "\n600\n")) << "what they print is for root: " << rig.said;
  EXPECT_TRUE(rig.scratch.exists(drop_in));
  EXPECT_FALSE(rig.scratch.exists("root/run/tunec-hook"));
}

TEST(HostTrialHealth, one_that_fails_falls_back_and_is_named_with_what_it_said) {
  TrialRig rig;
  put_hook(rig, "health.d/10-net", "echo trying; printf 'no answer\\033[0m from 10.0.0.1\\n\\n' >&2; exit 3");
  put_hook(rig, "health.d/20-disk", "exit 4");
  EXPECT_EQ(judge_after(rig, [] {}), exit_failed);
  EXPECT_TRUE(has(rig.said, "trying\n")) << rig.said;
  EXPECT_TRUE(has(rig.warned,
                  "/etc/tunec/health.d/10-net failed with status 3, and printed `no answer[0m from 10.0.0.1` "
                  "last; /etc/tunec/health.d/20-disk failed with status 4"))
      << rig.warned;
  EXPECT_TRUE(rig.asked_to_reboot);
  EXPECT_FALSE(rig.scratch.exists(drop_in));
}

TEST(HostTrialHealth, one_that_does_not_end_is_ended_with_what_it_started) {
  TrialRig rig;
  // The shell does not hear TERM, and something is left in the background that holds its output.
  put_hook(rig, "health.d/10-hangs", "trap '' TERM; sleep 600 & sleep 600");
  EXPECT_EQ(judge_after(rig, [] {}), exit_failed);
  EXPECT_TRUE(has(rig.warned,
                  "/etc/tunec/health.d/10-hangs was killed, by somebody or since it took longer than 120 s"))
      << rig.warned;
}

TEST(HostTrialHealth, whoever_confirms_hears_of_it_too) {
  TrialRig rig;
  put_hook(rig, "health.d/10-flag", "test ! -e " + rig.scratch.at("flag"));
  ASSERT_EQ(rig.trial({600, false}), exit_to_do);
  rig.reboot_to_the_end();
  rig.scratch.write("flag", "");
  EXPECT_EQ(rig.confirm(), exit_differs);
  EXPECT_TRUE(has(rig.warned, "10-flag failed with status 1")) << rig.warned;
  rig.scratch.clear("flag");
  EXPECT_EQ(rig.confirm(), exit_as_wanted) << rig.warned;
}

TEST(HostTrialHealth, what_nobody_can_run_is_refused_before_anything_is_written) {
  TrialRig rig;
  put_hook(rig, "health.d/10-net", "exit 1", 0644);
  const std::string before = rig.state();
  EXPECT_EQ(rig.trial(), exit_usage_or_io);
  EXPECT_TRUE(has(rig.refusal, "/etc/tunec/health.d/10-net is no executable file")) << rig.refusal;
  EXPECT_EQ(rig.state(), before);
  rig.scratch.clear("root/etc/tunec/health.d/10-net");
  rig.scratch.link("/nowhere", "root/etc/tunec/health.d/20-gone");
  EXPECT_EQ(rig.trial(), exit_usage_or_io);
  EXPECT_TRUE(has(rig.refusal, "/etc/tunec/health.d/20-gone is a link to nothing")) << rig.refusal;
}

TEST(HostTrialHealth, whoever_can_write_a_hook_is_root) {
  TrialRig rig;
  put_hook(rig, "health.d/10-net", "exit 0", 0775);
  EXPECT_EQ(rig.trial(), exit_usage_or_io);
  EXPECT_TRUE(has(rig.refusal, "/etc/tunec/health.d/10-net can be written by others than root"))
      << rig.refusal;
  if (::geteuid() != 0) GTEST_SKIP() << "this needs root";
  rig.put("etc/tunec/health.d/10-net", {"#!/bin/sh\n", 0755, 7});
  EXPECT_EQ(rig.trial(), exit_usage_or_io);
  EXPECT_TRUE(has(rig.refusal, "/etc/tunec/health.d/10-net does not belong to root")) << rig.refusal;
}

TEST(HostTrialHealth, a_hook_does_not_see_the_environment_of_whoever_called) {
  TrialRig rig;
  put_hook(rig, "health.d/10-env", "env | sort >" + rig.scratch.at("env"));
  ::setenv("TUNEC_OF_THE_CALLER", "1", 1);
  EXPECT_EQ(judge_after(rig, [] {}), exit_as_wanted) << rig.warned;
  ::unsetenv("TUNEC_OF_THE_CALLER");
  const std::string env = rig.scratch.read("env");
  EXPECT_TRUE(has(env, "TUNEC_GENERATION=1\n")) << env;
  EXPECT_FALSE(has(env, "TUNEC_OF_THE_CALLER")) << env;
}

TEST(HostTrialHealth, what_cannot_run_any_more_in_the_trial_boot_is_no_good_boot) {
  TrialRig rig;
  put_hook(rig, "health.d/10-net", "exit 0");
  EXPECT_EQ(judge_after(rig, [&] { put_hook(rig, "health.d/10-net", "exit 0", 0644); }), exit_failed);
  EXPECT_TRUE(has(rig.warned, "/etc/tunec/health.d/10-net is no executable file")) << rig.warned;
}

TEST(HostTrialHealth, a_directory_that_others_can_write_has_no_hooks) {
  TrialRig rig;
  put_hook(rig, "health.d/10-net", "exit 0");
  ::chmod(rig.scratch.at("root/etc/tunec/health.d").c_str(), 0777);
  EXPECT_EQ(rig.trial({.force = true}), exit_usage_or_io);
  EXPECT_TRUE(has(rig.refusal, "/etc/tunec/health.d can be written by others than root")) << rig.refusal;
}

// A tree that also has a service, and enables it.
void add_enabled_unit(const TrialRig& rig) {
  using Json = nlohmann::ordered_json;
  Json manifest = Json::parse(rig.scratch.read("tree/manifest.json"));
  const std::string file = "etc/systemd/system/new.service";
  rig.scratch.make_directory("tree/etc/systemd/system");
  rig.scratch.write("tree/" + file, "[Service]\n");
  manifest["files"].push_back({{"path", file}, {"mode", "0644"}, {"effect", "restart"}});
  manifest["apply"].push_back({{"effect", "restart"},
                               {"command", "systemctl enable new.service && systemctl restart new.service"},
                               {"unit", "new.service"},
                               {"at_boot", true},
                               {"restarts", {"new.service"}},
                               {"files", {file}}});
  rig.scratch.write("tree/manifest.json", manifest.dump());
}

TEST(HostTrialUnits, of_the_tree_run_in_the_trial_boot_and_are_enabled_after_it) {
  TrialRig rig;
  add_enabled_unit(rig);
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.refusal << rig.warned;
  const std::string wants = "root/etc/systemd/system/multi-user.target.d/tunec-trial.conf";
  EXPECT_EQ(rig.scratch.read(wants), "[Unit]\nWants=new.service\n");
  EXPECT_TRUE(has(rig.said, "what is left to you counts after the commit")) << rig.said;
  rig.reboot();
  rig.outputs[std::string(command_units)] = "Id=new.service\nActiveState=active\nUnitFileState=disabled\n";
  EXPECT_EQ(rig.judge(), exit_as_wanted) << rig.warned;
  EXPECT_FALSE(rig.scratch.exists(wants));
  EXPECT_EQ(rig.code_of([&] { return verify(rig.machine(), ReportForm::table); }), exit_differs)
      << "the next boot would not start it";
  EXPECT_EQ(rig.status(), exit_differs);
  EXPECT_TRUE(has(rig.said, "left to you\n  systemctl enable new.service && systemctl restart new.service"))
      << rig.said;
}

TEST(HostTrialUnits, one_of_the_tree_that_does_not_run_falls_back) {
  TrialRig rig;
  add_enabled_unit(rig);
  rig.outputs[std::string(command_units)] = "Id=new.service\nActiveState=failed\nUnitFileState=disabled\n";
  EXPECT_EQ(judge_after(rig, [] {}), exit_failed);
  EXPECT_TRUE(has(rig.warned, "new.service  expected active, found failed")) << rig.warned;
}

TEST(HostTrialHooks, what_comes_before_the_reboot_comes_before_the_arming) {
  TrialRig rig;
  const std::string env = rig.scratch.at("root/boot/grub/grubenv");
  put_hook(rig, "before-reboot.d/10-evacuate", "cp " + env + " " + rig.scratch.at("seen"));
  EXPECT_EQ(rig.trial({0, true}), exit_as_wanted) << rig.warned;
  EXPECT_FALSE(has(rig.scratch.read("seen"), "tunec_trial"));
  EXPECT_EQ(rig.grubenv("tunec_trial"), "armed");
  EXPECT_TRUE(did_reboot(rig));
  rig.reboot_to_the_end();
  EXPECT_TRUE(rig.scratch.exists(drop_in));
  TrialRig by_hand;
  put_hook(by_hand, "before-reboot.d/10-evacuate", "exit 1");
  EXPECT_EQ(by_hand.trial(), exit_to_do) << "somebody else reboots, and sees to it";
}

TEST(HostTrialHooks, one_before_the_reboot_that_fails_leaves_the_host_as_it_was) {
  TrialRig rig;
  put_hook(rig, "before-reboot.d/10-evacuate", "echo vm1 stays; exit 1");
  put_hook(rig, "before-reboot.d/20-later", "touch " + rig.scratch.at("later"));
  const std::string before = rig.state();
  EXPECT_EQ(rig.trial({0, true}), exit_failed);
  EXPECT_TRUE(has(rig.warned,
                  "there is no reboot: /etc/tunec/before-reboot.d/10-evacuate failed with status 1, and "
                  "printed `vm1 stays` last: generation 1 is undone"))
      << rig.warned;
  EXPECT_FALSE(did_reboot(rig));
  EXPECT_FALSE(rig.scratch.exists("later")) << "the first that fails is the last";
  EXPECT_EQ(rig.grubenv("tunec_trial"), "");
  EXPECT_EQ(rig.state(), before);
}

TEST(HostTrialHooks, what_comes_after_the_commit_cannot_undo_it) {
  for (const bool by_hand : {false, true}) {
    TrialRig rig;
    put_hook(rig, "after-confirm.d/10-uncordon",
             "cp " + rig.scratch.at(drop_in) + " " + rig.scratch.at("seen"));
    put_hook(rig, "after-confirm.d/20-tell", "echo no network; exit 7");
    ASSERT_EQ(rig.trial({by_hand ? 600 : 0, false}), exit_to_do);
    rig.reboot();
    if (by_hand) {
      EXPECT_EQ(rig.judge(), exit_to_do);
      EXPECT_FALSE(rig.scratch.exists("seen"));
    }
    EXPECT_EQ(by_hand ? rig.confirm() : rig.judge(), exit_to_do);
    EXPECT_TRUE(rig.scratch.exists("seen"));
    const std::string text =
        "generation 1 is applied, but this is left to you: /etc/tunec/after-confirm.d/20-tell "
        "failed with status 7, and printed `no network` last";
    EXPECT_TRUE(has(rig.warned, text)) << rig.warned;
    EXPECT_TRUE(has(rig.scratch.read("root/run/motd.d/tunec-trial"), text));
    EXPECT_FALSE(rig.asked_to_reboot);
    rig.reboot_to_the_end();
    EXPECT_TRUE(has(rig.cmdline(), "new=1"));
  }
}

TEST(HostTrialRunning, units_that_ran_and_are_enabled_have_to_run_again) {
  const auto rig_with_units = [](TrialRig& rig) {
    rig.running_units =
        "a.service loaded active running A\nb@1.service loaded active running B\n"
        "user@0.service loaded active running U\nsrv.mount loaded active mounted M\n"
        "d.service loaded active running D\n";
    rig.enabled_units =
        "a.service enabled enabled\nb@.service enabled enabled\nsrv.mount generated -\n"
        "d.service enabled enabled\n";
  };
  const std::pair<const char*, const char*> cases[] = {
      {"b@1.service loaded active running B\nsrv.mount loaded active mounted M\n", "a.service"},
      {"a.service loaded active running A\nsrv.mount loaded active mounted M\n", "b@1.service"},
      {"a.service loaded active running A\nb@1.service loaded active running B\n", "srv.mount"},
      {"a.socket loaded active listening A\nb@1.service loaded active running B\nsrv.mount loaded active "
       "mounted M\n",
       ""},
  };
  for (const auto& [after, missing] : cases) {
    TrialRig rig;
    rig_with_units(rig);
    const int code = judge_after(rig, [&] {
      rig.running_units = after;
      rig.enabled_units = "a.service enabled enabled\nb@.service enabled enabled\nsrv.mount generated -\n";
    });
    EXPECT_EQ(code, *missing == 0 ? exit_as_wanted : exit_failed) << after << rig.warned;
    if (*missing != 0) {
      EXPECT_TRUE(has(rig.warned, std::string(missing) + " ran before the trial, and does not now"))
          << rig.warned;
    }
    EXPECT_FALSE(has(rig.warned, "user@0.service") || has(rig.warned, "d.service"))
        << "nobody starts the one at boot, and somebody disabled the other";
  }
}

TEST(HostTrialRunning, guests_that_were_on_and_that_a_boot_starts_have_to_be_on) {
  const auto set_up = [](TrialRig& rig) {
    rig.has_libvirt = true;
    rig.guests = "db\nweb\nby-hand\n\n";
    rig.autostarted = "db\nweb\noff\n\n";
    rig.defined_guests = "db\nweb\nby-hand\noff\n\n";
    rig.failing = {"systemctl is-active --quiet libvirt-guests"};
  };
  TrialRig back;
  set_up(back);
  EXPECT_EQ(judge_after(back, [&] { back.guests = "web\ndb\n"; }), exit_as_wanted) << back.warned;
  TrialRig told;
  set_up(told);
  told.trial();
  EXPECT_TRUE(
      has(told.warned, "no boot starts these guests by itself, so the trial does not wait for them: by-hand"))
      << told.warned;
  TrialRig off;
  set_up(off);
  EXPECT_EQ(judge_after(off, [&] { off.guests = "web\n"; }), exit_failed);
  EXPECT_TRUE(has(off.warned, "the guest db ran before the trial, and does not now")) << off.warned;
  EXPECT_NE(std::ranges::find(off.ran, "sleep 5"), off.ran.end()) << "it is waited for";
  TrialRig moved;
  set_up(moved);
  EXPECT_EQ(judge_after(moved,
                        [&] {
                          moved.guests = "web\n";
                          moved.defined_guests = "web\nby-hand\n";
                        }),
            exit_as_wanted)
      << moved.warned;
  TrialRig silent;
  set_up(silent);
  EXPECT_EQ(judge_after(silent, [&] { silent.has_libvirt = false; }), exit_failed);
  EXPECT_TRUE(has(silent.warned, "libvirt answered before the trial, and does not now")) << silent.warned;
}

TEST(HostTrialRunning, libvirt_guests_brings_back_all_guests_unless_it_is_told_not_to) {
  for (const char* setting : {"#ON_BOOT=ignore", "ON_BOOT=ignore"}) {
    TrialRig rig;
    rig.has_libvirt = true;
    rig.guests = rig.defined_guests = "by-hand\n";
    rig.put("etc/default/libvirt-guests", {std::string(setting) + "\n"});
    const bool counts = *setting == '#';
    EXPECT_EQ(judge_after(rig, [&] { rig.guests = ""; }), counts ? exit_failed : exit_as_wanted)
        << rig.warned;
  }
}

TEST(HostTrialRunning, guests_that_are_moved_away_before_the_reboot_are_not_waited_for) {
  TrialRig rig;
  rig.has_libvirt = true;
  rig.guests = rig.defined_guests = "vm\n";
  put_hook(rig, "before-reboot.d/10-evacuate", "exit 0");
  Machine machine = rig.machine();
  const auto run = machine.run;
  machine.run = [&](const std::string& command) {
    if (has(command, "10-evacuate")) rig.guests = "";
    return run(command);
  };
  TreeChoice choice = rig.tree();
  choice.host = "kvm-01";
  EXPECT_EQ(rig.code_of([&] {
    return apply_trial(machine, choice, {0, true});
  }),
            exit_as_wanted)
      << rig.warned;
  rig.reboot();
  EXPECT_EQ(rig.judge(), exit_as_wanted) << rig.warned;
}

TEST(HostTrialRunning, guests_that_nobody_can_ask_about_are_told) {
  TrialRig rig;
  rig.compile(
      {{"etc/default/grub.d/60.cfg", {"GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX new=1\"\n"}}},
      R"({"effect": "reboot", "command": "update-grub", "files": ["etc/default/grub.d/60.cfg"]})", "",
      R"({"kind": "guests", "what": "guests", "read": "/sys/fs/cgroup/machine.slice/machine-qemu*.scope",
                  "units": []})");
  rig.set_value("/sys/fs/cgroup/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/cgroup.procs", "1");
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.refusal;
  EXPECT_TRUE(has(rig.warned, "guests are on (-1-vm), but virsh does not answer")) << rig.warned;
}

}  // namespace
}  // namespace tunec::test
