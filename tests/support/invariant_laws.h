// The invariants of an accepted site, implemented a second time in C++, on its files and machines. They share
// no code with the compiler or the policies. The numbers are those of `tunec explain invariants`. Some
// invariants cannot be checked on files: 47 and 60 need the kernel and the distribution (tests/oracles), 48,
// 59 and 72 are about commands, and 33 is advice.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/host_files.h"
#include "support/site_model.h"

namespace tunec::test {

// Counts what a law checked and collects the faults it found. A law that checked nothing has proved nothing.
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
std::vector<HostLaw> host_laws();  // all laws, sorted by number
std::vector<FleetLaw> fleet_laws();

// Helpers that several laws use.
std::optional<Cpus> isolcpus(const HostFiles& files);  // ignoring its flags
std::string isolcpus_flags(const HostFiles& files);    // "domain,managed_irq,"
bool within(const Cpus& part, const Cpus& all);
bool apart(const Cpus& left, const Cpus& right);
Cpus without(const Cpus& all, const Cpus& part);
bool is_on(const nlohmann::json& value);  // present and true
struct HugePages {
  // Bytes of one page; of the last pool if there are several
  std::int64_t at_boot = 0, bytes = 0, size = 0;
  int pools = 0;
};
HugePages huge_pages(const HostFiles& files);  // as the boot line reserves them

}  // namespace tunec::test
