// One function for each kind of type; each returns a value of the type, or nothing. The caller reports.
#include "plan/platform/convert.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "base/regex.h"
#include "base/suggest.h"
#include "base/units.h"
#include "diagnostics/diag.h"
#include "plan/platform/by_node.h"
#include "plan/platform/meant.h"
#include "syntax/walk.h"

namespace tunec {
namespace {

constexpr std::size_t max_text = 8192;  // longer than any setting that a consumer accepts

const EnumValue* word_of(const ParamInfo& param, const Value& value) {
  const auto word = as_word(value);
  if (!word) return nullptr;
  const auto found = std::ranges::find(param.values, *word, &EnumValue::name);
  return found == param.values.end() ? nullptr : &*found;
}

std::optional<Value> of_dimension(const Value& value, Dimension dimension, const Unit& unit) {
  if (dimension_of(value) == dimension && dimension != Dimension::none) return value;
  if (const auto* number = value.get_if<std::int64_t>())
    return in_unit(*number, unit.dimension == dimension ? unit : Unit{dimension, 1});
  return std::nullopt;
}

std::optional<Fraction> number_of(const Value& value) {
  if (const auto* number = value.get_if<std::int64_t>()) return Fraction(*number);
  if (const auto* decimal = value.get_if<Decimal>()) return decimal->number;
  return std::nullopt;
}

std::optional<Value> literal_of(const Value& value, WordKind kind) {
  if (const Word* word = value.get_if<Word>(); word != nullptr && word->kind == kind) return value;
  if (const auto* text = value.get_if<std::string>()) {
    const Value read = scalar_from_text(*text);
    if (const Word* word = read.get_if<Word>(); word != nullptr && word->kind == kind) return read;
  }
  return std::nullopt;
}

std::optional<Value> as_text(const Value& value) {
  if (value.is<std::string>()) return value;
  if (value.is<Word>() || value.is<std::int64_t>() || value.is<Decimal>() || value.is<Version>())
    return Value{to_text(value)};
  return std::nullopt;
}

std::optional<Value> scalar_as(const ParamInfo& param, ValueType type, const Value& value);

std::optional<Value> range_as(const ParamInfo& param, const Value& value) {
  std::vector<Value> ends;
  if (const Range* range = value.get_if<Range>()) ends = range->ends;
  if (const List* list = value.get_if<List>(); list != nullptr && list->items.size() == 2) ends = list->items;
  if (ends.size() != 2) return std::nullopt;
  const auto unit = unit_named(param.unit).value_or(Unit{});
  for (Value& end : ends) {
    const ValueType type = param.element == ValueType::any ? ValueType::integer : param.element;
    auto converted = unit.dimension == Dimension::none ? scalar_as(param, type, end)
                                                       : of_dimension(end, unit.dimension, unit);
    if (!converted) return std::nullopt;
    end = *converted;
  }
  const auto order = compare(ends[0], ends[1]);
  if (!order || *order > 0) return std::nullopt;
  return range_of(ends[0], ends[1]);
}

// From 2^63 to 2^64 - 1: such a number stays as its digits, if the consumer has no upper bound.
bool is_large_number(const ParamInfo& param, const Value& value) {
  const Word* word = value.get_if<Word>();
  return word != nullptr && word->kind == WordKind::symbol && word->text.size() >= 19 &&
         word->text.find_first_not_of("0123456789") == std::string::npos && !param.bounds.empty() &&
         std::ranges::none_of(param.bounds, [](const Bounds& bounds) { return bounds.highest.has_value(); });
}

std::optional<Value> scalar_as(const ParamInfo& param, ValueType type, const Value& value) {
  const bool is_number = type == ValueType::integer || type == ValueType::size;
  if (is_number && is_large_number(param, value)) return value;
  const Unit unit = unit_named(param.unit).value_or(Unit{});
  switch (type) {
    case ValueType::any: return value;
    case ValueType::flag:
    case ValueType::boolean:
      if (value.is<bool>()) return value;
      if (const auto* number = value.get_if<std::int64_t>();
          number != nullptr && (*number == 0 || *number == 1))
        return Value{*number == 1};
      return std::nullopt;
    case ValueType::integer: return value.is<std::int64_t>() ? std::optional(value) : std::nullopt;
    case ValueType::decimal: return number_of(value) ? std::optional(value) : std::nullopt;
    case ValueType::string: return as_text(value);
    case ValueType::enumeration:
      if (const EnumValue* word = word_of(param, value)) return symbol(word->name);
      return std::nullopt;
    case ValueType::size: return of_dimension(value, Dimension::size, unit);
    case ValueType::duration: return of_dimension(value, Dimension::duration, unit);
    case ValueType::bandwidth: return of_dimension(value, Dimension::bandwidth, unit);
    case ValueType::percent:
      if (value.is<Percent>()) return value;
      if (const auto number = number_of(value)) return Value{Percent{*number}};
      return std::nullopt;
    case ValueType::ratio:
      if (value.is<Ratio>()) return value;
      // No overcommit: once
      if (const bool* on = value.get_if<bool>(); on != nullptr && !*on) return Value{Ratio{Fraction(1)}};
      if (const auto number = number_of(value)) return Value{Ratio{*number}};
      return std::nullopt;
    case ValueType::range: return range_as(param, value);
    case ValueType::cpuset:
      if (const auto cpus = as_cpus(value)) return Value{*cpus};
      return std::nullopt;
    case ValueType::address: return literal_of(value, WordKind::address);
    case ValueType::prefix: return literal_of(value, WordKind::prefix);
    case ValueType::pci_id: return literal_of(value, WordKind::pci_id);
    case ValueType::pci_address: return literal_of(value, WordKind::pci_address);
    case ValueType::mac: return literal_of(value, WordKind::mac);
    case ValueType::version:
      if (auto version = Version::parse(to_text(value))) return Value{*version};
      return std::nullopt;
    case ValueType::date: return value.is<Date>() ? std::optional(value) : std::nullopt;
    case ValueType::module:
      if (const auto text = as_text(value)) return Value{Word{WordKind::module, to_text(*text)}};
      return std::nullopt;
    case ValueType::list: return std::nullopt;
  }
  return std::nullopt;
}

// The range that was probably meant by `2-7`, which is an expression: 2 minus 7.
std::optional<Edit> range_with_a_dash(const ast::Expr& written) {
  const auto number = [](const ast::Expr& side) {
    const auto* literal = std::get_if<ast::Literal>(&side.node);
    return literal == nullptr ? nullptr : literal->value.get_if<std::int64_t>();
  };
  std::optional<Edit> range;
  ast::any_within(written, [&](const ast::Expr& within) {
    const auto* difference = std::get_if<ast::Binary>(&within.node);
    if (difference == nullptr || difference->op != ast::BinaryOp::subtract) return false;
    const auto *low = number(*difference->left), *high = number(*difference->right);
    if (low == nullptr || high == nullptr || *low >= *high) return false;
    range = Edit{Edit::Kind::replace, within.span, fmt::format("{}..{}", *low, *high)};
    return true;
  });
  return range;
}

class Conversion {
 public:
  Conversion(const Assigned& to, const Value& given, Reporter& reporter)
      : to_(to), given_(given), reporter_(reporter) {}

