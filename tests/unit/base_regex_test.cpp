// Regular expressions in records: invalid ones are refused with a reason, valid ones match, and none is slow.
// All expressions in tunec's own records are valid.
#include <gtest/gtest.h>

#include "base/regex.h"
#include "catalogue/catalogue.h"
#include "embedded.h"

namespace tunec {
namespace {

TEST(Regex, fits_the_whole_text_byte_by_byte) {
  EXPECT_TRUE(fits_regex("/dev/sda", "/.*"));
  EXPECT_FALSE(fits_regex("a/dev/sda", "/.*"));
  EXPECT_FALSE(fits_regex("10%x", "[1-9][0-9]*%"));
  EXPECT_TRUE(fits_regex("", "(/.*)?"));
  EXPECT_TRUE(fits_regex("\xc3\xa4", ".{2}"));
  EXPECT_FALSE(fits_regex("\xc3\xa4", ".{1}"));
}

TEST(Regex, a_fault_has_a_reason_in_words) {
  EXPECT_EQ(regex_fault("[a-z]+"), std::nullopt);
  EXPECT_EQ(regex_fault("(a"), "a `(` has no closing `)`");
  EXPECT_EQ(regex_fault("a)"), "a `)` has no opening `(`");
  EXPECT_EQ(regex_fault("[a"), "`[a` has no closing `]`");
  EXPECT_EQ(regex_fault("[[:foo:]"), "`[:foo:]` is no range or class of characters");
  EXPECT_EQ(regex_fault("\\1"), "`\\1` is no escape of an expression");
  EXPECT_EQ(regex_fault("a\\"), "it ends in a single backslash");
  EXPECT_EQ(regex_fault("*a"), "there is nothing that `*` could repeat");
  EXPECT_EQ(regex_fault("a**"), "`**` repeats what is repeated already");
  EXPECT_EQ(regex_fault("(?=a)"), "`(?=` does not exist: RE2 has no lookaround");
  EXPECT_EQ(regex_fault("(a{1,1000}){1,1000}"), "`{1,1000}` repeats more than 1000 times");
  std::string large;
  for (char c = 'a'; c <= 'z'; ++c) large += std::string(1, c) + "{990}";
  EXPECT_EQ(regex_fault(large), "it needs too much memory: let it repeat less");
  EXPECT_EQ(regex_fault(std::string(5000, 'a')), "it has 5000 bytes, of at most 4096");
  EXPECT_NE(regex_fault(std::string(4000, '(')), std::nullopt);
}

// A backtracking engine would overflow the stack on these, or run for years.
TEST(Regex, no_expression_hangs) {
  EXPECT_TRUE(fits_regex(std::string(8190, 'h'), "((((((((((a|b)|(c|d))|((e|f)|(g|h))))))))))*"));
  EXPECT_FALSE(fits_regex(std::string(8190, 'a') + "c", "(a*)*b"));
  EXPECT_FALSE(fits_regex(std::string(8190, 'a'), "(a+)+b"));
  EXPECT_FALSE(fits_regex(std::string(8190, 'a'), "((a?){30}){30}a{900}"));
}

TEST(Regex, what_comes_with_tunec_is_sound) {
  const Catalogue catalogue(embedded_table());
  std::size_t with_pattern = 0;
  for (const std::string_view name : catalogue.names()) {
    const ParamInfo& param = *catalogue.find(name);
    if (param.pattern.empty()) continue;
    ++with_pattern;
    EXPECT_EQ(regex_fault(param.pattern), std::nullopt) << name;
    EXPECT_FALSE(param.pattern_why.empty()) << name;
  }
  EXPECT_GT(with_pattern, 100U);
}

}  // namespace
}  // namespace tunec
