#include "check/policy/host_columns.h"

#include <algorithm>
#include <unordered_map>

#include "machine/devices.h"

namespace tunec {
namespace {

// Equal texts, or pairs of numbers, get one number.
template <class Key>
class Numbers {
 public:
  std::uint32_t of(Key key) {
    const auto next = static_cast<std::uint32_t>(numbers_.size());
    return numbers_.try_emplace(std::move(key), next).first->second;
  }
  std::size_t size() const { return numbers_.size(); }

 private:
  std::unordered_map<Key, std::uint32_t> numbers_;
};

constexpr std::uint64_t pair_of(std::uint32_t high, std::uint32_t low) {
  return std::uint64_t{high} << 32 | low;
}

void append(std::string& text, const std::optional<Version>& version) {
  if (version) text += version->text;
  text += '\n';
}

// Everything that the compiler itself reads of a machine: defaults, distribution files, caveats.
std::string platform_text(const Platform& platform) {
  std::string text = fmt::format("{}\n{}\n{}\n{}\n{}\n", platform.os, platform.release, platform.cpu_vendor,
                                 platform.faulty, static_cast<const void*>(platform.measured.get()));
  for (const auto* version :
       {&platform.kernel, &platform.libvirt, &platform.systemd, &platform.grub, &platform.qemu})
    append(text, *version);
  for (const auto& [option, on] : platform.config) text += fmt::format("{}={}\n", option, on);
  if (platform.builtin) text += fmt::format("{}", fmt::join(*platform.builtin, "\n"));
  text += fmt::format("\n\n{}", fmt::join(platform.installed, "\n"));
  return text;
}

// Everything that a function reads of the machine, for functions whose arguments name no fact.
std::string function_text(const Facts& facts, std::string_view function) {
  std::string text;
  if (function == "siblings()") {
    for (const CpuSet& core : facts.cores_cpus) text += core.to_string() + '\n';
  } else if (function == "node()") {
    for (const NumaNode& node : facts.nodes) text += node.cpus.to_string() + '\n';
  } else if (function == "on_node()") {
    text = std::to_string(facts.nodes.size());
  } else {
    for (const PciDevice& device : facts.pci)
      text += fmt::format("{} {} {} {} {}\n", device.address, device.id, device.gpu, device.group,
                          device.bridge);
  }
  return text;
}

std::string shown(const std::optional<Value>& value) {
  return !value || value->poisoned() ? "" : to_source(*value);
}

// A fact of the machine, by the name that a policy uses (PolicyReads::facts).
std::string fact_text(const Facts& facts, std::string_view name) {
  if (name.ends_with("()")) return function_text(facts, name);
  const std::string_view collection = name.substr(0, name.find('.'));
  if (item_fields(collection).empty()) return shown(fact(facts, name));
  const std::vector<MachineItem> items = machine_items(facts, collection);
  if (collection == name) return std::to_string(items.size());
  std::string text;
  for (const MachineItem& item : items)
    text += shown(item_fact(facts, collection, item.index, name.substr(collection.size() + 1))) + '\n';
  return text;
}

std::string identity_text(const HostPlan& host, std::string_view name) {
  if (name != "groups") return host.name;  // its number is part of its name
  std::string text;
  for (const std::string& group : host.groups) text += group + '\n';
  return text;
}

bool is_identity(std::string_view name) { return name == "name" || name == "number" || name == "groups"; }

// One number for each host, by a text of an object that hosts share. Each object is looked at once.
template <class Shared, class TextOf>
std::vector<std::uint32_t> numbers_of(const Plan& plan, Shared shared, TextOf text_of) {
  Numbers<std::string> numbers;
  std::unordered_map<const void*, std::uint32_t> seen;
  std::vector<std::uint32_t> of_host;
  of_host.reserve(plan.hosts.size());
  for (const HostPlan& host : plan.hosts) {
    const auto [number, first] = seen.try_emplace(shared(host), 0);
    if (first) number->second = numbers.of(text_of(host));
    of_host.push_back(number->second);
  }
  return of_host;
}

}  // namespace

// The settings of each host, by parameter. A list of contents is a chain, so equal lists have equal numbers.
class SettingColumns {
 public:
  SettingColumns(HostColumns& table, const PolicyReads& reads, const BootState& boot_state)
      : table_(table), reads_(reads), boot_state_(boot_state) {}

