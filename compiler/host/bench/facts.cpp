#include "host/bench/facts.h"

#include <charconv>

#include <unistd.h>

#include "host/generations.h"
#include "host/live.h"

namespace tunec::host {
namespace {

using Json = nlohmann::ordered_json;

// The value of the first line `KEY : VALUE` or `KEY=VALUE` of a text; empty if there is none.
std::string value_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.starts_with(key)) continue;
    const std::size_t begin = line.find_first_not_of(" \t:=\"", key.size());
    if (begin == line.npos || begin == key.size()) continue;
    return std::string(line.substr(begin, line.find_last_not_of(" \t\"") + 1 - begin));
  }
  return "";
}

std::string read(const Machine& machine, const std::string& path) {
  return read_value(machine, path).value_or("");
}

std::string os_name(const Machine& machine) {
  for (const char* path : {"usr/lib/os-release", "etc/os-release"}) {  // the second is a link to the first
    if (const State file = Files(machine.root).read(path)) return value_of(file->content, "PRETTY_NAME");
  }
  return "";
}

// Nothing if none is applied, or if only root may see it.
Json generation_number(const Machine& machine) {
  try {
    const auto number = Generations(machine).current();
    return number ? Json(*number) : Json(nullptr);
  } catch (const TreeFault&) {
    return nullptr;
  } catch (const Refused&) {
    return nullptr;
  }
}

}  // namespace

Json machine_facts(const Machine& machine) {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  const std::string kilobytes = value_of(read(machine, "/proc/meminfo"), "MemTotal");
  std::uint64_t memory = 0;
  std::from_chars(kilobytes.data(), kilobytes.data() + kilobytes.size(), memory);
  return {{"host", name},
          {"cpu", value_of(read(machine, "/proc/cpuinfo"), "model name")},
          {"cpus", read(machine, "/sys/devices/system/cpu/present")},
          {"memory", memory * 1024}};
}

Json system_facts(const Machine& machine) {
  return {{"os", os_name(machine)},
          {"kernel", read(machine, "/proc/sys/kernel/osrelease")},
          {"boot", read(machine, "/proc/sys/kernel/random/boot_id")},
          {"online", read(machine, "/sys/devices/system/cpu/online")},
          {"generation", generation_number(machine)}};
}

}  // namespace tunec::host
