// What `apply --trial` refuses, before it changes anything; and what happens if a step of it fails.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/trial_rig.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

void expect_refused(TrialRig& rig, const std::string& reason) {
  const std::string before = rig.state();
  EXPECT_EQ(rig.trial(), exit_usage_or_io);
  EXPECT_NE(rig.refusal.find(reason), std::string::npos) << rig.refusal;
  EXPECT_EQ(rig.state(), before);
  EXPECT_TRUE(rig.done.empty());
}

TEST(HostTrialRefuses, trees_that_no_boot_is_needed_for) {
  TrialRig rig;
  rig.compile({{"etc/a", {"a"}}});
  expect_refused(rig, "nothing of this tree needs a boot, so there is nothing to try: --now applies it");
}

TEST(HostTrialRefuses, trees_that_are_applied_already) {
  TrialRig rig;
  ASSERT_EQ(rig.apply(rig.machine()), exit_to_do) << rig.refusal;
  expect_refused(rig,
                 "this tree is applied already, so there is nothing left to try: `tunec-host rollback` takes "
                 "it back, then "
                 "--trial tries it");
  rig.rollback(rig.machine());
  EXPECT_EQ(rig.trial(), exit_to_do) << rig.refusal;
}

TEST(HostTrialRefuses, boot_loaders_that_it_cannot_make_boot_something_once) {
  for (const std::string command : {"grubby --update-kernel=ALL --args=new=1", "proxmox-boot-tool refresh",
                                    "for k in /lib/modules/*/vmlinuz; do kernel-install add; done"}) {
    TrialRig rig;
    rig.compile({{"etc/kernel/cmdline", {"new=1"}}},
                R"({"effect": "reboot", "files": ["etc/kernel/cmdline"], "command": ")" + command + "\"}");
    expect_refused(rig, "there can be no trial boot here: `" + command + "` changes what boots");
  }
  // Debian's hook for systemd-boot: the command line is in a file, and the initrd's maker reads it.
  TrialRig rig;
  rig.compile(
      {{"etc/kernel/cmdline", {"new=1"}}},
      R"({"effect": "reboot", "files": ["etc/kernel/cmdline"], "command": "update-initramfs -u -k all"})",
      R"({"name": "b", "file": "etc/kernel/cmdline", "effect": "reboot", "read": "/proc/cmdline", "expect": "new=1"})");
  expect_refused(rig, "GRUB booted this host, and GRUB does not read etc/kernel/cmdline");
}

// RHEL and its kin, whatever the distribution is called.
TEST(HostTrialRefuses, entries_that_grubby_edits) {
  for (const char* path : {"boot/grub/grub.cfg", "boot/grub2/grub.cfg"}) {
    TrialRig rig;
    rig.missing = {"grub-mkconfig", "update-grub"};
    rig.put(path, {"set default=0\ninsmod blscfg\nblscfg\n"});
    rig.compile({{"etc/a", {"a"}}},
                R"({"effect": "reboot", "command": "grubby --update-kernel=ALL --args=new=1"})",
                R"({"name": "b", "effect": "reboot", "read": "/proc/cmdline", "expect": "new=1"})");
    expect_refused(rig,
                   std::string(path) + " takes its entries from loader/entries (blscfg), which grubby edits");
  }
}

TEST(HostTrialRefuses, file_systems_that_grub_cannot_write) {
  for (const char* type : {"btrfs", "zfs", "f2fs"}) {
    TrialRig rig;
    rig.file_system = type;
    expect_refused(rig, std::string("boot/grub is on ") + type + ", which GRUB cannot write");
  }
  for (const char* layer : {"lvm", "mdraid1x", "luks"}) {
    TrialRig rig;
    rig.abstraction = layer;
    expect_refused(rig, std::string("boot/grub is on ") + layer + ", through which GRUB cannot write");
  }
  TrialRig rig;
  rig.failing = {"grub-probe"};
  expect_refused(rig, "grub-probe cannot say what");
}

TEST(HostTrialRefuses, hosts_that_lack_something) {
  for (const char* program : {"grub-mkconfig", "grub-editenv", "update-grub", "unshare", "systemd-run"}) {
    TrialRig rig;
    rig.missing = {program};
    expect_refused(rig, std::string("there is no ") + program);
  }
  TrialRig rig;
  rig.scratch.write("root/boot/grub/grub.cfg", "menuentry 'x' {\n}\n");
  expect_refused(rig, "grub.cfg does not read custom.cfg");
  TrialRig image;
  EXPECT_EQ(image.code_of([&] { return apply_trial(image.image(), image.tree(), {}); }), exit_usage_or_io);
  EXPECT_NE(image.refusal.find("the files of an image do not boot here"), std::string::npos) << image.refusal;
}

TEST(HostTrialRefuses, programs_that_would_be_gone_in_the_trial_boot) {
  for (const char* program : {"/tmp/tunec-host", "/run/x/tunec-host", "/opt/a b/tunec-host"}) {
    TrialRig rig;
    Machine machine = rig.machine();
    machine.program = program;
    TreeChoice choice = rig.tree();
    choice.host = "kvm-01";
    EXPECT_EQ(rig.code_of([&] { return apply_trial(machine, choice, {}); }), exit_usage_or_io);
    EXPECT_NE(rig.refusal.find("copy it to /usr/local/sbin"), std::string::npos) << rig.refusal;
  }
}