  void add() {
    const std::vector<Setting>* previous = nullptr;
    of_class_.reserve(table_.classes_.size());  // contents_of() reads the previous element
    for (const HostPlans& hosts : table_.classes_) {
      const std::vector<Setting>& shared = *hosts.front()->shared;
      of_class_.push_back(
          contents_of(shared, hosts, previous, previous == nullptr ? none : of_class_.back()));
      previous = &shared;
    }
    of_host_.resize(table_.plan_.hosts.size());
    for (const HostPlan& host : table_.plan_.hosts) {
      for (const Setting& setting : host.own)
        of_host_[table_.host_number(host)].push_back(content_of(setting, *host.facts->platform));
    }
    fill();
  }

 private:
  // Everything that a policy sees of a setting.
  struct Content {
    std::size_t param = 0;
    std::uint32_t presence = 0;
  };
  inline static const std::vector<std::uint32_t> none;

  std::size_t param_number(const ParamInfo& param) {
    const auto [number, first] = params_.try_emplace(&param, table_.params_.size());
    if (first) table_.params_.push_back({ReadableParam(param), HostColumns::none, HostColumns::none, {}});
    return number->second;
  }

  std::uint32_t content_of(const Setting& setting, const Platform& platform) {
    std::string text = fmt::format("{}\n{}\n{}\n", setting.name, setting.surface,
                                   setting.origin.unchecked ? '~' : ' ');
    if (setting.value.poisoned()) text += '!';
    const std::uint32_t presence = presences_.of(text);
    if (!setting.value.poisoned()) text += to_source(setting.value);
    const std::uint32_t number = numbers_.of(std::move(text));
    if (number < contents_.size()) return number;
    const std::size_t param = param_number(*setting.param);
    contents_.push_back({param, presence});
    if (reads_.any_states() && stated_.insert(presence).second) {
      for (std::string& state : boot_state_.states_of(setting, platform))
        table_.params_[param].param.states.insert(std::move(state));
    }
    return number;
  }

  // Classes are similar: a setting that equals the previous class's setting gets the number from there.
  std::vector<std::uint32_t> contents_of(const std::vector<Setting>& settings, const HostPlans& hosts,
                                         const std::vector<Setting>* previous,
                                         const std::vector<std::uint32_t>& numbers_before) {
    std::vector<std::uint32_t> numbers;
    numbers.reserve(settings.size());
    std::size_t at = 0;
    for (const Setting& setting : settings) {
      while (previous != nullptr && at < previous->size() && (*previous)[at].name < setting.name) ++at;
      const bool same = previous != nullptr && at < previous->size() && is_same((*previous)[at], setting);
      numbers.push_back(same ? numbers_before[at] : content_of(setting, *hosts.front()->facts->platform));
    }
    return numbers;
  }

  static bool is_same(const Setting& a, const Setting& b) {
    return a.name == b.name && a.param == b.param && a.surface == b.surface &&
           a.origin.unchecked == b.origin.unchecked && a.value == b.value;
  }

  void mark_own() {
    owned_.assign(table_.params_.size(), false);
    for (std::size_t host = 0; host < of_host_.size(); ++host) {
      for (const std::uint32_t content : of_host_[host]) {
        const std::size_t param = contents_[content].param;
        owned_[param] = true;
        std::vector<std::uint32_t>& with_own = table_.params_[param].with_own;
        if (with_own.empty() || with_own.back() != host) with_own.push_back(static_cast<std::uint32_t>(host));
      }
    }
  }

  bool wanted(std::size_t param, bool value) const {
    const Read read = wanted_[param];
    return value ? read == Read::value : read != Read::nothing;
  }

  // A chain is the number of a list: of the list without its last content, and of that content. The empty
  // list has the number 0.
  void extend(std::uint32_t& chain, std::uint32_t content, bool value) {
    chain = chains_.of(pair_of(chain, value ? content : contents_[content].presence));
  }

