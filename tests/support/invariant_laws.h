// The invariants of an accepted site, stated a second time: over its files and the machines, in C++, knowing
// nothing of how the compiler or the policies come to them. Numbers are those of `tunec explain invariants`.
// What is left out cannot be read off files: 47 and 60 need the kernel and the distribution (tests/oracles),
// 48, 59 and 72 are about commands, 33 is advice.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/host_files.h"
#include "support/site_model.h"

namespace tunec::test {

// What a law looked at, and what it found wrong. A law that looked at nothing has proved nothing.
class Ledger {
 public:
  void holds(bool fine, const std::string& otherwise) {
    ++looked_;
    if (!fine) faults_.push_back(otherwise);
  }
  int looked() const { return looked_; }
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  int looked_ = 0;
  std::vector<std::string> faults_;
};

struct HostCase {
  const Machine& machine;
  const HostFiles& files;
  std::map<std::string, int> exporters;  // job → port
};

struct HostLaw {
  int number;
  std::string_view rule;
  void (*check)(const HostCase& host, Ledger& ledger);
};
struct FleetLaw {
  int number;
  std::string_view rule;
  void (*check)(const std::vector<HostCase>& hosts, Ledger& ledger);
};

std::vector<HostLaw> cpu_laws();
std::vector<HostLaw> memory_laws();
std::vector<HostLaw> network_laws();
std::vector<HostLaw> device_laws();
std::vector<HostLaw> formation_laws();
std::vector<HostLaw> host_laws();  // all of them, by number
std::vector<FleetLaw> fleet_laws();

// Shared by the laws.
std::optional<Cpus> isolcpus(const HostFiles& files);  // whatever its flags
std::string isolcpus_flags(const HostFiles& files);    // "domain,managed_irq,"
bool within(const Cpus& part, const Cpus& all);
bool apart(const Cpus& one, const Cpus& other);
Cpus without(const Cpus& all, const Cpus& part);
bool is_on(const nlohmann::json& value);  // there and true
struct HugePages {
  // Bytes of one page; of the last pool where there are several
  std::int64_t at_boot = 0, bytes = 0, size = 0;
  int pools = 0;
};
HugePages huge_pages(const HostFiles& files);  // of the boot line

}  // namespace tunec::test
