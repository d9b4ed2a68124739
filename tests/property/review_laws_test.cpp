// Laws of `tunec diff`: what a review says of two sites, applied to the old one, gives the new one; nothing
// is lost in its groups; and a change of words alone is none.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "plan/platform/boot_state.h"
#include "review/blocks.h"
#include "review/changed_settings.h"
#include "review/waves.h"
#include "source/yaml_packed.h"
#include "support/checked_site.h"
#include "support/site_generator.h"

namespace tunec::test {
namespace {

// Two sites side by side, with all that a review of them needs.
struct Compared {
  std::unique_ptr<Compilation> before, after;
  BootState before_state, after_state;
  EffectKinds kinds;
  Review review;

  static std::unique_ptr<Compilation> compiled(const FileSystem& files) {
    SiteOptions options;
    options.main_file = "main.tune";
    return compile_site(options, files, StopAfter::render);
  }
  static EffectKinds kinds_of(const Compilation& c) {
    return EffectKinds(*yaml::unpacked(c.library.find("stdlib/review.packed")->text));
  }
  static Side side(Compilation& c, const BootState& state) {
    return {c.plan(),    {c.fleet, c.catalogue, c.sources, c.waivers, state, true},
            c.reporter,  c.today,
            &c.rendered, "main.tune"};
  }

