// A whole site as choices, for laws over what tunec makes of it. Every combination of choices is meant to be
// a site that is accepted: what follows from them (which CPUs are isolated, how large a pool may be) is
// computed here, from what is known of hardware and not with the compiler's own arithmetic. So any part can
// be left out when a failing site is made smaller.
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
  bool half_nodes = false;                  // two NUMA nodes in each socket, stated in the facts
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
  // The kernel is built with it, and with callbacks off the isolated CPUs
  bool nohz_full() const;
  bool vfio_builtin() const;
  bool measured() const { return kernel() != 514; }
  // functions: of the same cards
  std::vector<std::string> gpu_ids() const, gpu_addresses() const, gpu_functions() const;
};

struct PoolChoice {
  int types = 1;   // instance types that it offers
  int ratio = 10;  // tenths
  bool pinned = false, gpu = false;
  bool operator==(const PoolChoice&) const = default;
};

// One of `plain_settings()`, and how it is written.
struct SettingChoice {
  std::size_t setting = 0, value = 0;
  bool conditional = false;  // inside of a `when` that holds
  bool operator==(const SettingChoice&) const = default;
};

// Hosts that are alike: a machine, and a profile of the site's own.
struct Role {
  Machine machine;
  int hosts = 1;
  std::string grade;                   // formation.operator, novacron.…, or none of them
  int kept = 0;                        // cores of each node that stay with the host; 0: no isolation
  bool computed = false;               // the isolated CPUs are an expression and not a list
  int reserve = 0;                     // GiB of huge pages; 0: none
  bool gigantic = false;               // of 1 GiB
  std::map<std::string, int> intents;  // shipped profile → which of its variants
  int mesh = -1;                       // its number; -1: none
  std::vector<PoolChoice> pools;
  std::vector<SettingChoice> settings, own;  // of the profile; of the first host
  std::vector<std::string> broken;           // statements that a mutation adds to the first host
  std::string twins;  // what a mutation makes the second host share with it: key, address
  bool operator==(const Role&) const = default;

  Cpus isolated() const;
  int huge_gib() const;  // what the reserve comes to here
};

struct SiteModel {
  std::vector<Role> roles;
  std::vector<SettingChoice> common;    // of a profile that all roles include
  std::set<std::size_t> policies;       // of house_policies()
  bool partner = false;                 // meshes have a peer that is no host of the site
  std::vector<SiteDeclaration> broken;  // what a mutation adds
  bool operator==(const SiteModel&) const = default;

  std::vector<SiteDeclaration> declarations() const;
  std::string text() const;
  MemoryFileSystem files() const;
};
void showValue(const SiteModel& site, std::ostream& out);  // RapidCheck's name for it

std::string host_name(std::size_t role, int number);  // from 1
// The role of a host and its place in it, by the name.
std::size_t role_of(std::string_view host);
std::string mesh_key(std::size_t role, int number);
std::string cpu_list(const Cpus& cpus);  // as tunec takes it: [0..3, 8]

// Settings that are fine on every machine; each value is a few statements that go together.
struct PlainSetting {
  std::vector<std::vector<std::string>> values;
  bool shipped = false;  // a shipped profile says something else, so only who includes it may say this
  bool alone = false;    // it does not go together with the graded profiles
};
const std::vector<PlainSetting>& plain_settings();
const std::vector<SiteDeclaration>& house_policies();

}  // namespace tunec::test
