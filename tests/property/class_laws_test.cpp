// A class of hosts is planned once (plan/settle/classes.h), and an expression is evaluated once for all hosts
// that agree in what it read (machine/fact_reads.h). The law: every host gets what it gets if it is planned
// alone, and the same is reported of it. Sites are made whose conditions, arguments, values, names of
// instances and pools read facts that many hosts share, facts that no two share, and facts that some lack;
// with mistakes among them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/ranges.h>

#include "plan/settle/build.h"
#include "support/over_memory.h"

namespace tunec::test {
namespace {

using Texts = std::vector<std::string>;
rc::Gen<std::string> one_of(Texts texts) { return rc::gen::elementOf(std::move(texts)); }

// Facts of one machine: what two machines may have in common, and what they never have.
std::string facts_of(std::size_t host) {
  const bool is_like_most = *rc::gen::inRange(0, 5) > 0;
  std::string text = is_like_most ? "os = \"debian 12\"  cpu { vendor = intel  cores = 4 }"
                                  : fmt::format("os = \"{}\"  cpu {{ vendor = {}  cores = {} }}",
                                                *one_of({"debian 12", "ubuntu 24.04"}),
                                                *one_of({"intel", "amd"}), *one_of({"4", "8"}));
  text += *one_of({"", "  memory = 16GiB", "  memory = 64GiB", fmt::format("  memory = {}GiB", 8 + host)});
  text += *one_of({"", "  rack = r1", "  rack = r2", fmt::format("  rack = own{}", host)});
  text += *one_of({"", "  labels { role = storage }", "  labels { role = compute }"});
  text += *one_of({"", fmt::format("  nic eth0 {{ mtu = 9000  addresses = [10.0.0.{}/24] }}", host + 1),
                   fmt::format("  nic eth0 {{ speed = 10Gbps  addresses = [10.0.0.{}/24] }}", host + 1)});
  text += *one_of({"", fmt::format("  disk sda {{ kind = ssd  size = {}GB }}", 100 + host)});
  text += *one_of({"", "  gpu \"0000:65:00.0\" { id = \"10de:2206\" }",
                   fmt::format("  gpu \"0000:{:02}:00.0\" {{ id = \"10de:2206\" }}", 10 + host)});
  return text;
}

std::string condition() {
  return *one_of({"host.memory >= 32GiB", "host.rack == r1", "host.label.role == storage", "host.number > 2",
                  "count(host.gpu_ids) > 0", "known(host.network_speed, 1Gbps) > 5Gbps", "host.mtu == 9000",
                  "host.name in [h1, h3]", "big", "host.cpu.vendor == intel and host.disk_size > 102GB",
                  "host.memory + 1 > 3", "known(host.rack, none) == none"});
}

// One line of a profile or pattern; `depth`: how far `when` may go in.
std::string statement(int depth) {
  if (depth > 0 && *rc::gen::inRange(0, 3) == 0) {
    std::string text = fmt::format("when {} {{ {} }}", condition(), statement(depth - 1));
    if (*rc::gen::inRange(0, 2) == 0) text += fmt::format(" else {{ {} }}", statement(depth - 1));
    return text;
  }
  return *one_of({
      "sysctl.vm.swappiness = 10",
      "sysctl.vm.swappiness = 60",
      "sysctl.vm.swappiness = host.number",
      "sysctl.vm.swappiness = host.memory",
      "sysctl.vm.swappiness = first_number",
      "override sysctl.vm.swappiness = 5 because \"a test\"",
      "sysctl.vm.swappiness = floor(host.memory / 4GiB)",
      "sysctl.vm.min_free_kbytes = clamp(1% of host.memory, 64MiB, 1GiB)",
      "sysctl.net.core.somaxconn = 4096",
      "sysctl.net.core.somaxconn = 1000 + host.number",
      "boot.isolcpus = host.cpus - siblings(0)",
      "boot.isolcpus = [2..3]",
      "sysctl.kernel.sched_latency_ns = 6ms where available",
      "sysctl.kernel.sched_latency_ns = host.number * 1ms where available",
      "wireguard wg0 { listen_port = 51820 }",
      "wireguard wg0 { listen_port = 51820 + host.number }",
      "wireguard wg0 { mtu = host.mtu - 80 }",
      "wireguard \"wg{host.number}\" { mtu = 1400 }",
      "wireguard \"wg{host.rack}\" { mtu = 1380 }",
      "module.kvm_intel.nested = off",
      "unchecked sysctl.a.b = host.memory because \"a test\"",
      "modules-load.modules = [\"own{host.number}\"]",
      "modules-load.modules = [br_netfilter]",
      "include passthrough",
      "include passthrough(ids: host.gpu_ids)",
      "include mesh(vpn)",
      "include mesh(vpn, port: 51820 + host.number)",
      "include q(host.memory)",
      "include q(1GiB, n: host.number)",
      "include q(1GiB)",
      "include q(host.memory / host.cpu.cores, n: 2)",
      "include ksm(host.rack == r1)",
      "include hugepages(reserve: 4GiB)",
      "include hugepages(reserve: host.memory / 2)",
      "include p2",
      "pools = [small]",
      "pools = if(host.memory > 32GiB, [small], [large])",
      "pools = [host.rack]",
      "sysctl.vm.swappiness = known(host.rack, 1) + 1",
  });
}

std::string body(int depth) {
  std::string text;
  for (int i = *rc::gen::inRange(0, 4); i >= 0; --i) text += "  " + statement(depth) + "\n";
  return text;
}

std::string any_site() {
  std::string text =
      "site s\n"
      "let big = host.memory > 32GiB\n"
      "let first_number = host.number * 10\n"
      "pool small { cpus = 2  memory = host.memory / 4  disk = 10GB }\n"
      "pool large { cpus = 4  memory = 8GiB  disk = 50GB  priority = high }\n";
  text += fmt::format(
      "profile q(size, n = host.number) {{\n  sysctl.vm.min_free_kbytes = size\n  when n > 2 {{ {} }}\n}}\n",
      statement(0));
  text += fmt::format("profile p2 {{\n{}}}\n", body(1));
  text += fmt::format("profile p1 {{\n{}}}\n", body(2));
  text += fmt::format("hosts h[0..8] {{ include p1\n{}}}\n", body(1));
  if (*rc::gen::inRange(0, 2) == 0) text += fmt::format("hosts h[0..4] {{\n{}}}\n", body(1));
  // Patterns of settings alone, of which hosts have different ones
  for (const auto& [from, to] : {std::pair{0, 2}, {1, 5}, {3, 8}, {6, 8}}) {
    if (*rc::gen::inRange(0, 2) == 0) continue;
    text += fmt::format(
        "hosts h[{}..{}] {{ {} }}\n", from, to,
        *one_of({"sysctl.vm.swappiness = 20", "sysctl.vm.swappiness = 40", "sysctl.net.core.somaxconn = 4096",
                 "sysctl.fs.inotify.max_user_watches = 65536 + host.number"}));
  }
  const auto count = static_cast<std::size_t>(*rc::gen::inRange(2, 10));
  for (std::size_t i = 0; i < 9; ++i) {
    const std::string own =
        i >= count
            ? ""
            : *one_of({"", "", "sysctl.vm.swappiness = 30", "wireguard wg0 { mtu = 1300 }",
                       "sysctl.net.core.somaxconn = host.memory / 1GiB", "modules-load.modules = [tun]"});
    text += fmt::format("host h{} {{ facts {{ {} }} {} }}\n", i,
                        i >= count ? "os = \"debian 12\"" : facts_of(i), own);
  }
  return text;
}

// What stands there: hosts whose declarations say the same are shown at the first one's.
std::string text_at(Span where, const Sources& sources) { return std::string(sources.text(where)); }

std::string text_of(const Origin& origin, const Sources& sources) {
  std::string text = fmt::format("{} {} {}{}{} {} {}", text_at(origin.where, sources),
                                 fmt::join(origin.profiles, "/"), origin.forced ? "o" : "",
                                 origin.unchecked ? "u" : "", origin.only_where_available ? "w" : "",
                                 origin.moved_from, origin.because);
  for (const Span via : origin.via) text += " via " + text_at(via, sources);
  return text;
}

std::string text_of(const Setting& setting, const Sources& sources) {
  std::string text = fmt::format("{} {}.{} = {} [{}]\n  from {}\n", setting.name, setting.surface,
                                 setting.key, to_source(setting.value), fmt::join(setting.instances, ","),
                                 text_of(setting.origin, sources));
  for (const Origin& origin : setting.also_set_by) text += "  also " + text_of(origin, sources) + "\n";
  for (const Overridden& beaten : setting.overridden)
    text += fmt::format("  beats {} {}\n", to_source(beaten.value), text_of(beaten.origin, sources));
  return text;
}

// All that a plan says of a host, and all that was reported of it.
std::string outcome_of(const Compilation& c, const HostPlan& host, const PlanWithNotes& planned,
                       const Reporter& reporter) {
  std::string text;
  for (const Setting* setting : host.settings) text += text_of(*setting, c.sources);
  std::set<std::string> others(host.failed_settings.begin(), host.failed_settings.end());
  for (const Dropped& dropped : planned.dropped.at(host.host_class)) {
    if (dropped.host.empty() || dropped.host == host.name)
      others.insert(fmt::format("dropped {} {} {} {} {}", dropped.name, to_source(dropped.value), dropped.why,
                                dropped.moved, text_of(dropped.origin, c.sources)));
  }
  for (const Diagnostic& found : reporter.sorted()) {
    if (std::ranges::find(found.hosts, host.name) != found.hosts.end())
      others.insert(fmt::format("{} {} {}", found.info->code, text_at(found.where, c.sources),
                                found.key.empty() ? found.message : found.key));
  }
  return fmt::format("{}{}\n", text, fmt::join(others, "\n"));
}

// Mistakes that concern no host in particular.
std::set<std::string> mistakes_of_no_host(const Compilation& c, const Reporter& reporter) {
  std::set<std::string> all;
  for (const Diagnostic& found : reporter.sorted()) {
    if (found.hosts.empty())
      all.insert(fmt::format("{} {} {}", found.info->code, c.sources.text(found.where), found.message));
  }
  return all;
}

// The checks of each host's manifest, in the order of the plan.
std::vector<std::string> checks_of(const Compilation& c, const Plan& plan) {
  const BootState boot_state(plan, c.catalogue, c.boot_order);
  const RenderedFleet rendered = render(plan, default_backends());
  std::vector<std::string> texts;
  for (const HostCheckParts& parts :
       host_checks(c.check_rules, plan, c.fleet, c.catalogue, boot_state, rendered.reads)) {
    std::string& text = texts.emplace_back();
    for (const HostCheckText& part : parts) text += *part + "\n";
  }
  return texts;
}

RC_GTEST_PROP(ClassLaw, a_host_gets_what_it_gets_alone, ()) {
  MemoryFileSystem files;
  files.files["main.tune"] = any_site();
  SiteOptions options;
  options.main_file = "main.tune";
  const auto c = compile_site(options, files, StopAfter::resolve);
  if (c->reporter.has_errors()) {
    for (const Diagnostic& found : c->reporter.sorted())
      RC_LOG() << found.info->code << " " << found.message << "\n";
    RC_LOG() << files.files["main.tune"];
    RC_FAIL("the site itself is wrong");
  }
  Reporter together;
  const PlanWithNotes all = build_plan(c->fleet, c->fleet.hosts, c->catalogue, c->sources, together);
  RC_CLASSIFY(together.has_errors(), "with mistakes");
  std::set<std::size_t> classes;
  for (const HostPlan& host : all.plan.hosts) classes.insert(host.host_class);
  RC_CLASSIFY(classes.size() < all.plan.hosts.size() / 2, "few classes");
  std::set<std::string> mistakes;
  const std::vector<std::string> checks = checks_of(*c, all.plan);
  for (const Host& host : c->fleet.hosts) {
    Reporter alone;
    const PlanWithNotes one = build_plan(c->fleet, {host}, c->catalogue, c->sources, alone);
    const auto in_fleet = std::ranges::find(all.plan.hosts, host.name, &HostPlan::name);
    RC_ASSERT(outcome_of(*c, *in_fleet, all, together) == outcome_of(*c, one.plan.hosts.front(), one, alone));
    const auto number = static_cast<std::size_t>(in_fleet - all.plan.hosts.begin());
    RC_ASSERT(checks.at(number) == checks_of(*c, one.plan).front());
    mistakes.merge(mistakes_of_no_host(*c, alone));
  }
  RC_ASSERT(mistakes_of_no_host(*c, together) == mistakes);
}

}  // namespace
}  // namespace tunec::test
