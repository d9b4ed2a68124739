#include <gtest/gtest.h>

#include "base/fraction.h"

namespace tunec {
namespace {

Fraction read(std::string_view text) { return *Fraction::parse(text); }

TEST(Fraction, reads_and_writes_decimals_without_rounding) {
  for (const std::string_view text : {"0", "-1", "0.1", "12.5", "-0.0625", "123456789012.123456789012"})
    EXPECT_EQ(read(text).text(), text);
  EXPECT_EQ(read("1.50").text(), "1.5");
  for (const std::string_view text : {"", ".", ".5", "5.", "1e3", "a", "--1", "1234567890123.123456789012"})
    EXPECT_FALSE(Fraction::parse(text).has_value()) << text;
}

TEST(Fraction, adds_and_multiplies_exactly) {
  EXPECT_EQ(sum(read("0.1"), read("0.2")), read("0.3"));
  EXPECT_EQ(product(read("0.29"), Fraction(100)), Fraction(29));
  EXPECT_EQ(product(*quotient(Fraction(1), Fraction(3)), Fraction(3)), Fraction(1));
  EXPECT_EQ(difference(read("0.3"), read("0.1")), read("0.2"));
  EXPECT_FALSE(quotient(Fraction(1), Fraction(0)).has_value());
}

TEST(Fraction, rounds_down_and_up_towards_each_side) {
  EXPECT_EQ(read("-1.5").floor(), -2);
  EXPECT_EQ(read("-1.5").ceil(), -1);
  EXPECT_EQ(read("1.5").floor(), 1);
  EXPECT_EQ(read("1.5").ceil(), 2);
  EXPECT_EQ(Fraction(INT64_MAX).floor(), INT64_MAX);
  EXPECT_EQ(sum(Fraction(INT64_MAX), Fraction(1))->floor(), std::nullopt);
}

TEST(Fraction, compares_without_products) {
  EXPECT_LT(read("-0.5"), read("0.5"));
  EXPECT_GT(*quotient(Fraction(2), Fraction(3)), read("0.666666666666"));
  EXPECT_LT(*quotient(Fraction(INT64_MAX - 1), Fraction(INT64_MAX)), Fraction(1));
  EXPECT_EQ(read("2.0") <=> Fraction(2), std::strong_ordering::equal);
}

TEST(Fraction, gives_nothing_beyond_its_bits) {
  Fraction number(1);
  int steps = 0;
  while (const auto next = product(number, Fraction(INT64_MAX))) {
    number = *next;
    ++steps;
  }
  EXPECT_EQ(steps, 2);
}

}  // namespace
}  // namespace tunec
