// What tunec-host says that it leaves: to the operator, until a reboot, or of what was there before.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/host_rig.h"
#include "support/host_steps.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

void apply_words(HostRig& rig, const std::string& words, const std::string& content) {
  const std::string file = "etc/default/grub.d/tunec.cfg";
  rig.compile({{file, {content, 0644, 0, "reboot"}}}, "",
              fmt::format(R"({{"name": "b", "file": "{}", "effect": "reboot", )"
                          R"("read": "/proc/cmdline", "expect": "{}"}})",
                          file, words));
  rig.apply(rig.running());
  rig.said.clear();
}

TEST(HostLeft, a_dry_run_of_a_roll_back_shows_it_and_does_nothing) {
  HostRig rig;
  rig.set_value(swappiness, "60");
  rig.put("etc/unit", {"old\n"});
  rig.put("etc/key", {"secret", 0600});
  rig.compile({{conf, {"x\n"}}, {"etc/unit", {"new\n"}}, {"etc/key", {"other", 0600}}},
              step_sysctl + "," + step_units, set_swappiness);
  ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.refusal;
  const std::string state = rig.state(true), store = rig.store();
  EXPECT_EQ(rig.code_of([&] { return show_rollback(rig.running(), std::nullopt); }), exit_differs);
  for (const char* part :
       {"/etc/sysctl.d/90-tunec.conf is removed: it was not there\n", "/etc/unit becomes what it was\n",
        "-new\n+old\n", "/etc/key becomes what it was\n  its lines are private\n",
        "  a  10 → 60    /proc/sys/vm/swappiness\n", "commands that are run again\n  daemon-reload\n",
        "nothing was changed: this was a dry run\n"})
    EXPECT_NE(rig.said.find(part), std::string::npos) << part << "in\n" << rig.said;
  EXPECT_EQ(rig.state(true), state);
  EXPECT_EQ(rig.store(), store);
  EXPECT_EQ(rig.code_of([&] { return show_rollback(rig.running(), 7); }), exit_usage_or_io);
}

TEST(HostLeft, what_was_staged_is_ended_by_now) {
  HostRig rig;
  rig.set_value(swappiness, "10");
  rig.compile({{conf, {"x"}}, {"etc/unit", {"u"}}}, step_sysctl + "," + step_units, set_swappiness);
  ASSERT_EQ(rig.apply(rig.running(), ApplyMode::stage), exit_to_do);
  EXPECT_TRUE(rig.ran.empty());
  EXPECT_EQ(rig.dry_run(rig.running()), exit_differs);
  EXPECT_NE(rig.said.find("commands that --now runs\n  daemon-reload\n"), std::string::npos) << rig.said;
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.warned;
  EXPECT_EQ(rig.ran, std::vector<std::string>{"daemon-reload"});
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted);
  EXPECT_EQ(rig.said, "nothing to do\n");
  EXPECT_TRUE(rig.ran.empty());
}

TEST(HostLeft, says_how_a_unit_is_disabled_that_left_the_tree) {
  HostRig rig;
  const std::string libvirt =
      R"({"effect": "restart", "command": "restart libvirt", "unit": "libvirtd.service", "files": ["etc/qemu.conf"]})";
  const std::string tunnel =
      R"({"effect": "restart", "command": "enable wg", "unit": "wg-quick@wg0.service", "at_boot": true, "files": ["etc/wg0.conf"]})";
  const std::string service =
      R"({"effect": "restart", "command": "try s", "restarts": ["s.service"], "files": ["etc/systemd/system/s.service"]})";
  rig.compile({{"etc/qemu.conf", {"q"}}, {"etc/wg0.conf", {"w"}}, {"etc/systemd/system/s.service", {"s"}}},
              libvirt + "," + tunnel + "," + service);
  ASSERT_EQ(rig.apply(rig.running()), exit_to_do);
  rig.compile({});
  EXPECT_EQ(rig.apply(rig.running()), exit_to_do);
  const std::string left = rig.said.substr(rig.said.find("left to you"));
  EXPECT_TRUE(left.starts_with(
      "left to you\n  restart libvirt    restart: \n"
      "  systemctl disable --now 'wg-quick@wg0.service'    restart: the tree has it no more\n"))
      << left;
  EXPECT_NE(left.find("  what /etc/systemd/system/s.service has set or started stays"), std::string::npos)
      << left;
}

