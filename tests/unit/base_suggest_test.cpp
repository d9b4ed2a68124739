#include "base/suggest.h"

#include <gtest/gtest.h>

#include "base/value.h"

namespace tunec {
namespace {

constexpr std::string_view names[] = {"vm.swappiness", "vm.min_free_kbytes", "net.core.rmem_max",
                                      "net.core.wmem_max", "h"};

TEST(EditDistance, CountsSlipsOfTheFingers) {
  EXPECT_EQ(edit_distance("swapiness", "swappiness", 3), 1U);
  EXPECT_EQ(edit_distance("swpapiness", "swappiness", 3), 1U);
  EXPECT_EQ(edit_distance("", "abc", 5), 3U);
  EXPECT_EQ(edit_distance("abc", "abc", 0), 0U);
}

TEST(EditDistance, GivesUpBehindItsLimit) {
  EXPECT_EQ(edit_distance("kitten", "sitting", 3), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting", 2), 3U);
  EXPECT_EQ(edit_distance("a", "abcdefgh", 2), 3U);
}

TEST(Nearest, FindsTheNearOneOnly) {
  EXPECT_EQ(nearest("vm.swapiness", names), "vm.swappiness");
  EXPECT_EQ(nearest("VM.Swappiness", names), "vm.swappiness");
  EXPECT_EQ(nearest("kernel.sched_latency_ns", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
}

TEST(Nearest, DoesNotDependOnTheOrderOfNames) {
  constexpr std::string_view turned[] = {"net.core.wmem_max", "net.core.rmem_max"};
  EXPECT_EQ(nearest("net.core.mem_max", names), "net.core.rmem_max");
  EXPECT_EQ(nearest("net.core.mem_max", turned), "net.core.rmem_max");
}

TEST(Nearest, NeitherSuggestsWhatWasWrittenNorWhatSharesNothing) {
  EXPECT_EQ(nearest("h", names), std::nullopt);
  EXPECT_EQ(nearest("G", names), std::nullopt);
}

TEST(Nearest, CorrectsUnits) {
  EXPECT_EQ(nearest("Kib", unit_names()), "KiB");
  EXPECT_EQ(nearest("GBps", unit_names()), "Gbps");
  EXPECT_EQ(nearest("mins", unit_names()), "min");
}

}  // namespace
}  // namespace tunec
