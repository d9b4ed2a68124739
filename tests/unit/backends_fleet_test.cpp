// The output of the backends that need the whole fleet. Also checks that each surface has exactly one
// backend.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "render/backend.h"

#include "support/hand_made.h"

namespace tunec {
namespace {

using namespace test;
using Type = ValueType;

// 32 bytes in base64 that begin with the given letter.
std::string key_of(char letter) { return std::string(1, letter) + std::string(42, 'A') + "="; }

void add_member(HandMadeSite& site, const std::string& address, char key) {
  site.set(list_record("wireguard", "Interface.Address", ", "), words({address}), {"wg0"})
      .set(record("wireguard", "mesh"), symbol("vmnet"), {"wg0"})
      .set(record("wireguard", "PrivateKeyFile"), {std::string("/etc/wireguard/%i.key")}, {"wg0"})
      .set(record("wireguard", "Peer.PublicKey"), {key_of(key)}, {"wg0"});
}

TEST(Backends, wireguard) {
  HandMadeSite site;
  site.host("kvm-01");
  add_member(site, "10.8.0.1/24", 'B');
  site.set(record("wireguard", "Interface.ListenPort", Type::integer), {std::int64_t{51820}}, {"wg0"})
      .set(record("wireguard", "Interface.PostUp"), {std::string("true")}, {"wg0"})
      .set(record("wireguard", "txqueuelen", Type::integer), {std::int64_t{2000}}, {"wg0"})
      .set(record("wireguard", "Peer.Endpoint"), {std::string("192.0.2.1:51820")}, {"wg0"})
      .set(list_record("wireguard", "Peer.AllowedIPs", ", "), words({"10.8.0.1/32", "172.16.0.0/24"}),
           {"wg0"})
      .set(record("wireguard", "Peer.PublicKey"), {key_of('F')}, {"wg0", "office"})
      .set(record("wireguard", "Peer.PresharedKeyFile"), {std::string("/etc/wireguard/office.psk")},
           {"wg0", "office"})
      .set(list_record("wireguard", "Peer.AllowedIPs", ", "), words({"10.9.0.0/24", "10.10.0.0/24"}),
           {"wg0", "office"});
  site.host("kvm-02");
  add_member(site, "fd00::2/64", 'C');
  site.set(seconds("wireguard", "Peer.PersistentKeepalive"), {Duration{25'000'000'000}}, {"wg0"});
  site.host("kvm-03");
  add_member(site, "10.8.0.3/24", 'D');
  const RenderedFleet fleet = site.render();
  const std::string path = "etc/wireguard/wg0.conf";
  EXPECT_EQ(
      body(fleet, path),
      "[Interface]\nAddress = 10.8.0.1/24\nListenPort = 51820\nPostUp = wg set %i private-key "
      "/etc/wireguard/%i.key\n"
      "PostUp = wg set %i peer "
      "'" +
          key_of('F') +
          "' preshared-key /etc/wireguard/office.psk\n"
          "# to peers: AllowedIPs = 10.8.0.1/32, 172.16.0.0/24\n# to peers: Endpoint = 192.0.2.1:51820\n"
          "# to peers: PublicKey = " +
          key_of('B') +
          "\n# mesh vmnet\nPostUp = ip link set %i txqueuelen 2000\nPostUp = true\n"
          "\n[Peer]\n# office\nAllowedIPs = 10.9.0.0/24, 10.10.0.0/24\nPublicKey = " +
          key_of('F') +
          "\n"
          "\n[Peer]\n# kvm-02\nPublicKey = " +
          key_of('C') +
          "\nAllowedIPs = fd00::2/128\nPersistentKeepalive = 25\n"
          "\n[Peer]\n# kvm-03\nPublicKey = " +
          key_of('D') + "\nAllowedIPs = 10.8.0.3/32\n");
  const std::string second = body(fleet, path, 1);
  EXPECT_EQ(second.substr(second.find("[Peer]")),
            "[Peer]\n# kvm-01\nPublicKey = " + key_of('B') +
                "\nEndpoint = 192.0.2.1:51820\nAllowedIPs = 10.8.0.1/32, 172.16.0.0/24\n"
                "PersistentKeepalive = 25\n\n[Peer]\n# kvm-03\nPublicKey = " +
                key_of('D') + "\nAllowedIPs = 10.8.0.3/32\nPersistentKeepalive = 25\n");
  EXPECT_EQ(find(fleet.hosts[0].artifacts, path)->mode, 0600U);
  EXPECT_EQ(steps(fleet),
            std::vector<std::string>{"systemctl enable wg-quick@wg0 && systemctl restart wg-quick@wg0"});
  expect_all_carried(site, fleet);
}

TEST(Backends, prometheus) {
  HandMadeSite site;
  const auto alert = [&site](const std::string& name, const std::string& expr) {
    site.set(record("prometheus", "alert.expr"), {expr}, {name})
        .set(seconds("prometheus", "alert.for"), {Duration{600'000'000'000}}, {name})
        .set(record("prometheus", "alert.severity"), symbol("warning"), {name})
        .set(record("prometheus", "alert.summary"), {std::string("{{ $labels.host }}: \"slow\"")}, {name});
  };
  const ParamInfo exporter = record("prometheus", "exporter", Type::integer);
  site.host("kvm-01.example").set(exporter, {std::int64_t{9100}}, {"node"});
  alert("Steal", "avg by (host) (steal) > 0.05");
  alert("Swap", "swap > 1");
  site.host("kvm-02")
      .set(exporter, {std::int64_t{9177}}, {"libvirt"})
      .set(exporter, {std::int64_t{9100}}, {"node"});
  site.set(record("prometheus", "exporter.path"), {std::string("/m")}, {"libvirt"});
  alert("Steal", "avg by (host) (steal) > 0.05");
  alert("Swap", "swap > 2");
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet.site, "site/prometheus/targets.json"), R"([
  {"targets": ["kvm-02:9177"], "labels": {"job":"libvirt","host":"kvm-02","__metrics_path__":"/m"}},
  {"targets": ["kvm-01.example:9100"], "labels": {"job":"node","host":"kvm-01.example"}},
  {"targets": ["kvm-02:9100"], "labels": {"job":"node","host":"kvm-02"}}
]
)");
  EXPECT_EQ(body(fleet.site, "site/prometheus/rules.yml"), R"yml(groups:
  - name: tunec
    rules:
      - alert: "Steal"
        expr: "avg by (host) (steal) > 0.05"
        for: 600s
        labels:
          severity: "warning"
        annotations:
          summary: "{{ $labels.host }}: \"slow\""
      - alert: "Swap"
        expr: "(swap > 1) and on (host) up{host=~\"kvm-01[.]example\"}"
        for: 600s
        labels:
          severity: "warning"
          variant: "kvm-01.example"
        annotations:
          summary: "{{ $labels.host }}: \"slow\""
      - alert: "Swap"
        expr: "(swap > 2) and on (host) up{host=~\"kvm-02\"}"
        for: 600s
        labels:
          severity: "warning"
          variant: "kvm-02"
        annotations:
          summary: "{{ $labels.host }}: \"slow\""
)yml");
  expect_all_carried(site, fleet);
}

TEST(Backends, share_the_surfaces_out_among_them) {
  std::map<std::string, int> writers;
  const auto add = [&](const auto* backend) {
    EXPECT_NE(backend->emit, nullptr) << backend->name;
    EXPECT_FALSE(backend->summary.empty()) << backend->name;
    for (const std::string_view surface : backend->surfaces)
      writers[std::string(surface)] += backend->on_by_default ? 1 : 0;
  };
  std::ranges::for_each(all_backends().of_host, add);
  std::ranges::for_each(all_backends().of_fleet, add);
  for (const auto& [surface, count] : writers) EXPECT_EQ(count, 1) << surface;
  // Reads the files as text, because this test is not about the loader.
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("../stdlib/params")) {
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    constexpr std::string_view key = "surface: ";
    for (std::size_t at = text.find(key); at != text.npos; at = text.find(key, at + 1)) {
      const std::size_t begin = at + key.size();
      const std::string surface = text.substr(begin, text.find_first_of(" ,}\n", begin) - begin);
      EXPECT_TRUE(writers.contains(surface)) << entry.path() << ": " << surface;
    }
    ++files;
  }
  EXPECT_GT(files, 5);
}

TEST(Backends, come_by_name_and_write_nothing_for_nothing) {
  const auto name = [](const auto* backend) { return backend->name; };
  const Backends backends = all_backends();
  EXPECT_TRUE(std::ranges::is_sorted(backends.of_host, {}, name));
  EXPECT_TRUE(std::ranges::is_sorted(backends.of_fleet, {}, name));
  HandMadeSite site;
  site.host("a");
  const RenderedFleet fleet = site.render();
  EXPECT_TRUE(fleet.hosts[0].artifacts.empty());
  EXPECT_TRUE(fleet.hosts[0].steps->empty());
  EXPECT_TRUE(fleet.site.empty());
}

}  // namespace
}  // namespace tunec
