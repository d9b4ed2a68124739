// The machines. The site's text is in site_text.cpp.
#include "support/site_model.h"

#include <algorithm>

namespace tunec::test {

Cpus Machine::cpus() const {
  Cpus all;
  for (int cpu = 0; cpu < core_count() * threads; ++cpu) all.insert(cpu);
  return all;
}

// Linux on x86 numbers the first threads of all cores first, then the second threads.
Cpus Machine::siblings(const Cpus& of) const {
  Cpus all;
  for (const int cpu : of) {
    for (int thread = 0; thread < threads; ++thread) all.insert(cpu % core_count() + thread * core_count());
  }
  return all;
}

std::vector<Cpus> Machine::nodes() const {
  const int count = half_nodes ? 2 * sockets : sockets, per_node = core_count() / count;
  std::vector<Cpus> all;
  for (int node = 0; node < count; ++node) {
    Cpus first_threads;
    for (int core = node * per_node; core < (node + 1) * per_node; ++core) first_threads.insert(core);
    all.push_back(siblings(first_threads));
  }
  return all;
}

int Machine::kernel() const {
  static const std::map<std::string, int> kernels = {
      {"debian 11", 510},    {"debian 12", 601},    {"debian 13", 612}, {"ubuntu 20.04", 504},
      {"ubuntu 22.04", 515}, {"ubuntu 24.04", 608}, {"rocky 9", 514}};
  return kernels.at(os);
}

bool Machine::nohz_full() const { return os == "debian 12" || os == "debian 13" || os == "ubuntu 24.04"; }
bool Machine::schedulers_builtin() const { return os == "rhel 9" || os == "rocky 9"; }

bool Machine::vfio_builtin() const { return os == "ubuntu 20.04" || os == "ubuntu 22.04"; }

namespace {

std::vector<std::string> first(int count, std::vector<std::string> all) {
  all.resize(static_cast<std::size_t>(count));
  return all;
}

}  // namespace

std::vector<std::string> Machine::gpu_ids() const { return first(gpus, {"10de:2206", "10de:27b8"}); }
std::vector<std::string> Machine::gpu_addresses() const {
  return first(gpus, {"0000:65:00.0", "0000:c1:00.0"});
}
std::vector<std::string> Machine::gpu_functions() const { return first(std::min(gpus, 1), {"10de:1aef"}); }

Cpus Role::isolated() const {
  const int own_cores = grade == "novacron.maximum" ? std::max(host_cores, 1) : host_cores;
  if (own_cores == 0) return {};
  Cpus rest = machine.cpus();
  for (const Cpus& node : machine.nodes()) {
    auto core = node.begin();
    for (int i = 0; i < own_cores && i < machine.core_count() / static_cast<int>(machine.nodes().size());
         ++i, ++core) {
      for (const int cpu : machine.siblings({*core})) rest.erase(cpu);
    }
  }
  return rest;
}

// At least 2 GiB, and at most half of the memory.
int Role::huge_gib() const {
  const int wanted = grade == "novacron.maximum" ? std::max(reserve, 2) : reserve;
  return wanted == 0 ? 0 : std::clamp(wanted, 2, machine.memory / 2);
}

std::string host_name(std::size_t role, int number) {
  return "r" + std::to_string(role) + "-" + std::to_string(number);
}
std::size_t role_of(std::string_view host) { return std::stoul(std::string(host.substr(1))); }

// 32 bytes in base64 have 43 characters, the last of which carries four bits.
std::string mesh_key(std::size_t role, int number) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::uint64_t state = role * 1000 + static_cast<std::uint64_t>(number) + 1;
  std::string key;
  for (int i = 0; i < 42; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    key += digits[state >> 58];
  }
  return key + "A=";
}

std::string cpu_list(const Cpus& cpus) {
  std::string text;
  for (auto at = cpus.begin(); at != cpus.end();) {
    const int begin = *at;
    int end = begin;
    while (++at != cpus.end() && *at == end + 1) ++end;
    text += (text.empty() ? "" : ", ") +
            (begin == end ? std::to_string(begin) : std::to_string(begin) + ".." + std::to_string(end));
  }
  return "[" + text + "]";
}

}  // namespace tunec::test
