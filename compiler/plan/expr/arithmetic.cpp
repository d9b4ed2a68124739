// Arithmetic over dimensions: a size plus a size is a size, a size times a number is a size, and a size
// divided by a size is a number. A result beyond 64 bits and a division by zero give nothing, and so a
// diagnostic.
#include <algorithm>

#include "base/units.h"
#include "plan/expr/evaluate.h"
#include "plan/platform/convert.h"
#include "plan/platform/intervals.h"

namespace tunec {
namespace {

using enum ast::BinaryOp;

// A factor: a number, whole or not, a percentage, or a ratio.
std::optional<Fraction> factor(const Value& value) {
  if (const auto* number = value.get_if<std::int64_t>()) return Fraction(*number);
  if (const auto* decimal = value.get_if<Decimal>()) return decimal->number;
  if (const auto* percent = value.get_if<Percent>()) return quotient(percent->of_hundred, Fraction(100));
  if (const auto* ratio = value.get_if<Ratio>()) return ratio->times;
  return std::nullopt;
}

Value decimal(const Fraction& number) {
  if (const auto whole = number.whole()) return {*whole};
  return {Decimal{number, number.text()}};
}

Value like(const Value& model, std::int64_t number) {
  if (model.is<Bytes>()) return {Bytes{number}};
  if (model.is<Duration>()) return {Duration{number}};
  if (model.is<Bandwidth>()) return {Bandwidth{number}};
  return {number};
}

// A quantity times a factor, rounded down to a whole base unit.
std::optional<Value> scaled(const Value& quantity, const Value& by, bool divide_it) {
  const std::int64_t number = *base_number(quantity);
  if (const auto* times = by.get_if<std::int64_t>(); times != nullptr && divide_it) {
    if (*times == 0 || (*times == -1 && number == INT64_MIN)) return std::nullopt;
    return like(quantity, number / *times);
  }
  const auto times = factor(by);
  if (!times) return std::nullopt;
  const auto exact = divide_it ? quotient(Fraction(number), *times) : product(Fraction(number), *times);
  const auto result = exact ? exact->floor() : std::nullopt;
  return result ? std::optional(like(quantity, *result)) : std::nullopt;
}

std::optional<Value> ratio_of(std::int64_t left, std::int64_t right) {
  if (right == 0 || (right == -1 && left == INT64_MIN)) return std::nullopt;
  if (left % right == 0) return Value{left / right};
  const auto exact = quotient(Fraction(left), Fraction(right));
  return exact ? std::optional(decimal(*exact)) : std::nullopt;
}

std::optional<Value> on_quantities(ast::BinaryOp op, const Value& left, const Value& right) {
  const bool a = dimension_of(left) != Dimension::none, b = dimension_of(right) != Dimension::none;
  if (a && b && left.v.index() == right.v.index()) {
    const std::int64_t x = *base_number(left), y = *base_number(right);
    std::int64_t result = 0;
    if (op == add)
      return __builtin_add_overflow(x, y, &result) ? std::nullopt : std::optional(like(left, result));
    if (op == subtract)
      return __builtin_sub_overflow(x, y, &result) ? std::nullopt : std::optional(like(left, result));
    if (op == divide) return ratio_of(x, y);
    return std::nullopt;
  }
  if (a && !b && (op == multiply || op == divide)) return scaled(left, right, op == divide);
  if (!a && b && (op == multiply || op == of)) return scaled(right, left, false);
  return std::nullopt;
}

std::optional<Value> on_numbers(ast::BinaryOp op, const Value& left, const Value& right) {
  const auto* x = left.get_if<std::int64_t>();
  const auto* y = right.get_if<std::int64_t>();
  if (x != nullptr && y != nullptr) {
    std::int64_t result = 0;
    if (op == add)
      return __builtin_add_overflow(*x, *y, &result) ? std::nullopt : std::optional(Value{result});
    if (op == subtract)
      return __builtin_sub_overflow(*x, *y, &result) ? std::nullopt : std::optional(Value{result});
    if (op == multiply)
      return __builtin_mul_overflow(*x, *y, &result) ? std::nullopt : std::optional(Value{result});
    if (op == divide) return ratio_of(*x, *y);
    return std::nullopt;
  }
  const auto a = factor(left), b = factor(right);
  if (!a || !b) return std::nullopt;
  const auto as_decimal = [](const std::optional<Fraction>& number) {
    return number ? std::optional(decimal(*number)) : std::nullopt;
  };
  if (op == multiply || op == of) return as_decimal(product(*a, *b));
  if (op == divide) return as_decimal(quotient(*a, *b));
  if (op != add && op != subtract) return std::nullopt;
  const bool alike = left.v.index() == right.v.index();
  if (alike && left.is<Percent>()) {
    const Fraction &first = left.as<Percent>().of_hundred, &second = right.as<Percent>().of_hundred;
    const auto result = op == add ? sum(first, second) : difference(first, second);
    return result ? std::optional(Value{Percent{*result}}) : std::nullopt;
  }
  const bool plain = !left.is<Percent>() && !right.is<Percent>() && !left.is<Ratio>() && !right.is<Ratio>();
  const auto result = op == add ? sum(*a, *b) : difference(*a, *b);
  if (alike && left.is<Ratio>()) return result ? std::optional(Value{Ratio{*result}}) : std::nullopt;
  return plain ? as_decimal(result) : std::nullopt;
}

// Whether the list's numbers and ranges together cover the whole range.
bool covers(const List& list, const Value& range) {
  std::vector<Interval> whole, parts;
  add_intervals(0, range, whole);
  if (whole.size() != 1) return false;
  for (const Value& item : list.items) add_intervals(0, item, parts);
  sort_intervals(parts);
  AddressNumber next = whole.front().low;
  for (const Interval& part : parts) {
    if (part.family == whole.front().family && part.low <= next && next <= part.high) next = part.high + 1;
  }
  return next > whole.front().high;
}

std::optional<Value> on_lists(ast::BinaryOp op, const List& left, const List& right) {
  List result;
  const auto has = [](const List& list, const Value& item) {
    return std::ranges::any_of(list.items, [&](const Value& other) {
      if (const Range* range = other.get_if<Range>()) {
        const auto low = compare(range->ends[0], item), high = compare(item, range->ends[1]);
        if (low && high) return *low <= 0 && *high <= 0;
      }
      return same(other, item);
    });
  };
  for (const Value& item : left.items) {
    const bool in_right = has(right, item) || (item.is<Range>() && covers(right, item));
    if (op == add || (op == subtract && !in_right) || (op == intersect && in_right))
      result.items.push_back(item);
  }
  if (op == add) result.items.insert(result.items.end(), right.items.begin(), right.items.end());
  if (op != add && op != subtract && op != intersect) return std::nullopt;
  return Value{std::move(result)};
}

}  // namespace

std::optional<Value> arithmetic(ast::BinaryOp op, const Value& left, const Value& right) {
  if (left.is<CpuSet>() || right.is<CpuSet>()) {
    const auto a = as_cpus(left), b = as_cpus(right);
    if (!a || !b) return std::nullopt;
    if (op == add) return Value{*a | *b};
    if (op == subtract) return Value{*a - *b};
    if (op == intersect) return Value{*a & *b};
    return std::nullopt;
  }
  if (left.is<List>() && right.is<List>()) return on_lists(op, left.as<List>(), right.as<List>());
  if (dimension_of(left) != Dimension::none || dimension_of(right) != Dimension::none)
    return on_quantities(op, left, right);
  return on_numbers(op, left, right);
}

}  // namespace tunec
