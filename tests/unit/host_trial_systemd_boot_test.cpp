// Trial boots by systemd-boot: that it starts an entry once, and never by itself; and where there can be
// none. The kill points are those of host_trial_crash_test.cpp.
#include <gtest/gtest.h>

#include "host/loader/type1_entry.h"
#include "support/systemd_boot_rig.h"

namespace tunec::test {
namespace {

using namespace tunec::host;
using Names = std::vector<std::string>;

constexpr const char* line = "root/etc/kernel/cmdline";
const Names base_alone{"ID-6.1.0-9-amd64.conf"};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// Without what differs from boot to boot.
std::string state_of(const SystemdBootRig& rig) {
  rig.set_value("/proc/sys/kernel/random/boot_id", "any");
  for (const char* name : {"LoaderInfo", "LoaderEntrySelected", "LoaderBootCountPath"})
    rig.remove_variable(name);
  rig.scratch.clear("root/run");
  return rig.contents();
}

void expect_old(SystemdBootRig& rig, const std::string& before) {
  EXPECT_FALSE(has(rig.cmdline(), "new=1")) << rig.cmdline();
  EXPECT_EQ(state_of(rig), before);
  rig.reboot_to_the_end();
  EXPECT_FALSE(has(rig.cmdline(), "new=1")) << rig.cmdline();
}

TEST(HostTrialSystemdBoot, is_armed_by_a_variable_and_an_entry_that_nothing_else_starts) {
  SystemdBootRig rig;
  EXPECT_EQ(rig.trial(), exit_to_do) << rig.refusal << rig.warned;
  EXPECT_EQ(rig.entries(), (Names{"ID-6.1.0-9-amd64.conf", "tunec-trial+0.conf"}));
  EXPECT_EQ(rig.variable("LoaderEntryOneShot"), "tunec-trial+0.conf");
  EXPECT_EQ(rig.scratch.read(line), "root=UUID=1 ro quiet\n");
  EXPECT_EQ(rig.done.back(), "settle");
  const std::string text = rig.scratch.read(rig.partition + "/loader/entries/tunec-trial+0.conf");
  EXPECT_TRUE(
      text.starts_with("title trial of generation 1\nversion 6.1.0-9-amd64\nmachine-id id\n"
                       "linux /id/6.1.0-9-amd64/linux\ninitrd /id/6.1.0-9-amd64/microcode.img\n"
                       "initrd /id/6.1.0-9-amd64/initrd.img-6.1.0-9-amd64\n"
                       "options root=UUID=1 ro quiet new=1 systemd.machine_id=id tunec.trial=1 panic=10 "))
      << text;
  EXPECT_FALSE(has(text, "sort-key")) << "it stands behind those that have one";
  // Somebody's reset before the variable was there.
  rig.remove_variable("LoaderEntryOneShot");
  rig.reboot();
  EXPECT_FALSE(has(rig.cmdline(), "new=1")) << rig.cmdline();
}

TEST(HostTrialSystemdBoot, a_good_boot_commits_itself) {
  SystemdBootRig rig;
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.refusal << rig.warned;
  rig.reboot();
  EXPECT_TRUE(has(rig.cmdline(), "new=1 systemd.machine_id=id tunec.trial=1")) << rig.cmdline();
  EXPECT_EQ(rig.variable("LoaderEntrySelected"), "tunec-trial+0.conf");
  EXPECT_EQ(rig.judge(), exit_as_wanted) << rig.warned;
  EXPECT_EQ(rig.entries(), base_alone);
  EXPECT_TRUE(has(rig.scratch.read(line), "new=1"));
  EXPECT_TRUE(has(rig.scratch.read(rig.base), "quiet new=1 systemd.machine_id=id\n"));
  rig.reboot_to_the_end();
  EXPECT_TRUE(has(rig.cmdline(), "new=1")) << rig.cmdline();
  EXPECT_FALSE(has(rig.cmdline(), "tunec.trial")) << rig.cmdline();
  EXPECT_EQ(rig.status(), exit_as_wanted) << rig.said;
}

TEST(HostTrialSystemdBoot, what_is_committed_is_taken_back_like_any_other) {
  SystemdBootRig rig;
  rig.compile_tree(true);
  const std::string before = state_of(rig);
  rig.reboot();
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.warned << rig.refusal;
  rig.reboot_to_the_end();
  rig.reboot();
  EXPECT_EQ(rig.scratch.read(rig.initrd()), "new initrd");
  EXPECT_EQ(rig.go_back(), exit_to_do) << rig.warned << rig.refusal;
  rig.reboot();
  expect_old(rig, before);
}

TEST(HostTrialSystemdBoot, a_boot_that_ends_early_falls_back_and_says_so) {
  for (const bool keeps : {false, true}) {
    SystemdBootRig rig;
    const std::string before = state_of(rig);
    rig.reboot();
    rig.firmware_keeps_variables = keeps;
    ASSERT_EQ(rig.trial(), exit_to_do);
    rig.reboot();  // panics
    EXPECT_TRUE(has(rig.cmdline(), "new=1"));
    EXPECT_EQ(rig.entries(), (Names{"ID-6.1.0-9-amd64.conf", "tunec-trial+0-1.conf"}));
    rig.reboot();
    EXPECT_TRUE(has(rig.warned, "fell back: its boot ended before it could be judged")) << rig.warned;
    EXPECT_EQ(rig.status(), exit_failed);
    expect_old(rig, before);
    rig.firmware_keeps_variables = false;
    ASSERT_EQ(rig.trial(), exit_to_do) << rig.refusal;
    rig.reboot_to_the_end();
    rig.reboot();
    EXPECT_TRUE(has(rig.cmdline(), "new=1"));
  }
}

TEST(HostTrialSystemdBoot, one_that_waits_for_somebody_is_not_blessed) {
  SystemdBootRig rig;
  ASSERT_EQ(rig.trial({600, false}), exit_to_do);
  rig.reboot_to_the_end();
  EXPECT_EQ(rig.entries(), (Names{"ID-6.1.0-9-amd64.conf", "tunec-trial+0-1.conf"}));
  rig.reboot();  // a power cut
  EXPECT_TRUE(has(rig.warned, "nobody confirmed it before the machine was booted again")) << rig.warned;
  EXPECT_FALSE(has(rig.cmdline(), "new=1"));
  EXPECT_EQ(rig.entries(), base_alone);
}

TEST(HostTrialSystemdBoot, entries_without_a_sort_key_come_before_it_too) {
  SystemdBootRig rig;
  std::string text = rig.scratch.read(rig.base);
  text.erase(text.find("sort-key"), 20);
  rig.scratch.write(rig.base, text);
  ASSERT_EQ(rig.trial({600, false}), exit_to_do);
  rig.reboot_to_the_end();
  rig.reboot();
  EXPECT_FALSE(has(rig.cmdline(), "new=1")) << rig.cmdline();
}

TEST(HostTrialSystemdBoot, one_that_the_loader_did_not_boot_is_disarmed) {
  const std::pair<std::string, std::function<void(SystemdBootRig&)>> cases[] = {
      {"systemd-boot did not see it: the firmware booted something else",
       [](SystemdBootRig& rig) { rig.boots_something_else = true; }},
      {"systemd-boot did not boot it: somebody chose another entry",
       [](SystemdBootRig& rig) { rig.chosen = "id-6.1*"; }},
      {"the machine booted something else",
       [](SystemdBootRig& rig) { rig.scratch.clear(rig.partition + "/loader/entries/tunec-trial+0.conf"); }},
  };
  for (const auto& [reason, change] : cases) {
    SystemdBootRig rig;
    const std::string before = state_of(rig);
    rig.reboot();
    ASSERT_EQ(rig.trial(), exit_to_do);
    change(rig);
    rig.reboot();
    EXPECT_TRUE(has(rig.warned, reason)) << rig.warned;
    EXPECT_FALSE(rig.variable("LoaderEntryOneShot"));
    rig.boots_something_else = false;
    rig.reboot();
    expect_old(rig, before);
  }
}

TEST(HostTrialSystemdBoot, is_cancelled_by_a_roll_back) {
  SystemdBootRig rig;
  rig.compile_tree(true);
  const std::string before = state_of(rig);
  rig.reboot();
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.warned;
  EXPECT_TRUE(rig.scratch.exists(rig.partition + "/tunec-trial.img"));
  EXPECT_EQ(rig.go_back(), exit_as_wanted) << rig.warned << rig.refusal;
  expect_old(rig, before);
}

TEST(HostTrialSystemdBoot, has_an_initrd_of_its_own_only_if_what_is_in_it_changes) {
  SystemdBootRig plain;
  ASSERT_EQ(plain.trial(), exit_to_do);
  EXPECT_FALSE(plain.scratch.exists(plain.partition + "/tunec-trial.img")) << "the hook alone needs none";
  SystemdBootRig rig;
  rig.compile_tree(true);
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.warned;
  EXPECT_EQ(rig.scratch.read(rig.initrd()), "old initrd");
  EXPECT_TRUE(has(rig.scratch.read(rig.partition + "/loader/entries/tunec-trial+0.conf"),
                  "initrd /id/6.1.0-9-amd64/microcode.img\ninitrd /tunec-trial.img\n"));
  rig.reboot_to_the_end();
  EXPECT_EQ(rig.scratch.read(rig.initrd()), "new initrd");
  EXPECT_FALSE(rig.scratch.exists(rig.partition + "/tunec-trial.img"));
}

TEST(HostTrialSystemdBoot, an_entry_without_the_words_is_no_commit) {
  SystemdBootRig rig;
  ASSERT_EQ(rig.trial(), exit_to_do);
  rig.reboot();
  Machine machine = rig.machine();
  const auto run = machine.run;
  machine.run = [&](const std::string& command) {
    return command.starts_with("update-initramfs") ? 0 : run(command);
  };
  EXPECT_EQ(rig.code_of([&] { return judge(machine); }), exit_failed);
  EXPECT_TRUE(has(rig.warned, "loader/entries/id-6.1.0-9-amd64.conf does not have `new=1`")) << rig.warned;
  EXPECT_TRUE(rig.asked_to_reboot);
  rig.reboot();
  EXPECT_EQ(rig.scratch.read(line), "root=UUID=1 ro quiet\n");
}

TEST(HostTrialSystemdBoot, a_firmware_that_takes_no_variable_leaves_all_as_it_was) {
  SystemdBootRig rig;
  const std::string before = rig.contents();
  // Something that cannot be replaced stands where the variable goes.
  rig.scratch.make_directory(
      "kernel/sys/firmware/efi/efivars/LoaderEntryOneShot-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f");
  EXPECT_EQ(rig.trial(), exit_failed) << rig.refusal;
  EXPECT_TRUE(has(rig.warned, "LoaderEntryOneShot-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f: cannot be removed"))
      << rig.warned;
  rig.scratch.clear(
      "kernel/sys/firmware/efi/efivars/LoaderEntryOneShot-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f");
  rig.go_on();
  EXPECT_EQ(rig.contents(), before);
}

TEST(HostTrialSystemdBoot, is_refused_where_it_cannot_work) {
  const std::pair<std::string, std::function<void(SystemdBootRig&)>> cases[] = {
      {"`linux-6.1.efi` booted, a unified kernel image",
       [](SystemdBootRig& rig) { rig.set_variable("LoaderEntrySelected", "linux-6.1.efi"); }},
      {"booted, a unified kernel image",
       [](SystemdBootRig& rig) { rig.set_variable("StubInfo", "systemd-stub 252"); }},
      {"systemd-boot booted gone.conf, which is not in loader/entries of /efi, /boot or /boot/efi",
       [](SystemdBootRig& rig) { rig.set_variable("LoaderEntrySelected", "gone.conf"); }},
      {"does not name a kernel (`linux`)",
       [](SystemdBootRig& rig) { rig.scratch.write(rig.base, "title x\nefi /EFI/x.efi\n"); }},
      {"boot/efi is not on vfat", [](SystemdBootRig& rig) { rig.file_system_of_boot = "ext2/ext3"; }},
      {"`windows.conf` is pending as the next boot",
       [](SystemdBootRig& rig) { rig.set_variable("LoaderEntryOneShot", "windows.conf"); }},
      {"/etc/kernel/tries makes kernel-install count boots",
       [](SystemdBootRig& rig) { rig.put("etc/kernel/tries", {"3\n"}); }},
      {"there is no /etc/kernel/cmdline", [](SystemdBootRig& rig) { rig.scratch.clear(line); }},
      {"there is no kernel-install", [](SystemdBootRig& rig) { rig.missing = {"kernel-install"}; }},
      {"systemd-boot booted this host, and systemd-boot does not read etc/default/grub.d/60.cfg",
       [](SystemdBootRig& rig) {
         rig.compile(
             {{"etc/default/grub.d/60.cfg", {"x"}}},
             R"({"effect": "reboot", "command": "kernel-install add", "files": ["etc/default/grub.d/60.cfg"]})",
             R"({"name": "b", "file": "etc/default/grub.d/60.cfg", "effect": "reboot", )"
             R"("read": "/proc/cmdline", "expect": "new=1"})");
       }},
      {"`proxmox-boot-tool refresh` changes what boots, and tunec-host can try only what `kernel-install` "
       "makes",
       [](SystemdBootRig& rig) {
         rig.compile(
             {{"etc/kernel/cmdline", {"new=1"}}},
             R"({"effect": "reboot", "command": "proxmox-boot-tool refresh", "files": ["etc/kernel/cmdline"]})");
       }},
  };
  for (const auto& [reason, change] : cases) {
    SystemdBootRig rig;
    change(rig);
    const std::string before = rig.state();
    EXPECT_EQ(rig.trial(), exit_usage_or_io) << reason;
    EXPECT_TRUE(has(rig.refusal, reason)) << rig.refusal << rig.warned << "\nnot: " << reason;
    EXPECT_EQ(rig.state(), before) << reason;
  }
}

TEST(HostTrialSystemdBoot, a_file_that_the_entry_names_and_that_is_missing_ends_it) {
  SystemdBootRig rig;
  rig.scratch.clear(rig.partition + "/id/6.1.0-9-amd64/microcode.img");
  EXPECT_EQ(rig.trial(), exit_failed) << rig.refusal;
  EXPECT_TRUE(has(rig.warned, "`initrd /id/6.1.0-9-amd64/microcode.img`: there is no")) << rig.warned;
  EXPECT_EQ(rig.entries(), base_alone);
}

TEST(HostTrialSystemdBoot, a_word_that_kernel_install_would_drop_is_told) {
  SystemdBootRig rig;
  std::string text = rig.scratch.read(rig.base);
  text.replace(text.find("quiet"), 5, "quiet byhand=1");
  rig.scratch.write(rig.base, text);
  ASSERT_EQ(rig.trial(), exit_to_do);
  EXPECT_TRUE(has(rig.warned, "the trial lacks `byhand=1` of the present entry")) << rig.warned;
  EXPECT_FALSE(has(rig.scratch.read(rig.partition + "/loader/entries/tunec-trial+0.conf"), "byhand"));
}

TEST(HostTrialSystemdBoot, its_first_unit_waits_for_the_partition_and_not_for_udev) {
  SystemdBootRig rig;
  rig.put("usr/local/sbin/tunec-host", {"the program"});
  ASSERT_EQ(rig.trial(), exit_to_do);
  const std::string unit = rig.scratch.read("root/etc/systemd/system/tunec-trial.service");
  EXPECT_TRUE(has(unit, "After=systemd-remount-fs.service boot-efi.mount\n")) << unit;
}

TEST(HostType1Entry, is_read_as_the_loader_reads_it) {
  const Type1Entry entry = read_type1_entry(
      "# a\n title\tDebian  12 \n\noptions a  b\noptions c\ninitrd /1\ninitrd /2\n");
  EXPECT_EQ(entry.first("title"), "Debian  12");
  EXPECT_EQ(entry.words(), (Names{"a", "b", "c"}));
  EXPECT_EQ(entry.all("initrd"), (Names{"/1", "/2"}));
  EXPECT_EQ(type1_text(entry, "t", {"x"}, "/2", "/own"), "title t\ninitrd /1\ninitrd /own\noptions x\n");
}

TEST(HostType1Entry, its_name_is_told_apart_from_its_counter) {
  EXPECT_EQ(name_without_counter("Debian-6.1.conf"), "debian-6.1.conf");
  EXPECT_EQ(name_without_counter("debian-6.1+3.conf"), "debian-6.1.conf");
  EXPECT_EQ(name_without_counter("debian-6.1+2-1.conf"), "debian-6.1.conf");
  EXPECT_EQ(name_without_counter("debian-6.1+deb12.conf"), "debian-6.1+deb12.conf");
  EXPECT_EQ(name_without_counter("a+1+x.conf"), "a+1+x.conf");
}

}  // namespace
}  // namespace tunec::test
