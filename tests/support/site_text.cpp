// Prints a site's choices in the language. The text must be easy to read, because a failing law shows it,
// shrunk as far as possible.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/site_model.h"

namespace tunec::test {
namespace {

using Statements = std::vector<std::string>;

void add(Statements& to, const Statements& more) { to.insert(to.end(), more.begin(), more.end()); }

// Writes several lines as one statement, because statements may be put in any order.
std::string facts_of(const Machine& machine) {
  Statements lines;
  lines.push_back(fmt::format("os = \"{}\"  memory = {}GiB", machine.os, machine.memory));
  const std::string threads = machine.threads == 1 ? "" : fmt::format("  threads = {}", machine.threads);
  const std::string sockets = machine.sockets == 1 ? "" : fmt::format("  sockets = {}", machine.sockets);
  lines.push_back(
      fmt::format("cpu {{ vendor = {}{}  cores = {}{} }}", machine.vendor, sockets, machine.cores, threads));
  lines.push_back(fmt::format("disk {} {{ kind = {}  size = 1000GB }}",
                              machine.disk == "nvme" ? "nvme0n1" : "sda", machine.disk));
  lines.push_back(fmt::format("nic eth0 {{ speed = 10Gbps  mtu = {} }}", machine.mtu));
  const std::vector<Cpus> nodes = machine.nodes();
  for (std::size_t node = 0; machine.half_nodes && node < nodes.size(); ++node) {
    lines.push_back(fmt::format("node n{} {{ cpus = {}  memory = {}MiB }}", node, cpu_list(nodes[node]),
                                machine.memory * 1024 / std::ssize(nodes)));
  }
  for (int gpu = 0; gpu < machine.gpus; ++gpu) {
    const auto at = static_cast<std::size_t>(gpu);
    lines.push_back(fmt::format("gpu \"{}\" {{ id = \"{}\"  node = 0 }}", machine.gpu_addresses()[at],
                                machine.gpu_ids()[at]));
    if (gpu == 0)
      lines.push_back(
          fmt::format("pci \"0000:65:00.1\" {{ id = \"{}\"  node = 0 }}", machine.gpu_functions()[at]));
  }
  return fmt::format("facts {{\n    {}\n  }}", fmt::join(lines, "\n    "));
}

bool has_fixed_memory(const Role& role) { return role.huge_gib() > 0 || role.machine.gpus > 0; }

bool merges(const Role& role) {
  const auto ksm = role.intents.find("ksm");
  return role.grade.empty() && ksm != role.intents.end() && ksm->second > 0 && !has_fixed_memory(role);
}

bool schedules_by_weight(const Role& role) {
  const auto scheduler = role.intents.find("scheduler");
  return role.grade.empty() && scheduler != role.intents.end() && scheduler->second > 0;
}

// A grade fixes the variant of some intents for all hosts: another variant would be a conflict.
std::string intent_text(const Role& role, const std::string& name, int variant) {
  const bool free = role.grade.empty() && variant > 0;
  const bool fixed_memory = has_fixed_memory(role);
  if (name == "vmstore") return "include vmstore(device: \"/dev/disk/by-label/vms\")";
  if (name == "governor" && free) return "include governor(powersave)";
  if (name == "scheduler" && schedules_by_weight(role)) return "include scheduler(single_queue: bfq)";
  if (name == "nested" && free) return "include nested(on)";
  if (name == "ksm" && merges(role)) return "include ksm(on)";
  if (name == "ballooning" && free && !fixed_memory) return "include ballooning(on)";
  if (name == "numa" && free && !fixed_memory && role.isolated().empty()) return "include numa(on)";
  return "include " + name;
}

std::string isolated_text(const Role& role) {
  if (!role.computed) return cpu_list(role.isolated());
  std::string text = "host.cpus";
  const int cores = std::max(role.host_cores, 1);
  for (std::size_t node = 0; node < role.machine.nodes().size(); ++node)
    text += fmt::format(" - siblings(first({}, node({})))", cores, node);
  return text;
}

Statements settings_text(const std::vector<SettingChoice>& choices, const Role* role, bool common) {
  Statements lines;
  std::set<std::size_t> seen;
  for (const SettingChoice& choice : choices) {
    const PlainSetting& setting = plain_settings()[choice.setting];
    if ((common && setting.shipped) || (setting.alone && (role == nullptr || !role->grade.empty()))) continue;
    if (!seen.insert(choice.setting).second) continue;
    for (const std::string& line : setting.values[choice.value % setting.values.size()]) {
      lines.push_back(choice.conditional ? fmt::format("when host.memory >= 1GiB {{ {} }}", line) : line);
    }
  }
  return lines;
}

struct PoolText {
  std::string name;
  Statements lines;
  std::vector<SiteDeclaration> types;
};

struct Share {
  int cpus, memory, disk;  // CPUs, GiB, GB
};

std::string common_type(int cpus, int memory, int disk) {
  return fmt::format(
      "vcpus = 1..{} default 1  memory = 1GiB..{}GiB default 1GiB  disk = 10GB..{}GB default 10GB", cpus,
      memory, disk);
}

// All pools get the same share. Pinned pools share half of the isolated CPUs, because each guest needs one
// more for its emulator. The other pools share the CPUs that are neither isolated nor the host's. Guests on
// huge pages share those.
std::vector<PoolText> pools_of(std::size_t number, const Role& role) {
  const int count = static_cast<int>(role.pools.size());
  if (count == 0) return {};
  const int isolated = static_cast<int>(role.isolated().size()),
            all = static_cast<int>(role.machine.cpus().size());
  const bool huge = role.huge_gib() > 0;
  const int memory = (huge ? role.huge_gib() : (role.machine.memory - 4) * 6 / 10) / count;
  std::vector<PoolText> pools;
  bool pinned_yet = false, gpu_yet = false, default_yet = false;
  for (int i = 0; i < count; ++i) {
    const PoolChoice& choice = role.pools[static_cast<std::size_t>(i)];
    const bool pinned = choice.pinned && isolated > 1 && !pinned_yet;
    const bool gpu = choice.gpu && role.machine.gpus > 0 && role.intents.contains("passthrough") && !gpu_yet;
    const bool once = pinned || huge || gpu || role.machine.gpus > 0;
    const Share share{pinned ? isolated / 2 : (all - isolated - 2) / count, memory, 900 / count};
    if (share.cpus < 1 || share.memory < 1) continue;
    pinned_yet = pinned_yet || pinned;
    gpu_yet = gpu_yet || gpu;
    PoolText pool{fmt::format("r{}-p{}", number, i), {}, {}};
    pool.lines.push_back(
        fmt::format("cpus = {}  memory = {}GiB  disk = {}GB", share.cpus, share.memory, share.disk));
    if (once || choice.ratio <= 10) {
      pool.lines.push_back("allow_overcommit = off  overcommit = off");
    } else {
      pool.lines.push_back(fmt::format("overcommit = {}.{}x", choice.ratio / 10, choice.ratio % 10));
    }
    if (pinned) pool.lines.push_back("cpu_pinning = on");
    if (gpu) pool.lines.push_back("gpu_devices = host.gpu_addresses");
    if (!default_yet) pool.lines.push_back("is_default = on");
    default_yet = true;
    std::vector<std::string> names;
    for (int type = 0; type < choice.types; ++type) {
      names.push_back(fmt::format("{}-t{}", pool.name, type));
      SiteDeclaration declaration{
          "instance type " + names.back(),
          {common_type(std::max(1, share.cpus / (type + 1)), share.memory, share.disk)}};
      if (pinned) declaration.statements.push_back("cpu_pinning = on  memory_dedicated = on");
      if (gpu) declaration.statements.push_back("gpu_required = on");
      if (role.machine.disk != "nvme" && schedules_by_weight(role))
        declaration.statements.push_back("io_weight = 500");
      if (type == 1) declaration.statements.push_back("cpu_shares = 200");
      pool.types.push_back(std::move(declaration));
    }
    if (!names.empty()) pool.lines.push_back(fmt::format("instance_types = [{}]", fmt::join(names, ", ")));
    pools.push_back(std::move(pool));
  }
  return pools;
}

std::string mesh_name(int mesh) { return fmt::format("wg{}", mesh); }

SiteDeclaration profile_of(std::size_t number, const SiteModel& site) {
  const Role& role = site.roles[number];
  SiteDeclaration profile{fmt::format("profile r{}", number), {}};
  Statements& lines = profile.statements;
  const int huge = role.huge_gib();
  const Cpus isolated = role.isolated();
  if (!site.common.empty()) lines.push_back("include common");
  if (role.grade == "novacron.maximum") {
    lines.push_back(
        fmt::format("include novacron.maximum(reserve: {}GiB, isolate: {})", huge, isolated_text(role)));
  } else {
    if (!role.grade.empty()) lines.push_back("include " + role.grade);
    if (!isolated.empty()) lines.push_back(fmt::format("include isolation(cpus: {})", isolated_text(role)));
    if (huge > 0)
      lines.push_back(
          fmt::format("include hugepages(size: {}, reserve: {}GiB)", role.gigantic ? "1GiB" : "2MiB", huge));
  }
  std::map<std::string, int> intents = role.intents;
  if (huge > 0 || !isolated.empty()) intents.emplace("numa", 0);  // otherwise the kernel moves guests' memory
  for (const auto& [name, variant] : intents) lines.push_back(intent_text(role, name, variant));
  if (role.mesh >= 0)
    lines.push_back(fmt::format("include mesh(network: mesh{0}, interface: {1}, port: {2})", role.mesh,
                                mesh_name(role.mesh), 51820 + role.mesh));
  if (role.intents.contains("passthrough")) {
    for (const std::string& address : role.machine.gpu_addresses()) {
      lines.push_back(fmt::format(
          "formation.hardware.gpu_devices(\"{}\") {{ name = \"card\"  memory_mb = 8GiB }}", address));
    }
  }
  add(lines, settings_text(role.settings, &role, false));
  std::vector<std::string> pools;
  for (const PoolText& pool : pools_of(number, role)) pools.push_back(pool.name);
  if (!pools.empty()) lines.push_back(fmt::format("pools = [{}]", fmt::join(pools, ", ")));
  if (lines.empty()) lines.push_back("doc \"nothing but a machine\"");
  return profile;
}

std::vector<SiteDeclaration> hosts_of(std::size_t number, const SiteModel& site) {
  const Role& role = site.roles[number];
  std::vector<SiteDeclaration> hosts;
  hosts.push_back({role.hosts == 1 ? "host " + host_name(number, 1)
                                   : fmt::format("hosts r{}-[1..{}]", number, role.hosts),
                   {facts_of(role.machine)}});
  hosts.back().statements.push_back(fmt::format("include r{}", number));
  for (int i = 1; i <= role.hosts; ++i) {
    Statements own;
    if (role.mesh >= 0) {
      const std::string peer =
          site.partner
              ? fmt::format("  peer office {{ public_key = \"{}\"  allowed_ips = [192.168.{}.0/24] }}",
                            mesh_key(9, role.mesh), role.mesh)
              : "";
      own.push_back(fmt::format(
          "wireguard {} {{ address = 10.{}.{}.{}/16  public_key = \"{}\"  endpoint = \"{}.example.net:{}\"{} "
          "}}",
          mesh_name(role.mesh), 8 + role.mesh, number, role.twins == "address" ? 1 : i,
          mesh_key(number, role.twins == "key" ? 1 : i), host_name(number, i), 51820 + role.mesh, peer));
    }
    if (i == 1) {
      add(own, settings_text(role.own, &role, false));
      add(own, role.broken);
    }
    if (own.empty()) continue;
    if (role.hosts == 1) {
      add(hosts.back().statements, own);
    } else {
      hosts.push_back({"host " + host_name(number, i), own});
    }
  }
  return hosts;
}

}  // namespace

std::vector<SiteDeclaration> SiteModel::declarations() const {
  std::vector<SiteDeclaration> all{{"site made-up", {}}};
  const auto append = [&all](const auto& more) { all.insert(all.end(), more.begin(), more.end()); };
  if (!common.empty()) {
    Statements lines = settings_text(common, nullptr, true);
    lines.insert(lines.begin(), "doc \"what all roles include\"");
    all.push_back({"profile common", lines});
  }
  for (std::size_t number = 0; number < roles.size(); ++number) {
    all.push_back(profile_of(number, *this));
    for (const PoolText& pool : pools_of(number, roles[number])) {
      all.push_back({"pool " + pool.name, pool.lines});
      append(pool.types);
    }
    append(hosts_of(number, *this));
    if (roles[number].huge_gib() > 16) {
      all.push_back(
          {fmt::format("waive hugepage-bounds on host r{}-* until 2030-12-31 because \"counted\"", number),
           {}});
    }
    if (merges(roles[number])) {
      all.push_back({fmt::format("waive sysfs.kernel.mm.ksm.run on hosts r{}-* owner \"ops\" until "
                                 "2030-12-31 because \"one tenant\"",
                                 number),
                     {}});
    }
  }
  for (const std::size_t policy : policies) all.push_back(house_policies()[policy]);
  append(broken);
  return all;
}

std::string SiteModel::text() const { return RandomSite{declarations()}.text(); }

MemoryFileSystem SiteModel::files() const {
  MemoryFileSystem files;
  files.files["main.tune"] = text();
  return files;
}

void showValue(const SiteModel& site, std::ostream& out) { out << "\n" << site.text(); }

}  // namespace tunec::test
