#include "review/review.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "plan/platform/caveats.h"
#include "review/cause.h"
#include "review/changed_by_others.h"
#include "review/changed_settings.h"
#include "review/host_pairs.h"
#include "review/machine_value.h"

namespace tunec {
namespace {

const Caveat* risk_of(const Setting* setting, const HostPlan& host) {
  if (setting == nullptr) return nullptr;
  const auto found = std::ranges::find_if(setting->param->caveats, [&](const Caveat& caveat) {
    const bool harms = caveat.fate == Fate::unsafe || caveat.fate == Fate::risky;
    return harms && applies(caveat, setting->value, *host.facts->platform);
  });
  return found == setting->param->caveats.end() ? nullptr : &*found;
}

// "pool(gold)" of "pool(gold).cpus"; empty for what is no part of a collection.
std::string collection_of(const Setting& setting) {
  if (setting.instances.empty()) return "";
  const std::size_t opens = setting.param->name.find('(');
  const std::size_t end = opens + setting.instances.front().size() + 2;
  return end < setting.name.size() ? setting.name.substr(0, end) : "";
}

bool has_any_of(const HostPlan& host, const std::string& collection) {
  const std::string prefix = collection + ".";
  const auto found = std::ranges::lower_bound(host.settings, prefix, {}, &Setting::name);
  return found != host.settings.end() && (*found)->name.starts_with(prefix);
}

class ReviewMaker {
 public:
  ReviewMaker(const Side& before, const Side& after, const EffectKinds& kinds)
      : before_(before), after_(after), kinds_(kinds), causes_(before, after) {}

  Review make() {
    MatchedHosts hosts = match_hosts(before_.plan, after_.plan);
    review_.site = after_.plan.site;
    review_.hosts = hosts.pairs.size();
    for (const HostPair& pair : hosts.renamed)
      review_.renamed.push_back({pair.before->name, pair.after->name});
    review_.added = names_of(hosts.added);
    review_.removed = names_of(hosts.removed);
    review_.pools = pool_totals(before_.plan, after_.plan, kinds_);
    for (const HostPair& pair : hosts.pairs)
      review_.hosts_with_other_facts += causes_.facts(pair).any() ? 1 : 0;
    for_each_changed_setting(
        hosts.pairs, [&](const SettingPair& settings, const HostPairs& where) { add(settings, where); });
    add_files(hosts.pairs);
    finish();
    compare_sources();
    review_.consequences = consequences_of(before_, after_, hosts.pairs, secrets());
    add_risks_of_new(hosts.added);
    return std::move(review_);
  }

 private:
  void add_files(const HostPairs& pairs) {
    std::unordered_map<std::string, std::set<std::string>> changed;
    for (const Change& change : review_.changes) {
      for (const std::string& host : change.hosts) changed[host].insert(change.name);
    }
    const auto is_changed = [&](const std::string& host, const std::string& setting) {
      const auto found = changed.find(host);
      return found != changed.end() && found->second.contains(setting);
    };
    for (const ChangedFile& file : files_changed_by_others(before_, after_, pairs, is_changed)) {
      Change change;
      change.name = file.path;
      change.is = file.is;
      change.is_file = true;
      for (const Setting* setting : file.settings) take_effect(change, kinds_.of(*setting));
      change.cause = causes_.of_file(file.host);
      add_to_same(std::move(change), {file.host.after->name});
    }
  }

  static void take_effect(Change& change, const EffectKinds::Found& found) {
    if (!change.effect_why.empty() && found.kind <= change.effect) return;
    change.effect = found.kind;
    change.effect_why = found.why;
  }

  // What a new host brings along is a risk as well.
  void add_risks_of_new(const HostPlans& hosts) {
    std::map<std::string, std::vector<std::string>> by_text;
    for (const HostPlan* host : hosts) {
      for (const Setting* setting : host->settings) {
        if (const Caveat* risk = risk_of(setting, *host))
          by_text[fmt::format("{} = {}: {}", setting->name,
                              kinds_.is_secret(*setting->param) ? "(secret)" : to_source(setting->value),
                              risk->why)]
              .push_back(host->name);
      }
    }
    for (auto& [text, names] : by_text)
      review_.consequences.begun.push_back({"", "", "a new host has " + text, "", std::move(names)});
  }

