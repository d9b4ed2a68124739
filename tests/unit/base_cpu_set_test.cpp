#include "base/cpu_set.h"

#include <gtest/gtest.h>

namespace tunec {
namespace {

TEST(CpuSet, JoinsRunsThatOverlapOrTouch) {
  CpuSet set = CpuSet::of(4, 5);
  set.insert(0, 1);
  set.insert(8, 8);
  EXPECT_EQ(set.to_string(), "0-1,4-5,8");
  set.insert(2, 3);
  EXPECT_EQ(set.to_string(), "0-5,8");
  set.insert(1, 7);
  EXPECT_EQ(set.to_string(), "0-8");
}

TEST(CpuSet, IsEmptyWhenEndsAreCrossed) {
  EXPECT_TRUE(CpuSet::of(3, 2).empty());
  EXPECT_EQ(CpuSet::of(3, 2).to_string(), "");
  EXPECT_EQ(CpuSet().lowest(), std::nullopt);
}

TEST(CpuSet, StaysWithinTheCpusThatKernelsHave) {
  EXPECT_EQ(CpuSet::of(-5, 2).to_string(), "0-2");
  EXPECT_EQ(CpuSet::of(8190, 2'000'000'000).to_string(), "8190-8191");
  EXPECT_FALSE(CpuSet::of(0, 2'000'000'000).contains(8192));
  EXPECT_FALSE(CpuSet::of(0, 3).contains(-1));
}

TEST(CpuSet, ReadsTheKernelsLists) {
  EXPECT_EQ(CpuSet::parse("0-3,8"), CpuSet::of(0, 3) | CpuSet::of(8, 8));
  EXPECT_EQ(CpuSet::parse("8,0-3,2"), CpuSet::of(0, 3) | CpuSet::of(8, 8));
  EXPECT_EQ(CpuSet::parse(""), CpuSet());
  EXPECT_EQ(CpuSet::parse("8191"), CpuSet::of(8191, 8191));
}

TEST(CpuSet, ReadsNothingElse) {
  for (const char* text : {",", "0,", ",0", "0-", "-1", "0--1", "3-1", "0 ,1", " 0", "a", "0-3:2/4", "8192",
                           "0-8192", "99999999999999999999", "+1", "0x1", "0-1-2"}) {
    EXPECT_EQ(CpuSet::parse(text), std::nullopt) << text;
  }
}

TEST(CpuSet, SubtractsFromTheMiddle) {
  EXPECT_EQ((CpuSet::of(0, 15) - CpuSet::of(4, 7)).to_string(), "0-3,8-15");
  EXPECT_TRUE(CpuSet::of(4, 7).subset_of(CpuSet::of(0, 15)));
  EXPECT_FALSE(CpuSet::of(0, 15).subset_of(CpuSet::of(4, 7)));
}

}  // namespace
}  // namespace tunec
