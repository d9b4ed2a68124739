// A policy is evaluated once for hosts that it cannot tell apart (check/policy/host_groups.h). The law: each
// host gets the same verdicts in a fleet as when it is the only one.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "support/over_memory.h"

namespace tunec::test {
namespace {

// Of each line a host says one, or nothing: few values, so that hosts often say the same, and often break
// policies.
const std::vector<std::vector<std::string>> statements{
    {"", "sysctl.vm.swappiness = 10", "sysctl.vm.swappiness = 60",
     "unchecked sysctl.vm.swappiness = 10 because \"a test\""},
    {"", "sysctl.kernel.numa_balancing = off"},
    {"", "sysctl.net.core.somaxconn = 4096"},
    {"", "wireguard wg0 { mtu = 1420 }", "wireguard wg0 { mtu = 1480 }", "wireguard wg0 { mtu = 1270 }"},
    {"", "", "wireguard wg1 { mtu = 1300 }"},
    {"", "wireguard wg0 { listen_port = 51820 }", "wireguard wg0 { listen_port = 51820  fwmark = 51820 }"},
    {"", "wireguard wg0 { address = 10.0.0.1/24 }", "wireguard wg0 { address = fd00::1/64 }"},
    {"", "", "wireguard wg0 { peer p { allowed_ips = 10.1.0.0/16 } }"},
    {"", "", "wireguard wg0 { peer q { allowed_ips = 10.1.0.0/16  persistent_keepalive = 25s } }"}};

// Facts in which machines of one kind differ, and what a site says of their place.
const std::vector<std::vector<std::string>> facts{
    {"memory = 32GiB", "memory = 64GiB"},
    {"nic eno1 { mtu = 1500 }", "nic eno1 { mtu = 1500  addresses = [10.0.0.1/8] }",
     "nic eno1 { mtu = 1500  addresses = [10.0.0.2/8] }", "nic eno1 { mtu = 9000  speed = 10Gbps }"},
    {"", "disk sda { kind = ssd  size = 1TB }", "disk sda { kind = ssd  size = 2TB }",
     "disk sda { kind = hdd  size = 2TB }  disk sdb { kind = ssd  size = 1TB }"},
    {"", "gpu \"0000:02:00.0\" { id = \"10de:2206\" }", "gpu \"0000:03:00.0\" { id = \"10de:2206\" }",
     "pci \"0000:02:00.0\" { id = \"15b3:1017\" }"},
    {"", "rack = r1", "rack = r2"},
    {"", "labels { role = db }", "labels { role = web  asset = a1 }", "labels { role = web  asset = a2 }"}};

rc::Gen<std::string> policy() {
  return rc::gen::elementOf(std::vector<std::string>{
      "for host  forbid sysctl.vm.swappiness == 10",
      "for host  when set(wireguard.mtu)  require sysctl.vm.swappiness == 60",
      "for host  require sysctl.kernel.numa_balancing == on",
      "for host  forbid boot.numa_balancing == disable",
      "for wireguard  forbid wireguard.mtu > 1400",
      "for wireguard  require set(wireguard.address)",
      "for wireguard  forbid wireguard.name == wg1",
      "for wireguard  when set(wireguard.listen_port)  forbid count(known(wireguard.peer.allowed_ips, [])) > "
      "0",
      "for peer  require set(peer.persistent_keepalive)",
      "for peer  forbid wireguard.mtu < 1400",
      "for host  forbid 51820 in listeners()",
      "for host  forbid host.name == h2 and set(sysctl.vm.swappiness)",
      "for host  forbid count(wireguard.mtu for wireguard where wireguard.mtu > 1400) > 0",
      "for host  require count(1 for setting where setting.unchecked) < 1",
      "for setting where setting.name == \"sysctl.vm.swappiness\"  forbid setting.value == 10",
      "for setting  forbid setting.unchecked",
      "for setting where setting.surface == wireguard  require sysctl.vm.swappiness != 10",
      "for host  require host.memory >= 64GiB",
      "for host  when host.memory >= 64GiB  require sysctl.vm.swappiness == 10",
      "for host  forbid count(host.addresses) > 0",
      "for host  forbid 10.0.0.1/8 in host.addresses",
      "for nic  require nic.mtu < 9000",
      "for nic  forbid nic.speed >= 10Gbps",
      "for host  require count(disk.size for disk where disk.kind == ssd) > 0",
      "for disk  forbid disk.size > 1TB",
      "for host  forbid count(1 for gpu) > 0",
      "for gpu  forbid gpu.address == \"0000:03:00.0\"",
      "for pci  require pci.id != \"15b3:1017\"",
      "for host  forbid count(functions(host.gpu_ids)) > 0",
      "for host  forbid host.rack == r1",
      "for host  when host.label.role == web  require set(wireguard.mtu)",
      "for host  forbid host.label.asset == a2 and host.memory < 64GiB",
      "for host  require count(siblings(0)) > 2",
      "for host  forbid host.number == 3",
      "for host  let big = host.memory > 32GiB  forbid big and count(host.disks) == 0",
      "for wireguard  forbid host.mtu < known(wireguard.mtu, 0) + 100"});
}

// Their verdict on a host depends on other hosts.
rc::Gen<std::string> fleet_policy() {
  return rc::gen::elementOf(std::vector<std::string>{
      "for wireguard  forbid known(lookup(wireguard.listen_port, wireguard.listen_port, wireguard.mtu), 0) > "
      "1400",
      "for wireguard  forbid count(lookup(wireguard.address, [wireguard.address], wireguard.mtu)) > 0",
      "for wireguard  unique wireguard.address", "for host  unique host.addresses",
      "for host  when host.memory > 32GiB  unique sysctl.vm.swappiness per host.rack",
      "for host  disjoint listeners()", "for gpu  unique gpu.address",
      "for pair of hosts where a.rack == b.rack  require a.sysctl.vm.swappiness == b.sysctl.vm.swappiness",
      "for pair of hosts where a.label.role == b.label.role  require a.memory == b.memory",
      "for pair of hosts where a.memory == b.memory and a.wireguard.mtu == b.wireguard.mtu  "
      "forbid count(a.addresses) != count(b.addresses)"});
}

// The same policy, which now reads the name of each host: it can tell all of them apart.
std::string of_each_host(const std::string& policy) {
  const std::size_t end = policy.find("  ");
  const std::string host = policy.starts_with("for pair") ? "a" : "host";
  const std::string other = host == "a" ? " and b.name != nobody" : "";
  return policy.substr(0, end) + "  when " + host + ".name != nobody" + other + policy.substr(end);
}

struct Site {
  std::vector<std::vector<std::string>> hosts;
  std::vector<std::string> facts;
  std::vector<std::string> policies;