  // Hosts of one class can differ in their platform, in their facts and, if they have settings of their own,
  // in who else writes a state: each such part is described by its first host.
  void add(const SettingPair& settings, const HostPairs& hosts) {
    std::map<std::tuple<const Platform*, const Platform*, bool, bool, const HostPlan*>, HostPairs> parts;
    for (const HostPair& pair : hosts) {
      const bool alone = !pair.before->own.empty() || !pair.after->own.empty();
      const auto [platform, machine] = causes_.facts(pair);
      parts[{pair.before->facts->platform.get(), pair.after->facts->platform.get(), platform, machine,
             alone ? pair.after : nullptr}]
          .push_back(pair);
    }
    for (const auto& [part, pairs] : parts) add_part(settings, pairs);
  }

  void add_part(const SettingPair& settings, const HostPairs& hosts) {
    std::vector<std::string> names;
    for (const HostPair& pair : hosts) names.push_back(pair.after->name);
    add_to_same(describe(settings, hosts.front()), names);
  }

  void add_to_same(Change change, const std::vector<std::string>& hosts) {
    const std::string key = fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", change.name,
                                        change.collection, change.carriers, change.was, change.is,
                                        change.effect, change.is_felt, static_cast<int>(change.cause),
                                        change.because, change.place_before, change.place_after, change.risk);
    const auto [found, is_new] = by_key_.try_emplace(key, review_.changes.size());
    if (is_new) review_.changes.push_back(std::move(change));
    auto& all = review_.changes[found->second].hosts;
    all.insert(all.end(), hosts.begin(), hosts.end());
  }

  Change describe(const SettingPair& settings, const HostPair& hosts) {
    const Setting& any = settings.after != nullptr ? *settings.after : *settings.before;
    Change change;
    change.name = any.name;
    change.added = settings.before == nullptr;
    change.removed = settings.after == nullptr;
    if (change.added || change.removed) {
      const std::string collection = collection_of(any);
      const HostPlan& other = change.added ? *hosts.before : *hosts.after;
      if (!collection.empty() && !has_any_of(other, collection)) change.collection = collection;
    }
    const Removal removal = !change.removed             ? Removal::none
                            : change.collection.empty() ? Removal::of_setting
                                                        : Removal::of_collection;
    for (const Setting* setting : {settings.before, settings.after}) {
      if (setting != nullptr) take_effect(change, kinds_.of(*setting, removal));
    }
    change.is_of_site = kinds_.is_of_site(any);
    change.is_secret = kinds_.is_secret(*any.param);
    const MachineValue was = machine_value(before_, *hosts.before, *any.param, any.name, settings.before);
    const MachineValue is = machine_value(after_, *hosts.after, *any.param, any.name, settings.after);
    if (settings.before != nullptr && settings.after != nullptr &&
        settings.before->surface != settings.after->surface)
      change.carriers = fmt::format("{} → {}", settings.before->surface, settings.after->surface);
    const bool same_value = was.value && is.value && *was.value == *is.value;
    change.is_number = is_number(any);
    change.is_felt = !change.is_number && !(same_value && change.carriers.empty());
    if (change.is_secret) {
      change.was = settings.before != nullptr ? "(secret)" : "not set";
      change.is = settings.after != nullptr ? "(secret)" : "not set";
    } else {
      change.was = text_of(was);
      change.is = text_of(is);
      if (was.value && is.value) change.delta = delta_of(*was.value, *is.value);
    }
    const Causes::Found cause = causes_.of(settings, hosts);
    change.cause = cause.cause;
    change.because = cause.because;
    if (settings.before != nullptr) change.place_before = user_line(*settings.before, before_.input.sources);
    if (settings.after != nullptr)
      change.place_after = cause.place ? after_.input.sources.line_place(*cause.place)
                                       : user_line(*settings.after, after_.input.sources);
    const Caveat* risk = risk_of(settings.after, *hosts.after);
    const Caveat* old_risk = risk_of(settings.before, *hosts.before);
    if (risk != nullptr && (old_risk == nullptr || old_risk->why != risk->why)) change.risk = risk->why;
    return change;
  }