  std::optional<Value> run() {
    if (given_.poisoned()) return std::nullopt;
    if (const auto text = as_word(given_); text && is_placeholder(*text)) {
      report(diag::placeholder, to_.name, to_source(given_))
          .at(fmt::format("`{}` takes {}", to_.name, described(to_.param)));
      return std::nullopt;
    }
    if (to_.param.type == ValueType::list) return list();
    if (auto by_node = to_.param.by_node ? numbers_by_node(given_) : std::nullopt)
      return std::ranges::all_of(by_node->as<List>().items,
                                 [&](const Value& element) { return in_bounds(element); })
                 ? by_node
                 : std::nullopt;
    return item(to_.param.type, given_);
  }

 private:
  template <class... Args>
  Draft report(const Diag<Args...>& diag, const std::type_identity_t<Args>&... args) {
    Draft draft = reporter_.report(to_.where, diag, args...);
    draft.hosts(to_.hosts, to_.platform.describe());
    return draft;
  }

  std::optional<Value> list() {
    const std::vector<Value> items = list_items(to_.param, given_);
    const std::size_t least = to_.param.min_items, most = to_.param.max_items;
    if (items.size() < least || (most > 0 && items.size() > most)) {
      const std::string wants = least == most ? fmt::format("{} values", least)
                                : most == 0   ? fmt::format("at least {} values", least)
                                              : fmt::format("{} to {} values", least, most);
      Draft draft = report(diag::wrong_item_count, to_.name, wants, fmt::format("{}", items.size()));
      draft.note(to_.param.doc);
      add_list(draft, given_);
      return std::nullopt;
    }
    List converted;
    for (const Value& value : items) {
      auto element = item(to_.param.element, value);
      if (!element) return std::nullopt;
      const bool is_repeated = to_.param.merge == MergePolicy::union_ &&
                               std::ranges::any_of(converted.items, [&](const Value& earlier) {
                                 return same(earlier, *element);
                               });
      if (!is_repeated) converted.items.push_back(std::move(*element));
    }
    for (std::size_t i = 1; to_.param.ordered && i < converted.items.size(); ++i) {
      const auto order = compare(converted.items[i - 1], converted.items[i]);
      if (order && *order > 0) {
        Draft draft = report(diag::not_in_order, to_.name, to_source(given_));
        draft.note(to_.param.doc);
        const auto sorted = sorted_as(given_, converted);
        if (sorted && to_.written != nullptr && std::holds_alternative<ast::ListExpr>(to_.written->node))
          draft.fix({Edit::Kind::replace, to_.written->span, to_source(*sorted)}, Certainty::likely);
        return std::nullopt;
      }
    }
    return Value{std::move(converted)};
  }

