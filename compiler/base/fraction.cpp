#include "base/fraction.h"

#include <algorithm>
#include <limits>

#include "base/quantity.h"

namespace tunec {
namespace {

Wide magnitude(Wide number) { return number < 0 ? -number : number; }

Wide common_divisor(Wide a, Wide b) {
  a = magnitude(a);
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

// The largest whole number that is not above a / b.
Wide floor_of(Wide a, Wide b) { return a / b - (a % b < 0 ? 1 : 0); }

bool fits(Wide number) {
  return number >= std::numeric_limits<std::int64_t>::min() &&
         number <= std::numeric_limits<std::int64_t>::max();
}

std::string digits_of(Wide number) {
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(number % 10));
    number /= 10;
  } while (number > 0);
  std::ranges::reverse(digits);
  return digits;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<Fraction> Fraction::of(Wide numerator, Wide denominator) {
  constexpr Wide lowest = Wide{1} << 126;  // so that every number can be negated
  if (denominator == 0 || magnitude(numerator) >= lowest || magnitude(denominator) >= lowest)
    return std::nullopt;
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  const Wide divisor = common_divisor(numerator, denominator);
  Fraction result;
  result.numerator_ = numerator / divisor;
  result.denominator_ = denominator / divisor;
  return result;
}

std::optional<Fraction> Fraction::parse(std::string_view decimal) {
  constexpr std::size_t max_digits = 24;
  const bool negative = decimal.starts_with('-');
  if (negative) decimal.remove_prefix(1);
  const std::size_t point = std::min(decimal.find('.'), decimal.size());
  std::string_view places = decimal.substr(std::min(point + 1, decimal.size()));
  if (point == 0 || (point < decimal.size() && places.empty())) return std::nullopt;
  while (places.ends_with('0')) places.remove_suffix(1);
  std::string_view whole = decimal.substr(0, point);
  while (whole.size() > 1 && whole.starts_with('0')) whole.remove_prefix(1);
  if (whole.size() + places.size() > max_digits) return std::nullopt;
  Wide numerator = 0, denominator = 1;
  for (const char c : whole) {
    if (!is_digit(c)) return std::nullopt;
    numerator = numerator * 10 + (c - '0');
  }
  for (const char c : places) {
    if (!is_digit(c)) return std::nullopt;
    numerator = numerator * 10 + (c - '0');
    denominator *= 10;
  }
  return of(negative ? -numerator : numerator, denominator);
}

std::optional<std::int64_t> Fraction::whole() const {
  return is_whole() && fits(numerator_) ? std::optional(static_cast<std::int64_t>(numerator_)) : std::nullopt;
}

std::optional<std::int64_t> Fraction::floor() const {
  const Wide below = floor_of(numerator_, denominator_);
  return fits(below) ? std::optional(static_cast<std::int64_t>(below)) : std::nullopt;
}

std::optional<std::int64_t> Fraction::ceil() const {
  const Wide above = -floor_of(-numerator_, denominator_);
  return fits(above) ? std::optional(static_cast<std::int64_t>(above)) : std::nullopt;
}

Fraction Fraction::negated() const {
  Fraction result = *this;
  result.numerator_ = -numerator_;
  return result;
}

double Fraction::approximate() const {
  return static_cast<double>(static_cast<long double>(numerator_) / static_cast<long double>(denominator_));
}

std::string Fraction::text() const {
  // A decimal ends if its denominator divides a power of ten.
  Wide scale = 1;
  constexpr int max_places = 30;
  int places = 0;
  while (places < max_places && scale % denominator_ != 0) {
    scale *= 10;
    ++places;
  }
  Wide digits = 0;
  if (scale % denominator_ != 0 ||
      __builtin_mul_overflow(magnitude(numerator_), scale / denominator_, &digits))
    return decimal_text(approximate());
  std::string text = digits_of(digits);
  if (places > 0) {
    if (text.size() <= static_cast<std::size_t>(places))
      text.insert(0, static_cast<std::size_t>(places) + 1 - text.size(), '0');
    text.insert(text.size() - static_cast<std::size_t>(places), 1, '.');
  }
  return numerator_ < 0 ? "-" + text : text;
}

// Compares the whole parts, and then the reciprocals of the rests. This needs no product, which might not
// fit.
std::strong_ordering Fraction::operator<=>(const Fraction& other) const {
  Wide a = numerator_, b = denominator_, c = other.numerator_, d = other.denominator_;
  while (true) {
    const Wide x = floor_of(a, b), y = floor_of(c, d);
    if (x != y) return x < y ? std::strong_ordering::less : std::strong_ordering::greater;
    const Wide left = a - x * b, right = c - y * d;
    if (left == 0 || right == 0) return (left != 0) <=> (right != 0);
    a = d;
    d = left;
    c = b;
    b = right;
  }
}

std::optional<Fraction> sum(const Fraction& a, const Fraction& b) {
  Wide left = 0, right = 0, numerator = 0, denominator = 0;
  if (__builtin_mul_overflow(a.numerator(), b.denominator(), &left) ||
      __builtin_mul_overflow(b.numerator(), a.denominator(), &right) ||
      __builtin_add_overflow(left, right, &numerator) ||
      __builtin_mul_overflow(a.denominator(), b.denominator(), &denominator))
    return std::nullopt;
  return Fraction::of(numerator, denominator);
}

std::optional<Fraction> difference(const Fraction& a, const Fraction& b) { return sum(a, b.negated()); }

std::optional<Fraction> product(const Fraction& a, const Fraction& b) {
  // Cancels common factors first, so that it gives up only if the result itself does not fit.
  const auto left = Fraction::of(a.numerator(), b.denominator());
  const auto right = Fraction::of(b.numerator(), a.denominator());
  Wide numerator = 0, denominator = 0;
  if (!left || !right || __builtin_mul_overflow(left->numerator(), right->numerator(), &numerator) ||
      __builtin_mul_overflow(left->denominator(), right->denominator(), &denominator))
    return std::nullopt;
  return Fraction::of(numerator, denominator);
}

std::optional<Fraction> quotient(const Fraction& a, const Fraction& b) {
  const auto inverse = Fraction::of(b.denominator(), b.numerator());
  return inverse ? product(a, *inverse) : std::nullopt;
}

}  // namespace tunec
