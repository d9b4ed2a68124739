// Runs the pieces of a job on all processors.
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "base/parallel.h"

namespace tunec::test {
namespace {

TEST(Parallel, EachPieceIsDoneOnce) {
  for (const std::size_t count : {0u, 1u, 2u, 1000u}) {
    std::vector<int> done(count);
    in_parallel(count, [&](std::size_t i) { ++done[i]; });
    EXPECT_EQ(done, std::vector<int>(count, 1));
  }
}

TEST(Parallel, TheLowestPiecesMistakeIsTheOneSaid) {
  std::vector<int> done(100);
  const auto job = [&](std::size_t i) {
    ++done[i];
    if (i % 10 == 3) throw std::runtime_error(std::to_string(i));
  };
  try {
    in_parallel(done.size(), job);
    FAIL() << "no exception was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "3");
  }
  EXPECT_EQ(done, std::vector<int>(100, 1));
}

}  // namespace
}  // namespace tunec::test