  std::optional<Value> item(ValueType type, const Value& value) {
    if (type != ValueType::enumeration) {
      if (const EnumValue* word = word_of(to_.param, value); word != nullptr && !value.is<std::int64_t>())
        return symbol(word->name);
    }
    auto converted = scalar_as(to_.param, type, value);
    if (!converted) {
      wrong(type, value);
      return std::nullopt;
    }
    if (!in_bounds(*converted) || !whole_units(*converted) || !of_form(*converted)) return std::nullopt;
    return converted;
  }

  // If a text contains several items, shows how to write the list.
  void add_list(Draft& draft, const Value& value) const {
    std::vector<std::string> items;
    for (const std::string& item : items_of_text(value)) items.push_back(to_source(scalar_from_text(item)));
    if (to_.param.type != ValueType::list || items.empty()) return;
    const std::string list = fmt::format("[{}]", fmt::join(items, ", "));
    draft.help(fmt::format("write the list `{}`", list));
    if (is_literal()) draft.fix({Edit::Kind::replace, to_.written->span, list}, Certainty::certain);
  }

  // Whether the value was written as a literal, and not computed or given by a name.
  bool is_literal() const {
    return to_.written != nullptr && std::holds_alternative<ast::Literal>(to_.written->node);
  }

  bool add_meant_condition(Draft& draft, ValueType type, const Value& value) const {
    const auto meant = condition_meant(value);
    const std::string word = meant ? written_as(to_.param, type, *meant) : "";
    if (word.empty()) return false;
    const bool is_switch = type == ValueType::boolean || type == ValueType::flag;
    draft.did_you_mean({*as_word(value), word, is_switch});
    return true;
  }

  void wrong(ValueType type, const Value& value) {
    if (type == ValueType::enumeration && as_word(value)) {
      std::vector<std::string_view> names;
      for (const EnumValue& choice : to_.param.values) names.push_back(choice.name);
      const auto near = nearest(*as_word(value), names);
      Draft draft = report(diag::unknown_value, to_.name, *as_word(value));
      draft.at(fmt::format("it takes {}", fmt::join(names, ", ")));
      if (!add_meant_condition(draft, type, value) && near) draft.did_you_mean(*near);
      return;
    }
    Draft draft = report(diag::wrong_type, to_.name, described(to_.param), std::string(type_name(value)),
                         to_source(value));
    const auto* text = value.get_if<std::string>();
    add_meant_condition(draft, type, value);
    add_list(draft, value);
    if (text != nullptr && text->find('#') != std::string::npos)
      draft.help("the `#` and what follows is not a comment inside a string");
    if (type == ValueType::cpuset && to_.written != nullptr) {
      if (const auto range = range_with_a_dash(*to_.written))
        draft.help(fmt::format("a range is written {}", range->text))
            .fix({Edit::Kind::replace, range->where, range->text}, Certainty::certain);
    }
    if (to_.param.surface.empty())
      draft.help(fmt::format("its default is {}", to_source(to_.param.defaults.front().value)));
    else draft.help(fmt::format("`tunec explain {}` says what it takes", to_.param.name));
  }

