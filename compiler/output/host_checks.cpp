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

// Also what stands for {} in the texts of some keys.
struct Filling {
  Holes holes;
  Holes of_keys{};
};

std::string filled(std::string text, std::string_view key, const Filling& filling) {
  if (text.find('{') == text.npos) return text;
  for (const auto& [name, value] : filling.holes) {
    const auto of_key = name.empty() ? std::ranges::find(filling.of_keys, key, &Holes::value_type::first)
                                     : filling.of_keys.end();
    const std::string& filled_in = of_key == filling.of_keys.end() ? value : of_key->second;
    const std::string hole = fmt::format("{{{}}}", name);
    for (std::size_t at = text.find(hole); at != text.npos; at = text.find(hole, at + filled_in.size()))
      text.replace(at, hole.size(), filled_in);
  }
  return text;
}

bool is_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// For the compiler alone; the rest of a rule goes to the host as it is.
constexpr std::string_view own_keys[] = {"of",     "value", "beside", "instance", "by_node", "fact",   "each",
                                         "number", "share", "slack",  "unit",     "source",  "of_load"};
constexpr std::string_view numbers[] = {"least", "most"};

void add_pairs(const yaml::Node& rule, const Filling& filling, std::string& text);

std::string json_of(std::string_view key, const yaml::Node& node, const Filling& filling) {
  if (node.kind == yaml::Node::Kind::map) {
    std::string text;
    add_pairs(node, filling, text);
    return fmt::format("{{{}}}", text);
  }
  if (node.kind == yaml::Node::Kind::sequence) {
    std::vector<std::string> items;
    for (const auto& item : node.items) items.push_back(json_of(key, *item, filling));
    return fmt::format("[{}]", fmt::join(items, ", "));
  }
  std::string value = filled(node.scalar, key, filling);
  const bool is_bare = std::ranges::find(numbers, key) != std::end(numbers) || !node.quoted;
  return is_bare && is_number(value) ? value : json_string(value);
}

void add_pairs(const yaml::Node& rule, const Filling& filling, std::string& text) {
  for (const auto& [key, value] : rule.entries) {
    if (std::ranges::find(own_keys, key->scalar) != std::end(own_keys)) continue;
    if (!text.empty()) text += ", ";
    text += json_string(key->scalar);
    text += ": ";
    text += json_of(key->scalar, *value, filling);
  }
}

class CheckList {
 public:
  void add(const Setting& setting, std::string_view kind, const yaml::Node& rule, const Filling& filling) {
    add(setting.name, kind, rule, filling, effect_name(setting.param->effect));
  }
  void add(std::string_view name, std::string_view kind, const yaml::Node& rule, const Filling& filling,
           std::string_view effect = {}) {
    std::string pairs = name.empty() ? "" : fmt::format("\"name\": {}, ", json_string(name));
    pairs += fmt::format("\"kind\": \"{}\"", kind);
    if (!effect.empty()) pairs += fmt::format(", \"effect\": \"{}\"", effect);
    add_pairs(rule, filling, pairs);
    add(fmt::format("{{{}}}", pairs));
  }
  void add(const std::string& element) {
    text_ += fmt::format("{}    {}", text_.empty() ? "" : ",\n", element);
  }
  HostCheckText take() { return std::make_shared<const std::string>(std::move(text_)); }

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
    if (!fits_others(rule->find("beside"), host)) continue;
    const auto by_node = setting.param->by_node ? numbers_by_node(setting.value) : std::nullopt;
    const bool is_for_nodes = rule->text("by_node") == "true";
    if (is_for_nodes != by_node.has_value()) continue;
    if (!by_node) {
      Holes holes{{"1", instance}};
      if (setting.instances.size() > 1) holes.emplace_back("2", setting.instances[1]);
      const bool is_for_items = rule->text("each") == "true";
      for (const std::string& item : is_for_items ? spell_items(setting) : std::vector{value}) {
        Filling filling{holes};
        filling.holes.emplace_back("", item);
        list.add(setting, kind, *rule, filling);
      }
      continue;
    }
    const auto& items = by_node->as<List>().items;
    for (std::size_t node = 0; node < items.size(); ++node)
      list.add(setting, kind, *rule,
               {{{"", spell(ParamInfo{}, items[node])}, {"1", instance}, {"node", fmt::format("{}", node)}}});
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

// The values that a fact gives a rule, as the rule writes them.
using FactValues = std::vector<std::string>;

FactValues values_of(const yaml::Node& rule, const Facts& facts) {
  const auto value = fact(facts, rule.text("fact"));
  if (!value || value->is<Poison>()) return {};
  std::vector<Value> items = {*value};
  if (rule.text("each") == "true" && value->is<List>()) items = value->as<List>().items;
  FactValues values;
  for (const Value& item : items) {
    std::string text = plain(rule, item);
    if (fits(rule.find("value"), text)) values.push_back(std::move(text));
  }
  return values;
}

void add_fact(const yaml::Node& rule, const std::string& value, CheckList& list) {
  std::string least = value;
  lower_least(rule, least);
  // uevent has identifiers in capitals
  const Filling filling{{{"", value}}, {{"least", least}, {"line", upper(value)}}};
  list.add("host." + rule.text("fact"), "assumed", rule, filling);
}

void add_floor(const yaml::Node& rule, const HostPlan& host, const Fleet& fleet, CheckList& list) {
  const std::string name = rule.text("number");
  const ParamInfo* number = number_named(fleet, name);
  if (number == nullptr) return;
  const Setting* own = host.find(name);
  const Value& value = own != nullptr ? own->value : number->defaults.front().value;
  list.add(name, rule.text("of_load") == "true" ? "load" : "floor", rule, {{{"", plain(rule, value)}}});
}

// The names of the settings that the rules look at beside their own.
std::set<std::string, std::less<>> names_beside(const CheckRules& rules) {
  std::set<std::string, std::less<>> names;
  for (const yaml::NodePtr& rule : rules.of_settings()) {
    const yaml::NodePtr beside = rule->find("beside");
    if (!beside) continue;
    for (const auto& entry : beside->entries) names.insert(entry.first->scalar);
  }
  return names;
}

// Real fleets give each host settings and facts of its own, such as the address of its tunnel. They part the
// texts of hosts only where a rule looks at them:
//
//   1. Checks of settings are shared by a class, unless a rule looks at an own setting of the host: at its
//      parameter, at a state that others write too, or at its name. Checks of the floor are shared, unless a
//      number is the host's own.
//   2. Checks of facts are shared by hosts whose facts give the rules the same values.
//
// ClassLaw.a_host_gets_what_it_gets_alone holds both.
class HostChecks {
 public:
  HostChecks(const CheckRules& rules, const Fleet& fleet, const Catalogue& catalogue,
             const BootState& boot_state, const std::vector<ReadBack>& reads)
      : rules_(rules),
        fleet_(fleet),
        catalogue_(catalogue),
        boot_state_(boot_state),
        reads_(reads),
        beside_(names_beside(rules)) {}