  // By parameter: its chain in each class.
  std::vector<std::vector<std::uint32_t>> class_chains(bool value) {
    std::vector<std::vector<std::uint32_t>> chains(table_.params_.size());
    for (std::size_t i = 0; i < of_class_.size(); ++i) {
      for (const std::uint32_t content : of_class_[i]) {
        const std::size_t param = contents_[content].param;
        if (!wanted(param, value)) continue;
        if (chains[param].empty()) chains[param].resize(of_class_.size());
        extend(chains[param][i], content, value);
      }
    }
    return chains;
  }

  // By parameter: its chain on each host; empty if all hosts have the same.
  std::vector<std::vector<std::uint32_t>> host_chains(bool value) {
    chains_ = {};
    chains_.of(~std::uint64_t{0});  // so that no other chain gets the number 0
    const auto of_classes = class_chains(value);
    std::vector<std::vector<std::uint32_t>> chains(of_classes.size());
    for (std::size_t param = 0; param < chains.size(); ++param) {
      const auto& chain = of_classes[param];
      const bool constant = std::ranges::adjacent_find(chain, std::ranges::not_equal_to()) == chain.end();
      if (!wanted(param, value) || (constant && !owned_[param])) continue;
      chains[param].resize(of_host_.size());
      for (std::size_t i = 0; i < chain.size(); ++i) {
        for (const HostPlan* host : table_.classes_[i]) chains[param][table_.host_number(*host)] = chain[i];
      }
    }
    for (std::size_t host = 0; host < of_host_.size(); ++host) {
      for (const std::uint32_t content : of_host_[host]) {
        const std::size_t param = contents_[content].param;
        if (wanted(param, value)) extend(chains[param][host], content, value);
      }
    }
    return chains;
  }

  void fill() {
    for (const auto& param : table_.params_) wanted_.push_back(reads_.of(param.param));
    mark_own();
    auto presence = host_chains(false), value = host_chains(true);
    for (std::size_t param = 0; param < wanted_.size(); ++param) {
      if (!presence[param].empty()) table_.params_[param].presence = table_.add(std::move(presence[param]));
      if (!value[param].empty()) table_.params_[param].value = table_.add(std::move(value[param]));
    }
    std::erase_if(table_.params_, [](const auto& param) {
      return param.presence == HostColumns::none && param.value == HostColumns::none &&
             param.with_own.empty();
    });
  }

