// Binds the names in expressions. A bare word may always be just a word; every longer path must have a
// meaning.
#include <algorithm>
#include <set>
#include <span>

#include <fmt/ranges.h>

#include "base/overloaded.h"
#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "site/bind/binder.h"
#include "site/builtin_names.h"

namespace tunec {
namespace {

std::string joined(const ast::Path& path, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < path.parts.size(); ++i)
    text += (text.empty() ? "" : ".") + path.parts[i].name.text;
  return text;
}

}  // namespace

void Binder::check_condition(const ast::Expr& expr) { check_names(expr, true); }
void Binder::check_value(const ast::Expr& expr) { check_names(expr, false); }

void Binder::check_names(const ast::Expr& expr, bool settings_too) {
  std::visit(overloaded{
                 [](const ast::Literal&) {},
                 [](const ast::Missing&) {},
                 [&](const ast::Text& text) {
                   for (const auto& hole : text.holes) check_names(*hole, settings_too);
                 },
                 [&](const ast::Path& path) { check_path(path, expr.span, settings_too); },
                 [&](const ast::ListExpr& list) {
                   for (const auto& item : list.items) check_names(*item, settings_too);
                 },
                 [&](const ast::RangeExpr& range) {
                   check_names(*range.lowest, settings_too);
                   check_names(*range.highest, settings_too);
                 },
                 [&](const ast::Unary& unary) { check_names(*unary.operand, settings_too); },
                 [&](const ast::Binary& binary) {
                   check_names(*binary.left, settings_too);
                   check_names(*binary.right, settings_too);
                 },
             },
             expr.node);
}

void Binder::check_path(const ast::Path& path, Span span, bool settings_too) {
  const ast::PathPart& first = path.parts.front();
  for (const ast::PathPart& part : path.parts) {
    if (!part.arguments) continue;
    for (const ast::Argument& argument : *part.arguments) check_argument(argument, settings_too);
  }
  if (path.parts.size() == 1 && first.arguments) return check_call(first, span);
  if (settings_too && check_scoped(path, span)) return;
  if (first.name.text == "host" && path.parts.size() > 1) {
    const std::string name = joined(path, 1);
    if (is_fact_name(name)) return check_host_in_view("`host." + name + "`", span);
    const auto near = nearest(name, fact_names());
    Draft draft = reporter_.report(span, diag::unknown_fact, name);
    if (near) draft.did_you_mean(*near, "host.");
    else draft.help(fmt::format("facts are {}", fmt::join(fact_names(), ", ")));
    return;
  }
  if (path.parts.size() == 1) {  // a parameter, a constant, or a word
    const auto constant = fleet_.constants.find(first.name.text);
    const bool is_parameter = parameters_ != nullptr &&
                              std::ranges::any_of(*parameters_, [&](const ast::Parameter& p) {
                                return p.name.text == first.name.text;
                              });
    if (constant != fleet_.constants.end()) read_constants_.insert(first.name.text);
    if (settings_too || is_parameter) return;
    if (number_named(fleet_, first.name.text) != nullptr) {
      reporter_.report(span, diag::not_a_constant, first.name.text)
          .at("it is a number for policies, and hosts may differ in it");
    } else if (constant != fleet_.constants.end() && constant->second.looks_at_settings) {
      reporter_.report(span, diag::not_a_constant, first.name.text)
          .label(constant->second.declared, "it looks at settings");
    }
    return;
  }
  if (test_ != nullptr) {
    check_setting_of(path, span);
  } else if (!settings_too) {
    reporter_.report(span, diag::not_a_constant, joined(path, 0));
  } else if (!is_setting(path)) {
    report_unknown(joined(path, 0), span);
  } else {
    check_host_in_view("`" + joined(path, 0) + "`", span);
  }
}

void Binder::check_call(const ast::PathPart& call, Span span) {
  if (const FunctionName* function = function_named(call.name.text)) {
    if (const std::size_t count = call.arguments->size(); !function->takes(count)) {
      reporter_
          .report(
              span, diag::bad_argument,
              fmt::format("`{}` is called with {} argument{}", call.name.text, count, count == 1 ? "" : "s"))
          .help(std::string(function->summary));
    } else if (function->of_test) {
      check_question(call, span);
    }
    return;
  }
  std::vector<std::string_view> names;
  for (const FunctionName& function : function_names()) names.push_back(function.name);
  const auto near = nearest(call.name.text, names);
  Draft draft = reporter_.report(call.name.span, diag::unknown_function, call.name.text);
  if (near) draft.did_you_mean(*near);
  else draft.help(fmt::format("functions are {}", fmt::join(names, ", ")));
}

