// tunec refuses the two guides, taken word for word. The expected messages are in tests/cases/guides/. Each
// finding of profiles/examples/guides/README.md must occur once among them.
//
// With TUNEC_ACCEPT=1 the files are rewritten to the actual output, and the tests count as skipped.
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "support/diff.h"

namespace tunec::test {
namespace {

const std::string root = TUNEC_ROOT;

struct Refusal {
  std::string messages;
  int exit = 0;
};

Refusal check(const std::string& guide) {
  const std::string command = "cd '" + root +
                              "' && LC_ALL=C '" TUNEC_BINARY "' check profiles/examples/guides/" + guide +
                              ".tune --today 2026-11-30 2>&1";
  Refusal run;
  FILE* output = ::popen(command.c_str(), "r");
  if (output == nullptr) throw std::runtime_error("cannot run " + command);
  for (int c = std::fgetc(output); c != EOF; c = std::fgetc(output)) run.messages += static_cast<char>(c);
  const int status = ::pclose(output);
  run.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return run;
}

class Guide : public testing::TestWithParam<const char*> {};

TEST_P(Guide, is_refused_with_these_words) {
  const std::string file = root + "/tests/cases/guides/" + GetParam() + ".diagnostics";
  const Refusal run = check(GetParam());
  EXPECT_EQ(run.exit, 1);
  std::ifstream kept(file, std::ios::binary);
  const std::string expected{std::istreambuf_iterator<char>(kept), {}};
  if (std::getenv("TUNEC_ACCEPT") != nullptr) {
    if (expected != run.messages) std::ofstream(file, std::ios::binary) << run.messages;
    GTEST_SKIP() << "accepted";
  }
  if (expected != run.messages) {
    ADD_FAILURE_AT(file.c_str(), 1) << unified_diff(expected, run.messages)
                                    << "to accept this output: TUNEC_ACCEPT=1 ctest -R guides";
  }
}

INSTANTIATE_TEST_SUITE_P(Guides, Guide, testing::Values("novacron", "formation", "both"));

}  // namespace
}  // namespace tunec::test
