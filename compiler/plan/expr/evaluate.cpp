// The walk over expressions. Conditions are Kleene's: what is not known (a setting that nobody made) is
// neither on nor off.
#include "plan/expr/evaluate.h"

#include <algorithm>

#include "base/overloaded.h"
#include "base/units.h"
#include "diagnostics/diag.h"
#include "plan/platform/boot_state.h"
#include "plan/platform/convert.h"
#include "site/builtin_names.h"
#include "syntax/operators.h"

namespace tunec {
namespace {

std::string_view sign(ast::BinaryOp op) { return syntax::infix(op).text; }

bool is_textual(const Value& value) {
  return value.is<Word>() || value.is<std::string>() || value.is<bool>();
}

// No site comes near these bounds; a program that doubles a constant forty times would.
constexpr std::size_t most_steps = 5'000'000, most_items = 100'000, longest_text = 65'536,
                      deepest_constant = 200;

std::size_t items_in(const Value& value) {
  const List* list = value.get_if<List>();
  if (list == nullptr) return 1;
  std::size_t count = 1;
  for (const Value& item : list->items) count += items_in(item);
  return count;
}

}  // namespace

// Where the mistake shows at an inclusion, the expression itself is still worth a look.
Draft Evaluator::labelled(Draft draft, Span span) {
  draft.hosts(subject_->hosts, subject_->facts->describe());
  if (stand_in) draft.label(span, "computed here");
  return draft;
}

// Of lists: what is made of a bounded one is looked at before anything is made of it in turn.
Value Evaluator::bounded(Value value, Span span) {
  return items_in(value) <= most_items
             ? std::move(value)
             : poison(span, fmt::format("this makes a list of more than {} values", most_items));
}

Value Evaluator::poison(Span span, std::string what) {
  // Of a value that nobody checked a shipped policy cannot know the type.
  const auto unchecked = [](const Setting* setting) { return setting->origin.unchecked; };
  if (shipped_policy && view != nullptr && std::ranges::any_of(view->looked_at, unchecked)) return {Poison{}};
  labelled(reporter_.report(place(span), diag::bad_operands, what), span);
  return {Poison{}};
}

Value Evaluator::operator()(const ast::Expr& expr) {
  if (++steps_ == most_steps) return poison(expr.span, "this takes too long to compute");
  if (steps_ > most_steps) return {Poison{}};
  return std::visit(
      overloaded{
          [](const ast::Literal& literal) { return literal.value; },
          [](const ast::Missing&) { return Value{Poison{}}; },
          [&](const ast::Text& hole) { return text(hole, expr.span); },
          [&](const ast::Path& p) { return path(p, expr.span); },
          [&](const ast::ListExpr& items) { return list(items, expr.span); },
          [&](const ast::RangeExpr& range) {
            Value low = (*this)(*range.lowest), high = (*this)(*range.highest);
            if (low.poisoned() || high.poisoned()) return Value{Poison{}};
            const auto order = compare(low, high);
            if (!order)
              return poison(expr.span, fmt::format("a range from {} {} to {} {}", type_name(low),
                                                   to_source(low), type_name(high), to_source(high)));
            if (*order > 0)
              return poison(expr.span,
                            fmt::format("the range {}..{} falls", to_source(low), to_source(high)));
            return range_of(std::move(low), std::move(high));
          },
          [&](const ast::Unary& u) { return unary(u, expr.span); },
          [&](const ast::Binary& b) { return binary(b, expr.span); },
      },
      expr.node);
}

std::optional<bool> Evaluator::condition(const ast::Expr& expr) {
  const Value value = (*this)(expr);
  if (value.poisoned()) return std::nullopt;
  if (const bool* on = value.get_if<bool>()) return *on;
  labelled(reporter_.report(place(expr.span), diag::not_a_condition, std::string(type_name(value)),
                            to_source(value)),
           expr.span);
  return std::nullopt;
}

std::optional<bool> Evaluator::decision(const ast::Expr& expr) {
  const Asking outer = std::exchange(asking_, Asking::for_labels);
  const std::optional<bool> on = condition(expr);
  asking_ = outer;
  return on;
}

Value Evaluator::path(const ast::Path& path, Span span) {
  const ast::PathPart& first = path.parts.front();
  if (path.parts.size() == 1 && first.arguments) return call(first, span);
  if (path.parts.size() == 1) return name(first.name.text);
  if (first.name.text == "host") return host_fact(path, span);
  if (view != nullptr) return setting(path, span);
  return {Poison{}};  // the binder has reported it
}

Value Evaluator::name(const std::string& name) {
  if (parameters != nullptr) {
    if (const auto found = parameters->find(name); found != parameters->end()) return found->second;
  }
  if (lets != nullptr) {
    const auto let = std::ranges::find(*lets, name,
                                       [](const ast::Let& l) -> const std::string& { return l.name.text; });
    if (let != lets->end()) return of_policy(*let);
  }
  const auto constant = fleet_.constants.find(name);
  if (constant == fleet_.constants.end() || stand_in || shipped_policy) {
    const auto quantity = view != nullptr ? fleet_.quantities.find(name) : fleet_.quantities.end();
    return quantity == fleet_.quantities.end() ? symbol(name) : quantity_of(*quantity->second.syntax);
  }
  const Parameters* outer_parameters = std::exchange(parameters, nullptr);  // constants see no parameters
  const auto* outer_lets = std::exchange(lets, nullptr);
  // One that looks at settings is of the host at hand.
  Value value = constant->second.looks_at_settings ? named(*constant->second.syntax)
                                                   : this->constant(*constant->second.syntax);
  parameters = outer_parameters;
  lets = outer_lets;
  return value;
}

// Where it is used, since what it looks at counts there; but computed once, as long as the same is in view.
Value Evaluator::of_policy(const ast::Let& let) {
  if (view == nullptr || elsewhere_ > 0) return named(let);
  const Ground ground{&let, asking_, view->effective};
  std::vector<const Setting*>& looked_at = view->looked_at;
  if (const auto known = std::ranges::find(lets_known_, ground, &Known::ground); known != lets_known_.end()) {
    looked_at.insert(looked_at.end(), known->looked_at.begin(), known->looked_at.end());
    view->spoiled = view->spoiled || known->spoiled;
    return known->value;
  }
  const auto before = static_cast<std::ptrdiff_t>(looked_at.size());
  const bool spoiled_before = std::exchange(view->spoiled, false);
  Known known{ground, named(let), {looked_at.begin() + before, looked_at.end()}, view->spoiled};
  view->spoiled = view->spoiled || spoiled_before;
  return lets_known_.emplace_back(std::move(known)).value;
}

// What tunec ships for policies to build on sees no constants of the site.
Value Evaluator::quantity_of(const ast::Let& let) {
  const Parameters* outer_parameters = std::exchange(parameters, nullptr);
  const auto* outer_lets = std::exchange(lets, nullptr);
  const bool outer_shipped = std::exchange(shipped_policy, true);
  Value value = named(let);
  parameters = outer_parameters;
  lets = outer_lets;
  shipped_policy = outer_shipped;
  return value;
}

Value Evaluator::named(const ast::Let& let) {
  const std::string& name = let.name.text;
  if (std::ranges::find(constants_open_, name) != constants_open_.end())
    return poison(let.name.span, fmt::format("the constant `{}` is made of itself", name));
  if (constants_open_.size() == deepest_constant)
    return poison(let.name.span,
                  fmt::format("more than {} constants are made of one another", deepest_constant));
  constants_open_.push_back(name);
  Value value = (*this)(let.value);
  constants_open_.pop_back();
  return value;
}

// The same wherever it stands, so that twenty constants that each need the one before twice are twenty steps.
Value Evaluator::constant(const ast::Let& let) {
  const std::pair key{&let, asking_};
  if (const auto known = constants_.find(key); known != constants_.end()) return known->second;
  Value value = named(let);
  if (constants_open_.empty() || !value.poisoned()) constants_.emplace(key, value);
  return value;
}

std::vector<Value> Evaluator::arguments(const std::vector<ast::Argument>& arguments) {
  std::vector<Value> values;
  for (const ast::Argument& argument : arguments)
    values.push_back(argument.each ? for_each(argument) : (*this)(*argument.value));
  return values;
}

Value Evaluator::call(const ast::PathPart& call, Span span) {
  const std::string& function = call.name.text;
  const FunctionName* known = function_named(function);
  // The binder has reported it
  if (known == nullptr || !known->takes(call.arguments->size())) return {Poison{}};
  if (known->of_test) return outcome(call);
  if (function == "set" && call.arguments->size() == 1) return is_set(*call.arguments->front().value);
  if (function == "instances" && call.arguments->size() == 1)
    return instances(*call.arguments->front().value);
  if (function == "listeners") return listeners(call, span);
  if (function == "lookup") return lookup(call);
  if (function == "if") {
    const auto on = condition(*call.arguments->front().value);
    return on ? (*this)(*(*call.arguments)[*on ? 1 : 2].value) : Value{Poison{}};
  }
  if (function == "known" && call.arguments->size() == 2) {
    const Asking outer = std::exchange(asking_, Asking::for_anything);
    Value value = (*this)(*call.arguments->front().value);
    asking_ = outer;
    return value.poisoned() ? (*this)(*call.arguments->back().value) : value;
  }
  const std::vector<Value> values = arguments(*call.arguments);
  if (std::ranges::any_of(values, &Value::poisoned)) return {Poison{}};
  auto result = call_function(function, values, *subject_->facts);
  if (const auto* wrong = std::get_if<std::string>(&result)) return poison(span, *wrong);
  return std::get<Value>(std::move(result));
}

Value Evaluator::text(const ast::Text& text, Span span) {
  std::string whole = text.pieces.front();
  for (std::size_t i = 0; i < text.holes.size(); ++i) {
    const Value value = (*this)(*text.holes[i]);
    if (value.poisoned() && view == nullptr) return value;
    const CpuSet* cpus = view != nullptr ? value.get_if<CpuSet>() : nullptr;
    whole += value.poisoned() ? "(not set)" : cpus != nullptr && cpus->empty() ? "none" : to_text(value);
    whole += text.pieces[i + 1];
    if (whole.size() > longest_text)
      return poison(span, fmt::format("this makes a text of more than {} bytes", longest_text));
  }
  return {std::move(whole)};
}

Value Evaluator::list(const ast::ListExpr& list, Span span) {
  std::vector<Value> items;
  for (const auto& item : list.items) {
    Value value = (*this)(*item);
    if (value.poisoned()) return value;
    items.push_back(std::move(value));
  }
  return bounded(list_of(std::move(items)), span);
}

Value Evaluator::unary(const ast::Unary& unary, Span span) {
  if (unary.op == ast::UnaryOp::not_) {
    const auto on = condition(*unary.operand);
    return on ? Value{!*on} : Value{Poison{}};
  }
  const Value value = (*this)(*unary.operand);
  if (value.poisoned()) return value;
  if (const auto* percent = value.get_if<Percent>()) return Value{Percent{-percent->of_hundred}};
  if (const auto* ratio = value.get_if<Ratio>()) return Value{Ratio{-ratio->times}};
  const auto negative = arithmetic(ast::BinaryOp::multiply, value, Value{std::int64_t{-1}});
  return negative ? *negative : poison(span, fmt::format("there is no negative {}", type_name(value)));
}

Value Evaluator::logic(ast::BinaryOp op, const ast::Expr& left, const ast::Expr& right) {
  const bool decisive = op == ast::BinaryOp::or_;  // this operand alone decides
  const auto first = condition(left);
  if (first && *first == decisive) return {decisive};
  const auto second = condition(right);
  if (second && *second == decisive) return {decisive};
  return first && second ? Value{!decisive} : Value{Poison{}};
}

Value Evaluator::compared(ast::BinaryOp op, const Value& left, const Value& right, Span span) {
  using enum ast::BinaryOp;
  const auto mismatch = [&] {
    return poison(span, fmt::format("{} {} and {} {} cannot be compared", type_name(left), to_source(left),
                                    type_name(right), to_source(right)));
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

Value Evaluator::binary(const ast::Binary& binary, Span span) {
  using enum ast::BinaryOp;
  if (binary.op == or_ || binary.op == and_) return logic(binary.op, *binary.left, *binary.right);
  const Value left = (*this)(*binary.left), right = (*this)(*binary.right);
  if (left.poisoned() || right.poisoned()) return {Poison{}};
  if (binary.op >= equal && binary.op <= in) return compared(binary.op, left, right, span);
  if (auto value = arithmetic(binary.op, left, right)) return bounded(std::move(*value), span);
  const std::string written = fmt::format("`{} {} {}`", to_source(left), sign(binary.op), to_source(right));
  if (binary.op == divide && (same(right, Value{std::int64_t{0}}) || base_number(right) == 0))
    return poison(span, written + " divides by nothing");
  const bool sum = (binary.op == add || binary.op == subtract) && left.v.index() == right.v.index();
  const bool product = binary.op == multiply && (left.is<std::int64_t>() || right.is<std::int64_t>());
  const bool numbers = (left.is<std::int64_t>() || base_number(left)) &&
                       (right.is<std::int64_t>() || base_number(right));
  if (numbers && (sum || product)) return poison(span, written + " does not fit 64 bits");
  return poison(span, fmt::format("{} makes no sense: {} {} {}", written, type_name(left), sign(binary.op),
                                  type_name(right)));
}

}  // namespace tunec