// Policies name a setting without its instances: `pool.cpus`, `udev.scheduler`. `pool.name` is the name of
// the instance itself.
bool Binder::is_setting(const ast::Path& path) {
  const std::string name = joined(path, 0);
  if (catalogue_.find(name) != nullptr) return true;
  if (bare_names_.empty()) {
    for (const std::string_view full_name : catalogue_.names()) {
      if (full_name.find('(') == std::string_view::npos) continue;
      std::string bare(full_name);
      std::erase_if(bare, [](char c) { return c == '(' || c == ')'; });
      bare_names_.insert(std::move(bare));
    }
  }
  if (bare_names_.contains(name) || catalogue_.spelt(name)) return true;
  return path.parts.size() == 2 && path.parts[1].name.text == "name" &&
         !catalogue_.names_under(path.parts[0].name.text + "().").empty();
}

// `vm.swappiness` is part of `sysctl.vm.swappiness`.
std::optional<Near> Binder::with_surface(std::string_view name) const {
  std::optional<Near> full;
  for (const std::string_view known : catalogue_.names()) {
    if (known.size() <= name.size() || !known.ends_with(name) ||
        known.find('.') != known.size() - name.size() - 1)
      continue;
    if (full) full->is_certain = false;
    else full = Near{std::string(name), std::string(known), true};
  }
  return full;
}

namespace {

constexpr const char* way_out =
    "if the name is right, write `unchecked NAME = VALUE because \"…\"`, or import a record of your own for "
    "it";

// Whether a key such as cpu*/cpufreq/boost matches this file name; a `*` stands within one part.
bool is_file_of(std::string_view key, std::string_view name) {
  while (!key.empty() && key.front() != '*') {
    const char expected = key.front() == '/' ? '.' : key.front();
    if (name.empty() || name.front() != expected) return false;
    key.remove_prefix(1);
    name.remove_prefix(1);
  }
  if (key.empty()) return name.empty();
  key.remove_prefix(1);
  for (std::size_t end = 0; end <= name.size(); ++end) {
    if (is_file_of(key, name.substr(end))) return true;
    if (end < name.size() && name[end] == '.') return false;
  }
  return false;
}

// If the name is the file of one thing, the parameter that writes the files of all things of its kind.
std::optional<std::string_view> set_for_all(std::string_view name, std::span<const std::string_view> family,
                                            const Catalogue& catalogue) {
  for (const std::string_view known : family) {
    const ParamInfo* param = catalogue.find(known);
    if (param->key.find('*') != std::string::npos && is_file_of(param->key, name)) return known;
  }
  return std::nullopt;
}

}  // namespace

void Binder::report_unknown(const std::string& name, Span where) {
  const std::size_t dot = name.find('.');
  const std::string surface = name.substr(0, dot);
  auto family = dot == std::string::npos ? std::span<const std::string_view>{}
                                         : catalogue_.names_under(surface + ".");
  std::set<std::string_view> surfaces;
  if (family.empty()) {
    for (const std::string_view known : catalogue_.names())
      surfaces.insert(known.substr(0, known.find_first_of(".(")));
    const std::vector<std::string_view> list(surfaces.begin(), surfaces.end());
    auto draft = reporter_.report(where, diag::unknown_parameter, fmt::format("there is no `{}`", name));
    const auto whole = with_surface(name);
    if (const auto near = whole ? whole : nearest(surface, list)) draft.did_you_mean(*near);
    draft.help(fmt::format("a setting's name begins with its surface: {}", fmt::join(list, ", ")));
    return;
  }
  // If a surface was never read in full, a name that is missing here may exist all the same
  const bool is_partly_read = std::ranges::any_of(family.first(std::min<std::size_t>(family.size(), 200)),
                                                  [&](std::string_view known) {
                                                    return catalogue_.find(known)->is_of_partly_read;
                                                  }) ||
                              is_of_unknown_module(name);
  auto draft = reporter_.report(where, diag::unknown_parameter,
                                is_partly_read ? fmt::format("`{}` is not in the catalogue", name)
                                               : fmt::format("there is no `{}`", name));
  if (const std::string_view meant = catalogue_.meant_by(name); !meant.empty()) {
    draft.at("this name never existed")
        .help(fmt::format("its name is `{}`", meant))
        .fix({Edit::Kind::word, where, std::string(meant), name}, Certainty::certain);
    return;
  }
  if (const auto module = about_module(name)) {
    draft.at(module->what_is_it);
    if (module->near) draft.did_you_mean(*module->near);
    draft.help(way_out);
    return;
  }
  if (const auto carried = catalogue_.carried_near(name); !carried.empty()) {
    const std::vector<std::string_view> views(carried.begin(), carried.end());
    if (const auto near = nearest(name, views)) {
      draft.did_you_mean(*near).help(way_out);
      return;
    }
  }
  if (const auto all = set_for_all(name.substr(dot + 1), family, catalogue_)) {
    draft.at("this is the file of one of them").help(fmt::format("`{}` sets that file of each", *all));
    draft.help(way_out);
    return;
  }
  const std::vector<std::string> alike = catalogue_.spelt_alike(name);
  std::vector<std::string_view> all(family.begin(), family.end());
  all.insert(all.end(), alike.begin(), alike.end());
  if (const auto near = nearest(name, all)) draft.did_you_mean(*near);
  draft.help(way_out);
}

}  // namespace tunec
