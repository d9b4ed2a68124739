// wg-quick's configurations. Hosts whose interfaces name the same mesh are peers of one another, so this
// backend reads the whole fleet. The block that describes a member to its peers is made once, and copied into
// the file of each peer.
#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/instances.h"
#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"wireguard"};
constexpr Need needs[] = {{"Peer.PresharedKeyFile", "a peer with a preshared key needs `public_key`"}};

struct Line {
  Settings settings;  // none: a heading
  std::string text;
};

// One interface of one host.
struct Interface {
  std::string_view host;
  std::string name;
  Settings own;                           // of the interface: `wireguard(wg0).mtu`
  std::map<std::string, Settings> peers;  // the peers that it names: `wireguard(wg0).peer(office).endpoint`
  const Setting* mesh = nullptr;
  std::vector<Line> as_peer;      // the block about it in other members' files; empty without a public key
  std::optional<Line> keepalive;  // the keepalive that it wants from its peers
};

using Mesh = std::vector<const Interface*>;  // by host

// "ListenPort = 51820" for Interface.ListenPort.
std::string assignment(const Setting& setting) {
  return fmt::format("{} = {}", std::string_view(setting.key).substr(setting.key.find('.') + 1),
                     spell(setting));
}

// wg-quick runs the commands of several lines one after the other.
void write_assignments(const Setting& setting, File& file) {
  if (!setting.param->is_repeated) return file.line(setting, "{}", assignment(setting));
  const std::string_view key = std::string_view(setting.key).substr(setting.key.find('.') + 1);
  for (const std::string& item : spell_items(setting)) file.line(setting, "{} = {}", key, item);
}

// 10.8.0.1/24 → 10.8.0.1/32: a peer stands for its own address, not for its whole network.
std::string host_prefix(std::string_view address) {
  const std::string_view host = address.substr(0, address.find('/'));
  return fmt::format("{}/{}", host, host.find(':') == host.npos ? 32 : 128);
}

// A member is reached at its own addresses and in the networks behind it.
std::optional<Line> allowed_ips(const Settings& interface) {
  Line line;
  std::vector<std::string> networks;
  const auto add = [&networks](std::string network) {
    if (std::ranges::find(networks, network) == networks.end()) networks.push_back(std::move(network));
  };
  if (const Setting* address = find_key(interface, "Interface.Address")) {
    for (const std::string& item : spell_items(*address)) add(host_prefix(item));
    line.settings.push_back(address);
  }
  if (const Setting* allowed = find_key(interface, "Peer.AllowedIPs")) {
    for (std::string& item : spell_items(*allowed)) add(std::move(item));
    line.settings.push_back(allowed);
  }
  if (networks.empty()) return std::nullopt;
  line.text = fmt::format("AllowedIPs = {}", fmt::join(networks, ", "));
  return line;
}

std::vector<Line> peer_block(std::string_view host, const Settings& interface) {
  const Setting* key = find_key(interface, "Peer.PublicKey");
  if (key == nullptr) return {};
  std::vector<Line> block{
      {{}, ""}, {{}, "[Peer]"}, {{}, fmt::format("# {}", host)}, {{key}, assignment(*key)}};
  if (const Setting* endpoint = find_key(interface, "Peer.Endpoint"))
    block.push_back({{endpoint}, assignment(*endpoint)});
  if (std::optional<Line> line = allowed_ips(interface)) block.push_back(std::move(*line));
  return block;
}

// Keys are in no file of ours: wg reads them from files on the host, once the interface exists.
void write_keys(const Interface& interface, File& file) {
  if (const Setting* key = find_key(interface.own, "PrivateKeyFile")) {
    file.line(*key, "PostUp = wg set %i private-key {}", quote_shell_word(spell(*key)));
  }
  for (const auto& [name, settings] : interface.peers) {
    const Setting* secret = find_key(settings, "Peer.PresharedKeyFile");
    const Setting* key = find_key(settings, "Peer.PublicKey");
    if (secret == nullptr || key == nullptr) continue;
    file.joined({key, secret}, fmt::format("PostUp = wg set %i peer {} preshared-key {}",
                                           quote_shell_word(spell(*key)), quote_shell_word(spell(*secret))));
  }
}

