// tunec-host looks around before an apply, and refuses: the reason, what to do, and a machine as it was.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <filesystem>

#include "host/apply/preflight.h"
#include "support/host_rig.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

constexpr const char* conf = "etc/sysctl.d/90-tunec.conf";

// A dry run tells the reason, and an apply refuses; --force applies it all the same.
void expect_refused(HostRig& rig, const std::string& reason) {
  const std::string before = rig.state();
  EXPECT_EQ(rig.dry_run(rig.running()), exit_differs) << rig.refusal;
  EXPECT_NE(rig.warned.find("--now would be refused: " + reason), std::string::npos) << rig.warned;
  EXPECT_EQ(rig.apply(rig.running()), exit_usage_or_io);
  EXPECT_NE((rig.warned + rig.refusal).find(reason), std::string::npos) << rig.warned << rig.refusal;
  EXPECT_NE(rig.refusal.find("nothing was changed; --force applies it all the same"), std::string::npos)
      << rig.refusal;
  EXPECT_EQ(rig.state(), before);
  EXPECT_NE(rig.apply(rig.running(), ApplyMode::now, true), exit_usage_or_io) << rig.refusal;
  rig.rollback(rig.running());
}

void expect_fine(HostRig& rig) {
  EXPECT_NE(rig.apply(rig.running()), exit_usage_or_io) << rig.refusal;
  rig.rollback(rig.running());
}

TEST(HostPreflight, another_machine_than_the_site_describes) {
  HostRig rig;
  rig.compile(
      {{conf, {"x"}}}, "", "",
      R"({"kind": "assumed", "name": "host.memory", "what": "memory, in KiB", "read": "/proc/meminfo", "line": "MemTotal:", "least": 1000, "most": 1024},)"
      R"({"kind": "assumed", "name": "host.pci", "what": "the device 0000:65:00.0", "read": "/sys/bus/pci/devices/0000:65:00.0", "join": "count", "least": 1})");
  rig.set_value("/sys/bus/pci/devices/0000:65:00.0/vendor", "0x10de");
  rig.set_value("/proc/meminfo", "MemTotal:   1001 kB");
  expect_fine(rig);
  rig.set_value("/proc/meminfo", "MemTotal:    500 kB");
  expect_refused(rig,
                 "memory, in KiB: the site assumes at least 1000, at most 1024, but here it is 500: mend the "
                 "host's facts in the site, and compile again");
  rig.set_value("/proc/meminfo", "MemTotal:   1001 kB");
  std::filesystem::remove_all(rig.scratch.at("kernel/sys/bus"));
  expect_refused(rig, "the device 0000:65:00.0: the site assumes at least 1, but here it is 0");
}

TEST(HostPreflight, somebody_else_who_is_writing) {
  HostRig rig;
  rig.compile(
      {{conf, {"x"}}}, "", "",
      R"({"kind": "before", "what": "TuneD is running", "read": "/sys/fs/cgroup/system.slice/tuned.service/cgroup.procs",)"
      R"( "join": "count", "most": 0, "instead": "systemctl disable --now tuned"})");
  expect_fine(rig);
  rig.set_value("/sys/fs/cgroup/system.slice/tuned.service/cgroup.procs", "");
  expect_fine(rig);
  rig.set_value("/sys/fs/cgroup/system.slice/tuned.service/cgroup.procs", "812");
  expect_refused(rig, "TuneD is running: systemctl disable --now tuned");
}