TEST(HostTrialRefuses, while_something_else_is_pending) {
  TrialRig rig;
  rig.scratch.write("root/boot/grub/grubenv", "# GRUB Environment Block\nnext_entry=rescue\n");
  expect_refused(rig, "`grub-reboot rescue` is pending");
  TrialRig tried;
  ASSERT_EQ(tried.trial(), exit_to_do);
  tried.done.clear();
  expect_refused(tried, "generation 1 is on trial");
  TrialRig interrupted;
  ASSERT_EQ(interrupted.apply(interrupted.machine()), exit_to_do);
  interrupted.scratch.write("root/var/lib/tunec/generations/1/phase", "applying 0\n");
  expect_refused(interrupted, "generation 1 was interrupted");
}

TEST(HostTrialRefuses, while_dpkg_runs) {
  TrialRig rig;
  rig.put("var/lib/dpkg/lock-frontend", {""});
  int ready[2], end[2];
  ASSERT_TRUE(::pipe(ready) == 0 && ::pipe(end) == 0);
  const pid_t dpkg = ::fork();
  char byte = 0;
  if (dpkg == 0) {
    const int fd = ::open(rig.scratch.at("root/var/lib/dpkg/lock-frontend").c_str(), O_RDWR);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    const bool locked = ::fcntl(fd, F_SETLK, &lock) == 0;
    ::close(end[1]);
    if (::write(ready[1], "x", 1) == 1) [[maybe_unused]]
      const auto count = ::read(end[0], &byte, 1);
    ::_exit(locked ? 0 : 1);
  }
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  expect_refused(rig, "dpkg is at work");
  ::close(end[1]);
  int status = 0;
  ::waitpid(dpkg, &status, 0);
  EXPECT_EQ(status, 0);
  for (const int fd : {ready[0], ready[1], end[0]}) ::close(fd);
  EXPECT_EQ(rig.trial(), exit_to_do) << rig.refusal;
}

TEST(HostTrialRefuses, a_boot_without_room) {
  TrialRig rig;
  rig.compile_tree(true);
  const std::string before = rig.state();
  rig.scratch.write("root/boot/initrd.img-huge", "");  // nobody reads it: it is larger than the memory
  ASSERT_EQ(::truncate(rig.scratch.at("root/boot/initrd.img-huge").c_str(), off_t{1} << 43), 0);
  EXPECT_EQ(rig.trial(), exit_usage_or_io);
  EXPECT_NE(rig.refusal.find("MiB left, and the trial needs"), std::string::npos) << rig.refusal;
  rig.scratch.clear("root/boot/initrd.img-huge");
  EXPECT_EQ(rig.state(), before);
}

// Each step of it fails once: it is named, and undone.
TEST(HostTrialFaults, are_named_and_undone) {
  const std::pair<const char*, const char*> faults[] = {
      {"cp -a", "cannot be copied"},
      {"unshare", "grub-mkconfig refuses the tree's files"},
      {"mkinitramfs", "`mkinitramfs -o"},
      {"grub-script-check", "GRUB would not read it"},
      {"grub-editenv", "failed with status 1"},
  };
  for (const auto& [command, said] : faults) {
    TrialRig rig;
    rig.compile_tree(true);
    const std::string before = rig.state();
    rig.failing = {command};
    EXPECT_EQ(rig.trial(), exit_failed) << command << rig.refusal;
    EXPECT_NE(rig.warned.find(said), std::string::npos) << rig.warned;
    rig.failing.clear();
    EXPECT_EQ(rig.state(), before) << command;
    EXPECT_EQ(rig.trial(), exit_to_do) << command << rig.refusal;
  }
}

TEST(HostTrialFaults, a_file_system_that_cannot_be_frozen_is_not_armed) {
  TrialRig rig;
  const std::string before = rig.contents();
  rig.settle_fault = "cannot be frozen";
  rig.settles_until_fault = 0;
  EXPECT_EQ(rig.trial(), exit_failed);
  EXPECT_NE(rig.warned.find("cannot be frozen: generation 1 is undone"), std::string::npos) << rig.warned;
  EXPECT_EQ(rig.grubenv("tunec_trial"), "");
  EXPECT_EQ(rig.contents(), before);
}

TEST(HostTrialFaults, a_kernel_without_an_initrd_cannot_have_another_one) {
  TrialRig rig;
  rig.compile_tree(true);
  Machine machine = rig.machine();
  const auto ask = machine.output;
  machine.output = [&](const std::string& command) {
    auto text = ask(command);
    const std::size_t at = text ? text->find("\tinitrd") : std::string::npos;
    if (at != std::string::npos) text->erase(at, text->find('\n', at) - at);
    return text;
  };
  TreeChoice choice = rig.tree();
  choice.host = "kvm-01";
  EXPECT_EQ(rig.code_of([&] { return apply_trial(machine, choice, {}); }), exit_failed);
  EXPECT_NE(rig.warned.find("the entry of GRUB has no initrd"), std::string::npos) << rig.warned;
}

}  // namespace
}  // namespace tunec::test