  HostColumns& table_;
  const PolicyReads& reads_;
  const BootState& boot_state_;
  Numbers<std::string> numbers_, presences_;
  std::vector<Content> contents_;  // by number
  std::set<std::uint32_t> stated_;
  std::unordered_map<const ParamInfo*, std::size_t> params_;
  std::vector<std::vector<std::uint32_t>> of_class_, of_host_;  // contents: of shared settings, of own ones
  Numbers<std::uint64_t> chains_;
  std::vector<Read> wanted_;  // by parameter: whether some policy reads its presence or value
  std::vector<bool> owned_;   // by parameter: whether some host has one of its own
};

HostColumns::HostColumns(const Plan& plan, const PolicyReads& reads, const BootState& boot_state)
    : plan_(plan), classes_(hosts_by_class(plan)) {
  add_facts(reads);
  SettingColumns(*this, reads, boot_state).add();
  for (const Surfaces& surfaces : reads.settings()) add_settings(surfaces);
}

// Two hosts certainly have the same settings of these surfaces if they are of one class and neither has own
// settings of them.
void HostColumns::add_settings(const Surfaces& surfaces) {
  const auto is_of_them = [&](const Setting* setting) {
    return setting != nullptr && (!surfaces || surfaces->contains(setting->surface));
  };
  std::vector<std::uint32_t> of_host;
  Numbers<std::uint64_t> numbers;
  for (std::uint32_t i = 0; i < plan_.hosts.size(); ++i) {
    const HostPlan& host = plan_.hosts[i];
    const bool has_own = std::ranges::any_of(host.own, [&](const Setting& own) {
      const auto shared = std::ranges::lower_bound(*host.shared, own.name, {}, &Setting::name);
      const bool replaces = shared != host.shared->end() && shared->name == own.name;
      return is_of_them(&own) || is_of_them(replaces ? &*shared : nullptr);
    });
    of_host.push_back(
        numbers.of(has_own ? pair_of(1, i) : pair_of(0, static_cast<std::uint32_t>(host.host_class))));
  }
  if (const std::size_t column = add(std::move(of_host)); column != none) settings_.emplace(surfaces, column);
}

// Numbers the column anew, without gaps.
std::size_t HostColumns::add(std::vector<std::uint32_t> of_host) {
  Numbers<std::uint32_t> numbers;
  std::uint32_t last = 0, last_number = 0;
  bool first = true;
  for (std::uint32_t& number : of_host) {
    if (first || number != last) last_number = numbers.of(number);
    first = false;
    last = std::exchange(number, last_number);
  }
  if (numbers.size() < 2) return none;
  columns_.push_back({std::move(of_host), static_cast<std::uint32_t>(numbers.size())});
  return columns_.size() - 1;
}

void HostColumns::add_facts(const PolicyReads& reads) {
  const auto facts_of = [](const HostPlan& host) { return static_cast<const void*>(host.facts.get()); };
  const auto labels_of = [](const HostPlan& host) { return static_cast<const void*>(host.labels.get()); };
  const auto itself = [](const HostPlan& host) { return static_cast<const void*>(&host); };
  const std::size_t platform = add(
      numbers_of(plan_, facts_of, [](const HostPlan& host) { return platform_text(*host.facts->platform); }));
  const std::size_t failed_settings = add(numbers_of(plan_, itself, [](const HostPlan& host) {
    return fmt::format("{}", fmt::join(host.failed_settings, "\n"));
  }));
  for (const std::size_t column : {platform, failed_settings}) {
    if (column != none) always_.push_back(column);
  }
  for (const std::string& name : reads.facts()) {
    std::vector<std::uint32_t> of_host;
    if (is_identity(name)) {
      of_host = numbers_of(plan_, itself, [&](const HostPlan& host) { return identity_text(host, name); });
    } else if (is_label(name)) {
      of_host = numbers_of(plan_, labels_of, [&](const HostPlan& host) {
        return host.labels ? shown(label(*host.labels, name)) : "";
      });
    } else {
      of_host = numbers_of(plan_, facts_of,
                           [&](const HostPlan& host) { return fact_text(*host.facts, name); });
    }
    if (const std::size_t column = add(std::move(of_host)); column != none) facts_.emplace(name, column);
  }
}

std::vector<std::size_t> HostColumns::of(const PolicyReads& reads) const {
  std::vector<std::size_t> columns = always_;
  for (const std::string& name : reads.facts()) {
    if (const auto found = facts_.find(name); found != facts_.end()) columns.push_back(found->second);
  }
  for (const ParamColumns& param : params_) {
    const Read read = reads.of(param.param);
    const std::size_t column = read == Read::value      ? param.value
                               : read == Read::presence ? param.presence
                                                        : none;
    if (column != none) columns.push_back(column);
  }
  for (const Surfaces& surfaces : reads.settings()) {
    if (const auto found = settings_.find(surfaces); found != settings_.end())
      columns.push_back(found->second);
  }
  return columns;
}

std::vector<std::size_t> HostColumns::of_instances(const PolicyReads& reads) const {
  std::vector<std::size_t> columns;
  for (const ParamColumns& param : params_) {
    const bool holds = param.param.collection == reads.scope() ||
                       param.param.inner_collection == reads.scope();
    if (holds && param.presence != none) columns.push_back(param.presence);
  }
  return columns;
}

std::vector<bool> HostColumns::with_own_settings(const PolicyReads& reads) const {
  std::vector<bool> marked(plan_.hosts.size());
  for (const ParamColumns& param : params_) {
    if (param.with_own.empty() || reads.of(param.param) == Read::nothing) continue;
    for (const std::uint32_t host : param.with_own) marked[host] = true;
  }
  return marked;
}

}  // namespace tunec
