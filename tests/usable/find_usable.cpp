// Finds the settings that random sites can use, by trial, and writes them as JSON: names with their values.
// Compiles one site with a host for each value, and drops the hosts that an error names. This takes seconds,
// so it is done once, when the tests are built.
#include <algorithm>
#include <iostream>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/units.h"
#include "embedded.h"
#include "support/over_memory.h"
#include "support/sites.h"

namespace tunec::test {
namespace {

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
  files.files["hosts.yaml"] = three_machines;
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

}  // namespace
}  // namespace tunec::test

int main() {
  nlohmann::json all;
  for (const tunec::test::UsableSetting& setting : tunec::test::find_usable())
    all[setting.name] = setting.values;
  std::cout << all.dump(1) << '\n';
  return std::cout.flush() ? 0 : 1;
}
