// Laws of the network: buffers, ports, WireGuard's meshes.
#include <algorithm>
#include <array>
#include <sstream>

#include <fmt/format.h>

#include "support/invariant_laws.h"

namespace tunec::test {
namespace {

std::vector<std::int64_t> numbers(const Pairs& pairs, std::string_view key) {
  std::istringstream text(find(pairs, key).value_or(""));
  std::vector<std::int64_t> all;
  for (std::int64_t value = 0; text >> value;) all.push_back(value);
  return all;
}

struct Ports {
  std::int64_t first, last;
  bool udp = false;
};

// The listeners and their ports, by name.
std::multimap<std::string, Ports> listeners(const HostCase& host) {
  std::multimap<std::string, Ports> all;
  for (const auto& [job, port] : host.exporters) all.insert({job, {port, port}});
  for (const auto& [name, file] : host.files.wireguard) {
    if (const auto port = number(file.interface, "ListenPort")) all.insert({name, {*port, *port, true}});
  }
  const nlohmann::json& formation = at(host.files, "monitoring.prometheus_port");
  if (formation.is_number())
    all.insert({"formation", {formation.get<std::int64_t>(), formation.get<std::int64_t>()}});
  const auto first = number(host.files.qemu, "migration_port_min"),
             last = number(host.files.qemu, "migration_port_max");
  if (first && last) all.insert({"migration", {*first, *last}});
  return all;
}

std::set<std::int64_t> reserved_ports(const HostFiles& files) {
  std::set<std::int64_t> ports;
  std::istringstream text(find(files.sysctl, "net/ipv4/ip_local_reserved_ports").value_or(""));
  for (std::string item; std::getline(text, item, ',');) {
    const std::size_t dash = item.find('-');
    const std::int64_t first = std::stoll(item),
                       last = dash == std::string::npos ? first : std::stoll(item.substr(dash + 1));
    for (std::int64_t port = first; port <= last; ++port) ports.insert(port);
  }
  return ports;
}

void buffers(const HostCase& host, Ledger& ledger) {
  const Pairs& sysctl = host.files.sysctl;
  for (const std::string key : {"rmem", "wmem", "mem"}) {
    const auto sizes = numbers(sysctl, "net/ipv4/tcp_" + key);
    if (sizes.empty()) continue;
    ledger.holds(sizes.size() == 3 && std::ranges::is_sorted(sizes), "tcp_" + key);
    const auto most = number(sysctl, "net/core/" + key + "_max");
    if (most)
      ledger.holds(sizes.back() <= *most,
                   fmt::format("tcp_{} grows to {}, {}_max is {}", key, sizes.back(), key, *most));
    if (key == "mem")
      ledger.holds(sizes.back() * 4096 <= std::int64_t{host.machine.memory} << 29, "tcp_mem counts pages");
  }
}

void outside_ephemeral(const HostCase& host, Ledger& ledger) {
  const auto range = numbers(host.files.sysctl, "net/ipv4/ip_local_port_range");
  const std::int64_t low = range.empty() ? 32768 : range.front(), high = range.empty() ? 60999 : range.back();
  const auto reserved = reserved_ports(host.files);
  for (const auto& [who, ports] : listeners(host)) {
    for (std::int64_t port = ports.first; port <= ports.last; ++port) {
      ledger.holds(port < low || port > high || reserved.contains(port),
                   fmt::format("{} listens on {}", who, port));
    }
  }
}

void listen_once(const HostCase& host, Ledger& ledger) {
  std::map<std::pair<bool, std::int64_t>, std::string> taken;
  for (const auto& [who, ports] : listeners(host)) {
    for (std::int64_t port = ports.first; port <= ports.last; ++port) {
      const auto [other, first] = taken.try_emplace({ports.udp, port}, who);
      ledger.holds(first, fmt::format("{} and {} listen on {}", who, other->second, port));
    }
  }
}

void port_range(const HostCase& host, Ledger& ledger) {
  const auto range = numbers(host.files.sysctl, "net/ipv4/ip_local_port_range");
  if (!range.empty())
    ledger.holds(range.size() == 2 && range[0] < range[1] && range[0] >= 1024, "ip_local_port_range");
}

void bbr(const HostCase& host, Ledger& ledger) {
  if (find(host.files.sysctl, "net/ipv4/tcp_congestion_control") != "bbr") return;
  ledger.holds(find(host.files.sysctl, "net/core/default_qdisc") == "fq", "BBR without fq");
  ledger.holds(std::ranges::count(host.files.modules, "tcp_bbr") == 1, "tcp_bbr is not loaded");
}

void mtu(const HostCase& host, Ledger& ledger) {
  for (const auto& [name, file] : host.files.wireguard) {
    if (const auto value = number(file.interface, "MTU"))
      ledger.holds(*value <= host.machine.mtu - 80 && *value >= 1280, fmt::format("{} {}", name, *value));
  }
}

void marks_and_queues(const HostCase& host, Ledger& ledger) {
  for (const auto& [name, file] : host.files.wireguard) {
    ledger.holds(host.files.texts.at(fmt::format("etc/wireguard/{}.conf", name)).find("txqueuelen") ==
                     std::string::npos,
                 "a device without a queue has a queue length");
    const auto mark = find(file.interface, "FwMark"), port = find(file.interface, "ListenPort");
    ledger.holds(!mark || mark != port, "the mark equals the port");
  }
}

// The host's own public key: its file has it only in a comment, since wg needs it only in the peers' files.
std::optional<std::string> own_key(const HostFiles& files, const std::string& name) {
  constexpr std::string_view prefix = "# to peers: PublicKey = ";
  const std::string& text = files.texts.at(fmt::format("etc/wireguard/{}.conf", name));
  const std::size_t begin = text.find(prefix);
  if (begin == std::string::npos) return std::nullopt;
  return text.substr(begin + prefix.size(), text.find('\n', begin) - begin - prefix.size());
}

std::vector<std::string> items(const std::optional<std::string>& list) {
  std::vector<std::string> all;
  std::istringstream text(list.value_or(""));
  for (std::string item; std::getline(text, item, ',');)
    all.push_back(item.substr(item.find_first_not_of(' ')));
  return all;
}

// The bits of a prefix and its length. IPv4 only, like the generated sites.
struct Prefix {
  std::uint32_t bits;
  int length;
  bool contains(const Prefix& other) const {
    return length <= other.length && (length == 0 || (bits ^ other.bits) >> (32 - length) == 0);
  }
};

Prefix prefix(const std::string& text) {
  std::array<unsigned, 4> bytes{};
  int length = 32;
  std::sscanf(text.c_str(), "%u.%u.%u.%u/%d", &bytes[0], &bytes[1], &bytes[2], &bytes[3], &length);
  return {bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3], length};
}

void keys(const std::vector<HostCase>& hosts, Ledger& ledger) {
  std::set<std::string> seen;
  for (const HostCase& host : hosts) {
    for (const auto& [name, file] : host.files.wireguard) {
      const auto key = own_key(host.files, name);
      if (!key) continue;
      ledger.holds(key->size() == 44 && key->back() == '=' &&
                       std::string_view("AEIMQUYcgkosw048").find((*key)[42]) != std::string_view::npos,
                   "not 32 bytes: " + *key);
      ledger.holds(seen.insert(*key).second, "two hosts have the key " + *key);
      for (const Pairs& peer : file.peers)
        ledger.holds(find(peer, "PublicKey") != *key, host.files.name + " is its own peer");
    }
  }
}

void prefixes(const std::vector<HostCase>& hosts, Ledger& ledger) {
  std::set<std::string> addresses;
  for (const HostCase& host : hosts) {
    for (const auto& [name, file] : host.files.wireguard) {
      for (const std::string& address : items(find(file.interface, "Address"))) {
        ledger.holds(addresses.insert(address.substr(0, address.find('/'))).second,
                     "two interfaces have the address " + address);
      }
      std::vector<Prefix> seen;
      for (const Pairs& peer : file.peers) {
        for (const std::string& allowed : items(find(peer, "AllowedIPs"))) {
          const Prefix mine = prefix(allowed);
          for (const Prefix& other : seen)
            ledger.holds(!mine.contains(other) && !other.contains(mine),
                         fmt::format("{} {}: {} is allowed twice", host.files.name, name, allowed));
          seen.push_back(mine);
        }
      }
    }
  }
}

const Pairs* peer_with(const WireguardFile& file, const std::string& key) {
  for (const Pairs& peer : file.peers) {
    if (find(peer, "PublicKey") == key) return &peer;
  }
  return nullptr;
}

// If host a lists host b, then b lists a, with a's port and a prefix that contains a's address.
void symmetric(const std::vector<HostCase>& hosts, Ledger& ledger) {
  for (const HostCase& a : hosts) {
    for (const HostCase& b : hosts) {
      for (const auto& [name, file] : a.files.wireguard) {
        const auto other = b.files.wireguard.find(name);
        const auto mine = own_key(a.files, name);
        if (&a == &b || other == b.files.wireguard.end() || !mine) continue;
        const auto theirs = own_key(b.files, name);
        if (!theirs || peer_with(file, *theirs) == nullptr) continue;
        const Pairs* me = peer_with(other->second, *mine);
        ledger.holds(me != nullptr,
                     fmt::format("{} lists {}, which does not list it", a.files.name, b.files.name));
        if (me == nullptr) continue;
        const std::string port = ":" + find(file.interface, "ListenPort").value_or("");
        ledger.holds(find(*me, "Endpoint").value_or(port).ends_with(port), "another port");
        const auto allowed = items(find(*me, "AllowedIPs"));
        for (const std::string& address : items(find(file.interface, "Address"))) {
          ledger.holds(
              std::ranges::any_of(
                  allowed,
                  [&](const std::string& allowed_prefix) {
                    return prefix(allowed_prefix).contains(prefix(address.substr(0, address.find('/'))));
                  }),
              address);
        }
      }
    }
  }
}

}  // namespace

std::vector<HostLaw> network_laws() {
  return {{28, "TCP's buffers are ordered and within the limits for programs", buffers},
          {29, "no outgoing connection takes a listener's port", outside_ephemeral},
          {30, "a port has one listener", listen_once},
          {31, "there is one ephemeral range, above the privileged ports", port_range},
          {32, "BBR is loaded, and paced by fq", bbr},
          {34, "WireGuard's packets fit, and the MTU is large enough for IPv6", mtu},
          {38, "devices without a queue get no queue length; a mark is not a port", marks_and_queues}};
}

std::vector<FleetLaw> fleet_laws() {
  return {{35, "WireGuard's keys are valid and unique", keys},
          {36, "addresses are unique, and allowed prefixes of one interface disjoint", prefixes},
          {37, "peers list one another", symmetric}};
}

}  // namespace tunec::test