TEST(HostLeft, says_that_this_is_another_kernel) {
  HostRig rig;
  rig.compile({{"etc/a", {"a"}}});
  rig.set_value("/proc/sys/kernel/osrelease", "6.1.0-9-amd64");
  rig.dry_run(rig.running());
  EXPECT_EQ(rig.warned, "");
  for (const char* other : {"6.12.1", "6.10.0-1-amd64"}) {
    rig.set_value("/proc/sys/kernel/osrelease", other);
    rig.dry_run(rig.running());
    EXPECT_TRUE(rig.warned.starts_with("the tree is for Linux 6.1, and this host runs " + std::string(other)))
        << rig.warned;
  }
}

TEST(HostLeft, a_flag_of_somebody_else_stays) {
  HostRig rig;
  rig.scratch.make_directory("root/run");
  rig.scratch.write("root/run/reboot-required", "");
  rig.set_value("/proc/cmdline", "ro a=1");
  apply_words(rig, "a=1", "x");
  EXPECT_EQ(rig.rollback(rig.running()), exit_to_do);
  EXPECT_EQ(rig.scratch.read("root/run/reboot-required.pkgs"), "tunec-host\n");
  rig.set_value("/proc/cmdline", "ro");
  apply_words(rig, "b=1", "x");
  rig.rollback(rig.running());
  EXPECT_TRUE(rig.scratch.exists("root/run/reboot-required"));
}

TEST(HostLeft, a_setting_that_left_the_tree_stays_until_a_reboot) {
  HostRig rig;
  rig.set_value(swappiness, "60");
  rig.set_value("/proc/sys/vm/b", "1");
  const std::string set_b =
      R"({"name": "b", "file": "etc/sysctl.d/90-tunec.conf", "effect": "live", "read": "/proc/sys/vm/b", "expect": "2", "write": true})";
  rig.compile({{conf, {"both"}}}, step_sysctl, set_swappiness + "," + set_b);
  ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted);
  rig.compile({{conf, {"one"}}}, step_sysctl, set_b);
  const std::string stays = "  a stays 10 until a reboot: the tree does not set it any more    " +
                            std::string(swappiness) + "\n";
  EXPECT_EQ(rig.dry_run(rig.running()), exit_differs);
  EXPECT_NE(rig.said.find(stays), std::string::npos) << rig.said;
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted);
  EXPECT_NE(rig.said.find("left to you\n" + stays), std::string::npos) << rig.said;
  EXPECT_EQ(rig.value(swappiness), "10");
  // The whole file goes: its settings are named, not it.
  rig.compile({});
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted);
  EXPECT_NE(rig.said.find("left to you\n  b stays 2 until a reboot"), std::string::npos) << rig.said;
  EXPECT_EQ(rig.said.find("has set or started"), std::string::npos) << rig.said;
}