  HostCheckParts of(const HostPlan& host) {
    const auto is_looked_at = [&](const Setting& setting) { return counts(setting); };
    HostCheckText own_effects, own_floor;
    HostCheckText& effects = has_own(host, is_looked_at) ? own_effects : effects_of_[host.shared.get()];
    HostCheckText& floor = has_own(host, tunec::is_number) ? own_floor : floor_of_[host.shared.get()];
    if (!effects) effects = make_effects(host);
    if (!floor) floor = make_floor(host);
    return {effects, of_facts(*host.facts), floor};
  }

 private:
  template <class Counts>
  static bool has_own(const HostPlan& host, const Counts& counts) {
    return host.shared == nullptr || std::ranges::any_of(host.own, counts);
  }

  bool counts(const Setting& setting) {
    const auto [found, is_new] = counts_.try_emplace(setting.name);
    if (is_new) found->second = looked_at(setting);
    return found->second;
  }

  bool looked_at(const Setting& setting) const {
    if (tunec::is_number(setting)) return false;  // only the floor looks at numbers
    if (beside_.contains(setting.name)) return true;
    if (setting.param->effect == Effect::reboot) return true;  // its states may be shown
    return !rules_.effects_of(setting.param->name).empty() || !rules_.harms_of(setting.param->name).empty() ||
           std::ranges::any_of(
               boot_state_.states_of(*setting.param, setting.name),
               [&](const std::string& state) { return boot_state_.has_several_names(state); });
  }

  HostCheckText make_effects(const HostPlan& host) const {
    CheckList list;
    for (const Setting* setting : host.settings) {
      if (tunec::is_number(*setting)) continue;
      add_rules("effect", rules_.effects_of(setting->param->name), *setting, host, list);
      add_rules("harms", rules_.harms_of(setting->param->name), *setting, host, list);
      if (setting->param->effect == Effect::reboot)
        add_states(*setting, host, catalogue_, boot_state_, reads_, list);
    }
    return list.take();
  }

  HostCheckText make_floor(const HostPlan& host) const {
    CheckList list;
    for (const yaml::NodePtr& rule : rules_.floor()) add_floor(*rule, host, fleet_, list);
    for (const yaml::NodePtr& rule : rules_.before()) list.add("", "before", *rule, {});
    for (const yaml::NodePtr& rule : rules_.guests()) list.add("", "guests", *rule, {});
    return list.take();
  }

  HostCheckText of_facts(const Facts& facts) {
    std::string key;
    std::vector<FactValues> all;
    for (const yaml::NodePtr& rule : rules_.facts()) {
      all.push_back(values_of(*rule, facts));
      for (const std::string& value : all.back()) key += value + '\n';
      key += '\n';
    }
    HostCheckText& made = of_facts_[key];
    if (made) return made;
    CheckList list;
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (const std::string& value : all[i]) add_fact(*rules_.facts()[i], value, list);
    }
    return made = list.take();
  }

  const CheckRules& rules_;
  const Fleet& fleet_;
  const Catalogue& catalogue_;
  const BootState& boot_state_;
  const std::vector<ReadBack>& reads_;
  std::set<std::string, std::less<>> beside_;
  std::unordered_map<std::string, bool> counts_;                          // by a setting's name
  std::unordered_map<const void*, HostCheckText> effects_of_, floor_of_;  // by the settings of a class
  std::unordered_map<std::string, HostCheckText> of_facts_;               // by all values
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

std::vector<yaml::NodePtr> CheckRules::of_settings() const {
  std::vector<yaml::NodePtr> all;
  for (const ByParam* of_param : {&effects_, &harms_}) {
    for (const auto& [param, rules] : *of_param) all.insert(all.end(), rules.begin(), rules.end());
  }
  return all;
}

std::vector<HostCheckParts> host_checks(const CheckRules& rules, const Plan& plan, const Fleet& fleet,
                                        const Catalogue& catalogue, const BootState& boot_state,
                                        const std::vector<ReadBack>& reads) {
  HostChecks checks(rules, fleet, catalogue, boot_state, reads);
  std::vector<HostCheckParts> all;
  all.reserve(plan.hosts.size());
  for (const HostPlan& host : plan.hosts) all.push_back(checks.of(host));
  return all;
}

}  // namespace tunec
