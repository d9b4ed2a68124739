#include "output/replace_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tunec {
namespace {

namespace fs = std::filesystem;

class RewrittenFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "tunec-rewrite-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    std::ofstream(path("file")) << "old";
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string content() const {
    std::ifstream file(path("file"));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path folder_;
};

TEST_F(RewrittenFile, KeepsItsMode) {
  ASSERT_EQ(chmod(path("file").c_str(), 0640), 0);
  EXPECT_EQ(rewrite_file(path("file"), "new"), "");
  EXPECT_EQ(content(), "new");
  struct stat status {};
  ASSERT_EQ(stat(path("file").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "nothing is left beside it";
}

TEST_F(RewrittenFile, IsTheOneThatALinkLeadsTo) {
  fs::create_directory(folder_ / "elsewhere");
  ASSERT_EQ(symlink("../file", path("elsewhere/link").c_str()), 0);
  EXPECT_EQ(rewrite_file(path("elsewhere/link"), "new"), "");
  EXPECT_EQ(content(), "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "elsewhere/link"));
}

TEST_F(RewrittenFile, MustBeThereAndWritable) {
  EXPECT_EQ(rewrite_file(path("none"), "new"), path("none") + ": No such file or directory");
  if (geteuid() == 0) GTEST_SKIP() << "root may write everything";
  ASSERT_EQ(chmod(path("file").c_str(), 0444), 0);
  EXPECT_EQ(rewrite_file(path("file"), "new"), path("file") + ": Permission denied");
  EXPECT_EQ(content(), "old");
}

}  // namespace
}  // namespace tunec
