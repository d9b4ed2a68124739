// Finds the usable records by trial: compiles one site with a host for each value, and drops the hosts that
// an error names.
#include "support/sites.h"

#include <algorithm>
#include <set>

#include "base/units.h"
#include "embedded.h"
#include "support/over_memory.h"

namespace tunec::test {
namespace {

constexpr std::string_view machines = R"(
.node: &rest
  memory: 64GiB
  disks: [{ name: nvme0n1, kind: nvme, size: 1TB }]
  nics: [{ name: eth0, speed: 10Gbps, mtu: 1500 }]
hosts:
  "a*": { os: "ubuntu 24.04", cpu: { vendor: intel, cores: 8, threads: 2 }, memory: 64GiB, nics: [{ name: eth0, speed: 10Gbps }] }
  "b*": { os: "debian 12", cpu: { vendor: amd, sockets: 2, cores: 4, threads: 2 }, memory: 64GiB, disks: [{ name: sda, kind: ssd }] }
  "c*": { os: "rocky 9", cpu: { vendor: intel, cores: 16 }, memory: 128GiB }
)";

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

// The text between a name's parentheses, chosen so that the surface accepts it.
std::string instance_for(std::string_view name) {
  if (name.starts_with("mount")) return "/srv/vms";
  if (name.starts_with("unit")) return "probe.service";
  if (name.starts_with("dropin")) return "libvirtd.service";
  if (name.starts_with("udev")) return "nvme";
  return name.starts_with("wireguard") ? "wg0" : "eth0";
}

std::string written_name(std::string_view name) {
  std::string written;
  for (const char c : name) {
    written += c;
    if (c == '(') written += in_quotes(instance_for(name));
  }
  return written;
}

// Whole numbers at the lowest bound and just above it, in the record's unit.
std::vector<std::string> numbers_for(const ParamInfo& param) {
  std::int64_t lowest = 0;
  const std::int64_t unit = unit_named(param.unit).value_or(Unit{}).base;
  for (const Bounds& bounds : param.bounds) {
    if (bounds.lowest) lowest = std::max(lowest, (base_number(*bounds.lowest).value_or(0) + unit - 1) / unit);
  }
  return {std::to_string(lowest), std::to_string(lowest + 1), std::to_string(lowest + 2)};
}

std::vector<std::string> values_for(const ParamInfo& param, ValueType type) {
  switch (type) {
    case ValueType::flag: return {"on", "off"};
    case ValueType::boolean: return {"on", "off"};
    case ValueType::integer:
    case ValueType::size:
    case ValueType::duration:
    case ValueType::bandwidth: return numbers_for(param);
    case ValueType::decimal:
    case ValueType::percent:
    case ValueType::ratio: return {"1", "2", "3"};
    case ValueType::enumeration: {
      std::vector<std::string> words;
      for (const EnumValue& value : param.values) words.push_back(in_quotes(value.name));
      return words;
    }
    case ValueType::any:
    case ValueType::string:
      return {"\"alpha\"", "\"/alpha/beta\"", "\"a b  c\"", "\"x%y\"", "\"it's\"", "\"a\\\"b\""};
    case ValueType::range: return {"1..2", "2..3"};
    case ValueType::cpuset: return {"[0..1]", "[2, 4]"};
    case ValueType::address: return {"10.1.2.3"};
    case ValueType::prefix: return {"10.1.0.0/16"};
    case ValueType::pci_id: return {"10de:2206"};
    case ValueType::pci_address: return {"0000:65:00.0"};
    case ValueType::mac: return {"52:54:00:12:34:56"};
    case ValueType::version: return {"1.2.3"};
    case ValueType::date: return {"2027-03-31"};
    case ValueType::module: return {"kvm"};
    case ValueType::list: return {};
  }
  return {};
}

std::vector<std::string> values_for(const ParamInfo& param) {
  if (param.type != ValueType::list) return values_for(param, param.type);
  std::vector<std::string> lists;
  for (const std::string& item : values_for(param, param.element)) {
    std::string list = item;
    for (std::uint32_t i = 1; i < param.min_items; ++i) list += ", " + item;
    lists.push_back("[" + list + "]");
  }
  return lists;
}

// One host of each kind for each value.
MemoryFileSystem trial_of(const std::vector<UsableSetting>& settings) {
  MemoryFileSystem files;
  files.files["hosts.yaml"] = machines;
  std::string& site = files.files["main.tune"] = "site trial\nimport \"hosts.yaml\"\n";
  for (std::size_t number = 0; number < settings.size(); ++number) {
    const UsableSetting& setting = settings[number];
    for (std::size_t i = 0; i < setting.values.size(); ++i) {
      for (const char kind : {'a', 'b', 'c'})
        site += fmt::format("host {}-{}-{} {{ {} = {} }}\n", kind, number, i, setting.name,
                            setting.values[i]);
    }
  }
  return files;
}

// The hosts that errors name, and the hosts on whose line the syntax has a mistake.
std::set<std::string> troubled(const Compilation& trial) {
  std::set<std::string> hosts;
  for (const Diagnostic& diagnostic : trial.reporter.sorted()) {
    if (diagnostic.severity != Severity::error) continue;
    hosts.insert(diagnostic.hosts.begin(), diagnostic.hosts.end());
    const std::string_view line = trial.sources.line(
        diagnostic.where.file, trial.sources.position(diagnostic.where.file, diagnostic.where.begin).line);
    if (diagnostic.hosts.empty() && line.starts_with("host "))
      hosts.insert(std::string(line.substr(5, line.find(' ', 5) - 5)));
  }
  return hosts;
}

// Some mistakes are reported only if there are no others, so the remaining hosts are tried again.
std::vector<UsableSetting> find_usable() {
  const Catalogue catalogue(embedded_table());
  std::vector<UsableSetting> usable;
  std::size_t harvested = 0;
  for (const std::string_view name : catalogue.names()) {
    const ParamInfo& param = *catalogue.find(name);
    if (!param.curated && ++harvested % 16 != 0) continue;  // there are thousands, of a few kinds
    usable.push_back({written_name(name), values_for(param)});
  }
  for (int round = 0; round < 4; ++round) {
    const Run trial = compile_in_memory(trial_of(usable));
    const std::set<std::string> bad = troubled(*trial.compilation);
    std::vector<UsableSetting> accepted;
    for (std::size_t number = 0; number < usable.size(); ++number) {
      accepted.push_back({usable[number].name, {}});
      for (std::size_t i = 0; i < usable[number].values.size(); ++i) {
        const bool fine = std::ranges::none_of(std::string("abc"), [&](char kind) {
          return bad.contains(fmt::format("{}-{}-{}", kind, number, i));
        });
        if (fine) accepted.back().values.push_back(usable[number].values[i]);
      }
      if (accepted.back().values.empty()) accepted.pop_back();
    }
    usable = std::move(accepted);
    if (bad.empty()) break;
  }
  return usable;
}

bool one_in(int count) { return *rc::gen::inRange(0, count) == 0; }

std::string assignment(const UsableSetting& setting) {
  return setting.name + " = " + *rc::gen::elementOf(setting.values);
}

}  // namespace

const std::vector<UsableSetting>& usable_settings() {
  static const std::vector<UsableSetting> usable = find_usable();
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
  files.files["hosts.yaml"] = machines;
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
