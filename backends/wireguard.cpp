// wg-quick's configurations. Hosts whose interfaces name the same mesh are each other's peers, so this looks
// at the whole fleet: what the others must know of a member is written once, and copied into each of their
// files.
#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"wireguard"};

using Settings = std::vector<const Setting*>;

struct Line {
  Settings settings;
  std::string text;
};

// One interface of one host. `own`: its settings; `peers`: those of the peers that it names itself.
struct Interface {
  std::string host, name;
  Settings own;
  std::map<std::string, Settings> peers;
  // What the others of its mesh write about it; empty if it has no public key
  std::vector<Line> as_peer;
  std::optional<Line> keepalive;

  const Setting* find(std::string_view key) const {
    const auto found = std::ranges::find(own, key, &Setting::key);
    return found == own.end() ? nullptr : *found;
  }
};

using Mesh = std::vector<const Interface*>;  // by host name

const Setting* find(const Settings& settings, std::string_view key) {
  const auto found = std::ranges::find(settings, key, &Setting::key);
  return found == settings.end() ? nullptr : *found;
}

// "ListenPort = 51820" of Interface.ListenPort.
std::string assignment(const Setting& setting) {
  return fmt::format("{} = {}", std::string_view(setting.key).substr(setting.key.find('.') + 1),
                     spell(setting));
}

// 10.8.0.1/24 → 10.8.0.1/32: of a member's addresses only itself is there, not its network.
std::string host_prefix(std::string_view address) {
  const std::string_view host = address.substr(0, address.find('/'));
  return fmt::format("{}/{}", host, host.find(':') == host.npos ? 32 : 128);
}

std::optional<Line> allowed_ips(const Interface& interface) {
  Line line;
  std::vector<std::string> networks;
  const auto add = [&networks](std::string network) {
    if (std::ranges::find(networks, network) == networks.end()) networks.push_back(std::move(network));
  };
  if (const Setting* address = interface.find("Interface.Address")) {
    for (const std::string& item : spell_items(*address)) add(host_prefix(item));
    line.settings.push_back(address);
  }
  if (const Setting* allowed = interface.find("Peer.AllowedIPs")) {
    for (std::string& item : spell_items(*allowed)) add(std::move(item));
    line.settings.push_back(allowed);
  }
  if (networks.empty()) return std::nullopt;
  line.text = fmt::format("AllowedIPs = {}", fmt::join(networks, ", "));
  return line;
}

void write_as_peer(Interface& interface) {
  if (const Setting* keepalive = interface.find("Peer.PersistentKeepalive"))
    interface.keepalive = {{keepalive}, assignment(*keepalive)};
  const Setting* key = interface.find("Peer.PublicKey");
  if (key == nullptr) return;
  interface.as_peer = {{{}, ""}, {{}, "[Peer]"}, {{}, "# " + interface.host}, {{key}, assignment(*key)}};
  if (const Setting* endpoint = interface.find("Peer.Endpoint"))
    interface.as_peer.push_back({{endpoint}, assignment(*endpoint)});
  if (std::optional<Line> line = allowed_ips(interface)) interface.as_peer.push_back(std::move(*line));
}

// Keys that are in no artifact: wg reads them from files on the host once the interface is there.
void write_keys(const Interface& interface, File& file) {
  if (const Setting* key = interface.find("PrivateKeyFile")) {
    file.line(*key, "PostUp = wg set %i private-key {}", quote_shell_word(spell(*key)));
  }
  for (const auto& [name, settings] : interface.peers) {
    const Setting* secret = find(settings, "Peer.PresharedKeyFile");
    const Setting* key = find(settings, "Peer.PublicKey");
    if (secret == nullptr || key == nullptr) continue;
    file.joined({key, secret}, fmt::format("PostUp = wg set %i peer {} preshared-key {}",
                                           quote_shell_word(spell(*key)), quote_shell_word(spell(*secret))));
  }
}

// What is no directive of wg-quick's [Interface]: a queue's length, the mesh, and what the peers are told.
void write_rest(const Interface& interface, File& file) {
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
  // The user's commands come after ours: they may want to talk to a peer, which takes the key.
  const auto is_command = [](const Setting& setting) { return setting.key == "Interface.PostUp"; };
  for (const Setting* setting : interface.own) {
    if (setting->key.starts_with("Interface.") && !is_command(*setting))
      file.line(*setting, "{}", assignment(*setting));
  }
  write_keys(interface, file);
  write_rest(interface, file);
  for (const Setting* setting : interface.own) {
    if (is_command(*setting)) file.line(*setting, "{}", assignment(*setting));
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
    for (const Line& line : peer->as_peer)
      line.settings.empty() ? file.plain(line.text) : file.joined(line.settings, line.text);
    // Keeping a way open is the business of who is behind the NAT, so one's own setting goes first.
    const std::optional<Line>& keepalive = interface.keepalive ? interface.keepalive : peer->keepalive;
    if (keepalive) file.joined(keepalive->settings, keepalive->text);
  }
}

std::vector<Interface> interfaces_of(std::span<const FleetHost> fleet) {
  std::vector<Interface> result;
  for (const FleetHost& host : fleet) {
    std::map<std::string, Interface> by_name;
    for (const Setting* setting : host.view.settings) {
      if (setting->instances.empty()) continue;
      Interface& interface = by_name[setting->instances[0]];
      (setting->instances.size() > 1 ? interface.peers[setting->instances[1]] : interface.own)
          .push_back(setting);
    }
    for (auto& [name, interface] : by_name) {
      interface.host = host.host.name;
      interface.name = name;
      write_as_peer(interface);
      result.push_back(std::move(interface));
    }
  }
  std::ranges::stable_sort(result, {}, &Interface::host);
  return result;
}

void emit_fleet(std::span<const FleetHost> fleet, FleetOutput& out) {
  const std::vector<Interface> interfaces = interfaces_of(fleet);
  std::map<std::string, Mesh> meshes;
  for (const Interface& interface : interfaces) {
    if (const Setting* mesh = interface.find("mesh")) meshes[spell(*mesh)].push_back(&interface);
  }
  for (const Interface& interface : interfaces) {
    const Setting* mesh = interface.find("mesh");
    Output& host = mesh != nullptr ? out.host(interface.host) : out.host_alone(interface.host);
    File& file = host.file(fmt::format("etc/wireguard/{}.conf", interface.name));
    write_interface(interface, file);
    write_named_peers(interface, file);
    if (mesh != nullptr) write_mesh_peers(interface, meshes[spell(*mesh)], file);
    const std::string unit = quote_shell_word("wg-quick@" + interface.name);
    host.step(Effect::restart, fmt::format("systemctl enable {0} && systemctl restart {0}", unit),
              "wg-quick reads its file when it starts");
  }
}

}  // namespace

extern const Backend backend_wireguard{
    .name = "wireguard",
    .summary = "WireGuard interfaces for wg-quick, with peers from the fleet",
    .surfaces = surfaces,
    .on_by_default = true,
    .emit = nullptr,
    .emit_fleet = emit_fleet,
};

}  // namespace tunec
