// What a policy asks of more than the subject before it: every port that the host listens on, and what others
// of the fleet say.
#include <algorithm>

#include "diagnostics/diag.h"
#include "plan/expr/evaluate.h"
#include "plan/expr/fleet_index.h"

namespace tunec {
namespace {

std::vector<Value> items_of(const Value& value) {
  if (const List* list = value.get_if<List>()) return list->items;
  if (value.poisoned()) return {};
  return {value};
}

// One listener that two programs are told of.
bool told_before(const Setting& setting, const HostPlan& host) {
  const std::string& first = setting.param->repeats;
  return !first.empty() && std::ranges::any_of(host.settings, [&](const Setting* other) {
    return (other->name == first || other->param->name == first) && same(other->value, setting.value);
  });
}

}  // namespace

Value Evaluator::listeners(const ast::PathPart& call, Span span) {
  if (view == nullptr || view->host == nullptr) return {Poison{}};
  const std::string protocol = call.arguments->empty() ? ""
                                                       : to_text((*this)(*call.arguments->front().value));
  if (!call.arguments->empty() && protocol != "tcp" && protocol != "udp")
    return poison(span, fmt::format("listeners takes tcp or udp, not {}", protocol));
  std::vector<Value> ports;
  std::set<std::string_view> ends;  // of ranges that are in
  for (const Setting* setting : view->host->settings) {
    const ParamInfo& param = *setting->param;
    if (param.listens.empty() || setting->value.poisoned() ||
        (!protocol.empty() && param.listens != protocol))
      continue;
    if (told_before(*setting, *view->host)) continue;
    view->looked_at.push_back(setting);
    if (ends.contains(setting->name)) continue;
    ports.push_back(setting->value);
    if (param.other_end.empty()) continue;
    ends.insert(param.other_end);
    const Setting* other = view->host->find(param.other_end);
    const ParamInfo* known = view->catalogue->find(param.other_end);
    const Facts& facts = *view->host->facts;
    const Value* own_standard = param.standard(facts.kernel, facts.os);
    const Value* other_standard = known == nullptr ? nullptr : known->standard(facts.kernel, facts.os);
    if (own_standard == nullptr || other_standard == nullptr) continue;
    const Value& end = other != nullptr ? other->value : *other_standard;
    if (end.poisoned()) continue;
    const bool is_lowest = compare(*own_standard, *other_standard).value_or(0) < 0;
    const Value& low = is_lowest ? setting->value : end;
    const Value& high = is_lowest ? end : setting->value;
    if (compare(low, high).value_or(0) < 0) ports.back() = range_of(low, high);
  }
  return list_of(std::move(ports));
}

// Of one instance of one host, wherever that is.
Value Evaluator::of_place(const Place& place, const ast::Expr& expr) {
  const Elsewhere elsewhere(elsewhere_);
  const Subject subject = subject_of(*place.host);
  const Subject* outer = std::exchange(subject_, &subject);
  const HostPlan* outer_host = std::exchange(view->host, place.host);
  std::vector<Scope> outer_scopes = std::exchange(view->scopes, {place.scope});
  Value value = (*this)(expr);
  subject_ = outer;
  view->host = outer_host;
  view->scopes = std::move(outer_scopes);
  return value;
}

// `lookup(wireguard.public_key, peer.public_key, wireguard.listen_port)`: by an index over the fleet, so that
// asking for each of its hosts is not asking each of its hosts for each.
Value Evaluator::lookup(const ast::PathPart& call) {
  if (view == nullptr || view->directory == nullptr || view->scopes.empty()) return {Poison{}};
  const auto& arguments = *call.arguments;
  const Value asked = (*this)(*arguments[1].value);
  if (asked.poisoned()) return {Poison{}};
  if (const List* none = asked.get_if<List>(); none != nullptr && none->items.empty()) return asked;
  const ast::Expr& key = *arguments[0].value;
  const auto [known, is_new] = view->directory->by_key.try_emplace(&key);
  if (is_new) {
    const std::string surface = view->scopes.back().name;
    const auto looked_at = view->looked_at;  // building the index is not looking at them
    const bool spoiled = view->spoiled;
    for (const HostPlan* host : view->directory->hosts) {
      for (const Scope& scope : scopes_of(surface, *host)) {
        const Place place{host, scope};
        for (const Value& item : items_of(of_place(place, key)))
          known->second[to_text(item)].push_back(place);
      }
    }
    view->looked_at = looked_at;
    view->spoiled = spoiled;
  }
  std::vector<Value> found;
  for (const Value& item : items_of(asked)) {
    const auto places = known->second.find(to_text(item));
    if (places == known->second.end()) continue;
    for (const Place& place : places->second) {
      Value value = of_place(place, *arguments[2].value);
      if (value.poisoned()) continue;
      if (!asked.is<List>()) return value;
      found.push_back(std::move(value));
    }
  }
  return asked.is<List>() ? list_of(std::move(found)) : Value{Poison{}};
}

}  // namespace tunec
