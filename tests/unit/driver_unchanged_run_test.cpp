// A run is skipped only if its options, inputs and output files are as the last clean run left them.
#include "driver/unchanged_run.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/sha256.h"
#include "driver/pipeline.h"
#include "driver/recorded_files.h"
#include "output/rendered_tree.h"
#include "output/tree/writer.h"
#include "support/scratch.h"

namespace tunec {
namespace {

class UnchangedRuns : public ::testing::Test {
 protected:
  UnchangedRuns() {
    files_.files["main.tune"] = R"(site s
import "more.tune"
profile p { sysctl.vm.swappiness = 1 }
hosts a[1..3] { facts { os = "debian 12"  memory = 64GiB  cpu { vendor = amd  cores = 8  threads = 2 } }  include p }
)";
    files_.files["more.tune"] = "let x = 1\n";
  }

  // The order of calls in the command. Before a second run, the files must be older than the clock's
  // resolution.
  void compile() {
    for (int run = 0; run < 2; ++run) {
      const RecordedFiles recorded(files_, sha256_hex);
      const auto c = compile_site({.main_file = "main.tune", .overlay = "", .today = std::nullopt}, recorded);
      ASSERT_FALSE(c->reporter.has_errors());
      const TreeOptions options{
          .force = true,
          .cache = true,
          .inputs = recorded_run("options", c->rendered.hosts.size(), *recorded.record())};
      const TreeResult result = write_tree(scratch_.at("out"), RenderedTree(c->rendered, "tunec"), options);
      ASSERT_TRUE(result.error.empty());
      std::this_thread::sleep_for(std::chrono::milliseconds(12));
    }
  }

  bool skipped(const std::string& options = "options") const {
    return unchanged_run(scratch_.at("out"), options, files_).has_value();
  }

  test::Scratch scratch_;
  MemoryFileSystem files_;
};

TEST_F(UnchangedRuns, the_second_of_two_equal_runs_is_skipped) {
  EXPECT_FALSE(skipped()) << "there is no earlier run";
  compile();
  const auto run = unchanged_run(scratch_.at("out"), "options", files_);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->hosts, 3U);
  EXPECT_EQ(run->files, 6U);  // a sysctl.d file and a manifest each
}

TEST_F(UnchangedRuns, a_run_with_another_input_is_made) {
  compile();
  const std::string imported = files_.files["more.tune"];
  files_.files["more.tune"] += "# a comment\n";
  EXPECT_FALSE(skipped());
  files_.files["more.tune"] = imported;
  EXPECT_TRUE(skipped()) << "only the content matters";
  files_.files.erase("more.tune");
  EXPECT_FALSE(skipped()) << "an input was removed";
}

TEST_F(UnchangedRuns, a_run_with_other_options_is_made) {
  compile();
  EXPECT_FALSE(skipped("other options"));
}

TEST_F(UnchangedRuns, a_run_after_a_file_was_touched_or_removed_is_made) {
  compile();
  scratch_.write("out/a2/manifest.json", "tampered");
  EXPECT_FALSE(skipped());
  compile();
  EXPECT_TRUE(skipped());
  scratch_.clear("out/a3/etc/sysctl.d/90-tunec.conf");
  EXPECT_FALSE(skipped());
}

TEST_F(UnchangedRuns, a_run_after_one_that_died_is_made) {
  compile();
  scratch_.write("out/.tunec/journal", "");
  EXPECT_FALSE(skipped());
}

TEST_F(UnchangedRuns, a_run_without_a_whole_cache_is_made) {
  compile();
  const std::string cache = scratch_.read("out/.tunec/cache/files");
  for (const std::size_t size : {cache.size() - 1, cache.size() / 2, std::size_t{0}}) {
    scratch_.write("out/.tunec/cache/files", cache.substr(0, size));
    EXPECT_FALSE(skipped()) << size << " bytes of " << cache.size();
  }
  for (std::size_t at = 0; at < cache.size(); at += 7) {
    std::string damaged = cache;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    scratch_.write("out/.tunec/cache/files", damaged);
    EXPECT_FALSE(skipped()) << "byte " << at;
  }
  scratch_.write("out/.tunec/cache/files", cache);
  EXPECT_TRUE(skipped());
  scratch_.clear("out/.tunec/cache/files");
  EXPECT_FALSE(skipped());
}

}  // namespace
}  // namespace tunec