  std::string text(std::size_t from, std::size_t to) const {
    std::string all = "site s\nprofile p { sysctl.vm.swappiness = 30  sysctl.net.core.somaxconn = 1024 }\n";
    for (std::size_t i = 0; i < policies.size(); ++i)
      all += fmt::format("policy q{} {{ {} }}\n", i, policies[i]);
    for (std::size_t i = from; i < to; ++i) {
      all += fmt::format(
          "host h{} {{ facts {{ os = \"debian 12\"  cpu {{ vendor = intel  cores = 8 }} {} }}\n  include p\n",
          i, facts[i]);
      for (const std::string& one : hosts[i]) all += "  " + one + "\n";
      all += "}\n";
    }
    return all;
  }
};

using Said = std::multiset<std::string>;

// What is said of each host; what is only true of a fleet, or only of one host, left out.
std::map<std::string, Said> said_of_hosts(const std::string& text) {
  MemoryFileSystem files;
  files.files["main.tune"] = text;
  const Run run = compile_in_memory(files);
  std::map<std::string, Said> all;
  for (const Diagnostic& diagnostic : run.compilation->reporter.sorted()) {
    if (diagnostic.info->code == "T0605" || diagnostic.policy == "wireguard-address-unique") continue;
    for (const std::string& host : diagnostic.hosts)
      all[host].insert(fmt::format("{} {}", diagnostic.info->code, diagnostic.policy));
  }
  return all;
}

Said without_repeats(const Said& said) {
  Said once;
  for (const std::string& one : said) {
    if (!once.contains(one)) once.insert(one);
  }
  return once;
}

std::vector<std::string> some(const rc::Gen<std::string>& policies, int at_most) {
  return *rc::gen::container<std::vector<std::string>>(
      static_cast<std::size_t>(*rc::gen::inRange(0, at_most + 1)), policies);
}

// A site without policies, and how many hosts it has.
std::pair<Site, std::size_t> any_hosts() {
  Site site;
  const auto count = static_cast<std::size_t>(*rc::gen::inRange(2, 9));
  for (std::size_t i = 0; i < count; ++i) {
    std::string machine;
    for (const auto& fact : facts) machine += "  " + *rc::gen::elementOf(fact);
    site.facts.push_back(std::move(machine));
    std::vector<std::string> own;
    for (const auto& line : statements) own.push_back(*rc::gen::elementOf(line));
    site.hosts.push_back(std::move(own));
  }
  return {std::move(site), count};
}

RC_GTEST_PROP(HostGroupsLaw, of_a_host_the_same_is_said_in_a_fleet_and_alone, ()) {
  auto [site, count] = any_hosts();
  site.policies = some(policy(), 8);
  const auto together = said_of_hosts(site.text(0, count));
  RC_CLASSIFY(!together.empty(), "something is said");
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = fmt::format("h{}", i);
    const auto alone = said_of_hosts(site.text(i, i + 1));
    const auto in_fleet = together.find(name);
    const auto by_itself = alone.find(name);
    RC_ASSERT(without_repeats(in_fleet == together.end() ? Said{} : in_fleet->second) ==
              without_repeats(by_itself == alone.end() ? Said{} : by_itself->second));
  }
}

RC_GTEST_PROP(HostGroupsLaw, groups_of_hosts_get_the_verdicts_that_each_host_gets_by_itself, ()) {
  auto [site, count] = any_hosts();
  site.policies = some(policy(), 5);
  for (std::string& policy : some(fleet_policy(), 4)) site.policies.push_back(std::move(policy));
  const auto by_groups = said_of_hosts(site.text(0, count));
  RC_CLASSIFY(!by_groups.empty(), "something is said");
  for (std::string& policy : site.policies) policy = of_each_host(policy);
  const auto one_by_one = said_of_hosts(site.text(0, count));
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = fmt::format("h{}", i);
    const auto grouped = by_groups.find(name), single = one_by_one.find(name);
    RC_ASSERT(without_repeats(grouped == by_groups.end() ? Said{} : grouped->second) ==
              without_repeats(single == one_by_one.end() ? Said{} : single->second));
  }
}

}  // namespace
}  // namespace tunec::test
