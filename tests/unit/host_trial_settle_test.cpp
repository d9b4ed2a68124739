// Writing through to where a boot loader reads. That a file system is frozen and thawed is seen by GRUB
// itself, in tests/oracles/trial-boot; here are those that cannot be.
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include "host/trial/settle.h"

namespace tunec::test {
namespace {

TEST(HostTrialSettle, a_file_system_without_a_journal_is_only_synced) {
  struct statfs status {};
  if (::statfs("/dev/shm", &status) != 0 || status.f_type != TMPFS_MAGIC) GTEST_SKIP() << "no tmpfs";
  EXPECT_EQ(host::freeze_and_thaw("/dev/shm"), "");
}

TEST(HostTrialSettle, what_is_not_there_is_named) {
  EXPECT_EQ(host::freeze_and_thaw("/nowhere"),
            "/nowhere: its file system cannot be synced: No such file or directory");
}

}  // namespace
}  // namespace tunec::test