TEST(HostLeft, says_what_a_file_of_somebody_else_loses) {
  HostRig rig;
  rig.put("etc/qemu.conf", {"# long\n\nuser = \"root\"\n  # more\nkept = 1\ngroup = \"kvm\"\n"});
  rig.put("etc/comments", {"# nothing\n"});
  rig.compile({{"etc/qemu.conf", {"kept = 1\n"}}, {"etc/comments", {"a = 1\n"}}});
  EXPECT_EQ(rig.dry_run(rig.image()), exit_differs);
  EXPECT_NE(
      rig.said.find(
          "tunec did not write the file that was there: 2 of its lines that are no comments are lost\n"),
      std::string::npos)
      << rig.said;
  EXPECT_NE(rig.said.find("tunec did not write the file that was there: nothing but comments is lost\n"),
            std::string::npos)
      << rig.said;
  ASSERT_EQ(rig.apply(rig.image()), exit_as_wanted);
  rig.compile({{"etc/qemu.conf", {"kept = 2\n"}}, {"etc/comments", {"a = 1\n"}}});
  EXPECT_EQ(rig.dry_run(rig.image()), exit_differs);
  EXPECT_EQ(rig.said.find("did not write"), std::string::npos) << "now it is tunec's own: " << rig.said;
}

TEST(HostLeft, a_dry_run_names_the_trial_where_a_reboot_is_left) {
  HostRig rig;
  rig.compile({{"etc/default/grub.d/60.cfg", {"g"}}}, step_grub, set_boot);
  EXPECT_EQ(rig.dry_run(rig.running()), exit_differs);
  EXPECT_NE(rig.said.find("--trial boots it once"), std::string::npos) << rig.said;
  EXPECT_EQ(rig.dry_run(rig.image()), exit_differs);
  EXPECT_EQ(rig.said.find("--trial"), std::string::npos) << rig.said;
}

TEST(HostLeft, a_word_that_was_taken_back_stays_until_a_reboot) {
  HostRig rig;
  rig.set_value("/proc/cmdline", "ro");
  apply_words(rig, "a=1", "x");
  EXPECT_EQ(rig.rollback(rig.running()), exit_as_wanted) << "no boot had it";
  EXPECT_EQ(rig.said.find("until a reboot"), std::string::npos) << rig.said;
  apply_words(rig, "a=1", "x");
  rig.set_value("/proc/cmdline", "ro a=1");
  EXPECT_EQ(rig.rollback(rig.running()), exit_to_do);
  EXPECT_NE(rig.said.find("the running kernel keeps `a=1` until a reboot\n"), std::string::npos) << rig.said;
}

TEST(HostLeft, words_of_several_generations_stay_until_a_reboot) {
  HostRig rig;
  rig.scratch.make_directory("root/run");
  rig.set_value("/proc/cmdline", "ro b=2");
  apply_words(rig, "a=1", "x");
  apply_words(rig, "b=2", "y");
  EXPECT_EQ(rig.rollback(rig.running(), 1), exit_to_do);
  EXPECT_NE(rig.said.find("the running kernel keeps `b=2` until a reboot\n"), std::string::npos) << rig.said;
  EXPECT_EQ(rig.said.find("a=1` until"), std::string::npos) << "this boot does not have it";
  EXPECT_EQ(rig.scratch.read("root/run/reboot-required.pkgs"), "tunec-host\n");
}

TEST(HostLeft, a_roll_back_lists_how_what_people_ran_is_undone) {
  HostRig rig;
  rig.put("etc/b.conf", {"old"});
  rig.compile({{"etc/a.mount", {"a", 0644, 0, "restart"}}, {"etc/b.conf", {"new", 0644, 0, "restart"}}},
              R"({"effect": "restart", "command": "systemctl enable --now a.mount", "unit": "a.mount",)"
              R"( "at_boot": true, "files": ["etc/a.mount"]},)"
              R"({"effect": "restart", "command": "systemctl enable b && systemctl restart b", "unit": "b",)"
              R"( "at_boot": true, "files": ["etc/b.conf"]})");
  EXPECT_EQ(rig.apply(rig.running()), exit_to_do);
  EXPECT_EQ(rig.rollback(rig.running()), exit_to_do);
  // The unit a.mount is gone, and b is as it was.
  EXPECT_TRUE(
      rig.said.ends_with("these are to be run now\n  systemctl disable --now a.mount\n"
                         "  systemctl enable b && systemctl restart b\n"))
      << rig.said;
}

}  // namespace
}  // namespace tunec::test
