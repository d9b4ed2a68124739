// What tunec-host refuses, before it changes anything: code 2, a reason, and a machine as it was.
#include <filesystem>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "host/live.h"
#include "support/host_rig.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

// Applies, for show and in earnest.
void expect_refused(HostRig& rig, const std::string& reason, const host::Machine& machine) {
  const std::string before = rig.state();
  for (const ApplyMode mode : {ApplyMode::dry_run, ApplyMode::now}) {
    EXPECT_EQ(rig.apply(machine, mode), exit_usage_or_io);
    EXPECT_NE(rig.refusal.find(reason), std::string::npos) << rig.refusal;
  }
  EXPECT_EQ(rig.state(), before);
}
void expect_refused(HostRig& rig, const std::string& reason) { expect_refused(rig, reason, rig.image()); }

void edit_manifest(const HostRig& rig, const std::string& from, const std::string& to) {
  std::string text = rig.scratch.read("tree/manifest.json");
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  rig.scratch.write("tree/manifest.json", text.replace(at, from.size(), to));
}

TEST(HostRefuses, trees_that_are_not_for_this_machine) {
  HostRig rig;
  rig.compile({{"etc/a", {"a"}}});
  rig.scratch.write("root/etc/hostname", "kvm-02\n");
  expect_refused(rig, "the tree is for the host kvm-01, but this is kvm-02");
  rig.scratch.write("root/etc/hostname", "kvm-01.example.org\n");
  EXPECT_EQ(rig.dry_run(rig.image()), exit_differs) << rig.refusal;
  rig.scratch.write("root/etc/os-release", "ID=debian\nVERSION_ID=\"11\"\nPRETTY_NAME=\"Debian 11\"\n");
  expect_refused(rig, "the tree is for debian 12, Linux 6.1, but this machine runs \"Debian 11\"");
  rig.scratch.clear("root/etc/os-release");
  expect_refused(rig, "but this machine has no os-release");
}

TEST(HostRefuses, to_guess_whose_tree_is_meant) {
  HostRig rig;
  rig.compile({{"etc/a", {"a"}}});
  rig.scratch.make_directory("trees/kvm-01");
  rig.scratch.write("trees/kvm-01/manifest.json", rig.scratch.read("tree/manifest.json"));
  rig.scratch.clear("root/etc/hostname");
  const TreeChoice trees{rig.scratch.at("trees"), "", false};
  EXPECT_EQ(rig.code_of([&] { return apply(rig.image(), trees, {}); }), exit_usage_or_io);
  EXPECT_NE(rig.refusal.find("has no name (/etc/hostname): --host NAME says whose tree of it is meant"),
            std::string::npos)
      << rig.refusal;
  rig.scratch.write("root/etc/hostname", "db-01\n");
  EXPECT_EQ(rig.code_of([&] { return apply(rig.image(), trees, {}); }), exit_usage_or_io);
  EXPECT_NE(rig.refusal.find("or has no host of this name (--host gives another)"), std::string::npos)
      << rig.refusal;
}

TEST(HostRefuses, manifests_that_it_cannot_trust) {
  const std::pair<const char*, std::pair<const char*, const char*>> edits[] = {
      {"is `tunec manifest 2`, but this tunec-host reads `tunec manifest 1`", {"manifest 1", "manifest 2"}},
      {"has no schema", {"schema", "scheme"}},
      {"is no manifest", {"{", "["}},
      {"is no manifest", {"\"apply\"", "\"applied\""}},
      {"the path `/etc/a` is not relative", {"\"etc/a\"", "\"/etc/a\""}},
      {"has a part `.` or `..`", {"\"etc/a\"", "\"etc/../a\""}},
      {"is where tunec-host keeps its generations", {"\"etc/a\"", "\"var/lib/tunec/lock\""}},
      {"has the mode `9`", {"0644", "9"}},
      {"is in the manifest, but not in the tree", {"\"etc/a\"", "\"etc/b\""}},
      {"would be read from `/etc/shadow`", {"/proc/sys/x", "/etc/shadow"}},
      {"would be read from `/proc/../etc/shadow`", {"/proc/sys/x", "/proc/../etc/shadow"}},
  };
  for (const auto& [reason, edit] : edits) {
    HostRig rig;
    rig.compile({{"etc/a", {"a"}}}, "",
                R"({"name": "x", "effect": "live", "read": "/proc/sys/x", "expect": "1"})");
    edit_manifest(rig, edit.first, edit.second);
    expect_refused(rig, reason);
  }
  HostRig rig;
  expect_refused(rig, "tree: No such file or directory");
  rig.scratch.make_directory("tree");
  expect_refused(rig, "has neither manifest.json nor kvm-01/manifest.json");
}

TEST(HostRefuses, places_that_it_could_not_give_back) {
  HostRig rig;
  rig.compile({{"etc/d/a", {"a"}}});
  rig.scratch.make_directory("root/elsewhere");
  rig.scratch.link("../elsewhere", "root/etc/d");
  expect_refused(rig, "etc/d: is a symbolic link, which is not followed: put a directory in its place");
  rig.scratch.clear("root/etc/d");
  rig.put("etc/d", {"a file"});
  expect_refused(rig, "is in the way");
  rig.scratch.clear("root/etc/d");
  rig.scratch.make_directory("root/etc/d");
  rig.scratch.link("nowhere", "root/etc/d/a");
  expect_refused(rig, "etc/d/a: is a symbolic link, which is not followed: put a file in its place");
  rig.scratch.clear("root/etc/d/a");
  rig.scratch.make_directory("root/etc/d/a");
  expect_refused(rig, "is not a regular file: move it away");
  rig.scratch.clear("root/etc/d/a");
  rig.put("etc/d/a", {"twice"});
  std::filesystem::create_hard_link(rig.scratch.at("root/etc/d/a"), rig.scratch.at("root/etc/d/b"));
  expect_refused(rig, "has another hard link");
  rig.scratch.clear("root/etc/d/b");
  if (::setxattr(rig.scratch.at("root/etc/d/a").c_str(), "user.note", "x", 1, 0) != 0) GTEST_SKIP();
  expect_refused(rig, "has the extended attribute `user.note`");
}

