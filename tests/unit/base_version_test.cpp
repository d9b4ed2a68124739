#include "base/version.h"

#include <gtest/gtest.h>

namespace tunec {
namespace {

Version version(std::string_view text) { return Version::parse(text).value(); }

TEST(Version, ComparesPartByPartAndNotAsADecimal) {
  EXPECT_LT(version("5.9"), version("5.10"));
  EXPECT_LT(version("6.8"), version("6.8.1"));
  EXPECT_LT(version("5.19.17"), version("6"));
}

TEST(Version, TrailingZerosSayNothing) {
  EXPECT_EQ(version("6"), version("6.0.0"));
  EXPECT_EQ(version("0"), version("0.0"));
  EXPECT_EQ(version("6.0").text, "6.0");
}

TEST(Version, TakesTheNumbersOfADistributionsVersion) {
  EXPECT_EQ(version("5.15.0-204-generic").parts, (std::vector<int>{5, 15, 0, 204}));
  EXPECT_EQ(version("5.14.0-427.13.1.el9_4.x86_64").parts, (std::vector<int>{5, 14, 0, 427, 13, 1}));
  EXPECT_EQ(version("6.8-rc3").parts, (std::vector<int>{6, 8}));
  EXPECT_EQ(version("249.11-0ubuntu3.12").parts, (std::vector<int>{249, 11}));
  EXPECT_EQ(version("2.06-13+deb12u1").parts, (std::vector<int>{2, 6, 13}));
  EXPECT_EQ(version("5.15.0-204-generic").text, "5.15.0-204-generic");
}

TEST(Version, IsNotEveryTextWithADigit) {
  for (const char* text :
       {"", "v6.8", ".5", "6.", "6..8", "6 8", "10.8.0.1/24", "1:8.2", "99999999999", "-1", "generic"}) {
    EXPECT_EQ(Version::parse(text), std::nullopt) << text;
  }
}

TEST(VersionInterval, HoldsItsBeginAndNotItsEnd) {
  const VersionInterval interval = VersionInterval::parse("5.13..6.6").value();
  EXPECT_FALSE(interval.contains(version("5.12.19")));
  EXPECT_TRUE(interval.contains(version("5.13")));
  EXPECT_TRUE(interval.contains(version("6.5.0-44-generic")));
  EXPECT_FALSE(interval.contains(version("6.6")));
}

TEST(VersionInterval, MayBeOpenAtOneEnd) {
  EXPECT_TRUE(VersionInterval::parse("..5.13")->contains(version("2.6.32")));
  EXPECT_FALSE(VersionInterval::parse("..5.13")->contains(version("5.13")));
  EXPECT_TRUE(VersionInterval::parse("6.6..")->contains(version("6.6")));
  for (const char* text : {"5.13..6.6", "..5.13", "6.6.."}) {
    EXPECT_EQ(VersionInterval::parse(text)->to_string(), text);
  }
}

TEST(VersionInterval, RefusesWhatHoldsNothingOrSaysNothing) {
  for (const char* text : {"..", "", "6.6", "6.6..5.13", "6.6..6.6", "a..b", "6.6...7"}) {
    EXPECT_EQ(VersionInterval::parse(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace tunec
