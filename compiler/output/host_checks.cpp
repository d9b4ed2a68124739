// The rules are ours: what is missing in one is empty here, and a test reads each of them.
#include "output/host_checks.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "catalogue/param_text.h"
#include "output/json_writer.h"
#include "plan/platform/by_node.h"
#include "render/spell.h"

namespace tunec {
namespace {

// What stands for the holes of a rule: {}, {1}, {node}.
using Holes = std::vector<std::pair<std::string_view, std::string>>;

std::string filled(std::string text, const Holes& holes) {
  for (const auto& [name, value] : holes) {
    const std::string hole = fmt::format("{{{}}}", name);
    for (std::size_t at = text.find(hole); at != text.npos; at = text.find(hole, at + value.size()))
      text.replace(at, hole.size(), value);
  }
  return text;
}

bool is_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// For the compiler alone; the rest of a rule goes to the host as it is.
constexpr std::string_view own_keys[] = {"of",     "value", "with",  "instance", "by_node", "fact",   "each",
                                         "number", "share", "slack", "unit",     "source",  "of_load"};
constexpr std::string_view numbers[] = {"least", "most"};

void add_pairs(const yaml::Node& rule, const Holes& holes, std::string& text);

std::string json_of(std::string_view key, const yaml::Node& node, const Holes& holes) {
  if (node.kind == yaml::Node::Kind::map) {
    std::string text;
    add_pairs(node, holes, text);
    return fmt::format("{{{}}}", text);
  }
  if (node.kind == yaml::Node::Kind::sequence) {
    std::vector<std::string> items;
    for (const auto& item : node.items) items.push_back(json_of(key, *item, holes));
    return fmt::format("[{}]", fmt::join(items, ", "));
  }
  std::string value = filled(node.scalar, holes);
  const bool is_bare = std::ranges::find(numbers, key) != std::end(numbers) || !node.quoted;
  return is_bare && is_number(value) ? value : json_string(value);
}

void add_pairs(const yaml::Node& rule, const Holes& holes, std::string& text) {
  for (const auto& [key, value] : rule.entries) {
    if (std::ranges::find(own_keys, key->scalar) != std::end(own_keys)) continue;
    if (!text.empty()) text += ", ";
    text += fmt::format("{}: {}", json_string(key->scalar), json_of(key->scalar, *value, holes));
  }
}

class CheckList {
 public:
  void add(const Setting& setting, std::string_view kind, const yaml::Node& rule, const Holes& holes) {
    add(setting.name, kind, rule, holes, effect_name(setting.param->effect));
  }
  void add(std::string_view name, std::string_view kind, const yaml::Node& rule, const Holes& holes,
           std::string_view effect = {}) {
    std::string pairs = name.empty() ? "" : fmt::format("\"name\": {}, ", json_string(name));
    pairs += fmt::format("\"kind\": \"{}\"", kind);
    if (!effect.empty()) pairs += fmt::format(", \"effect\": \"{}\"", effect);
    add_pairs(rule, holes, pairs);
    add(fmt::format("{{{}}}", pairs));
  }
  void add(const std::string& element) {
    text_ += fmt::format("{}    {}", text_.empty() ? "" : ",\n", element);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

bool fits(const yaml::NodePtr& wanted, std::string_view found) {
  if (!wanted) return true;
  if (wanted->kind != yaml::Node::Kind::sequence) return wanted->scalar == found;
  return std::ranges::any_of(wanted->items, [&](const auto& item) { return item->scalar == found; });
}

bool fits_others(const yaml::NodePtr& with, const HostPlan& host) {
  if (!with) return true;
  return std::ranges::all_of(with->entries, [&](const auto& entry) {
    const Setting* other = host.find(entry.first->scalar);
    const bool wants_none = entry.second->kind == yaml::Node::Kind::null;
    return wants_none ? other == nullptr : other != nullptr && spell(*other) == entry.second->scalar;
  });
}

void add_rules(std::string_view kind, const std::vector<yaml::NodePtr>& rules, const Setting& setting,
               const HostPlan& host, CheckList& list) {
  for (const yaml::NodePtr& rule : rules) {
    const std::string value = spell(setting);
    const std::string instance = setting.instances.empty() ? "" : setting.instances.front();
    if (!fits(rule->find("value"), value) || !fits(rule->find("instance"), instance)) continue;
    if (!fits_others(rule->find("with"), host)) continue;
    const auto by_node = setting.param->by_node ? numbers_by_node(setting.value) : std::nullopt;
    const bool is_for_nodes = rule->text("by_node") == "true";
    if (is_for_nodes != by_node.has_value()) continue;
    if (!by_node) {
      Holes holes{{"1", instance}};
      if (setting.instances.size() > 1) holes.emplace_back("2", setting.instances[1]);
      const bool is_for_items = rule->text("each") == "true";
      for (const std::string& item : is_for_items ? spell_items(setting) : std::vector{value}) {
        Holes filled = holes;
        filled.emplace_back("", item);
        list.add(setting, kind, *rule, filled);
      }
      continue;
    }
    const auto& items = by_node->as<List>().items;
    for (std::size_t node = 0; node < items.size(); ++node)
      list.add(setting, kind, *rule,
               {{"", spell(ParamInfo{}, items[node])}, {"1", instance}, {"node", fmt::format("{}", node)}});
  }
}

// The states that this setting gives their value, read where the parameter of the state is.
void add_states(const Setting& setting, const HostPlan& host, const Catalogue& catalogue,
                const BootState& boot_state, const std::vector<ReadBack>& reads, CheckList& list) {
  for (const std::string& state : boot_state.states_of(setting, *host.facts->platform)) {
    const std::vector<Write> chain = boot_state.chain(host, state);
    if (chain.empty() || chain.back().setting != &setting || chain.back().is_passing) continue;
    const ParamInfo* param = catalogue.find(state);
    // One of the same surface shows no more than the setting itself.
    const bool shows_more = param != nullptr && param->surface != setting.param->surface;
    if (!shows_more || chain.back().value.is<Poison>()) continue;
    const auto read = std::ranges::find(reads, param->surface, &ReadBack::surface);
    if (read == reads.end()) continue;
    Setting shown;
    shown.param = param, shown.name = param->name, shown.key = param->key;
    shown.value = chain.back().value;
    const std::string path = read->path(shown), expect = path.empty() ? "" : read->expect(shown);
    if (!expect.empty())
      list.add(
          fmt::format(R"({{"name": {}, "kind": "effect", "effect": "{}", "what": {}, "read": {}, "is": {}}})",
                      json_string(setting.name), effect_name(setting.param->effect), json_string(param->name),
                      json_string(path), json_string(expect)));
  }
}

// A value as a bare number in the rule's unit, or as the word that it is.
std::string plain(const yaml::Node& rule, const Value& value) {
  ParamInfo in_unit;
  in_unit.type = ValueType::any;
  in_unit.unit = rule.text("unit");
  if (in_unit.unit == "KiB") in_unit.type = ValueType::size;
  if (in_unit.unit == "%") in_unit.type = ValueType::percent;
  return spell(in_unit, value);
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

// At least a share of the number, less the slack.
void lower_least(const yaml::Node& rule, std::string& element_value) {
  const std::vector<std::string> share = rule.texts("share");
  if (share.size() != 2) return;
  const long long number = std::stoll(element_value), slack = std::stoll(rule.text("slack"));
  element_value = fmt::format("{}",
                              std::max(0LL, number / std::stoll(share[1]) * std::stoll(share[0]) - slack));
}

void add_fact(const yaml::Node& rule, const Facts& facts, CheckList& list) {
  const std::string name = rule.text("fact");
  const auto value = fact(facts, name);
  if (!value || value->is<Poison>()) return;
  std::vector<Value> items = {*value};
  if (rule.text("each") == "true" && value->is<List>()) items = value->as<List>().items;
  for (const Value& item : items) {
    const std::string text = plain(rule, item);
    if (!fits(rule.find("value"), text)) continue;
    std::string least = text;
    lower_least(rule, least);
    // uevent has identifiers in capitals
    yaml::Node filled_rule = rule;
    for (auto& [key, node] : filled_rule.entries) {
      const std::string& hole = key->scalar == "least" ? least : key->scalar == "line" ? upper(text) : text;
      if (node->kind != yaml::Node::Kind::scalar) continue;
      auto changed = std::make_shared<yaml::Node>(*node);
      changed->scalar = filled(node->scalar, {{"", hole}});
      node = changed;
    }
    list.add("host." + name, "assumed", filled_rule, {});
  }
}

void add_floor(const yaml::Node& rule, const HostPlan& host, const Fleet& fleet, CheckList& list) {
  const std::string name = rule.text("number");
  const ParamInfo* number = number_named(fleet, name);
  if (number == nullptr) return;
  const Setting* own = host.find(name);
  const Value& value = own != nullptr ? own->value : number->defaults.front().value;
  list.add(name, rule.text("of_load") == "true" ? "load" : "floor", rule, {{"", plain(rule, value)}});
}

class HostChecks {
 public:
  HostChecks(const CheckRules& rules, const Fleet& fleet, const Catalogue& catalogue,
             const BootState& boot_state, const std::vector<ReadBack>& reads)
      : rules_(rules), fleet_(fleet), catalogue_(catalogue), boot_state_(boot_state), reads_(reads) {}

  std::shared_ptr<const std::string> of(const HostPlan& host) {
    const Key key{host.shared.get(), host.facts.get()};
    if (!host.own.empty() || host.shared == nullptr) return make(host);
    auto& made = made_[key];
    if (!made) made = make(host);
    return made;
  }

 private:
  using Key = std::pair<const void*, const void*>;

  std::shared_ptr<const std::string> make(const HostPlan& host) const {
    CheckList list;
    for (const Setting* setting : host.settings) {
      if (tunec::is_number(*setting)) continue;
      add_rules("effect", rules_.effects_of(setting->param->name), *setting, host, list);
      add_rules("harms", rules_.harms_of(setting->param->name), *setting, host, list);
      if (setting->param->effect == Effect::reboot)
        add_states(*setting, host, catalogue_, boot_state_, reads_, list);
    }
    for (const yaml::NodePtr& rule : rules_.facts()) add_fact(*rule, *host.facts, list);
    for (const yaml::NodePtr& rule : rules_.floor()) add_floor(*rule, host, fleet_, list);
    for (const yaml::NodePtr& rule : rules_.before()) list.add("", "before", *rule, {});
    for (const yaml::NodePtr& rule : rules_.guests()) list.add("", "guests", *rule, {});
    return std::make_shared<const std::string>(list.take());
  }

  const CheckRules& rules_;
  const Fleet& fleet_;
  const Catalogue& catalogue_;
  const BootState& boot_state_;
  const std::vector<ReadBack>& reads_;
  std::map<Key, std::shared_ptr<const std::string>> made_;
};

}  // namespace

CheckRules::CheckRules(yaml::NodePtr file) : file_(std::move(file)) {
  const auto list = [&](std::string_view key) {
    const yaml::NodePtr found = file_->find(key);
    return found ? found->items : std::vector<yaml::NodePtr>();
  };
  for (const yaml::NodePtr& rule : list("effects")) effects_[rule->text("of")].push_back(rule);
  for (const yaml::NodePtr& rule : list("harms")) harms_[rule->text("of")].push_back(rule);
  facts_ = list("facts");
  floor_ = list("floor");
  before_ = list("before");
  guests_ = list("guests");
}

const std::vector<yaml::NodePtr>& CheckRules::of(const ByParam& rules, std::string_view param) {
  static const std::vector<yaml::NodePtr> none;
  const auto found = rules.find(param);
  return found == rules.end() ? none : found->second;
}

HostCheckTexts host_checks(const CheckRules& rules, const Plan& plan, const Fleet& fleet,
                           const Catalogue& catalogue, const BootState& boot_state,
                           const std::vector<ReadBack>& reads) {
  HostChecks checks(rules, fleet, catalogue, boot_state, reads);
  HostCheckTexts texts;
  for (const HostPlan& host : plan.hosts) texts.push_back(checks.of(host));
  return texts;
}

}  // namespace tunec
