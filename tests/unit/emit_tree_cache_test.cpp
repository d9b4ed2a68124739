// The writer with its cache: unchanged files are neither read nor generated. No cache, whatever its content,
// changes the written tree.
#include <gtest/gtest.h>

#include <atomic>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/tree/source.h"
#include "output/tree/writer.h"
#include "support/scratch.h"

namespace tunec {
namespace {

using test::Scratch;

class StatCacheTest : public ::testing::Test {
 protected:
  // Makes a file at least one clock tick older than now. The cache does not trust files written just before
  // itself.
  void age(const std::string& path) const {
    const timespec long_ago{1'000'000'000, 0};
    const timespec times[] = {long_ago, long_ago};
    ::utimensat(AT_FDCWD, scratch_.at("out/" + path).c_str(), times, 0);
    while (changed("out/" + path) >= now()) {
    }
  }
  std::int64_t changed(const std::string& path) const { return scratch_.identity(path).second; }
  // The current time of the file system's clock.
  std::int64_t now() const {
    scratch_.clear("clock");
    scratch_.write("clock", "");
    return changed("clock");
  }
  TreeFile file(std::string path, std::string content, unsigned mode = 0644) {
    const Fingerprint fingerprint = fingerprint_of(content);
    return {std::move(path), nullptr, mode, fingerprint, [this, content] {
              ++made_;
              return content;
            }};
  }
  TreeResult write(const std::vector<TreeFile>& files, TreeOptions options = {.cache = true}) {
    return write_tree(scratch_.at("out"), FilesInMemory(files), options);
  }
  // Writes a tree twice, so that the cache trusts all its files.
  void settle(const std::vector<TreeFile>& files) {
    write(files);
    for (const TreeFile& each : files) age(each.path);
    write(files);
    made_ = 0;
  }
  Scratch scratch_;
  std::atomic<int> made_ = 0;  // several threads generate pieces
};

TEST_F(StatCacheTest, a_file_can_get_another_mode_alone) {
  settle({file("a/x", "1"), file("a/y", "2")});
  write({file("a/x", "1", 0600), file("a/y", "2")});
  struct stat status {};
  ASSERT_EQ(::stat(scratch_.at("out/a/x").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(scratch_.read("out/a/x"), "1");
}

TEST_F(StatCacheTest, what_is_as_it_was_left_is_not_even_made) {
  const std::vector<TreeFile> files{file("a/x", "1"), file("a/y", "2"), file("b/z", "3")};
  settle(files);
  const auto before = scratch_.identity("out/.tunec/cache/files");
  EXPECT_EQ(write(files).unchanged, 3U);
  EXPECT_EQ(made_, 0);
  EXPECT_EQ(scratch_.identity("out/.tunec/cache/files"), before);
}

TEST_F(StatCacheTest, what_was_touched_is_read_once) {
  const std::vector<TreeFile> files{file("a/x", "1"), file("a/y", "2")};
  settle(files);
  age("a/x");
  EXPECT_EQ(write(files).unchanged, 2U);
  EXPECT_EQ(made_, 1);
  EXPECT_EQ(write(files).unchanged, 2U);
  EXPECT_EQ(made_, 1);
}

TEST_F(StatCacheTest, what_was_changed_is_put_right) {
  const std::vector<TreeFile> files{file("a/x", "1"), file("a/y", "2"), file("b/z", "3")};
  settle(files);
  scratch_.write("out/a/x", "7");  // the same size as before
  ::chmod(scratch_.at("out/a/y").c_str(), 0600);
  scratch_.clear("out/b/z");
  EXPECT_EQ(write(files).written, 3U);
  EXPECT_EQ(scratch_.listing("out"), "a/x=1 a/y=2 b/z=3 ");
  EXPECT_EQ(scratch_.mode("out/a/y"), 0644U);
}

TEST_F(StatCacheTest, one_other_file_makes_no_other_be_made) {
  settle({file("a/x", "1"), file("a/y", "2"), file("b/z", "3")});
  EXPECT_EQ(write({file("a/x", "1"), file("a/w", "0"), file("a/y", "9"), file("b/z", "3")}).written, 2U);
  EXPECT_LE(made_, 3);  // the new file once, the other file to be compared and to be written
  EXPECT_EQ(scratch_.listing("out"), "a/w=0 a/x=1 a/y=9 b/z=3 ");
}

TEST_F(StatCacheTest, all_is_read_on_request_and_without_it) {
  const std::vector<TreeFile> files{file("a/x", "1"), file("a/y", "2")};
  settle(files);
  write(files, {.cache = true, .read_all = true});
  EXPECT_EQ(made_, 2);
  write(files, {});
  EXPECT_EQ(made_, 4);
}

TEST_F(StatCacheTest, a_damaged_one_is_as_good_as_none) {
  const std::vector<TreeFile> files{file("a/x", "1"), file("b/y", "2")};
  settle(files);
  const std::string cache = scratch_.read("out/.tunec/cache/files");
  for (std::size_t at = 0; at < cache.size(); at += 5) {
    std::string damaged = cache;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    scratch_.write("out/.tunec/cache/files", at % 2 == 0 ? damaged : cache.substr(0, at));
    made_ = 0;
    const TreeResult result = write(files);
    EXPECT_EQ(result.unchanged, 2U) << at;
    EXPECT_EQ(made_, 2) << at;
  }
}

TEST_F(StatCacheTest, it_need_not_be_there_and_is_not_for_others) {
  const std::vector<TreeFile> files{file("a/x", "1")};
  settle(files);
  EXPECT_EQ(scratch_.read("out/.tunec/cache/.gitignore"), "*\n");
  scratch_.clear("out/.tunec/cache");
  scratch_.make_directory("elsewhere");
  scratch_.link(scratch_.at("elsewhere"), "out/.tunec/cache");
  EXPECT_EQ(write(files).unchanged, 1U);
  EXPECT_TRUE(scratch_.names("elsewhere").empty());
  EXPECT_EQ(scratch_.read("out/.tunec/files"), "a/\na/x\n");
}

TEST_F(StatCacheTest, links_are_seen) {
  const std::vector<TreeFile> files{file("a/x", "1")};
  settle(files);
  ::rename(scratch_.at("out/a/x").c_str(), scratch_.at("x").c_str());
  scratch_.link(scratch_.at("x"), "out/a/x");
  EXPECT_EQ(write(files).error, "a/x: is a symbolic link, which is neither followed nor replaced");
}

TEST_F(StatCacheTest, links_on_the_way_are_seen) {
  const std::vector<TreeFile> files{file("a/etc/x", "1"), file("a/etc/y/z", "2")};
  settle(files);
  ::rename(scratch_.at("out/a/etc").c_str(), scratch_.at("etc").c_str());
  scratch_.link(scratch_.at("etc"), "out/a/etc");
  EXPECT_FALSE(unchanged_files(scratch_.at("out"), [](std::string_view) { return true; }).has_value());
  EXPECT_EQ(write(files).error,
            "a/etc: is a symbolic link, which is not followed: put a directory in its place");
}

TEST_F(StatCacheTest, a_tree_of_many_pieces_is_written_and_found) {
  std::vector<TreeFile> files;
  for (int i = 100; i < 400; ++i) {
    for (const char* name : {"etc/a", "etc/b/c", "top"})
      files.push_back(file("host-" + std::to_string(i) + "/" + name, std::to_string(i) + name));
  }
  EXPECT_EQ(write(files).written, 900U);
  EXPECT_EQ(write(files).unchanged, 900U);
  EXPECT_EQ(write(files, {}).unchanged, 900U);
  files.resize(450);
  EXPECT_EQ(write(files).removed, 450U);
  EXPECT_EQ(scratch_.names("out").size(), 151U);
}

TEST_F(StatCacheTest, a_stamp_has_the_time_that_it_is_given_and_changes_nothing_else) {
  const std::vector<TreeFile> files{file("a/x", "1")};
  settle(files);
  const std::string cache = scratch_.read("out/.tunec/cache/files");
  for (const std::time_t seconds : {2'000, 1'000}) {
    EXPECT_EQ(write_stamp(scratch_.at("out"), {seconds, 0}), "");
    struct stat status {};
    ASSERT_EQ(::stat(scratch_.at("out/.tunec/cache/stamp").c_str(), &status), 0);
    EXPECT_EQ(status.st_mtim.tv_sec, seconds);
  }
  EXPECT_EQ(write(files).unchanged, 1U);
  EXPECT_EQ(made_, 0);
  EXPECT_EQ(scratch_.read("out/.tunec/cache/files"), cache);
}

TEST_F(StatCacheTest, a_stamp_makes_the_cache_and_follows_no_link) {
  write({file("a/x", "1")}, {});
  EXPECT_EQ(write_stamp(scratch_.at("out"), {1'000, 0}), "");
  EXPECT_EQ(scratch_.names("out/.tunec/cache"), (std::vector<std::string>{".gitignore", "stamp"}));
  scratch_.write("mine", "text");
  scratch_.clear("out/.tunec/cache/stamp");
  scratch_.link(scratch_.at("mine"), "out/.tunec/cache/stamp");
  EXPECT_NE(write_stamp(scratch_.at("out"), {1'000, 0}), "");
  EXPECT_EQ(scratch_.read("mine"), "text");
}

}  // namespace
}  // namespace tunec
