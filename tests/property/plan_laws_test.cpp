// Laws of whole sites, random ones made from the catalogue: the order of declarations shows in no byte of the
// output, no setting is lost or written twice, every line knows where it comes from, and what is written
// reads back as the plan.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "plan/settle/decisions.h"
#include "render/spell.h"
#include "support/over_memory.h"
#include "support/readers.h"
#include "support/sites.h"
#include "support/unquote.h"

namespace tunec {
namespace {

using test::Pairs;
using test::Run;

Run run(const test::RandomSite& site) { return test::compile_in_memory(site.files()); }

std::multiset<std::string> said(const Reporter& reporter) {
  std::multiset<std::string> all;
  for (const Diagnostic& diagnostic : reporter.sorted()) {
    all.insert(
        fmt::format("{} {} {}", diagnostic.info->code, diagnostic.message, fmt::join(diagnostic.hosts, ",")));
  }
  return all;
}

std::string text_of(const Plan& plan) {
  std::string text;
  for (const HostPlan& host : plan.hosts) {
    text += host.name + "\n";
    for (const Setting* setting : host.settings)
      text += fmt::format("  {} = {} on {} as {}\n", setting->name, to_source(setting->value),
                          setting->surface, setting->key);
  }
  return text;
}

TEST(PlanLaw, MostOfTheCatalogueCanBeUsedInRandomSites) {
  std::map<std::string, int> surfaces;
  for (const test::UsableSetting& setting : test::usable_settings())
    ++surfaces[setting.name.substr(0, setting.name.find_first_of(".("))];
  std::string found;
  for (const auto& [surface, count] : surfaces) found += fmt::format("{} {}, ", surface, count);
  EXPECT_GT(test::usable_settings().size(), 300U) << found;
  for (const char* surface : {"sysctl", "boot", "module", "qemu", "udev", "sysfs", "formation", "wireguard",
                              "unit", "dropin", "mount"}) {
    EXPECT_GT(surfaces[surface], 0) << "nothing of surface " << surface << " is used; there is: " << found;
  }
}

RC_GTEST_PROP(PlanLaw, the_order_of_declarations_shows_in_no_byte, ()) {
  const test::RandomSite site = test::any_site(*rc::gen::inRange(0, 3) == 0);
  const Run one = run(site), other = run(test::any_order_of(site));
  RC_CLASSIFY(one.compilation->reporter.has_errors(), "with errors");
  RC_ASSERT(said(one.compilation->reporter) == said(other.compilation->reporter));
  RC_ASSERT(text_of(one.compilation->plan()) == text_of(other.compilation->plan()));
  RC_ASSERT(test::every_byte(one.rendered) == test::every_byte(other.rendered));
}

RC_GTEST_PROP(PlanLaw, the_same_site_gives_the_same_bytes, ()) {
  const test::RandomSite site = test::any_site(false);
  RC_ASSERT(test::every_byte(run(site).rendered) == test::every_byte(run(site).rendered));
}

test::RandomSite where_available(test::RandomSite site) {
  for (test::SiteDeclaration& declaration : site.declarations) {
    for (std::string& statement : declaration.statements) {
      if (statement.find(" = ") != std::string::npos && !statement.ends_with('}'))
        statement += " where available";
    }
  }
  return site;
}

bool spoken_of(const Reporter& reporter, const std::string& name) {
  return std::ranges::any_of(reporter.sorted(), [&](const Diagnostic& diagnostic) {
    return diagnostic.message.find("`" + name + "`") != std::string::npos;
  });
}

RC_GTEST_PROP(PlanLaw, where_everything_is_available_asking_for_it_changes_no_byte, ()) {
  const test::RandomSite site = test::any_site(*rc::gen::inRange(0, 3) == 0);
  const Run plain = run(site), asking = run(where_available(site));
  const std::vector<Decision> made = decisions(asking.compilation->planned, asking.compilation->sources);
  bool all_there = true;
  for (const Decision& decision : made) {
    if (decision.verdict != Verdict::dropped) continue;
    all_there = false;
    if (spoken_of(plain.compilation->reporter, decision.name)) continue;
    RC_LOG() << decision.name << " is dropped (" << decision.why
             << "), and without `where available` nothing is said of it\n";
    RC_FAIL("dropped without a reason that counts");
  }
  RC_CLASSIFY(!made.empty(), "with decisions");
  RC_CLASSIFY(!all_there, "with something dropped");
  if (!all_there) return;
  RC_ASSERT(said(plain.compilation->reporter) == said(asking.compilation->reporter));
  RC_ASSERT(text_of(plain.compilation->plan()) == text_of(asking.compilation->plan()));
  RC_ASSERT(test::every_byte(plain.rendered) == test::every_byte(asking.rendered));
}

// Which backends carry each setting of each host: in lines of files, or in steps. One backend may need
// several files for a setting: udev reads the rule for a PCI device from one, and the initramfs by another.
using Carriers = std::map<const Setting*, std::set<std::string_view>>;

void add_carried(const Artifacts& artifacts, std::string_view backend, Carriers& carriers) {
  for (const auto& artifact : artifacts) {
    for (const ArtifactLine& line : artifact->lines) {
      for (const Setting* setting : line.settings) carriers[setting].insert(backend);
    }
  }
}

void add_carried(const RenderedFleet& rendered, std::string_view backend, std::vector<Carriers>& of_hosts) {
  of_hosts.resize(rendered.hosts.size());
  for (std::size_t i = 0; i < rendered.hosts.size(); ++i) {
    add_carried(rendered.hosts[i].artifacts, backend, of_hosts[i]);
    add_carried(rendered.site, backend, of_hosts[i]);
    for (const Step& step : *rendered.hosts[i].steps) {
      for (const Setting* setting : step.settings) of_hosts[i][setting].insert(backend);
    }
  }
}

std::vector<Carriers> carriers_of(const Plan& plan) {
  std::vector<Carriers> of_hosts;
  const Backends all = default_backends();
  for (const Backend* backend : all.of_host)
    add_carried(render(plan, {{backend}, {}}), backend->name, of_hosts);
  for (const FleetBackend* backend : all.of_fleet)
    add_carried(render(plan, {{}, {backend}}), backend->name, of_hosts);
  return of_hosts;
}

RC_GTEST_PROP(PlanLaw, exactly_one_backend_carries_each_setting, ()) {
  const Run made = run(test::any_site(false));
  RC_CLASSIFY(made.compilation->reporter.has_errors(), "with errors");
  const Plan& plan = made.compilation->plan();
  std::vector<Carriers> of_hosts = carriers_of(plan);
  for (std::size_t i = 0; i < made.rendered.hosts.size(); ++i) {
    RC_ASSERT(made.rendered.hosts[i].name == plan.hosts[i].name);
    Carriers& carriers = of_hosts[i];
    for (const Setting* setting : plan.hosts[i].settings) {
      if (carriers[setting].size() == 1) continue;
      RC_LOG() << setting->name << " = " << to_source(setting->value) << " of " << plan.hosts[i].name
               << " is carried by " << fmt::format("{}", fmt::join(carriers[setting], ", ")) << "\n";
      RC_FAIL("not by exactly one");
    }
  }
}

bool inside_a_source(const Setting& setting, const Sources& sources) {
  const Span where = setting.origin.where;
  return where.file.index < sources.size() && where.begin < where.end &&
         where.end <= sources.text(where.file).size();
}

RC_GTEST_PROP(PlanLaw, each_line_comes_from_a_place_in_a_source, ()) {
  const Run made = run(test::any_site(false));
  std::set<const Artifact*> artifacts;
  for (const RenderedHost& host : made.rendered.hosts) {
    for (const auto& artifact : host.artifacts) artifacts.insert(artifact.get());
  }
  for (const auto& artifact : made.rendered.site) artifacts.insert(artifact.get());
  for (const Artifact* artifact : artifacts) {
    const auto height = static_cast<std::uint32_t>(std::ranges::count(artifact->content, '\n'));
    RC_ASSERT(!artifact->lines.empty());
    RC_ASSERT(artifact->content.ends_with('\n'));
    RC_ASSERT(!artifact->path.starts_with('/'));
    for (const ArtifactLine& line : artifact->lines) {
      RC_ASSERT(line.number >= 1U);
      RC_ASSERT(line.number <= height);
      RC_ASSERT(!line.settings.empty());
      for (const Setting* setting : line.settings)
        RC_ASSERT(inside_a_source(*setting, made.compilation->sources));
    }
  }
}

// A host's file, or nothing if it has none.
std::string content_of(const RenderedHost& host, std::string_view path) {
  const auto found = std::ranges::find(host.artifacts, path,
                                       [](const auto& artifact) { return std::string_view(artifact->path); });
  return found == host.artifacts.end() ? "" : (*found)->content;
}

// From the file, or from the command that stands for it where boot entries are edited with grubby.
std::optional<Pairs> command_line_of(const RenderedHost& host) {
  constexpr std::string_view opening = "grubby --update-kernel=ALL --args=";
  for (const Step& step : *host.steps) {
    if (step.command.starts_with(opening))
      return test::read_grubby(std::string_view(step.command).substr(opening.size()));
  }
  return test::read_grub(content_of(host, "etc/default/grub.d/60-tunec.cfg"));
}

Pairs sorted(std::optional<Pairs> pairs) {
  RC_ASSERT(pairs.has_value());
  std::ranges::sort(*pairs);
  return *pairs;
}

template <class Make>
Pairs expected(const HostPlan& host, std::string_view surface, Make make) {
  Pairs pairs;
  for (const Setting* setting : host.settings) {
    if (setting->surface == surface) make(*setting, pairs);
  }
  std::ranges::sort(pairs);
  return pairs;
}

void as_sysctl(const Setting& setting, Pairs& pairs) {
  std::string path = setting.key;
  for (char& c : path) {
    if (c == '.' || c == '/') c = c == '.' ? '/' : '.';
  }
  pairs.emplace_back(path, spell(setting));
}

// hugepagesz=1G hugepages= is two words; a flag, and a word that is spelled as nothing, has no value.
void as_boot(const Setting& setting, Pairs& pairs) {
  const bool flag = setting.param->type == ValueType::flag;
  if (flag && setting.value == Value{false}) return;
  const std::size_t last = setting.key.rfind(' ') + 1;
  for (auto& word : test::kernel_args(setting.key.substr(0, last))) pairs.push_back(std::move(word));
  std::string word = setting.key.substr(last);
  if (word.find('=') == std::string::npos) word += '=';
  word += flag ? "" : spell(setting);
  pairs.emplace_back(word.substr(0, word.find('=')), word.substr(word.find('=') + 1));
}

void as_option(const Setting& setting, Pairs& pairs) { pairs.emplace_back(setting.key, spell(setting)); }

RC_GTEST_PROP(PlanLaw, what_is_written_reads_back_as_the_plan, ()) {
  const Run made = run(test::any_site(false));
  const Plan& plan = made.compilation->plan();
  for (std::size_t i = 0; i < made.rendered.hosts.size(); ++i) {
    const RenderedHost& host = made.rendered.hosts[i];
    RC_ASSERT(sorted(test::read_sysctl(content_of(host, "etc/sysctl.d/90-tunec.conf") +
                                       content_of(host, "etc/sysctl.d/zz-tunec.conf"))) ==
              expected(plan.hosts[i], "sysctl", as_sysctl));
    RC_ASSERT(sorted(command_line_of(host)) == expected(plan.hosts[i], "boot", as_boot));
    RC_ASSERT(sorted(test::read_modprobe(content_of(host, "etc/modprobe.d/tunec.conf"))) ==
              expected(plan.hosts[i], "module", as_option));
  }
}

}  // namespace
}  // namespace tunec
