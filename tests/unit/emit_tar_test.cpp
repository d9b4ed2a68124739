// The tar stream: its content, and that it is always the same.
#include "output/tar.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/tree/directory.h"
#include "output/tree/paths.h"
#include "support/scratch.h"

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

// tunec writes nearly all entries without libarchive; the bytes must be libarchive's all the same.
TEST(Tar, is_what_libarchive_would_write) {
  std::vector<TreeFile> files;
  const std::string deep = "host/" + std::string(60, 'd') + "/";
  for (const std::size_t length : {1U, 33U, 34U, 35U, 36U, 90U, 200U}) {
    for (const std::size_t size : {0U, 1U, 511U, 512U, 513U, 9000U}) {
      files.push_back(file(deep + std::string(length, 'n') + std::to_string(size), std::string(size, 'x'),
                           size % 2 == 0 ? 0644 : 0400));
    }
  }
  files.push_back(file("host/name with blanks", "1"));
  files.push_back(file("host/n\xc3\xa4me", "1", 0755));
  std::ranges::sort(files, path_less, &TreeFile::path);
  std::string expected(1 << 20, '\0');
  std::size_t used = 0;
  archive* tar = archive_write_new();
  archive_write_set_format_pax_restricted(tar);
  archive_write_set_bytes_in_last_block(tar, 1);
  ASSERT_EQ(archive_write_open_memory(tar, expected.data(), expected.size(), &used), ARCHIVE_OK);
  for (const TreeFile& file : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_update_pathname_utf8(entry, file.path.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(file.content->size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, file.mode);
    archive_entry_set_uid(entry, 0);
    archive_entry_set_gid(entry, 0);
    archive_entry_set_mtime(entry, 0, 0);
    ASSERT_GE(archive_write_header(tar, entry), ARCHIVE_WARN);
    archive_write_data(tar, file.content->data(), file.content->size());
    archive_entry_free(entry);
  }
  archive_write_close(tar);
  archive_write_free(tar);
  expected.resize(used);
  EXPECT_TRUE(tar_of(files) == expected);
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

// A link, as /dev/stdout is one, and a device stay what they are.
TEST(Tar, writes_through_what_is_no_regular_file) {
  const test::Scratch scratch;
  const std::vector<TreeFile> files{file("a", "1")};
  scratch.write("target", std::string(100'000, 'x'));
  scratch.link(scratch.at("target"), "link");
  EXPECT_EQ(write_tar_file(scratch.at("link"), files), "");
  struct stat status {};
  ASSERT_EQ(::lstat(scratch.at("link").c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
  EXPECT_EQ(scratch.read("target").size(), 10240U);
  ASSERT_EQ(write_tar_file("/dev/null", files), "");
  ASSERT_EQ(::lstat("/dev/null", &status), 0);
  EXPECT_TRUE(S_ISCHR(status.st_mode));
}

}  // namespace
}  // namespace tunec
