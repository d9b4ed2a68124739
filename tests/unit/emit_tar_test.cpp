// The tar stream: what is in it, and that it is always the same.
#include "emit/tar.h"

#include <gtest/gtest.h>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "emit/tree_dir.h"

namespace tunec {
namespace {

TreeFile file(std::string path, std::string content, unsigned mode = 0644) {
  return {std::move(path), std::make_shared<const std::string>(std::move(content)), mode};
}

std::string tar_of(const std::vector<TreeFile>& files) {
  const Fd memory(::memfd_create("tar", 0));
  EXPECT_EQ(write_tar(memory.get(), files), "");
  std::string bytes(static_cast<std::size_t>(::lseek(memory.get(), 0, SEEK_END)), '\0');
  EXPECT_EQ(::pread(memory.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  return bytes;
}

TEST(Tar, holds_the_files_as_root_at_time_zero) {
  const std::string bytes = tar_of({file("b/x", "two", 0600), file("a/long" + std::string(150, 'g'), "one")});
  archive* tar = archive_read_new();
  archive_read_support_format_tar(tar);
  ASSERT_EQ(archive_read_open_memory(tar, bytes.data(), bytes.size()), ARCHIVE_OK);
  std::vector<std::string> seen;
  archive_entry* entry = nullptr;
  while (archive_read_next_header(tar, &entry) == ARCHIVE_OK) {
    std::string content(static_cast<std::size_t>(archive_entry_size(entry)), '\0');
    archive_read_data(tar, content.data(), content.size());
    seen.push_back(std::string(archive_entry_pathname(entry)).substr(0, 6) + ' ' + content + ' ' +
                   std::to_string(archive_entry_perm(entry)));
    EXPECT_EQ(archive_entry_uid(entry), 0);
    EXPECT_EQ(archive_entry_gid(entry), 0);
    EXPECT_EQ(archive_entry_mtime(entry), 0);
  }
  archive_read_free(tar);
  EXPECT_EQ(seen, (std::vector<std::string>{"a/long one 420", "b/x two 384"}));
}

TEST(Tar, is_the_same_for_the_same_files_in_any_order) {
  EXPECT_EQ(tar_of({file("a", "1"), file("a-b/c", "2"), file("d/e", "3")}),
            tar_of({file("d/e", "3"), file("a", "1"), file("a-b/c", "2")}));
}

TEST(Tar, refuses_paths_that_lead_out) {
  const std::vector<TreeFile> files{file("a/../../b", "")};
  const Fd memory(::memfd_create("tar", 0));
  EXPECT_NE(write_tar(memory.get(), files), "");
}

TEST(Tar, says_why_it_cannot_write) {
  const std::vector<TreeFile> files{file("a", "1")};
  EXPECT_EQ(write_tar_file("/nowhere/x.tar", files), "/nowhere/x.tar.part: No such file or directory");
  EXPECT_NE(write_tar_file("/dev/full", files), "");
}

}  // namespace
}  // namespace tunec
