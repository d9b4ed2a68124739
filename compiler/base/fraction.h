// Numbers with a fraction, without rounding: numerator / denominator, in lowest terms. A result that does not
// fit 127 bits is nothing.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tunec {

__extension__ typedef __int128 Wide;

class Fraction {
 public:
  Fraction() = default;
  explicit Fraction(std::int64_t whole) : numerator_(whole) {}
  static std::optional<Fraction> of(Wide numerator, Wide denominator);
  static std::optional<Fraction> parse(std::string_view decimal);  // -1.50; at most 24 digits

  Wide numerator() const { return numerator_; }
  Wide denominator() const { return denominator_; }  // 1 or more
  bool is_whole() const { return denominator_ == 1; }
  std::optional<std::int64_t> whole() const;  // if it is one of 64 bits
  // Rounded to a whole number, if that fits 64 bits
  std::optional<std::int64_t> floor() const;
  std::optional<std::int64_t> ceil() const;
  Fraction negated() const;
  double approximate() const;
  std::string text() const;  // all digits if they end, else those of the nearest double

  bool operator==(const Fraction&) const = default;
  std::strong_ordering operator<=>(const Fraction& other) const;

 private:
  Wide numerator_ = 0, denominator_ = 1;
};

std::optional<Fraction> sum(const Fraction& a, const Fraction& b);
std::optional<Fraction> difference(const Fraction& a, const Fraction& b);
std::optional<Fraction> product(const Fraction& a, const Fraction& b);
std::optional<Fraction> quotient(const Fraction& a, const Fraction& b);  // nothing if `b` is 0

}  // namespace tunec
