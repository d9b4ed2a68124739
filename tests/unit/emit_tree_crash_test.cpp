// Runs of the tree writer that die. A run is killed before each of its system calls that change anything, in
// turn. It must leave the old tree or a journal, and the next run must produce the new tree.
#include <gtest/gtest.h>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "output/tree/writer.h"
#include "support/killed.h"
#include "support/scratch.h"

namespace tunec {
namespace {

using test::End;
using test::Scratch;

TreeFile file(std::string path, std::string content) {
  return {std::move(path), std::make_shared<const std::string>(std::move(content)), 0644};
}

const std::vector<TreeFile>& old_files() {
  static const std::vector<TreeFile> files{file("a/x", "old"), file("a/y", "same"), file("b/c/z", "old"),
                                           file("f", "old")};
  return files;
}
const std::vector<TreeFile>& new_files() {
  static const std::vector<TreeFile> files{file("a/x", "new"), file("a/y", "same"), file("f/g", "new"),
                                           file("h/i/j", "new")};
  return files;
}
constexpr const char* old_tree = "a/x=old a/y=same b/c/z=old f=old ";
constexpr const char* new_tree = "a/x=new a/y=same f/g=new h/i/j=new ";

// A child writes the new files. It is killed just before change number `changes`.
End write_and_die(const std::string& directory, int changes) {
  return test::killed_before_change(changes,
                                    [&] { return write_tree(directory, new_files()).error.empty() ? 0 : 1; });
}

TEST(TreeCrash, killed_anywhere_it_is_the_old_tree_or_becomes_the_new_one) {
  int old_ones = 0, journals = 0;
  End end = End::killed;
  for (int changes = 0; end == End::killed; ++changes) {
    ASSERT_LT(changes, 1000);
    const Scratch scratch;
    const std::string out = scratch.at("out");
    ASSERT_EQ(write_tree(out, old_files()).error, "");
    end = write_and_die(out, changes);
    if (end == End::impossible) GTEST_SKIP() << "ptrace is not available";
    if (scratch.exists("out/.tunec/journal")) {
      ++journals;
    } else {
      const std::string tree = scratch.listing("out");
      EXPECT_TRUE(tree == old_tree || tree == new_tree) << "change " << changes << ": " << tree;
      old_ones += tree == old_tree ? 1 : 0;
    }
    // The next run may write a different tree, but it completes the journal first.
    if (changes % 2 == 0) {
      EXPECT_EQ(write_tree(out, new_files()).error, "") << "change " << changes;
      EXPECT_EQ(scratch.listing("out"), new_tree) << "change " << changes;
    } else {
      EXPECT_EQ(write_tree(out, old_files()).error, "") << "change " << changes;
      EXPECT_EQ(scratch.listing("out"), old_tree) << "change " << changes;
    }
    EXPECT_EQ(scratch.names("out/.tunec"), std::vector<std::string>{"files"}) << "change " << changes;
  }
  EXPECT_GT(old_ones, 5);  // otherwise the test checks nothing
  EXPECT_GT(journals, 5);
}

// More pieces than one thread takes at a time. In each piece, one file changes and another is added or
// removed.
std::vector<TreeFile> many_files(const std::string& content, const std::string& other) {
  std::vector<TreeFile> files;
  for (int piece = 1000; piece < 1200; ++piece) {
    files.push_back(file(fmt::format("{}/d/x", piece), content));
    files.push_back(file(fmt::format("{}/{}", piece, other), "the same"));
  }
  return files;
}

// Killed at a random moment rather than at a chosen system call: with threads, the order of calls varies.
TEST(TreeCrash, killed_while_several_threads_write_it_is_the_old_tree_or_becomes_the_new_one) {
  const std::vector<TreeFile> before = many_files("old", "e"), after = many_files("new", "f/g");
  const Scratch expected;
  ASSERT_EQ(write_tree(expected.at("old"), before).error, "");
  ASSERT_EQ(write_tree(expected.at("new"), after).error, "");
  const std::string old_listing = expected.listing("old"), new_listing = expected.listing("new");
  for (int moment = 0; moment < 40; ++moment) {
    const Scratch scratch;
    const std::string out = scratch.at("out");
    ASSERT_EQ(write_tree(out, before).error, "");
    const pid_t child = ::fork();
    if (child == 0) ::_exit(write_tree(out, after).error.empty() ? 0 : 1);
    ::usleep(static_cast<useconds_t>(moment) * 500);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!scratch.exists("out/.tunec/journal")) {
      const std::string tree = scratch.listing("out");
      EXPECT_TRUE(tree == old_listing || tree == new_listing) << "moment " << moment;
    }
    EXPECT_EQ(write_tree(out, after).error, "") << "moment " << moment;
    EXPECT_EQ(scratch.listing("out"), new_listing) << "moment " << moment;
    EXPECT_EQ(scratch.read("out/.tunec/files"), expected.read("new/.tunec/files")) << "moment " << moment;
  }
}

TEST(TreeCrash, a_stage_without_a_journal_is_thrown_away) {
  const Scratch scratch;
  const std::string out = scratch.at("out");
  write_tree(out, old_files());
  scratch.make_directory("out/.tunec/stage/a/deep");
  scratch.write("out/.tunec/stage/a/x", "half");
  scratch.write("out/.tunec/files.new", "a/");
  scratch.write("out/.tunec/journal.new", "tunec jour");
  const TreeResult result = write_tree(out, old_files());
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.unchanged, 4U);
  EXPECT_EQ(scratch.listing("out"), old_tree);
  EXPECT_EQ(scratch.names("out/.tunec"), std::vector<std::string>{"files"});
}

TEST(TreeCrash, a_journal_is_carried_out_before_anything_else) {
  const Scratch scratch;
  const std::string out = scratch.at("out");
  write_tree(out, old_files());
  scratch.make_directory("out/.tunec/stage/a");
  scratch.write("out/.tunec/stage/a/x", "new");
  scratch.write("out/.tunec/files.new", "a/\na/x\na/y\nf\n");
  scratch.write("out/.tunec/journal",
                "tunec journal 1\nremove b/c/z\nrmdir b/c\nrmdir b\nrename a/x\nchmod-600 a/y\nend\n");
  std::vector<TreeFile> next{file("a/x", "new"), file("a/y", "same"), file("f", "old")};
  next[1].mode = 0600;
  const TreeResult result = write_tree(out, next);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.unchanged, 3U);
  EXPECT_EQ(scratch.listing("out"), "a/x=new a/y=same f=old ");
  EXPECT_FALSE(scratch.exists("out/b"));
}

}  // namespace
}  // namespace tunec