TEST(HostPreflight, dpkg_at_work) {
  HostRig rig;
  rig.compile(
      {{conf, {"x"}}}, "", "",
      R"({"kind": "before", "what": "dpkg is at work", "locked": "/var/lib/dpkg/lock", "instead": "wait"})");
  expect_fine(rig);
  rig.put("var/lib/dpkg/lock", {""});
  expect_fine(rig);
  // A process does not see its own locks.
  int ready[2], done[2];
  ASSERT_EQ(::pipe(ready) + ::pipe(done), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const int fd = ::open(rig.scratch.at("root/var/lib/dpkg/lock").c_str(), O_RDWR);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    char byte = fd >= 0 && ::fcntl(fd, F_SETLK, &lock) == 0 ? 'y' : 'n';
    if (::write(ready[1], &byte, 1) != 1 || ::read(done[0], &byte, 1) < 0) ::_exit(1);
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ASSERT_EQ(byte, 'y');
  expect_refused(rig, "dpkg is at work (/var/lib/dpkg/lock is locked): wait");
  ASSERT_EQ(::write(done[1], &byte, 1), 1);
  ::waitpid(child, nullptr, 0);
  expect_fine(rig);
  for (const int fd : {ready[0], ready[1], done[0], done[1]}) ::close(fd);
}

TEST(HostPreflight, a_file_that_is_read_later) {
  HostRig rig;
  rig.set_value("/proc/sys/vm/swappiness", "60");
  rig.compile(
      {{conf, {"x"}}}, "",
      R"({"name": "s", "file": "etc/sysctl.d/90-tunec.conf", "effect": "live", "read": "/proc/sys/vm/swappiness", "expect": "10", "write": true})");
  expect_fine(rig);
  rig.put("etc/sysctl.d/99-local.conf", {"vm.swappiness = 1\n"});
  expect_refused(
      rig, "s = 10 would be lost at the next boot: /etc/sysctl.d/99-local.conf is read later and sets 1");
}

TEST(HostPreflight, no_room_for_a_boot_image) {
  HostRig rig;
  rig.compile(
      {{"etc/modprobe.d/tunec.conf", {"x"}}},
      R"({"effect": "reboot", "command": "update-initramfs", "files": ["etc/modprobe.d/tunec.conf"]})");
  rig.put("boot/initrd.img-6.1", {"small"});
  expect_fine(rig);
  const std::string image = rig.scratch.at("root/boot/initrd.img-6.1");
  std::filesystem::resize_file(image, std::uintmax_t{1} << 42);  // a hole
  EXPECT_EQ(rig.dry_run(rig.running()), exit_differs);
  EXPECT_EQ(rig.apply(rig.running()), exit_usage_or_io);
  EXPECT_NE(rig.refusal.find("/boot has "), std::string::npos) << rig.refusal;
  EXPECT_NE(rig.refusal.find("and a new boot image takes 4194305 MiB"), std::string::npos) << rig.refusal;
  EXPECT_FALSE(rig.scratch.exists("root/etc/modprobe.d/tunec.conf"));
}

TEST(HostReboot, is_announced_and_taken_back) {
  HostRig rig;
  rig.scratch.make_directory("root/run");
  rig.compile({{"etc/default/grub.d/60.cfg", {"x"}}},
              R"({"effect": "reboot", "command": "update-grub", "files": ["etc/default/grub.d/60.cfg"]})");
  EXPECT_EQ(rig.apply(rig.running()), exit_to_do);
  EXPECT_EQ(rig.scratch.read("root/run/reboot-required"), "*** System restart required ***\n");
  EXPECT_EQ(rig.scratch.read("root/run/reboot-required.pkgs"), "tunec-host\n");
  rig.rollback(rig.running());
  EXPECT_FALSE(rig.scratch.exists("root/run/reboot-required"));
  // What another program asks for stays.
  rig.scratch.write("root/run/reboot-required", "kernel\n");
  rig.scratch.write("root/run/reboot-required.pkgs", "linux-image\n");
  EXPECT_EQ(rig.apply(rig.running()), exit_to_do);
  EXPECT_EQ(rig.scratch.read("root/run/reboot-required.pkgs"), "linux-image\ntunec-host\n");
  rig.rollback(rig.running());
  EXPECT_EQ(rig.scratch.read("root/run/reboot-required.pkgs"), "linux-image\n");
  EXPECT_EQ(rig.scratch.read("root/run/reboot-required"), "kernel\n");
}

TEST(HostStage, writes_files_and_nothing_else_until_the_boot) {
  HostRig rig;
  rig.set_value("/proc/sys/vm/swappiness", "60");
  rig.compile(
      {{conf, {"x"}}},
      R"({"effect": "reload", "command": "reload", "files": ["etc/sysctl.d/90-tunec.conf"]})",
      R"({"name": "s", "file": "etc/sysctl.d/90-tunec.conf", "effect": "live", "read": "/proc/sys/vm/swappiness", "expect": "10", "write": true})");
  EXPECT_EQ(rig.apply(rig.running(), ApplyMode::stage), exit_to_do) << rig.refusal;
  EXPECT_TRUE(rig.ran.empty());
  EXPECT_EQ(rig.value("/proc/sys/vm/swappiness"), "60");
  EXPECT_EQ(rig.scratch.read(std::string("root/") + conf), "x");
  EXPECT_EQ(verify(rig.running(), ReportForm::table), exit_to_do) << rig.said;
  EXPECT_NE(rig.said.find("at the next boot  s  expected 10, found 60"), std::string::npos) << rig.said;
  EXPECT_EQ(rig.apply(rig.running(), ApplyMode::stage), exit_to_do) << "it still waits";
  rig.set_value("/proc/sys/kernel/random/boot_id", "second");
  rig.set_value("/proc/sys/vm/swappiness", "10");
  EXPECT_EQ(rig.apply(rig.running(), ApplyMode::stage), exit_as_wanted);
  EXPECT_EQ(verify(rig.running(), ReportForm::table), exit_as_wanted) << rig.said;
}

}  // namespace
}  // namespace tunec::test