  bool in_bounds(const Value& value) {
    if (const Range* range = value.get_if<Range>())
      return in_bounds(range->ends[0]) && in_bounds(range->ends[1]);
    const auto& kernel = to_.platform.kernel;
    const auto holds = [&](const Bounds& bounds) {
      const auto low = bounds.lowest ? compare(*bounds.lowest, value) : std::optional(0);
      const auto high = bounds.highest ? compare(value, *bounds.highest) : std::optional(0);
      return (!low || *low <= 0) && (!high || *high <= 0);
    };
    if (!kernel && !to_.param.bounds.empty() && std::ranges::none_of(to_.param.bounds, holds)) {
      report(diag::value_out_of_range, to_.name, to_source(value)).at("no release takes it");
      return false;
    }
    for (const Bounds& bounds : to_.param.bounds) {
      if (!holds_on(bounds, kernel, to_.platform.os) || holds(bounds)) continue;
      const std::string takes = bounds.lowest && bounds.highest
                                    ? fmt::format("{} to {}", to_source(*bounds.lowest),
                                                  to_source(*bounds.highest))
                                : bounds.lowest ? fmt::format("{} or more", to_source(*bounds.lowest))
                                                : fmt::format("{} at most", to_source(*bounds.highest));
      const std::string who = bounds.linux_
                                  ? fmt::format("{}Linux {}", bounds.os.empty() ? "" : bounds.os + "'s ",
                                                kernel->text)
                                  : "it";
      report(diag::value_out_of_range, to_.name, to_source(value)).at(fmt::format("{} takes {}", who, takes));
      return false;
    }
    return true;
  }

  // A reader of whole numbers refuses 12.5%, and then keeps its old value.
  bool whole_percent(const Value& value) {
    const auto* percent = value.get_if<Percent>();
    if (percent == nullptr || to_.param.unit != "%" || percent->of_hundred.is_whole()) return true;
    Draft draft = report(diag::not_whole, to_source(value), "%", to_.name);
    if (const auto below = percent->of_hundred.floor())
      draft.help(fmt::format("the nearest are {}% and {}%", *below, *below + 1));
    return false;
  }

  // 1500 B is not a whole number of KiB. Writing 1 would silently change the value.
  bool whole_units(const Value& value) {
    if (!whole_percent(value)) return false;
    const auto unit = unit_named(to_.param.unit);
    const auto number = base_number(value);
    if (!unit || unit->base == 1 || !number || dimension_of(value) != unit->dimension ||
        *number % unit->base == 0)
      return true;
    Draft draft = report(diag::not_whole, to_source(value), to_.param.unit, to_.name);
    const std::int64_t below = *number / unit->base;
    const auto low = in_unit(below, *unit), high = in_unit(below + 1, *unit);
    if (low && high) draft.help(fmt::format("the nearest are {} and {}", to_source(*low), to_source(*high)));
    const std::string step = to_.param.unit == "page" ? "4KiB" : "1" + to_.param.unit;
    draft.help(fmt::format("what is computed can be rounded: `floor(… / {}) * {}`", step, step));
    return false;
  }

  bool of_form(const Value& value) {
    const auto* text = value.get_if<std::string>();
    if (text == nullptr) return true;
    if (const auto control = std::ranges::find_if(
            *text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
        control != text->end()) {
      report(diag::wrong_form, to_.name, to_source(value))
          .at("control characters and line ends have no place in a setting");
      return false;
    }
    if (text->size() > max_text) {
      report(diag::wrong_form, to_.name, fmt::format("{} bytes long", text->size()))
          .at(fmt::format("text has at most {} bytes", max_text));
      return false;
    }
    if (to_.param.pattern.empty() || fits_regex(*text, to_.param.pattern)) return true;
    Draft draft = report(diag::wrong_form, to_.name, to_source(value));
    draft.at(to_.param.pattern_why);
    add_list(draft, value);
    return false;
  }

  const Assigned& to_;
  const Value& given_;
  Reporter& reporter_;
};

}  // namespace

bool counts_as_on(const ParamInfo& param, const Value& value) {
  constexpr std::string_view numbers[] = {"int", "uint", "long", "ulong"};
  const auto* number = value.get_if<std::int64_t>();
  if (param.type != ValueType::boolean || number == nullptr || *number == 0 || *number == 1) return false;
  const auto has_type = [](const Sighting& sighting) {
    return !sighting.type.empty() && sighting.type != "-";  // a running kernel shows no type
  };
  const auto is_number = [&](const Sighting& sighting) {
    return std::ranges::find(numbers, sighting.type) != std::end(numbers);
  };
  return std::ranges::any_of(param.sightings, is_number) &&
         std::ranges::all_of(param.sightings, [&](const Sighting& sighting) {
           return (is_number(sighting) || !has_type(sighting)) && !sighting.range.ends_with("..1");
         });
}

std::optional<Value> convert(const Assigned& to, const Value& value, Reporter& reporter) {
  if (counts_as_on(to.param, value)) {
    reporter.report(to.where, diag::counts_as_on, to.name, to_source(value))
        .hosts(to.hosts, to.platform.describe());
    return Value{true};
  }
  return Conversion(to, value, reporter).run();
}

}  // namespace tunec