TEST(HostRefuses, to_change_a_machine_that_another_one_is_changing) {
  HostRig rig;
  rig.compile({{"etc/a", {"a"}}});
  ASSERT_EQ(rig.apply(rig.image()), exit_as_wanted);
  const int fd = ::open(rig.scratch.at("root/var/lib/tunec/lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(fd, LOCK_EX), 0);
  EXPECT_EQ(rig.rollback(rig.image()), exit_usage_or_io);
  EXPECT_EQ(rig.refusal, "another tunec-host is changing this machine: wait until it is done");
  ::close(fd);
  EXPECT_EQ(rig.rollback(rig.image()), exit_as_wanted);
}

TEST(HostRefuses, to_go_on_where_it_was_interrupted) {
  HostRig rig;
  rig.compile({{"etc/a", {"a"}}});
  ASSERT_EQ(rig.apply(rig.image()), exit_as_wanted);
  rig.scratch.write("root/var/lib/tunec/generations/1/phase", "applying 0\n");
  expect_refused(rig, "generation 1 was interrupted: `tunec-host resume` finishes it");
  EXPECT_EQ(rig.resume(rig.image()), exit_as_wanted);
  EXPECT_EQ(rig.apply(rig.image()), exit_as_wanted);
}

TEST(HostRefuses, to_take_back_over_changes_of_others) {
  HostRig rig;
  rig.put("etc/a", {"old"});
  rig.compile({{"etc/a", {"new"}}});
  ASSERT_EQ(rig.apply(rig.image()), exit_as_wanted);
  rig.put("etc/a", {"by hand"});
  EXPECT_EQ(rig.rollback(rig.image()), exit_usage_or_io);
  EXPECT_NE(rig.warned.find("etc/a: was changed by somebody else since"), std::string::npos);
  EXPECT_EQ(rig.scratch.read("root/etc/a"), "by hand");
  EXPECT_EQ(rig.rollback(rig.image(), {}, true), exit_as_wanted);
  EXPECT_EQ(rig.scratch.read("root/etc/a"), "old");
}

TEST(HostPlatform, is_the_one_of_os_release) {
  const char* debian = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n";
  const char* sid = "PRETTY_NAME=\"Debian GNU/Linux forky/sid\"\nID=debian\n";
  const char* rocky = "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.4\"\n";
  EXPECT_TRUE(is_platform("debian 12, Linux 6.1", debian));
  EXPECT_TRUE(is_platform("debian", debian));
  EXPECT_FALSE(is_platform("debian 1, Linux 6.1", debian));
  EXPECT_FALSE(is_platform("ubuntu 12", debian));
  EXPECT_TRUE(is_platform("debian sid, Linux 6.12", sid));
  EXPECT_FALSE(is_platform("debian 12", sid));
  EXPECT_TRUE(is_platform("rocky 9, Linux 5.14", rocky));
  EXPECT_FALSE(is_platform("rhel 9, Linux 5.14", rocky));
  EXPECT_TRUE(is_platform("platform not known", debian));
  EXPECT_TRUE(is_platform("Linux 6.1", debian));
}

TEST(HostValues, are_compared_as_the_kernel_spells_them) {
  const auto equal = [](const char* shown, const char* expected) { return shows("/sys/x", shown, expected); };
  EXPECT_TRUE(equal("4096\t131072\t16777216", "4096 131072 16777216"));
  EXPECT_TRUE(equal("always [madvise] never", "madvise"));
  EXPECT_FALSE(equal("[always] madvise never", "madvise"));
  EXPECT_TRUE(equal("Y", "1"));
  EXPECT_FALSE(equal("N", "1"));
  EXPECT_TRUE(equal("00000000,0000ffff", "ffff"));
  EXPECT_FALSE(equal("1,2", "12"));
  EXPECT_TRUE(equal("0x10", "16"));
  EXPECT_TRUE(equal("9090,9100,9177", "9100,9177,9090")) << "net.ipv4.ip_local_reserved_ports";
  EXPECT_TRUE(equal("0-3,8", "0,1,2,3,8"));
  EXPECT_TRUE(equal("8080-8081", "8081,8080"));
  EXPECT_FALSE(equal("0-3", "0-4"));
  EXPECT_FALSE(equal("-1", "1"));
  EXPECT_FALSE(equal("00000001,00000000", "0,1")) << "a mask";
  EXPECT_FALSE(shows("/sys/module/igb/parameters/max_vfs", "0,7", "7,0")) << "each device takes the next one";
  EXPECT_FALSE(equal("", "0"));
  EXPECT_EQ(writable("always [madvise] never"), "madvise");
  const auto booted = [](const char* line, const char* words) { return shows("/proc/cmdline", line, words); };
  EXPECT_TRUE(booted("ro a=1 quiet", "a=1"));
  EXPECT_FALSE(booted("ro a=12 quiet", "a=1"));
  EXPECT_FALSE(booted("a=1 a=2", "a=1"));
  EXPECT_TRUE(booted("z=2M h=4 z=1G h=8", "z=1G h=8"));
  EXPECT_TRUE(booted("console=tty0 console=ttyS0", "console=tty0 console=ttyS0"));
}

}  // namespace
}  // namespace tunec::test
