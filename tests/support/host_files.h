// The result for one host: all its files, read by the readers. Built without looking at the plan.
#pragma once

#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "render/render.h"
#include "support/readers.h"

namespace tunec::test {

struct HostFiles {
  std::string name;
  Pairs cmdline, sysctl, options, tmpfiles, qemu, cpufrequtils;  // tmpfiles without /sys/
  std::string cmdline_text;                                      // as passed to GRUB or grubby
  std::vector<std::string> modules;
  std::set<std::string> blacklist;
  std::vector<UdevRule> udev;
  std::map<std::string, WireguardFile> wireguard;  // by interface
  std::map<std::string, Pairs> units;              // by file
  nlohmann::json formation;
  std::map<std::string, std::string> texts;  // by path
  // The first file that its reader rejects, or that has no reader
  std::string fault;
};

HostFiles read_host(const RenderedHost& host);
// Job → port of each host's exporters, from the site's Prometheus targets.
std::map<std::string, std::map<std::string, int>> read_exporters(const RenderedFleet& fleet);

// The value of a key, or nothing if the key is missing. If it is repeated, the last value, as the consumers
// do.
std::optional<std::string> find(const Pairs& pairs, std::string_view key);
std::optional<std::int64_t> number(const Pairs& pairs, std::string_view key);
// The value at a dotted path such as "vm.use_hugepages" in the JSON, or null.
const nlohmann::json& at(const HostFiles& files, std::string_view path);

}  // namespace tunec::test
