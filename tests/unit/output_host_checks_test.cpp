// The checks of manifests: each shipped rule is about something that exists, and what it makes of a host.
#include "output/host_checks.h"

#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "driver/pipeline.h"
#include "embedded.h"
#include "host/manifest.h"
#include "machine/facts.h"
#include "output/manifest.h"
#include "source/yaml_packed.h"
#include "support/over_memory.h"

namespace tunec::test {
namespace {

using Json = nlohmann::json;

Json checks_of(const std::string& text, const std::string& name = "h") {
  const MemoryFileSystem files = files_from(text);
  SiteOptions options;
  options.main_file = "main.tune";
  options.today = Date{2026, 11, 30};
  const auto c = compile_site(options, files, StopAfter::render);
  EXPECT_FALSE(c->reporter.has_errors());
  for (const RenderedHost& host : c->rendered.hosts) {
    if (host.name != name) continue;
    Manifests manifests("tunec");
    manifests.prepare(c->rendered);
    const std::string manifest = manifests.manifest(host);
    EXPECT_NO_THROW(host::read_manifest(manifest, "it")) << "tunec-host reads it";
    return Json::parse(manifest)["checks"];
  }
  return {};
}

std::string of(const Json& checks, const std::string& name) {
  std::string text;
  for (const Json& check : checks) {
    if (check.value("name", "") != name) continue;
    Json rest = check;
    for (const char* key : {"name", "kind", "what", "effect"}) rest.erase(key);
    text += (text.empty() ? "" : " ") + rest.dump();
  }
  return text;
}

const std::string facts =
    R"(facts { os = "debian 12"  memory = 64GiB  cpu { vendor = intel  sockets = 2  cores = 8 } })";

TEST(HostChecks, each_shipped_rule_is_about_something_that_exists) {
  const auto c = open_knowledge("", files_from(""));
  const Library library(embedded_files());
  const yaml::NodePtr file = yaml::unpacked(library.find("stdlib/checks.packed")->text);
  std::size_t rules = 0;
  for (const char* list : {"effects", "facts", "floor", "before", "guests", "harms"}) {
    for (const yaml::NodePtr& rule : file->find(list)->items) {
      ++rules;
      EXPECT_FALSE(rule->text("source").empty()) << rule->text("what");
      EXPECT_FALSE(rule->text("what").empty());
      const std::string of = rule->text("of"), fact = rule->text("fact"), number = rule->text("number");
      EXPECT_TRUE(of.empty() || c->catalogue.find(of) != nullptr) << of;
      EXPECT_TRUE(fact.empty() || is_fact_name(fact)) << fact;
      const std::string_view numbers = library.find("stdlib/policies/host_floor.tune")->text;
      EXPECT_TRUE(number.empty() || numbers.find("let " + number + " ") != std::string_view::npos) << number;
    }
  }
  EXPECT_GT(rules, 35U);
}

TEST(HostChecks, of_words_of_the_command_line_and_their_states) {
  const Json checks = checks_of("site s\nhost h { " + facts + R"(
    boot { isolcpus = 4..7  transparent_hugepage = madvise  mitigations = auto  intel_iommu = on  iommu = pt
           hugepagesz = 1GiB  default_hugepagesz = 1GiB  hugepages = 4  irqaffinity = [0..3, 8..15] } })");
  EXPECT_EQ(of(checks, "boot.isolcpus"),
            R"({"as":"cpus","is":"4-7","read":"/sys/devices/system/cpu/isolated"})");
  EXPECT_EQ(of(checks, "boot.transparent_hugepage"),
            R"({"is":"madvise","read":"/sys/kernel/mm/transparent_hugepage/enabled"})");
  EXPECT_EQ(of(checks, "boot.mitigations"),
            R"({"begins":"Vulnerable","read":"/sys/devices/system/cpu/vulnerabilities/*"})");
  EXPECT_EQ(of(checks, "boot.intel_iommu"),
            R"({"join":"count","least":1,"read":"/sys/kernel/iommu_groups/*"})");
  EXPECT_EQ(of(checks, "boot.iommu"), "") << "its state is another word of the same line";
  EXPECT_EQ(of(checks, "boot.hugepages"),
            R"({"least":4,"read":"/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages"})");
  EXPECT_EQ(of(checks, "boot.default_hugepagesz"),
            R"({"is":"1048576","line":"Hugepagesize:","read":"/proc/meminfo"})");
}

TEST(HostChecks, of_pages_by_node) {
  const Json checks = checks_of("site s\nhost h { " + facts + " boot.hugepages(2MiB) = [512, 1024] }");
  EXPECT_EQ(
      of(checks, "boot.hugepages(2M)"),
      R"({"least":512,"read":"/sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages"} )"
      R"({"least":1024,"read":"/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages"})");
}

TEST(HostChecks, a_state_that_a_later_writer_sets_is_not_the_words) {
  const Json checks = checks_of("site s\nhost h { " + facts + R"(
    boot.transparent_hugepage = madvise  sysfs.kernel.mm.transparent_hugepage.enabled = madvise })");
  EXPECT_EQ(of(checks, "boot.transparent_hugepage"), "");
}

TEST(HostChecks, of_facts) {
  const Json checks = checks_of(
      "site s\nhost h { facts { os = \"debian 12\"  memory = 64GiB  cpu { vendor = amd  sockets = 2  cores = "
      "8  "
      "threads = 2 }  gpu \"0000:65:00.0\" { id = \"10de:2206\" } } }");
  EXPECT_EQ(of(checks, "host.memory"),
            R"({"least":65286038,"line":"MemTotal:","most":67108864,"read":"/proc/meminfo"})");
  EXPECT_EQ(of(checks, "host.cpus"), R"({"as":"cpus","is":"0-31","read":"/sys/devices/system/cpu/present"})");
  EXPECT_EQ(of(checks, "host.nodes"),
            R"({"join":"count","least":2,"most":2,"read":"/sys/devices/system/node/node[0-9]*/meminfo"})");
  EXPECT_EQ(of(checks, "host.cpu.vendor"),
            R"({"columns":[3],"is":"AuthenticAMD","line":"vendor_id","read":"/proc/cpuinfo"})");
  EXPECT_EQ(of(checks, "host.pci_addresses"),
            R"({"join":"count","least":1,"read":"/sys/bus/pci/devices/0000:65:00.0/vendor"})");
  EXPECT_EQ(of(checks, "host.pci_ids"),
            R"({"join":"count","least":1,"line":"PCI_ID=10DE:2206","read":"/sys/bus/pci/devices/*/uevent"})");
}

TEST(HostChecks, of_disks_and_network_cards) {
  const Json checks = checks_of(
      "site s\nhost h { facts { os = \"debian 12\"  disk nvme0n1 { kind = nvme }  disk sda { kind = ssd }  "
      "nic "
      "eno1 { speed = 10Gbps } } }");
  EXPECT_EQ(of(checks, "host.disks"), R"({"join":"count","least":1,"read":"/sys/block/nvme0n1/size"} )"
                                      R"({"join":"count","least":1,"read":"/sys/block/sda/size"})");
  EXPECT_EQ(of(checks, "host.disk_kinds"),
            R"({"join":"count","least":1,"read":"/sys/block/nvme*/size"} )"
            R"({"join":"count","least":1,"line":"0","read":"/sys/block/sd*/queue/rotational"})");
  EXPECT_EQ(of(checks, "host.nics"), R"({"join":"count","least":1,"read":"/sys/class/net/eno1/address"})");
}

TEST(HostChecks, of_devices_that_vfio_pci_takes) {
  const Json checks = checks_of(
      "site s\nhost h { " + facts +
      " udev.driver_override(vfio-pci) = [\"0000:17:00.0\", \"0000:17:00.1\"]  module vfio-pci { ids = "
      "[\"10de:2206\"] }  modules-load.modules = [vfio-pci] }");
  EXPECT_EQ(
      of(checks, "udev.driver_override(vfio-pci)"),
      R"({"join":"count","least":1,"line":"DRIVER=vfio-pci","read":"/sys/bus/pci/devices/0000:17:00.0/uevent"} )"
      R"({"join":"count","least":1,"line":"DRIVER=vfio-pci","read":"/sys/bus/pci/devices/0000:17:00.1/uevent"})");
  EXPECT_EQ(of(checks, "module.vfio-pci.ids"),
            R"({"join":"count","line":"PCI_ID=10de:2206","minus":{"join":"count","line":"DRIVER=vfio-pci",)"
            R"("read":"/sys/bus/pci/devices/*/uevent","with":"PCI_ID=10de:2206"},"most":0,)"
            R"("read":"/sys/bus/pci/devices/*/uevent","with":"PCI_ID=10de:2206"})");
}

TEST(HostChecks, of_pages_that_sysfs_asks_for) {
  const Json checks = checks_of("site s\nhost h { " + facts +
                                " sysfs.devices.system.node(1).hugepages(2MiB) = 1024 }");
  EXPECT_EQ(
      of(checks, "sysfs.devices.system.node(1).hugepages(2MiB)") +
          of(checks, "sysfs.devices.system.node(1).hugepages(2048kB)"),
      R"({"least":1024,"read":"/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages"})");
}

TEST(HostChecks, of_what_harms_guests) {
  const auto harms = [](const std::string& settings) {
    std::string names;
    for (const Json& check : checks_of("site s\nhost h { " + facts + settings + " }")) {
      if (check["kind"] == "harms") names += check["name"].get<std::string>() + " " + check.dump() + "\n";
    }
    return names;
  };
  EXPECT_EQ(harms(" sysctl.net.ipv4.ip_forward = on"), "");
  EXPECT_NE(harms(" sysctl.net.ipv4.ip_forward = off").find("\"is\":\"0\""), std::string::npos);
  EXPECT_NE(harms(" sysfs.devices.system.cpu.smt.control = off").find("/sys/devices/system/cpu/smt/control"),
            std::string::npos);
  EXPECT_EQ(harms(" dropin \"system.slice\" { Slice.AllowedCPUs = 0..3 }"), "");
  EXPECT_NE(harms(" dropin \"machine.slice\" { Slice.AllowedCPUs = 4..7 }").find("machine.slice/cpuset.cpus"),
            std::string::npos);
}

TEST(HostChecks, limits_are_numbers_that_a_site_sets) {
  const std::string site = "site s\nlet floor_steal = 2%\nhost g { " + facts + " }\nhost h { " + facts +
                           " let floor_swap = 2GiB }";
  EXPECT_NE(of(checks_of(site), "floor_swap").find("\"most\":2097152"), std::string::npos);
  EXPECT_NE(of(checks_of(site, "g"), "floor_swap").find("\"most\":1048576"), std::string::npos);
  EXPECT_NE(of(checks_of(site, "g"), "floor_steal").find("\"most\":2,\"out_of\""), std::string::npos)
      << of(checks_of(site, "g"), "floor_steal");
}

TEST(HostChecks, nothing_is_assumed_of_what_the_facts_do_not_say) {
  const Json checks = checks_of("site s\nhost h { facts { os = \"debian 12\" } sysctl.vm.swappiness = 1 }");
  for (const Json& check : checks) EXPECT_NE(check["kind"], "assumed") << check;
  EXPECT_GT(checks.size(), 10U);
}

}  // namespace
}  // namespace tunec::test