  void finish() {
    for (Change& change : review_.changes) std::ranges::sort(change.hosts);
    std::ranges::sort(review_.changes, {}, [](const Change& change) {
      return std::tie(change.name, change.was, change.is, change.hosts.front());
    });
    count_hosts(review_, kinds_);
  }

  // The longest first: one may be a part of another.
  std::vector<std::string> secrets() const {
    std::set<std::string> texts;
    std::unordered_map<const ParamInfo*, bool> known;
    for (const Side* side : {&before_, &after_}) {
      for_each_distinct_setting(side->plan, [&](const Setting& setting, const HostPlans& /*hosts*/) {
        const auto [secret, is_new] = known.try_emplace(setting.param);
        if (is_new) secret->second = kinds_.is_secret(*setting.param);
        if (!secret->second) return;
        for (std::string text : {to_source(setting.value), to_text(setting.value)}) {
          if (!text.empty()) texts.insert(std::move(text));
        }
      });
    }
    std::vector<std::string> sorted(texts.begin(), texts.end());
    std::ranges::stable_sort(sorted, std::ranges::greater(), &std::string::size);
    return sorted;
  }

  void compare_sources() {
    const auto texts = [&](const Side& side) {
      const Sources& sources = side.input.sources;
      std::map<std::string, std::string_view> all;
      for (std::uint32_t i = 0; i < sources.size(); ++i) {
        if (!sources.shipped(FileId{i})) all[name_from_main(side, FileId{i})] = sources.text(FileId{i});
      }
      return all;
    };
    const auto old = texts(before_), now = texts(after_);
    std::set<std::string> changed;
    for (const auto& [name, text] : old) {
      const auto same = now.find(name);
      if (same == now.end() || same->second != text) changed.emplace(name);
    }
    for (const auto& [name, text] : now) {
      if (!old.contains(name)) changed.emplace(name);
    }
    const std::string main = after_.main_file.substr(after_.main_file.rfind('/') + 1);
    for (const std::string& name : changed) review_.changed_files.push_back(name.empty() ? main : name);
    std::ranges::sort(review_.changed_files);
  }

  const Side& before_;
  const Side& after_;
  const EffectKinds& kinds_;
  Causes causes_;
  Review review_;
  std::unordered_map<std::string, std::size_t> by_key_;
};

}  // namespace

std::string_view cause_name(Cause cause) {
  switch (cause) {
    case Cause::source: return "source";
    case Cause::constant: return "constant";
    case Cause::platform: return "platform";
    case Cause::facts: return "facts";
    case Cause::labels: return "labels";
    case Cause::elsewhere: return "elsewhere";
  }
  return "";
}

void count_hosts(Review& review, const EffectKinds& kinds) {
  std::unordered_map<std::string_view, std::size_t> strongest;
  for (const Change& change : review.changes) {
    if (!change.is_felt || change.is_of_site) continue;
    for (const std::string& host : change.hosts) {
      std::size_t& effect = strongest[host];
      effect = std::max(effect, change.effect);
    }
  }
  review.hosts_by_effect.assign(kinds.size(), {});
  for (const auto& [host, effect] : strongest) review.hosts_by_effect[effect].emplace_back(host);
  for (auto& hosts : review.hosts_by_effect) std::ranges::sort(hosts);
}

bool Review::is_empty() const {
  const Consequences& c = consequences;
  return std::ranges::none_of(changes, &Change::is_felt) && renamed.empty() && added.empty() &&
         removed.empty() && c.begun.empty() && c.ceased.empty() && c.waivers_begun.empty() &&
         c.waivers_ended.empty();
}

Review review_of(const Side& before, const Side& after, const EffectKinds& kinds) {
  return ReviewMaker(before, after, kinds).make();
}

}  // namespace tunec
