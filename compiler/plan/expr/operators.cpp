// Operators over values. arithmetic.cpp decides which operands fit together.
#include <algorithm>

#include "base/units.h"
#include "plan/expr/parts.h"
#include "plan/platform/convert.h"
#include "syntax/operators.h"

namespace tunec {
namespace {

std::string_view sign(ast::BinaryOp op) { return syntax::infix(op).text; }

bool is_textual(const Value& value) {
  return value.is<Word>() || value.is<std::string>() || value.is<bool>();
}

std::string with_article(const Value& value) {
  const std::string_view name = type_name(value);
  return fmt::format(
      "{} {}", std::string_view("aeiouI").find(name.front()) == std::string_view::npos ? "a" : "an", name);
}

std::string mismatch(ast::BinaryOp op, const Value& left, const Value& right) {
  const std::string a = with_article(left), b = with_article(right);
  switch (op) {
    case ast::BinaryOp::add: return fmt::format("cannot add {} to {}", b, a);
    case ast::BinaryOp::subtract: return fmt::format("cannot subtract {} from {}", b, a);
    case ast::BinaryOp::multiply: return fmt::format("cannot multiply {} by {}", a, b);
    case ast::BinaryOp::divide: return fmt::format("cannot divide {} by {}", a, b);
    default: return fmt::format("`{}` does not work on {} and {}", sign(op), a, b);
  }
}

// `8GiB - 4` most likely means 4GiB: the number with the unit of the other operand.
std::string missing_unit(ast::BinaryOp op, const Value& left, const Value& right) {
  if (op != ast::BinaryOp::add && op != ast::BinaryOp::subtract) return "";
  const bool left_is_number = left.is<std::int64_t>();
  const Value& number = left_is_number ? left : right;
  const Value& quantity = left_is_number ? right : left;
  if (!number.is<std::int64_t>() || !base_number(quantity) || quantity.is<std::int64_t>()) return "";
  const std::string written = to_source(quantity);
  const std::size_t unit = written.find_first_not_of("-0123456789.");
  return unit == std::string::npos
             ? ""
             : fmt::format("write the unit: `{}{}`", to_source(number), written.substr(unit));
}

Value value_of_logic(ast::BinaryOp op, const ast::Expr& left, const ast::Expr& right, const Scope& scope,
                     Evaluation& run) {
  const bool decisive = op == ast::BinaryOp::or_;  // an operand with this value decides alone
  const auto first = condition(left, scope, run);
  if (first && *first == decisive) return {decisive};
  const auto second = condition(right, scope, run);
  if (second && *second == decisive) return {decisive};
  return first && second ? Value{!decisive} : Value{Poison{}};
}

Value compared(ast::BinaryOp op, const Value& left, const Value& right, Span span, const Scope& scope,
               Evaluation& run) {
  using enum ast::BinaryOp;
  const auto mismatch = [&] {
    return poison(span,
                  fmt::format("{} {} and {} {} cannot be compared", type_name(left), to_source(left),
                              type_name(right), to_source(right)),
                  scope, run);
  };
  if (op == in) {
    if (const Range* range = right.get_if<Range>()) {
      const auto low = compare(range->ends[0], left), high = compare(left, range->ends[1]);
      return low && high ? Value{*low <= 0 && *high <= 0} : mismatch();
    }
    if (const List* items = right.get_if<List>()) {
      return {std::ranges::any_of(items->items, [&](const Value& item) { return same(item, left); })};
    }
    const auto whole = as_cpus(right), part = as_cpus(left);
    return whole && part ? Value{part->subset_of(*whole)} : mismatch();
  }
  const auto order = compare(left, right);
  if (op == equal || op == not_equal) {
    const bool alike = left.v.index() == right.v.index() || (is_textual(left) && is_textual(right));
    if (!order && !alike && !same(left, right)) return mismatch();
    return {same(left, right) == (op == equal)};
  }
  if (!order) return mismatch();
  switch (op) {
    case less: return {*order < 0};
    case less_equal: return {*order <= 0};
    case greater: return {*order > 0};
    default: return {*order >= 0};
  }
}

}  // namespace

Value value_of_unary(const ast::Unary& unary, Span span, const Scope& scope, Evaluation& run) {
  if (unary.op == ast::UnaryOp::not_) {
    const auto on = condition(*unary.operand, scope, run);
    return on ? Value{!*on} : Value{Poison{}};
  }
  const Value value = evaluate(*unary.operand, scope, run);
  if (value.poisoned()) return value;
  if (const auto* percent = value.get_if<Percent>()) return Value{Percent{percent->of_hundred.negated()}};
  if (const auto* ratio = value.get_if<Ratio>()) return Value{Ratio{ratio->times.negated()}};
  const auto negative = arithmetic(ast::BinaryOp::multiply, value, Value{std::int64_t{-1}});
  return negative ? *negative
                  : poison(span, fmt::format("{} cannot be negated", with_article(value)), scope, run);
}

Value value_of_binary(const ast::Binary& binary, Span span, const Scope& scope, Evaluation& run) {
  using enum ast::BinaryOp;
  if (binary.op == or_ || binary.op == and_)
    return value_of_logic(binary.op, *binary.left, *binary.right, scope, run);
  const Value left = evaluate(*binary.left, scope, run), right = evaluate(*binary.right, scope, run);
  if (left.poisoned() || right.poisoned()) return {Poison{}};
  if (binary.op >= equal && binary.op <= in) return compared(binary.op, left, right, span, scope, run);
  if (auto value = arithmetic(binary.op, left, right)) return bounded(std::move(*value), span, scope, run);
  const std::string written = fmt::format("`{} {} {}`", to_source(left), sign(binary.op), to_source(right));
  if (binary.op == divide && (same(right, Value{std::int64_t{0}}) || base_number(right) == 0))
    return poison(span, written + " divides by zero", scope, run);
  const bool sum = (binary.op == add || binary.op == subtract) && left.v.index() == right.v.index();
  const bool product = binary.op == multiply && (left.is<std::int64_t>() || right.is<std::int64_t>());
  const bool numbers = (left.is<std::int64_t>() || base_number(left)) &&
                       (right.is<std::int64_t>() || base_number(right));
  if (numbers && (sum || product)) return poison(span, written + " does not fit 64 bits", scope, run);
  return poison(span, fmt::format("{}: {}", mismatch(binary.op, left, right), written), scope, run,
                missing_unit(binary.op, left, right));
}

}  // namespace tunec
