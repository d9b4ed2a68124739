// Hosts that a policy cannot tell apart are asked about once (check/policy/host_groups.h). The law: of each
// host the same is said in a fleet as when it is the only one.
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

rc::Gen<std::string> policy() {
  return rc::gen::elementOf(std::vector<std::string>{
      "for host  forbid sysctl.vm.swappiness == 10",
      "for host  when set(wireguard.mtu)  require sysctl.vm.swappiness == 60",
      "for host  require sysctl.kernel.numa_balancing == on",
      "for host  forbid boot.numa_balancing == disable", "for wireguard  forbid wireguard.mtu > 1400",
      "for wireguard  require set(wireguard.address)", "for wireguard  forbid wireguard.name == wg1",
      "for wireguard  when set(wireguard.listen_port)  forbid count(known(wireguard.peer.allowed_ips, [])) > "
      "0",
      "for peer  require set(peer.persistent_keepalive)", "for peer  forbid wireguard.mtu < 1400",
      "for host  forbid 51820 in listeners()",
      "for host  forbid host.name == h2 and set(sysctl.vm.swappiness)",
      "for host  forbid count(wireguard.mtu for wireguard where wireguard.mtu > 1400) > 0",
      "for host  require count(1 for setting where setting.unchecked) < 1",
      "for setting where setting.name == \"sysctl.vm.swappiness\"  forbid setting.value == 10",
      "for setting  forbid setting.unchecked",
      "for setting where setting.surface == wireguard  require sysctl.vm.swappiness != 10"});
}

struct Site {
  std::vector<std::vector<std::string>> hosts;
  std::vector<int> kinds;
  std::vector<std::string> policies;

  std::string text(std::size_t from, std::size_t to) const {
    std::string all = "site s\nprofile p { sysctl.vm.swappiness = 30  sysctl.net.core.somaxconn = 1024 }\n";
    for (std::size_t i = 0; i < policies.size(); ++i)
      all += fmt::format("policy q{} {{ {} }}\n", i, policies[i]);
    for (std::size_t i = from; i < to; ++i) {
      all += fmt::format(
          "host h{} {{ facts {{ os = \"debian 12\"  memory = {}GiB  cpu {{ vendor = intel  cores = 8 }}  nic "
          "eno1 {{ mtu = 1500 }} }}\n  include p\n",
          i, 32 + kinds[i]);
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

RC_GTEST_PROP(AlikeLaw, of_a_host_the_same_is_said_in_a_fleet_and_alone, ()) {
  Site site;
  site.policies = *rc::gen::container<std::vector<std::string>>(
      static_cast<std::size_t>(*rc::gen::inRange(0, 5)), policy());
  const auto count = static_cast<std::size_t>(*rc::gen::inRange(2, 9));
  for (std::size_t i = 0; i < count; ++i) {
    site.kinds.push_back(*rc::gen::inRange(0, 2));
    std::vector<std::string> own;
    for (const auto& line : statements) own.push_back(*rc::gen::elementOf(line));
    site.hosts.push_back(std::move(own));
  }
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

}  // namespace
}  // namespace tunec::test
