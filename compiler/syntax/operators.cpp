// Precedence climbing over the grammar's flat chain. Two things bound the recursion: the rows of the table,
// and max_operators for prefixes.
#include "syntax/operators.h"

#include <algorithm>
#include <array>

#include "diagnostics/diag.h"

namespace tunec::syntax {
namespace {

using ast::BinaryOp;
constexpr std::array<Infix, 16> table{{
    {BinaryOp::or_, "or", 1, true},
    {BinaryOp::and_, "and", 2, true},
    // 3: not
    {BinaryOp::equal, "==", 4, false},
    {BinaryOp::not_equal, "!=", 4, false},
    {BinaryOp::less, "<", 4, false},
    {BinaryOp::less_equal, "<=", 4, false},
    {BinaryOp::greater, ">", 4, false},
    {BinaryOp::greater_equal, ">=", 4, false},
    {BinaryOp::in, "in", 4, false},
    {std::nullopt, "..", 5, false},
    {BinaryOp::add, "+", 6, true},
    {BinaryOp::subtract, "-", 6, true},
    {BinaryOp::multiply, "*", 7, true},
    {BinaryOp::divide, "/", 7, true},
    {BinaryOp::intersect, "&", 7, true},
    {BinaryOp::of, "of", 8, true},
    // 9: unary -
}};

Span join_spans(Span a, Span b) { return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)}; }

class Climber {
 public:
  Climber(std::vector<Operand> operands, const std::vector<Join>& joins, Reporter& reporter)
      : operands_(std::move(operands)), joins_(joins), reporter_(reporter) {}

  ast::Expr climb(int tightness) {
    ast::Expr left = operand();
    while (next_ < joins_.size() && joins_[next_].infix->tightness >= tightness) {
      const Join join = joins_[next_++];
      const Infix& infix = *join.infix;
      ++at_;
      prefix_ = 0;
      ast::Expr right = climb(infix.tightness + 1);
      const Span span = join_spans(left.span, right.span);
      if (infix.op) left = {ast::Binary{*infix.op, std::move(left), std::move(right)}, span};
      else left = {ast::RangeExpr{std::move(left), std::move(right)}, span};
      if (infix.chains || next_ == joins_.size() || joins_[next_].infix->tightness != infix.tightness)
        continue;
      reporter_.report(joins_[next_].span, diag::chained_operator, std::string(joins_[next_].infix->text));
      skip_chain(infix.tightness);
    }
    return left;
  }

 private:
  // Reports `a < b < c < d` once, not once for each further comparison.
  void skip_chain(int tightness) {
    while (next_ < joins_.size() && joins_[next_].infix->tightness >= tightness) ++next_, ++at_;
  }

  ast::Expr operand() {
    const std::size_t at = at_;
    if (prefix_ == operands_[at].prefixes.size()) return std::move(operands_[at].value);
    const Operand::Prefix prefix = operands_[at].prefixes[prefix_++];
    ast::Expr inner = climb(prefix.op == ast::UnaryOp::not_ ? not_tightness : minus_tightness);
    const Span span = join_spans(prefix.span, inner.span);
    return {ast::Unary{prefix.op, std::move(inner)}, span};
  }

  std::vector<Operand> operands_;
  const std::vector<Join>& joins_;
  Reporter& reporter_;
  std::size_t at_ = 0, prefix_ = 0;  // the next operand and its prefix
  std::size_t next_ = 0;             // the next join
};

}  // namespace

const Infix& infix(ast::BinaryOp op) {
  return *std::ranges::find_if(table, [op](const Infix& row) { return row.op == op; });
}
const Infix& range_infix() {
  return *std::ranges::find_if(table, [](const Infix& row) { return !row.op; });
}
const Infix* infix_of(std::string_view text) {
  const auto row = std::ranges::find(table, text, &Infix::text);
  return row == table.end() ? nullptr : &*row;
}

ast::Expr build_tree(std::vector<Operand> operands, const std::vector<Join>& joins, Reporter& reporter) {
  return Climber(std::move(operands), joins, reporter).climb(0);
}

}  // namespace tunec::syntax
