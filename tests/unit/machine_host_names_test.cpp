#include "machine/host_names.h"

#include <gtest/gtest.h>

#include "machine/host_pattern.h"

namespace tunec {
namespace {

TEST(HostNames, ConsecutiveNumbersAreAPattern) {
  EXPECT_EQ(compact_names({"kvm-03", "kvm-01", "kvm-02", "db-1"}), "db-1, kvm-[01..03]");
  EXPECT_EQ(compact_names({"a1.dc", "a2.dc", "a4.dc"}), "a[1..2].dc, a4.dc");
  EXPECT_EQ(compact_names({"web"}), "web");
  EXPECT_EQ(compact_names({}), "");
}

TEST(HostNames, NumbersOfAnotherWidthAreAnotherPattern) {
  EXPECT_EQ(compact_names({"kvm-8", "kvm-9", "kvm-10", "kvm-11"}), "kvm-[8..9], kvm-[10..11]");
}

TEST(HostNames, WhatHasNoRoomIsCounted) {
  EXPECT_EQ(compact_names({"a1", "a3", "a5", "a7"}, 2), "a1, a3 and 2 more");
}

TEST(HostNames, NumbersThatNoIntegerHoldsAreText) {
  EXPECT_EQ(compact_names({"mac-001122334455", "mac-001122334456"}), "mac-001122334455, mac-001122334456");
}

TEST(HostNames, ThePatternsFitTheirHosts) {
  const std::string text = compact_names({"kvm-07", "kvm-08", "kvm-09", "kvm-10"});
  for (const char* name : {"kvm-07", "kvm-08", "kvm-09", "kvm-10"}) EXPECT_TRUE(matches_pattern(text, name));
  EXPECT_FALSE(matches_pattern(text, "kvm-11"));
}

}  // namespace
}  // namespace tunec
