// Mistakes that are found without a policy: names, types, parameters the kernel lacks, conflicts between
// settings.
#include <fmt/format.h>

#include "support/mutations.h"

namespace tunec::test {
namespace {

using Statements = std::vector<std::string>;

void on_ubuntu(Role& role) {
  role.machine.os = "ubuntu 24.04";
  role.machine.vendor = "intel";
}

void on_old_ubuntu(Role& role) { role.machine.os = "ubuntu 22.04"; }

Mutation with_statement(std::string name, std::string code, std::string says,
                        std::vector<std::string> (*statements)(const Role&)) {
  return {std::move(name), std::move(code), std::move(says), 0, nullptr, statements};
}

Mutation with_declaration(std::string name, std::string code, std::string says, void (*change)(SiteModel&)) {
  return {std::move(name), std::move(code), std::move(says), 0, nullptr, nullptr, change};
}

}  // namespace

std::vector<Mutation> language_mutations() {
  return {
      with_statement("a name with a slip", "T0301", "sysctl.vm.swapiness",
                     [](const Role&) -> Statements { return {"sysctl.vm.swapiness = 10"}; }),
      with_statement("a profile that is not there", "T0302", "hugepage",
                     [](const Role&) -> Statements { return {"include hugepage(reserve: 4GiB)"}; }),
      with_statement(
          "a fact with a slip", "T0306", "host.memori",
          [](const Role&) -> Statements { return {"sysctl.vm.min_free_kbytes = 1% of host.memori"}; }),
      with_statement("a function that is not there", "T0307", "sibling",
                     [](const Role&) -> Statements { return {"boot.isolcpus = sibling(0)"}; }),
      with_statement("a size for a number", "T0401", "sysctl.vm.swappiness",
                     [](const Role&) -> Statements { return {"sysctl.vm.swappiness = 1GiB"}; }),
      with_statement("a time for a size", "T0401", "sysctl.net.core.rmem_max",
                     [](const Role&) -> Statements { return {"sysctl.net.core.rmem_max = 6ms"}; }),
      with_statement("a number out of range", "T0402", "sysctl.vm.swappiness",
                     [](const Role&) -> Statements { return {"sysctl.vm.swappiness = 900"}; }),
      with_statement("a word that means nothing", "T0403", "boot.transparent_hugepage",
                     [](const Role&) -> Statements { return {"boot.transparent_hugepage = sometimes"}; }),
      with_statement("two items where three belong", "T0404", "sysctl.net.ipv4.tcp_rmem",
                     [](const Role&) -> Statements { return {"sysctl.net.ipv4.tcp_rmem = [4KiB, 16MiB]"}; }),
      with_statement(
          "items that fall", "T0405", "sysctl.net.ipv4.tcp_wmem",
          [](const Role&) -> Statements { return {"sysctl.net.ipv4.tcp_wmem = [16MiB, 64KiB, 4KiB]"}; }),
      with_statement("a part of a unit", "T0407", "sysctl.vm.min_free_kbytes",
                     [](const Role&) -> Statements { return {"sysctl.vm.min_free_kbytes = 1500B"}; }),
      with_statement("a placeholder", "T0408", "boot.isolcpus",
                     [](const Role&) -> Statements { return {"boot.isolcpus = \"X-Y\""}; }),
      {"a sysctl of an older kernel", "T0706", "sysctl.kernel.sched_latency_ns", 0, on_ubuntu,
       [](const Role&) -> Statements { return {"sysctl.kernel.sched_latency_ns = 6ms"}; }},
      {"a parameter that the kernel is built without", "T0709", "boot.nohz_full", 7,
       [](Role& role) {
         on_old_ubuntu(role);
         role.host_cores = 1;
         role.machine.cores = 8;
       },
       [](const Role& role) -> Statements {
         return {fmt::format("boot.nohz_full = {}", cpu_list(role.isolated()))};
       }},
      {"an option that no kernel reads any more", "T0702", "boot.elevator", 0, on_ubuntu,
       [](const Role&) -> Statements { return {"boot.elevator = \"mq-deadline\""}; }},
      {"a line that is too long", "T0803", "command line", 52, nullptr,
       [](const Role&) -> Statements {
         Statements all;
         for (int i = 0; i < 9; ++i)
           all.push_back(fmt::format("unchecked boot.word{} = \"{}\" because \"to fill it\"", i,
                                     std::string(250, 'x')));
         return all;
       }},
      with_declaration("two profiles that differ", "T0501", "sysctl.kernel.panic",
                       [](SiteModel& site) {
                         site.broken.push_back({"profile one", {"sysctl.kernel.panic = 3"}});
                         site.broken.push_back({"profile two", {"sysctl.kernel.panic = 4"}});
                         site.roles.front().broken = {"include one", "include two"};
                       }),
      with_declaration("a profile that includes itself", "T0305", "one",
                       [](SiteModel& site) {
                         site.broken.push_back({"profile one", {"include two"}});
                         site.broken.push_back({"profile two", {"include one"}});
                         site.roles.front().broken = {"include one"};
                       }),
      with_declaration("a host without facts", "T0311", "stranger",
                       [](SiteModel& site) {
                         site.broken.push_back({"host stranger", {"sysctl.kernel.panic = 3"}});
                       }),
      with_declaration("a pattern that no host fits", "T0312", "zz-*",
                       [](SiteModel& site) {
                         site.broken.push_back({"hosts zz-*", {"sysctl.kernel.panic = 3"}});
                       }),
      with_declaration("a name twice", "T0303", "profile",
                       [](SiteModel& site) {
                         for (int i = 0; i < 2; ++i)
                           site.broken.push_back({"profile one", {"sysctl.kernel.panic = 3"}});
                       }),
      with_declaration(
          "a waiver that ended", "T0602", "min-free",
          [](SiteModel& site) {
            site.roles.front().broken = {"sysctl.vm.min_free_kbytes = 4GiB"};
            site.broken.push_back({"waive min-free on host * until 2020-01-01 because \"it was once\"", {}});
          }),
  };
}

}  // namespace tunec::test
