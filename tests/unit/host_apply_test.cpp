// tunec-host: what it does to a machine, what it leaves alone, and what it undoes when a step fails.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <csignal>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "support/host_rig.h"
#include "support/host_steps.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

TEST(HostApply, writes_files_and_only_the_values_that_differ) {
  HostRig rig;
  rig.set_value(swappiness, "60");
  rig.set_value("/proc/sys/vm/same", "5");
  rig.compile(
      {{conf, {"vm.x = 10\n"}}}, step_sysctl,
      set_swappiness +
          R"(, {"name": "s", "effect": "live", "read": "/proc/sys/vm/same", "expect": "5", "write": true})");
  const auto same = rig.scratch.identity("kernel/proc/sys/vm/same");
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.warned << rig.refusal;
  EXPECT_EQ(rig.value(swappiness), "10");
  EXPECT_EQ(rig.scratch.identity("kernel/proc/sys/vm/same"), same);
  EXPECT_TRUE(rig.ran.empty()) << "everybody's sysctl.d would be set again";
  EXPECT_EQ(rig.scratch.read(std::string("root/") + conf), "vm.x = 10\n");
}

TEST(HostApply, runs_only_the_commands_of_changed_files_and_leaves_restarts) {
  HostRig rig;
  rig.put("etc/unit", {"same", 0644});
  rig.compile({{"etc/udev/rules.d/60", {"r"}}, {"etc/unit", {"same"}}, {"etc/default/grub.d/60.cfg", {"g"}}},
              step_udev + "," + step_units + "," + step_grub, set_boot);
  EXPECT_EQ(rig.apply(rig.running()), exit_to_do);
  EXPECT_EQ(rig.ran, std::vector<std::string>{"udevadm"});
  EXPECT_NE(rig.said.find("left to you\n  update-grub"), std::string::npos) << rig.said;
  // Nothing is left to do but to boot. Whether update-grub was run is not known.
  EXPECT_EQ(rig.apply(rig.running()), exit_to_do);
  EXPECT_TRUE(rig.said.starts_with("nothing to change\nleft to you\n  update-grub    reboot: ")) << rig.said;
  rig.set_value("/proc/cmdline", "ro nosmt quiet");
  rig.set_value("/proc/sys/kernel/random/boot_id", "second");
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted);
}

TEST(HostApply, a_failing_command_undoes_everything) {
  HostRig rig;
  rig.set_value(swappiness, "60");
  rig.put("etc/unit", {"old", 0640, 7});
  rig.compile({{"etc/udev/rules.d/60", {"r"}}, {"etc/unit", {"new"}}}, step_units + "," + step_udev,
              set_swappiness);
  const std::string before = rig.state();
  rig.failing = {"udevadm"};
  EXPECT_EQ(rig.apply(rig.running()), exit_failed);
  EXPECT_EQ(rig.state(), before);
  EXPECT_NE(rig.warned.find("`udevadm` failed with status 1"), std::string::npos) << rig.warned;
  EXPECT_EQ(rig.ran, (std::vector<std::string>{"daemon-reload", "udevadm", "daemon-reload", "udevadm"}));
  EXPECT_EQ(rig.resume(rig.running()), exit_as_wanted) << "nothing is left to be finished";
}

TEST(HostApply, a_value_that_the_kernel_refuses_undoes_everything) {
  HostRig rig;
  rig.set_value(swappiness, "60");
  rig.compile(
      {{conf, {"x"}}}, step_sysctl,
      set_swappiness +
          R"(, {"name": "odd", "effect": "live", "read": "/proc/sys/pipe", "expect": "1", "write": true})");
  // Nobody reads it: nothing can be written to it either.
  ASSERT_EQ(::mkfifo(rig.scratch.at("kernel/proc/sys/pipe").c_str(), 0600), 0);
  const std::string before = rig.state();
  EXPECT_EQ(rig.apply(rig.running()), exit_failed);
  EXPECT_EQ(rig.state(), before);
  EXPECT_NE(rig.warned.find("odd: /proc/sys/pipe refuses `1`"), std::string::npos) << rig.warned;
}

TEST(HostApply, a_value_that_is_not_there_is_named_and_the_rest_applied) {
  HostRig rig;
  rig.compile({{conf, {"x"}}}, step_sysctl, set_swappiness);
  EXPECT_EQ(rig.apply(rig.running()), exit_differs);
  EXPECT_NE(rig.warned.find("a is not there: /proc/sys/vm/swappiness"), std::string::npos) << rig.warned;
  EXPECT_EQ(rig.apply(rig.running()), exit_differs);
  EXPECT_EQ(rig.said, "nothing to do\n");
}

