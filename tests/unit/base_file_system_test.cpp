#include "base/file_system.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tunec {
namespace {

namespace fs = std::filesystem;

std::string shown(const std::variant<std::string, ReadError>& result) {
  if (const auto* error = std::get_if<ReadError>(&result)) return "error: " + error->reason;
  return std::get<std::string>(result);
}

class Disk : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "tunec-file-system-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
  }

  DiskFileSystem disk_;
  fs::path folder_;
};

TEST_F(Disk, ReadsAWholeFile) {
  const std::string text = std::string("a\0b\r\n", 5) + std::string(100'000, 'x');
  write("a", text);
  EXPECT_EQ(shown(disk_.read(path("a"), 1'000'000)), text);
  write("empty", "");
  EXPECT_EQ(shown(disk_.read(path("empty"), 0)), "");
}

TEST_F(Disk, RefusesWhatIsTooLong) {
  write("a", "12345");
  EXPECT_EQ(shown(disk_.read(path("a"), 5)), "12345");
  EXPECT_EQ(shown(disk_.read(path("a"), 4)), "error: is 5 bytes, more than the 4 that tunec reads");
}

TEST_F(Disk, RefusesAtTheFirstByteTooManyWhereNoSizeIsKnown) {
  EXPECT_EQ(shown(disk_.read("/proc/self/status", 10)),
            "error: is longer than the 10 bytes that tunec reads");
  EXPECT_NE(shown(disk_.read("/proc/self/status", 100'000)).find("Name:"), std::string::npos);
}

TEST_F(Disk, RefusesWhatIsNoFileWithoutWaitingForIt) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(shown(disk_.read(path("pipe"), 10)), "error: is not a regular file");
  EXPECT_EQ(shown(disk_.read("/dev/zero", 10)), "error: is not a regular file");
  EXPECT_EQ(shown(disk_.read(folder_.string(), 10)), "error: is a directory");
}

TEST_F(Disk, SaysWhatIsMissing) {
  write("a", "x");
  EXPECT_EQ(shown(disk_.read(path("none"), 10)), "error: no such file");
  EXPECT_EQ(shown(disk_.read(path("a/b"), 10)), "error: no such file");
  EXPECT_EQ(shown(disk_.read("", 10)), "error: no such file");
  EXPECT_EQ(shown(disk_.read(path("a") + std::string("\0x", 2), 10)), "error: no such file");
}

TEST_F(Disk, SaysWhenReadingIsNotAllowed) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  write("a", "x");
  ASSERT_EQ(chmod(path("a").c_str(), 0), 0);
  EXPECT_EQ(shown(disk_.read(path("a"), 10)), "error: permission denied");
}

TEST_F(Disk, SaysWhenLinksRunInACircle) {
  ASSERT_EQ(symlink(path("loop").c_str(), path("loop").c_str()), 0);
  EXPECT_EQ(shown(disk_.read(path("loop"), 10)), "error: too many levels of symbolic links");
}

TEST_F(Disk, ListsNamesInOrder) {
  write("b", "");
  write("a", "");
  fs::create_directory(folder_ / "c");
  EXPECT_EQ(disk_.list(folder_.string()), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(disk_.list(path("none")).empty());
  EXPECT_TRUE(disk_.list(path("a")).empty());
}

TEST_F(Disk, FindsFilesBelowADirectory) {
  fs::create_directories(folder_ / "deep/er");
  fs::create_directories(folder_ / ".git");
  fs::create_directories(folder_ / "named.tune");
  for (const char* name : {"b.tune", "a.tune", "a.yaml", "deep/er/c.tune", ".git/d.tune", ".e.tune"})
    write(name, "");
  ASSERT_EQ(symlink(folder_.c_str(), path("deep/circle").c_str()), 0);
  EXPECT_EQ(files_below(folder_.string(), ".tune"),
            (std::vector<std::string>{path("a.tune"), path("b.tune"), path("deep/er/c.tune")}));
  EXPECT_EQ(files_below(path("a.tune"), ".tune"), std::nullopt);
  EXPECT_EQ(files_below(path("none"), ".tune"), std::nullopt);
}

TEST(MemoryFileSystem, BehavesAsADiskDoes) {
  MemoryFileSystem memory;
  memory.files = {
      {"main.tune", "12345"}, {"sub/b.tune", ""}, {"sub/a.tune", ""}, {"sub/deep/c", ""}, {"submarine", ""}};
  EXPECT_EQ(shown(memory.read("main.tune", 5)), "12345");
  EXPECT_EQ(shown(memory.read("main.tune", 4)), "error: is 5 bytes, more than the 4 that tunec reads");
  EXPECT_EQ(shown(memory.read("none", 4)), "error: no such file");
  EXPECT_EQ(shown(memory.read("sub", 4)), "error: is a directory");
  EXPECT_EQ(memory.list("sub"), (std::vector<std::string>{"a.tune", "b.tune", "deep"}));
  EXPECT_EQ(memory.list("sub/"), memory.list("sub"));
  EXPECT_EQ(memory.list("."), (std::vector<std::string>{"main.tune", "sub", "submarine"}));
  EXPECT_TRUE(memory.list("none").empty());
}

}  // namespace
}  // namespace tunec
