#include "support/sites.h"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tunec::test {

const std::string_view three_machines = R"(
.node: &rest
  memory: 64GiB
  disks: [{ name: nvme0n1, kind: nvme, size: 1TB }]
  nics: [{ name: eth0, speed: 10Gbps, mtu: 1500 }]
hosts:
  "a*": { os: "ubuntu 24.04", cpu: { vendor: intel, cores: 8, threads: 2 }, memory: 64GiB, nics: [{ name: eth0, speed: 10Gbps }] }
  "b*": { os: "debian 12", cpu: { vendor: amd, sockets: 2, cores: 4, threads: 2 }, memory: 64GiB, disks: [{ name: sda, kind: ssd }] }
  "c*": { os: "rocky 9", cpu: { vendor: intel, cores: 16 }, memory: 128GiB }
)";

namespace {

bool one_in(int count) { return *rc::gen::inRange(0, count) == 0; }

std::string assignment(const UsableSetting& setting) {
  return setting.name + " = " + *rc::gen::elementOf(setting.values);
}

}  // namespace

const std::vector<UsableSetting>& usable_settings() {
  static const std::vector<UsableSetting> usable = [] {
    std::vector<UsableSetting> settings;
    std::ifstream file(TUNEC_USABLE_SETTINGS);
    const nlohmann::json found = nlohmann::json::parse(file);
    for (const auto& [name, values] : found.items())
      settings.push_back({name, values.get<std::vector<std::string>>()});
    return settings;
  }();
  return usable;
}

std::string RandomSite::text() const {
  std::string text;
  for (const SiteDeclaration& declaration : declarations) {
    text += declaration.head;
    if (!declaration.statements.empty()) {
      text += " {\n";
      for (const std::string& statement : declaration.statements) text += "  " + statement + "\n";
      text += "}";
    }
    text += "\n";
  }
  return text;
}

MemoryFileSystem RandomSite::files() const {
  MemoryFileSystem files;
  files.files["hosts.yaml"] = three_machines;
  files.files["main.tune"] = text();
  return files;
}

RandomSite any_site(bool conflicts) {
  const int profiles = *rc::gen::inRange(1, 6);
  const std::vector<std::string> names = {"a1", "a2", "a3", "b1", "b2", "c1", "c2"};
  RandomSite site;
  for (int i = 0; i < profiles; ++i)
    site.declarations.push_back({fmt::format("profile p{}", i), {"doc \"one of several\""}});
  for (int i = 0; i < profiles; ++i) {
    // The first profile includes all others, so a profile that includes it can settle their conflicts.
    for (int j = i + 1; j < profiles; ++j) {
      if (i == 0 || one_in(3))
        site.declarations[static_cast<std::size_t>(i)].statements.push_back(fmt::format("include p{}", j));
    }
  }
  const std::size_t first_host = site.declarations.size();
  for (const std::string& name : names) {
    if (!one_in(3)) site.declarations.push_back({"host " + name, {"include p0"}});
  }
  site.declarations.push_back({"hosts a*", {"doc \"all of a kind\""}});
  const std::set<std::size_t> chosen = *rc::gen::container<std::set<std::size_t>>(
      rc::gen::inRange<std::size_t>(0, usable_settings().size()));
  for (const std::size_t index : chosen) {
    const UsableSetting& setting = usable_settings()[index];
    const auto home = static_cast<std::size_t>(*rc::gen::inRange(0, profiles));
    site.declarations[home].statements.push_back(assignment(setting));
    if (conflicts && one_in(8))
      site.declarations[static_cast<std::size_t>(*rc::gen::inRange(0, profiles))].statements.push_back(
          assignment(setting));
    if (home != 0 && one_in(3)) site.declarations[0].statements.push_back(assignment(setting));
    for (std::size_t host = first_host; host < site.declarations.size(); ++host) {
      if (one_in(6)) site.declarations[host].statements.push_back(assignment(setting));
    }
  }
  // An alert needs an expression, an exporter needs a port.
  site.declarations[0].statements.push_back(
      "prometheus { alert(\"eth0\").expr = \"up == 0\"  exporter(\"eth0\").port = 9100 }");
  site.declarations.push_back({"site random", {}});
  site.declarations.push_back({"import \"hosts.yaml\"", {}});
  return site;
}

RandomSite any_order_of(RandomSite site) {
  const auto shuffle = [](auto& items) {
    for (std::size_t i = items.size(); i > 1; --i)
      std::swap(items[i - 1], items[*rc::gen::inRange<std::size_t>(0, i)]);
  };
  shuffle(site.declarations);
  for (SiteDeclaration& declaration : site.declarations) shuffle(declaration.statements);
  return site;
}

}  // namespace tunec::test