// Settings without a directive in wg-quick's [Interface]. Those that are for the peers are in the peers'
// files, and appear here as comments.
void write_other_settings(const Interface& interface, File& file) {
  for (const Setting* setting : interface.own) {
    if (setting->key == "txqueuelen")
      file.line(*setting, "PostUp = ip link set %i txqueuelen {}", spell(*setting));
    if (setting->key == "mesh") file.line(*setting, "# mesh {}", spell(*setting));
    if (setting->key.starts_with("Peer.")) file.line(*setting, "# to peers: {}", assignment(*setting));
  }
}

void write_interface(const Interface& interface, File& file) {
  file.mode(0600);
  file.plain(fmt::format("# {}", written_by));
  file.plain("[Interface]");
  // The user's commands come after ours: they may need a peer, and so its key.
  const auto is_command = [](const Setting& setting) { return setting.key == "Interface.PostUp"; };
  for (const Setting* setting : interface.own) {
    if (setting->key.starts_with("Interface.") && !is_command(*setting)) write_assignments(*setting, file);
  }
  write_keys(interface, file);
  write_other_settings(interface, file);
  for (const Setting* setting : interface.own) {
    if (is_command(*setting)) write_assignments(*setting, file);
  }
}

void write_named_peers(const Interface& interface, File& file) {
  for (const auto& [name, settings] : interface.peers) {
    file.plain("");
    file.plain("[Peer]");
    file.plain("# " + name);
    for (const Setting* setting : settings) {
      if (setting->key != "Peer.PresharedKeyFile") file.line(*setting, "{}", assignment(*setting));
    }
  }
}

void write_mesh_peers(const Interface& interface, const Mesh& mesh, File& file) {
  for (const Interface* peer : mesh) {
    if (peer->host == interface.host || peer->as_peer.empty()) continue;
    for (const Line& line : peer->as_peer) file.joined(line.settings, line.text);
    // The host behind the NAT has to keep the connection open, so its own setting wins.
    const std::optional<Line>& keepalive = interface.keepalive ? interface.keepalive : peer->keepalive;
    if (keepalive) file.joined(keepalive->settings, keepalive->text);
  }
}

std::vector<Interface> interfaces_of(const FleetHost& host) {
  std::vector<Interface> interfaces;
  for (const auto& [name, settings] : by_instance(host.view.settings)) {
    Interface& interface = interfaces.emplace_back();
    interface.host = host.name;
    interface.name = name;
    interface.peers = by_instance(settings, 1);
    std::ranges::copy_if(settings, std::back_inserter(interface.own),
                         [](const Setting* setting) { return setting->instances.size() == 1; });
    interface.mesh = find_key(interface.own, "mesh");
    interface.as_peer = peer_block(host.name, interface.own);
    if (const Setting* keepalive = find_key(interface.own, "Peer.PersistentKeepalive"))
      interface.keepalive = {{keepalive}, assignment(*keepalive)};
  }
  return interfaces;
}

void emit(std::span<const FleetHost> fleet, FleetOutput& out) {
  std::vector<Interface> interfaces;
  for (const FleetHost& host : fleet) std::ranges::move(interfaces_of(host), std::back_inserter(interfaces));
  std::map<std::string, Mesh> meshes;
  for (const Interface& interface : interfaces) {
    if (interface.mesh != nullptr) meshes[spell(*interface.mesh)].push_back(&interface);
  }
  for (const Interface& interface : interfaces) {
    Output& host = out.host(interface.host);
    File& file = host.new_file(fmt::format("etc/wireguard/{}.conf", interface.name));
    write_interface(interface, file);
    write_named_peers(interface, file);
    if (interface.mesh != nullptr) write_mesh_peers(interface, meshes[spell(*interface.mesh)], file);
    const std::string unit = quote_shell_word("wg-quick@" + interface.name);
    host.restart(fmt::format("wg-quick@{}.service", interface.name), Restart::at_boot_too,
                 fmt::format("systemctl enable {0} && systemctl restart {0}", unit),
                 "wg-quick reads its file when it starts",
                 {.needs = Ready::units | Ready::modules, .makes = Ready::interfaces});
  }
}

}  // namespace

extern const FleetBackend backend_wireguard{
    .name = "wireguard",
    .summary = "WireGuard interfaces for wg-quick, with peers from the fleet",
    .surfaces = surfaces,
    .needs = needs,
    .joins_hosts = true,
    .emit = emit,
};

}  // namespace tunec
