#include "driver/present/claims.h"

#include <set>

#include <gtest/gtest.h>

#include "driver/pipeline.h"

namespace tunec {
namespace {

TEST(Claims, EachIsAboutParametersThatExist) {
  const auto knowledge = open_knowledge("", DiskFileSystem());
  const std::vector<GuideClaim> claims = read_claims(*knowledge);
  ASSERT_GE(claims.size(), 20U);
  std::set<int> lines;
  for (const GuideClaim& claim : claims) {
    EXPECT_EQ(claim.guide, "NovaCron");
    EXPECT_TRUE(lines.insert(std::stoi(claim.line)).second) << claim.line;
    const std::size_t dots = claim.gain.find("..");
    ASSERT_NE(dots, std::string::npos) << claim.gain;
    EXPECT_LT(std::stoi(claim.gain), std::stoi(claim.gain.substr(dots + 2))) << claim.gain;
    EXPECT_FALSE(claim.of.empty()) << claim.line;
    EXPECT_FALSE(claim.settings.empty()) << claim.line;
    for (const std::string& name : claim.settings)
      EXPECT_NE(knowledge->catalogue.find(name), nullptr) << name;
  }
}

TEST(Claims, ByParameter) {
  const auto knowledge = open_knowledge("", DiskFileSystem());
  EXPECT_EQ(claims_about(*knowledge, "boot.mitigations").size(), 2U);
  EXPECT_TRUE(claims_about(*knowledge, "boot.mitigation").empty());
  EXPECT_EQ(claims_text({}, "boot.mitigations"), "");
  EXPECT_EQ(claims_text({{"A", "3", "5..10", "speed", {"a.b", "a.c"}, "it is the default"}}, "a.b"),
            "\n  claimed without evidence: 5..10 % better speed (A guide, line 3)\n"
            "    together with: a.c\n"
            "    against it: it is the default\n"
            "\n  measure it: `tunec-host bench` before and after, then `tunec bench compare`\n");
}

}  // namespace
}  // namespace tunec
