// The writer of the output directory on a real file system: which files it writes, leaves, removes and
// refuses. Runs that die are in emit_tree_crash_test.cpp.
#include "output/tree/paths.h"
#include "output/tree/writer.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/scratch.h"

namespace tunec {
namespace {

using test::Scratch;

TreeFile file(std::string path, std::string content, unsigned mode = 0644) {
  return {std::move(path), std::make_shared<const std::string>(std::move(content)), mode};
}

class TreeTest : public ::testing::Test {
 protected:
  TreeResult write(std::vector<TreeFile> files, bool force = false) {
    return write_tree(out(), files, force);
  }
  std::string out() const { return scratch_.at("out"); }
  // All files below the output directory except .tunec, as sorted "path=content".
  std::string tree() const { return scratch_.listing("out"); }
  Scratch scratch_;
};

TEST_F(TreeTest, writes_a_new_tree) {
  const TreeResult result = write({file("b/etc/x", "1\n"), file("a/etc/y", "2\n", 0600), file("top", "")});
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.written, 3U);
  EXPECT_EQ(tree(), "a/etc/y=2\n b/etc/x=1\n top= ");
  EXPECT_EQ(scratch_.mode("out/a/etc/y"), 0600U);
  EXPECT_EQ(scratch_.read("out/.tunec/files"), "a/\na/etc/\na/etc/y\nb/\nb/etc/\nb/etc/x\ntop\n");
  EXPECT_EQ(scratch_.names("out/.tunec"), std::vector<std::string>{"files"});
}

TEST_F(TreeTest, takes_modes_whatever_the_umask) {
  const mode_t before = ::umask(077);
  EXPECT_EQ(write({file("a", "1", 0644)}).error, "");
  ::umask(before);
  EXPECT_EQ(scratch_.mode("out/a"), 0644U);
}

TEST_F(TreeTest, does_not_write_what_is_the_same) {
  write({file("a/x", "1"), file("a/y", "2")});
  const auto before = scratch_.identity("out/a/x");
  const TreeResult result = write({file("a/x", "1"), file("a/y", "3")});
  EXPECT_EQ(result.written, 1U);
  EXPECT_EQ(result.unchanged, 1U);
  EXPECT_EQ(scratch_.identity("out/a/x"), before);  // inode and time of change
  EXPECT_EQ(tree(), "a/x=1 a/y=3 ");
}

TEST_F(TreeTest, mends_a_mode) {
  write({file("a/x", "1")});
  EXPECT_EQ(write({file("a/x", "1", 0600)}).written, 1U);
  EXPECT_EQ(scratch_.mode("out/a/x"), 0600U);
}

TEST_F(TreeTest, removes_what_is_no_longer_wanted_and_only_that) {
  write({file("a/etc/x", "1"), file("b/y", "2"), file("b/z", "3")});
  scratch_.write("out/a/notes", "mine");
  scratch_.write("out/foreign", "mine");
  const TreeResult result = write({file("b/y", "2")});
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.removed, 2U);
  EXPECT_EQ(tree(), "a/notes=mine b/y=2 foreign=mine ");
  EXPECT_EQ(scratch_.names("out/a"), std::vector<std::string>{"notes"});
  ::unlink(scratch_.at("out/a/notes").c_str());
  write({file("b/y", "2")});
  EXPECT_FALSE(scratch_.exists("out/a"));  // made by tunec, and now empty
}

TEST_F(TreeTest, keeps_empty_directories_that_it_did_not_make) {
  scratch_.make_directory("out");
  scratch_.make_directory("out/theirs");
  write({file("theirs/x", "1"), file("y", "2")});
  write({file("y", "2")});
  EXPECT_TRUE(scratch_.exists("out/theirs"));
  EXPECT_FALSE(scratch_.exists("out/theirs/x"));
}

TEST_F(TreeTest, refuses_to_overwrite_a_foreign_file) {
  scratch_.make_directory("out");
  scratch_.write("out/x", "mine");
  EXPECT_EQ(write({file("a", "1"), file("x", "2")}).error,
            "x: is in the way: it was not written by tunec, and differs from what tunec would write");
  EXPECT_EQ(tree(), "x=mine ");
  EXPECT_FALSE(scratch_.exists("out/.tunec"));
  EXPECT_EQ(write({file("x", "mine")}).error, "");  // a file with the same bytes may stay
  scratch_.write("out/y", "mine");
  EXPECT_EQ(write({file("x", "mine"), file("y", "2")}, true).error, "");
  EXPECT_EQ(tree(), "x=mine y=2 ");
}

TEST_F(TreeTest, neither_follows_nor_replaces_links) {
  scratch_.make_directory("out");
  scratch_.make_directory("elsewhere");
  scratch_.write("elsewhere/x", "1");
  scratch_.link(scratch_.at("elsewhere"), "out/a");
  EXPECT_EQ(write({file("a/x", "2")}, true).error,
            "a: is a symbolic link, which is not followed: put a directory in its place");
  EXPECT_EQ(scratch_.read("elsewhere/x"), "1");
  scratch_.link(scratch_.at("elsewhere/x"), "out/b");
  EXPECT_EQ(write({file("b", "2")}, true).error,
            "b: is a symbolic link, which is neither followed nor replaced");
  EXPECT_EQ(scratch_.read("elsewhere/x"), "1");
  ::symlink("elsewhere", scratch_.at("link").c_str());
  EXPECT_EQ(write_tree(scratch_.at("link"), std::vector{file("new", "1")}).error,
            "");  // the user chose this link
  EXPECT_EQ(scratch_.read("elsewhere/new"), "1");
}

