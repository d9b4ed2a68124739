// The items that a policy is for, and what its paths may begin with because of that.
#include <algorithm>
#include <array>

#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "machine/devices.h"
#include "site/bind/binder.h"
#include "site/builtin_names.h"
#include "syntax/walk.h"

namespace tunec {

void Binder::check_policy(const ast::Policy& policy) {
  const std::string scope = policy.scope ? policy.scope->text : "host";
  const bool fleet = scope == "fleet", pair = scope == "pair";
  if (policy.scope && !scope.empty() && !fleet && !pair) check_collection(*policy.scope, true);
  if (pair) scopes_ = {"a", "b"};
  else if (scope != "host" && !fleet) scopes_ = {scope};
  if (const std::string around = surface_around(scope); !around.empty()) scopes_.push_back(around);
  if (policy.per && !fleet)
    reporter_.report(policy.per->span, diag::misplaced_statement, "`per`")
        .help("groups are of hosts: `for fleet per …`");
  if (policy.per) check_names(*policy.per, true);
  host_in_view_ = !pair;  // `where` of a policy for the fleet is evaluated for each host
  if (policy.where) check_names(*policy.where, true);
  host_in_view_ = !fleet && !pair;
  goes_over_hosts_ = fleet;
  for (const ast::Let& let : policy.lets) check_names(let.value, true);
  for (const ast::Expr& condition : policy.conditions) check_names(condition, true);
  for (const ast::Rule& rule : policy.rules) {
    check_names(rule.value, true);
    if (rule.per) check_names(*rule.per, true);
  }
  for (const auto* text : {&policy.total, &policy.message, &policy.help}) {
    if (*text) check_names(**text, true);
  }
  for (const ast::Part& part : policy.parts) check_names(part.value, true);
  if (policy.budget && !policy.total && !policy.name.text.empty()) {
    reporter_.report(policy.name.span, diag::expected, "`total` and what there is", "a budget without it");
  }
  scopes_.clear();
  host_in_view_ = true;
  goes_over_hosts_ = false;
}

std::set<std::string_view> Binder::surfaces_with_instances() const {
  std::set<std::string_view> surfaces;
  for (const std::string_view full_name : catalogue_.names_with_instances()) {
    const std::size_t end = full_name.find("().");
    if (end != std::string_view::npos && full_name.find('.') > end) surfaces.insert(full_name.substr(0, end));
  }
  return surfaces;
}

// wireguard for peer: the surface whose instances contain instances of this one.
std::string Binder::surface_around(std::string_view collection) const {
  return std::string(catalogue_.surface_around(collection));
}

// Checks the name after `for`: in a policy (where it may also be `host`, `fleet`, `pair of hosts`), or in
// `f(x for …)`.
bool Binder::check_collection(const ast::Name& name, bool as_scope) {
  if (name.text == "host" && !as_scope && !goes_over_hosts_) {
    reporter_.report(name.span, diag::misplaced_statement, "`… for host`")
        .help("only a policy `for fleet` looks at all hosts; any other sees one at a time");
    return false;
  }
  if (name.text == "host" || name.text == "setting" || !item_fields(name.text).empty()) return true;
  const std::string stem = name.text + "().";
  if (const auto family = catalogue_.names_under(stem); !family.empty() || !surface_around(name.text).empty())
    return true;
  std::vector<std::string_view> names = item_collections();
  names.insert(names.end(), {"host", "setting"});
  if (as_scope) names.insert(names.end(), {"fleet", "pair of hosts"});
  for (const std::string_view surface : surfaces_with_instances()) names.push_back(surface);
  std::ranges::sort(names);
  auto draft = reporter_.report(name.span, diag::unknown_name, "collection", name.text);
  if (const auto near = nearest(name.text, names)) draft.did_you_mean(*near);
  else draft.help(fmt::format("there are {}", fmt::join(names, ", ")));
  return false;
}

void Binder::check_argument(const ast::Argument& argument, bool settings_too) {
  if (!argument.each) return check_names(*argument.value, settings_too);
  if (!settings_too) {
    reporter_.report(argument.each->span, diag::misplaced_statement, "`… for …`")
        .help("only policies, budgets and tests can loop over collections");
    return;
  }
  if (!check_collection(*argument.each, false)) return;
  const bool of_hosts = argument.each->text == "host";
  const bool outer = std::exchange(host_in_view_, host_in_view_ || of_hosts);
  if (!of_hosts && !outer) check_host_in_view("`… for " + argument.each->text + "`", argument.each->span);
  if (!of_hosts) scopes_.push_back(argument.each->text);
  check_names(*argument.value, settings_too);
  if (argument.where) check_names(**argument.where, settings_too);
  if (!of_hosts) scopes_.pop_back();
  host_in_view_ = outer;
}

// Binds paths that begin with what the policy is for. False if this path does not.
bool Binder::check_scoped(const ast::Path& path, Span span) {
  const std::string& first = path.parts.front().name.text;
  if (path.parts.size() < 2 || std::ranges::find(scopes_, first) == scopes_.end()) return false;
  std::string field;
  for (std::size_t i = 1; i < path.parts.size(); ++i) field += (i > 1 ? "." : "") + path.parts[i].name.text;
  if (first == "setting") {
    const auto fields = setting_fields();
    if (std::ranges::find(fields, field) == fields.end())
      reporter_.report(span, diag::unknown_name, "field of a setting", field)
          .help(fmt::format("there are {}", fmt::join(fields, ", ")));
    return true;
  }
  if (!item_fields(first).empty()) {
    const auto fields = item_fields(first);
    if (std::ranges::find(fields, field) == fields.end())
      reporter_.report(span, diag::unknown_name, "field of a " + first, field)
          .help(fmt::format("there are {}", fmt::join(fields, ", ")));
    return true;
  }
  if (const std::string around = surface_around(first); !around.empty()) {
    ast::Path whole{{{{around, span}, {}}}};
    whole.parts.insert(whole.parts.end(), path.parts.begin(), path.parts.end());
    if (field != "name" && !is_setting(whole)) report_unknown(around + "." + first + "." + field, span);
    return true;
  }
  if (first != "a" && first != "b") return false;  // a surface: a setting like any other
  const ast::Path rest{{path.parts.begin() + 1, path.parts.end()}};
  if (!is_fact_name(field) && !(rest.parts.size() > 1 && is_setting(rest))) report_unknown(field, span);
  return true;
}

void Binder::check_host_in_view(const std::string& what, Span span) {
  if (host_in_view_) return;
  reporter_.report(span, diag::misplaced_statement, what)
      .help(goes_over_hosts_
                ? "a policy for the fleet has no host of its own: write it inside of `… for host`"
                : "write which of the two hosts is meant: `a.…` or `b.…`");
}

void Binder::mark_constants() {
  for (auto* constants : {&fleet_.constants, &fleet_.quantities}) {
    for (auto& [name, constant] : *constants) {
      std::set<std::string_view> open{name};
      constant.looks_at_settings = needs_settings(constant.syntax->value, open);
    }
  }
}

// Whether any path is a setting, here or in a constant that the expression uses.
bool Binder::needs_settings(const ast::Expr& expr, std::set<std::string_view>& open) {
  return ast::any_within(expr, [&](const ast::Expr& within) {
    const auto* path = std::get_if<ast::Path>(&within.node);
    if (path == nullptr) return false;
    const ast::PathPart& first = path->parts.front();
    const std::string& name = first.name.text;
    if (path->parts.size() > 1) return name != "host" && is_setting(*path);
    if (first.arguments) {
      const bool over_collection = std::ranges::any_of(
          *first.arguments, [](const ast::Argument& argument) { return argument.each.has_value(); });
      return over_collection || name == "set" || name == "listeners" || name == "instances";
    }
    return std::ranges::any_of(std::array{&fleet_.constants, &fleet_.quantities}, [&](const auto* constants) {
      const auto found = constants->find(name);
      return found != constants->end() &&
             (found->second.number != nullptr ||
              (open.insert(name).second && needs_settings(found->second.syntax->value, open)));
    });
  });
}

}  // namespace tunec