TEST(HostApply, removes_what_an_earlier_tree_had_and_nothing_else) {
  HostRig rig;
  rig.put("etc/mine", {"mine"});
  rig.compile({{"etc/a", {"a"}}, {"etc/udev/rules.d/60", {"b"}}}, step_udev);
  ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted);
  rig.compile({{"etc/a", {"a"}}});
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted);
  EXPECT_FALSE(rig.scratch.exists("root/etc/udev/rules.d/60"));
  EXPECT_EQ(rig.ran, std::vector<std::string>{"udevadm"});  // the earlier tree knew what reads it
  EXPECT_EQ(rig.scratch.read("root/etc/mine"), "mine");
  EXPECT_EQ(rig.rollback(rig.running()), exit_as_wanted);
  EXPECT_EQ(rig.scratch.read("root/etc/udev/rules.d/60"), "b");
}

TEST(HostApply, files_that_were_there_already_are_its_own_from_then_on) {
  HostRig rig;
  rig.put("etc/a", {"a"});
  rig.compile({{"etc/a", {"a"}}});
  EXPECT_EQ(rig.apply(rig.image()), exit_as_wanted);
  rig.compile({});
  EXPECT_EQ(rig.apply(rig.image()), exit_as_wanted);
  EXPECT_FALSE(rig.scratch.exists("root/etc/a"));
}

TEST(HostApply, private_lines_are_not_shown) {
  HostRig rig;
  rig.put("etc/key", {"old secret", 0600});
  rig.compile({{"etc/key", {"new secret", 0600}}, {"etc/open", {"for all"}}});
  EXPECT_EQ(rig.dry_run(rig.image()), exit_differs);
  EXPECT_EQ(rig.said.find("secret"), std::string::npos) << rig.said;
  EXPECT_NE(rig.said.find("+for all"), std::string::npos) << rig.said;
  ASSERT_EQ(rig.apply(rig.image()), exit_as_wanted);
  EXPECT_EQ(rig.said.find("secret"), std::string::npos) << rig.said;
  EXPECT_EQ(rig.scratch.mode("root/etc/key"), 0600U);
}

TEST(HostApply, a_roll_back_to_a_number_takes_all_later_ones_back) {
  HostRig rig;
  const std::string before = rig.state();
  for (const char* text : {"1", "2", "3"}) {
    rig.compile({{"etc/a", {text}}});
    ASSERT_EQ(rig.apply(rig.image()), exit_as_wanted);
  }
  EXPECT_EQ(rig.rollback(rig.image(), 2), exit_as_wanted);
  EXPECT_EQ(rig.scratch.read("root/etc/a"), "1");
  EXPECT_EQ(rig.rollback(rig.image(), 3), exit_usage_or_io);
  EXPECT_EQ(rig.rollback(rig.image()), exit_as_wanted);
  EXPECT_EQ(rig.state(), before);
  EXPECT_EQ(rig.rollback(rig.image()), exit_usage_or_io);
  EXPECT_EQ(rig.refusal, "there is no generation to take back");
}

TEST(HostApply, five_generations_are_kept) {
  HostRig rig;
  for (int i = 0; i < 8; ++i) {
    rig.compile({{"etc/a", {std::to_string(i)}}});
    ASSERT_EQ(rig.apply(rig.image()), exit_as_wanted);
  }
  EXPECT_EQ(rig.scratch.names("root/var/lib/tunec/generations"),
            (std::vector<std::string>{"3", "4", "5", "6", "7", "8"}));
  EXPECT_EQ(rig.rollback(rig.image(), 3), exit_usage_or_io);
  EXPECT_EQ(
      rig.refusal,
      "generation 3 cannot be taken back any more: the last 5 can, and what was before them is not kept");
  EXPECT_EQ(rig.scratch.read("root/etc/a"), "7") << "nothing was done";
  EXPECT_EQ(rig.rollback(rig.image(), 4), exit_as_wanted);
  EXPECT_EQ(rig.scratch.read("root/etc/a"), "2");
  // Its files are tunec's own all the same.
  EXPECT_EQ(rig.rollback(rig.image()), exit_usage_or_io);
  EXPECT_EQ(rig.code_of([&] { return verify(rig.image(), ReportForm::table); }), exit_as_wanted);
  EXPECT_EQ(rig.code_of([&] { return list(rig.image()); }), exit_as_wanted);
  EXPECT_NE(rig.said.find("  cannot be taken back any more\n   4  undone"), std::string::npos) << rig.said;
  rig.compile({});
  EXPECT_EQ(rig.apply(rig.image()), exit_as_wanted);
  EXPECT_FALSE(rig.scratch.exists("root/etc/a"));
  EXPECT_EQ(rig.rollback(rig.image()), exit_as_wanted);
  EXPECT_EQ(rig.scratch.read("root/etc/a"), "2");
}