TEST_F(TreeTest, does_not_follow_links_to_remove) {
  write({file("a/x", "1"), file("b", "2")});
  scratch_.make_directory("elsewhere");
  scratch_.write("elsewhere/x", "theirs");
  ::unlink(scratch_.at("out/a/x").c_str());
  ::rmdir(scratch_.at("out/a").c_str());
  scratch_.link(scratch_.at("elsewhere"), "out/a");
  EXPECT_EQ(write({file("b", "2")}).error, "");
  EXPECT_EQ(scratch_.read("elsewhere/x"), "theirs");
}

TEST_F(TreeTest, distrusts_its_own_state) {
  scratch_.write("victim", "theirs");
  scratch_.make_directory("out");
  scratch_.make_directory("out/.tunec");
  scratch_.write("out/.tunec/files", "../victim\n");
  EXPECT_NE(write({}).error, "");
  ::unlink(scratch_.at("out/.tunec/files").c_str());
  scratch_.write("out/.tunec/journal", "tunec journal 1\nremove ../victim\nend\n");
  EXPECT_NE(write({}).error, "");
  EXPECT_EQ(scratch_.read("victim"), "theirs");
  ::unlink(scratch_.at("out/.tunec/journal").c_str());
  ::rmdir(scratch_.at("out/.tunec").c_str());
  scratch_.make_directory("elsewhere");
  scratch_.link(scratch_.at("elsewhere"), "out/.tunec");
  EXPECT_EQ(write({file("a", "1")}).error, ".tunec: is a symbolic link, which is not followed");
}

TEST_F(TreeTest, removes_only_what_is_its_own_whatever_its_state_lists) {
  const auto is_ours = [](std::string_view, std::string_view begin) { return begin.starts_with("ours"); };
  const auto write_ours = [&](const std::vector<TreeFile>& files) {
    return write_tree(scratch_.at("out"), FilesInMemory(files), {.is_ours = is_ours});
  };
  write_ours({file("a/x", "ours 1"), file("a/y", "ours 2")});
  scratch_.write("out/README", "theirs");
  scratch_.write("out/.tunec/files", "README\na/\na/x\na/y\n");
  EXPECT_EQ(write_ours({file("a/x", "ours 1")}).removed, 1U);
  EXPECT_EQ(tree(), "README=theirs a/x=ours 1 ");
  scratch_.write("out/.tunec/journal", "tunec journal 1\nremove README\nremove a/x\nend\n");
  EXPECT_EQ(write_ours({file("a/x", "ours 1")}).error, "");
  EXPECT_EQ(tree(), "README=theirs a/x=ours 1 ");
}

TEST_F(TreeTest, a_tree_without_files_has_no_list) {
  write({file("a/x", "1")});
  EXPECT_EQ(write({}, true).error, "");
  EXPECT_FALSE(scratch_.exists("out/.tunec/files"));
}

TEST_F(TreeTest, turns_files_into_directories_and_back) {
  write({file("a", "1"), file("b/c/x", "2")});
  EXPECT_EQ(write({file("a/x", "3"), file("b", "4")}).error, "");
  EXPECT_EQ(tree(), "a/x=3 b=4 ");
  EXPECT_EQ(write({file("a", "1"), file("b/c/x", "2")}).error, "");
  EXPECT_EQ(tree(), "a=1 b/c/x=2 ");
  scratch_.write("out/b/theirs", "mine");
  EXPECT_EQ(write({file("a", "1"), file("b", "2")}).error, "b: is a directory");
  EXPECT_EQ(tree(), "a=1 b/c/x=2 b/theirs=mine ");
}

TEST_F(TreeTest, refuses_paths_that_make_no_tree) {
  for (const char* path : {"", "/etc/x", "../x", "a/../../x", "a//x", "./x", "a/", ".tunec/files", "a\nb"}) {
    EXPECT_NE(write({file(path, "1")}).error, "") << path;
  }
  EXPECT_EQ(write({file("a", "1"), file("a", "2")}).error, "a: two files of this path");
  EXPECT_EQ(write({file("a/b", "1"), file("a", "2"), file("a-b", "")}).error,
            "a: a file, and a directory for a/b");
  EXPECT_FALSE(scratch_.exists("out"));
}

TEST_F(TreeTest, says_what_is_wrong_with_the_output_directory) {
  scratch_.write("out", "a file");
  EXPECT_EQ(write({file("a", "1")}).error, out() + ": Not a directory");
  EXPECT_EQ(scratch_.read("out"), "a file");
  EXPECT_EQ(write_tree(scratch_.at("no/such"), std::vector{file("a", "1")}).error,
            scratch_.at("no/such") + ": No such file or directory");
}

TEST_F(TreeTest, leaves_the_old_tree_where_it_may_not_write) {
  write({file("a/x", "1"), file("b/y", "2")});
  const test::Unprivileged nobody(scratch_);
  if (!nobody.possible()) GTEST_SKIP() << "needs root, to switch to a user without write permission";
  const auto attempt = [&] { return write({file("a/x", "changed"), file("b/y", "changed")}); };
  ::chmod(scratch_.at("out/b").c_str(), 0555);
  EXPECT_EQ(attempt().error, "b: Permission denied");
  EXPECT_EQ(tree(), "a/x=1 b/y=2 ");
  ::chmod(scratch_.at("out").c_str(), 0555);
  ::chmod(scratch_.at("out/.tunec").c_str(), 0555);
  EXPECT_NE(attempt().error, "");
  EXPECT_EQ(tree(), "a/x=1 b/y=2 ");
}

TEST_F(TreeTest, orders_paths_by_components) {
  EXPECT_TRUE(path_less("a/b", "a-b"));
  EXPECT_TRUE(path_less("a", "a/b"));
  EXPECT_FALSE(path_less("a", "a"));
  EXPECT_TRUE(path_less("a-b", "ab"));
}

}  // namespace
}  // namespace tunec