  Compared(const FileSystem& old, const FileSystem& now)
      : before(compiled(old)),
        after(compiled(now)),
        before_state(before->plan(), before->catalogue, before->boot_order),
        after_state(after->plan(), after->catalogue, after->boot_order),
        kinds(kinds_of(*after)),
        review(review_of(side(*before, before_state), side(*after, after_state), kinds)) {}
};

// The same site with some of another's choices.
SiteModel changed(SiteModel site, const SiteModel& other) {
  const auto pick = [] { return *rc::gen::inRange(0, 3) == 0; };
  for (Role& role : site.roles) {
    const Role& donor = other.roles.front();
    if (pick()) role.machine = donor.machine;
    if (pick()) role.grade = donor.grade;
    if (pick()) role.reserve = donor.reserve;
    if (pick()) role.host_cores = donor.host_cores;
    if (pick()) role.settings = donor.settings;
    if (pick()) role.own = donor.own;
    if (pick()) role.hosts = donor.hosts;
    if (pick()) role.intents = donor.intents;
  }
  if (pick()) site.common = other.common;
  return site;
}

using HostAndName = std::pair<std::string, std::string>;

TEST(ReviewLaws, NothingDiffersFromItself) {
  check_often({60, 4}, [] {
    const SiteModel site = *any_site_model();
    const Compared same(site.files(), site.files());
    RC_ASSERT(same.review.is_empty());
    RC_ASSERT(same.review.changes.empty());
    RC_ASSERT(same.review.consequences.budgets.empty());
    RC_ASSERT(same.review.changed_files.empty());
  });
}

TEST(ReviewLaws, TheChangesAppliedToTheOldSiteGiveTheNewOne) {
  check_often({200, 1}, [] {
    const SiteModel old = *any_site_model();
    const SiteModel now = changed(old, *any_site_model());
    const Compared both(old.files(), now.files());
    RC_LOG() << "before:\n" << old.text() << "\nafter:\n" << now.text();
    std::map<HostAndName, const Change*> changes;
    for (const Change& change : both.review.changes) {
      if (change.is_file) continue;
      for (const std::string& host : change.hosts)
        RC_ASSERT(changes.try_emplace({host, change.name}, &change).second);
    }
    std::size_t applied = 0;
    for (const HostPlan& host : both.after->plan().hosts) {
      const auto was = std::ranges::find(both.before->plan().hosts, host.name, &HostPlan::name);
      if (was == both.before->plan().hosts.end()) {
        RC_ASSERT(std::ranges::count(both.review.added, host.name) == 1);
        continue;
      }
      std::set<std::string> names;
      for (const auto* side : {&*was, &host}) {
        for (const Setting* setting : side->settings) names.insert(setting->name);
      }
      for (const std::string& name : names) {
        const Setting *before = was->find(name), *after = host.find(name);
        const auto change = changes.find({host.name, name});
        const bool equal = before != nullptr && after != nullptr && same_setting(*before, *after);
        RC_ASSERT(equal == (change == changes.end()));
        if (equal) continue;
        ++applied;
        RC_ASSERT(change->second->added == (before == nullptr));
        RC_ASSERT(change->second->removed == (after == nullptr));
        // What another writer sets later is shown with its name
        const auto shows = [](const std::string& text, const Setting* setting) {
          return setting == nullptr || text.ends_with(')') || text == to_source(setting->value);
        };
        RC_ASSERT(shows(change->second->was, before));
        RC_ASSERT(shows(change->second->is, after));
      }
    }
    RC_ASSERT(applied == changes.size());
    for (const HostPlan& host : both.before->plan().hosts) {
      const auto same = std::ranges::find(both.after->plan().hosts, host.name, &HostPlan::name);
      if (same == both.after->plan().hosts.end())
        RC_ASSERT(std::ranges::count(both.review.removed, host.name) == 1);
    }
  });
}

// Files and review come by different ways: the one from backends, the other from settings.
TEST(ReviewLaws, AHostWithoutChangesGetsTheSameFiles) {
  check_often({100, 2}, [] {
    const SiteModel old = *any_site_model();
    const SiteModel now = changed(old, *any_site_model());
    const Compared both(old.files(), now.files());
    RC_LOG() << "before:\n" << old.text() << "\nafter:\n" << now.text();
    std::set<std::string> changed_hosts;
    for (const Change& change : both.review.changes)
      changed_hosts.insert(change.hosts.begin(), change.hosts.end());
    for (const RenderedHost& host : both.after->rendered.hosts) {
      const auto was = std::ranges::find(both.before->rendered.hosts, host.name, &RenderedHost::name);
      if (was == both.before->rendered.hosts.end() || changed_hosts.contains(std::string(host.name)))
        continue;
      RC_ASSERT(was->artifacts.size() == host.artifacts.size());
      for (std::size_t i = 0; i < host.artifacts.size(); ++i) {
        RC_ASSERT(was->artifacts[i]->path == host.artifacts[i]->path);
        RC_ASSERT(was->artifacts[i]->content == host.artifacts[i]->content);
      }
    }
  });
}

TEST(ReviewLaws, GroupsLoseNoChange) {
  check_often({60, 4}, [] {
    const SiteModel old = *any_site_model();
    const Compared both(old.files(), changed(old, *any_site_model()).files());
    std::set<HostAndName> all, felt;
    for (const Change& change : both.review.changes) {
      for (const std::string& host : change.hosts) {
        all.emplace(host, change.name);
        if (change.is_felt && !change.is_of_site) felt.insert({host, change.name});
      }
    }
    for (const bool merged : {false, true}) {
      std::set<HostAndName> in_groups;
      for (const Block& block : blocks_of(both.review, merged)) {
        RC_ASSERT(std::ranges::is_sorted(block.hosts));
        for (const BlockChange& change : block.changes) {
          for (const Change* variant : change.variants) {
            for (const std::string& host : variant->hosts) {
              RC_ASSERT(std::ranges::binary_search(block.hosts, host));
              in_groups.emplace(host, variant->name);
            }
          }
        }
      }
      RC_ASSERT(in_groups == all);
    }
    std::set<std::string> hosts, counted;
    for (const auto& [host, name] : felt) hosts.insert(host);
    for (const auto& of_effect : both.review.hosts_by_effect) {
      for (const std::string& host : of_effect) RC_ASSERT(counted.insert(host).second);
    }
    RC_ASSERT(hosts == counted);
  });
}

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

// Every word that the text declares after `keyword` gets another name.
std::string renamed(const std::string& text, std::string_view keyword) {
  std::set<std::string> names;
  const std::string lead = std::string(keyword) + " ";
  for (std::size_t at = text.find(lead); at != std::string::npos; at = text.find(lead, at + 1)) {
    if (at != 0 && is_name_character(text[at - 1])) continue;
    const auto begin = text.begin() + static_cast<std::ptrdiff_t>(at + lead.size());
    names.emplace(begin, std::find_if_not(begin, text.end(), is_name_character));
  }
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = text.begin() + static_cast<std::ptrdiff_t>(at);
    const std::string word(begin, std::find_if_not(begin, text.end(), is_name_character));
    if (word.empty()) {
      result += text[at++];
      continue;
    }
    result += word;
    if (names.contains(word)) result += "-2";
    at += word.size();
  }
  return result;
}

TEST(ReviewLaws, OtherNamesOfProfilesAndConstantsHaveNoEffect) {
  check_often({60, 4}, [] {
    const SiteModel site = *any_site_model();
    MemoryFileSystem other = site.files();
    std::string& text = other.files.at("main.tune");
    text = renamed(renamed(text, "profile"), "let");
    RC_LOG() << text;
    const Compared both(site.files(), other);
    RC_ASSERT(both.review.changes.empty());
    RC_ASSERT(both.review.is_empty());
  });
}

// Hosts in racks and pools, some of which have to reboot.
TEST(ReviewLaws, WavesKeepPoolsAndPartDomains) {
  check_often({100, 2}, [] {
    const int hosts = *rc::gen::inRange(1, 40), racks = *rc::gen::inRange(1, 12);
    const int keep = *rc::gen::element(0, 50, 75, 99);
    std::string before = "site s\n", after;
    for (int i = 0; i < hosts; ++i) {
      const std::string rack = *rc::gen::inRange(0, 4) == 0 ? "" : fmt::format("rack = r{} ", i % racks);
      before += fmt::format(
          "host h{} {{ facts {{ os = \"debian 12\" memory = 8GiB {}cpu {{ vendor = intel cores = {} }} }} "
          "boot.mitigations_of = x }}\n",
          i, rack, *rc::gen::element(2, 4, 64));
    }
    const auto with = [&](std::string_view statement) {
      std::string text = before;
      for (std::size_t at = text.find("boot.mitigations_of = x"); at != std::string::npos;
           at = text.find("boot.mitigations_of = x"))
        text.replace(at, 23, statement);
      return text;
    };
    MemoryFileSystem old, now;
    old.files["main.tune"] = with("boot.quiet = on");
    now.files["main.tune"] = with("");
    const Compared both(old, now);
    WaveOptions options;
    options.keep_percent = keep;
    const Waves waves = waves_of(both.review, both.before->plan(),
                                 Compared::side(*both.after, both.after_state), both.kinds, options);
    std::set<std::string> placed;
    std::int64_t total = 0;
    std::map<std::string, const HostPlan*> by_name;
    for (const HostPlan& host : both.after->plan().hosts) {
      by_name[host.name] = &host;
      total += host.facts->cpus.size();
    }
    for (const auto& wave : waves.waves) {
      RC_ASSERT(!wave.empty());
      std::set<std::string> domains;
      std::int64_t taken = 0;
      for (const std::string& name : wave) {
        RC_ASSERT(placed.insert(name).second);
        const HostPlan& host = *by_name.at(name);
        taken += host.facts->cpus.size();
        const Value rack = label(*host.labels, "rack");
        if (!rack.poisoned()) RC_ASSERT(domains.insert(to_text(rack)).second);
      }
      RC_ASSERT(wave.size() == 1 || taken * 100 <= total * (100 - keep));
    }
    RC_ASSERT(std::ssize(placed) == hosts);
  });
}

}  // namespace
}  // namespace tunec::test
