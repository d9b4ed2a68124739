// A whole site as a set of choices, for laws about tunec's output. Every combination of choices must give an
// accepted site, so any part can be left out when a failing site is shrunk. Dependent values (the isolated
// CPUs, the size of a pool) are computed here from the hardware, without the compiler's own arithmetic.
#pragma once

#include <iosfwd>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/sites.h"

namespace tunec::test {

using Cpus = std::set<int>;

struct Machine {
  std::string os = "debian 12";
  std::string vendor = "intel";
  int sockets = 1, cores = 4, threads = 1;  // cores of one socket
  bool half_nodes = false;                  // two NUMA nodes in each socket, given in the facts
  int memory = 16;                          // GiB
  std::string disk = "ssd";
  int mtu = 1500;
  int gpus = 0;
  bool operator==(const Machine&) const = default;

  int core_count() const { return sockets * cores; }
  Cpus cpus() const;
  Cpus siblings(const Cpus& of) const;  // with all threads of their cores
  std::vector<Cpus> nodes() const;
  int kernel() const;  // 504 of 5.4
  // The kernel is built with nohz_full and with callback offloading
  bool nohz_full() const;
  bool vfio_builtin() const, schedulers_builtin() const;
  bool measured() const { return kernel() != 514; }
  // gpu_functions() are the IDs of the cards' other functions
  std::vector<std::string> gpu_ids() const, gpu_addresses() const, gpu_functions() const;
};

struct PoolChoice {
  int types = 1;   // number of instance types that it offers
  int ratio = 10;  // tenths
  bool pinned = false, gpu = false;
  bool operator==(const PoolChoice&) const = default;
};

// One of `plain_settings()`, and the form in which it is written.
struct SettingChoice {
  std::size_t setting = 0, value = 0;
  bool conditional = false;  // inside a `when` that holds
  bool operator==(const SettingChoice&) const = default;
};

// Hosts of one kind: a machine, and a profile of the site's own.
struct Role {
  Machine machine;
  int hosts = 1;
  std::string grade;                   // formation.operator, novacron.… or empty
  int host_cores = 0;                  // cores of each node for the host; 0: no isolation
  bool computed = false;               // the isolated CPUs are written as an expression, not as a list
  int reserve = 0;                     // GiB of huge pages; 0: none
  bool gigantic = false;               // of 1 GiB
  std::map<std::string, int> intents;  // shipped profile → which of its variants
  int mesh = -1;                       // its number; -1: none
  std::vector<PoolChoice> pools;
  std::vector<SettingChoice> settings, own;  // settings of the profile, and of the first host
  std::vector<std::string> broken;           // statements that a mutation adds to the first host
  std::string twins;  // the value that a mutation gives to the second host too: key, address
  bool operator==(const Role&) const = default;

  Cpus isolated() const;
  int huge_gib() const;  // the reserve on this machine
};

struct SiteModel {
  std::vector<Role> roles;
  std::vector<SettingChoice> common;    // settings of a profile that all roles include
  std::set<std::size_t> policies;       // indices into house_policies()
  bool partner = false;                 // meshes have a peer that is not a host of the site
  std::vector<SiteDeclaration> broken;  // declarations that a mutation adds
  bool operator==(const SiteModel&) const = default;

  std::vector<SiteDeclaration> declarations() const;
  std::string text() const;
  MemoryFileSystem files() const;
};
void showValue(const SiteModel& site, std::ostream& out);  // RapidCheck's name for it

std::string host_name(std::size_t role, int number);  // from 1
// The role of a host and its position in the role, by name.
std::size_t role_of(std::string_view host);
std::string mesh_key(std::size_t role, int number);
std::string cpu_list(const Cpus& cpus);  // in the language: [0..3, 8]

// Settings that are accepted on every machine; each value is a few statements that belong together.
struct PlainSetting {
  std::vector<std::vector<std::string>> values;
  bool shipped =
      false;  // a shipped profile sets another value, so only a profile that includes it may set this
  bool alone = false;  // conflicts with the graded profiles
};
const std::vector<PlainSetting>& plain_settings();
const std::vector<SiteDeclaration>& house_policies();

}  // namespace tunec::test