TEST(HostApply, says_which_generation_can_be_taken_back_no_more) {
  HostRig rig;
  for (int i = 1; i <= 5; ++i) {
    rig.compile({{"etc/a", {std::to_string(i)}}});
    ASSERT_EQ(rig.apply(rig.image()), exit_as_wanted);
    EXPECT_EQ(rig.said.find("any more"), std::string::npos) << rig.said;
  }
  rig.compile({{"etc/a", {"6"}}});
  ASSERT_EQ(rig.apply(rig.image()), exit_as_wanted);
  EXPECT_NE(rig.said.find("generation 1 cannot be taken back any more: the last 5 can\n"), std::string::npos)
      << rig.said;
}

TEST(HostApply, a_value_that_somebody_changed_is_named_as_it_is_taken_back) {
  HostRig rig;
  rig.set_value(swappiness, "60");
  rig.compile({{conf, {"x"}}}, step_sysctl, set_swappiness);
  ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted);
  rig.set_value(swappiness, "35");
  EXPECT_EQ(rig.rollback(rig.running()), exit_as_wanted);
  EXPECT_EQ(rig.warned, "a was changed by somebody else since, from 10 to 35: it becomes 60 again\n");
  EXPECT_EQ(rig.value(swappiness), "60");
}

TEST(HostApply, somebody_who_looks_while_it_runs_is_told_to_wait) {
  HostRig rig;
  rig.compile({{"etc/udev/rules.d/60", {"r"}}}, step_udev);
  host::Machine machine = rig.running();
  std::string refusal;
  machine.run = [&](const std::string&) {
    try {
      status(rig.running());
    } catch (const Refused& refused) {
      refusal = refused.text;
    }
    return 0;
  };
  EXPECT_EQ(rig.apply(machine), exit_as_wanted) << rig.warned;
  EXPECT_EQ(refusal, "another tunec-host is changing this machine: wait until it is done");
}

TEST(HostApply, a_signal_waits_for_the_command_and_everything_is_undone) {
  HostRig rig;
  rig.set_value(swappiness, "60");
  rig.compile({{"etc/udev/rules.d/60", {"r"}}, {"etc/unit", {"new"}}}, step_units + "," + step_udev,
              set_swappiness);
  const std::string before = rig.state();
  const pid_t child = ::fork();
  if (child == 0) {
    host::Machine machine = rig.running();
    int commands = 0;
    machine.run = [&](const std::string&) { return ++commands == 1 ? ::raise(SIGTERM) : 0; };
    rig.apply(machine);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  EXPECT_EQ(rig.state(), before);
  EXPECT_EQ(rig.resume(rig.running()), exit_as_wanted);
  EXPECT_EQ(rig.said, "nothing was interrupted\n");
}

TEST(HostApply, a_dry_run_without_root_shows_what_it_can) {
  HostRig rig;
  rig.put("etc/key", {"secret", 0000});
  rig.compile({{"etc/key", {"new"}}, {"etc/a", {"a"}}});
  const Unprivileged nobody(rig.scratch);
  if (!nobody.possible()) GTEST_SKIP() << "this needs root";
  EXPECT_EQ(rig.dry_run(rig.image()), exit_differs) << rig.refusal;
  EXPECT_NE(rig.said.find("/etc/a is new"), std::string::npos) << rig.said;
  EXPECT_NE(rig.warned.find("etc/key: Permission denied"), std::string::npos) << rig.warned;
}

TEST(HostVerify, names_each_way_in_which_the_host_differs) {
  HostRig rig;
  rig.set_value(swappiness, "60");
  rig.compile(
      {{conf, {"x"}}, {"etc/default/grub.d/60.cfg", {"g"}}}, step_sysctl,
      set_swappiness + "," + set_boot +
          R"(, {"name": "m", "effect": "reload", "read": "/sys/module/m/parameters/p", "expect": "1"})");
  ASSERT_EQ(rig.apply(rig.running()), exit_to_do) << rig.warned;
  const auto statuses = [&] {
    rig.said.clear();
    const int code = verify(rig.running(), ReportForm::json);
    const auto json = nlohmann::json::parse(rig.said);
    std::string text = std::to_string(code);
    for (const auto& entry : json["findings"]) text += ", " + entry["status"].get<std::string>();
    return text;
  };
  EXPECT_EQ(statuses(), "3, equal, equal, equal, at the next boot, unsupported here");
  rig.set_value("/sys/module/m/parameters/p", "N");
  EXPECT_EQ(statuses(), "3, equal, equal, equal, at the next boot, at the next load");
  rig.set_value("/proc/sys/kernel/random/boot_id", "second");
  EXPECT_EQ(statuses(), "4, equal, equal, equal, differs, differs");
  rig.set_value("/sys/module/m/parameters/p", "Y");
  rig.set_value("/proc/cmdline", "nosmt");
  EXPECT_EQ(statuses(), "0, equal, equal, equal, equal, equal");
  rig.set_value(swappiness, "11");
  rig.put(conf, {"y"});
  EXPECT_EQ(statuses(), "4, equal, differs, differs, equal, equal");
}

}  // namespace
}  // namespace tunec::test
