// Facts by name and item by item. Labels split no class of hosts unless a profile or policy reads them.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "machine/devices.h"
#include "support/over_memory.h"

namespace tunec {
namespace {

constexpr std::string_view machine = R"(site s
host a {
  facts {
    os = "ubuntu 24.04"  memory = 64GiB
    cpu { vendor = intel  sockets = 2  siblings = ["0,4", "1,5", "2,6", "3,7"]  online = [0..6] }
    nic eth0 { speed = 10Gbps  mtu = 9000  node = 1  addresses = [10.0.0.5/24] }
    nic eth1 { }
    disk sda { kind = ssd  size = 1TB }
    disk nvme0n1 { kind = nvme  node = 0 }
    gpu "0000:65:00.0" { id = "10de:2206"  node = 1  group = 17  driver = vfio-pci  name = "RTX 3080" }
    pci "0000:65:00.1" { id = "10de:1aef" }
  }
  sysctl.vm.swappiness = 10
}
)";

test::Run run_of(std::string_view text) { return test::compile_in_memory(test::files_from(text)); }

std::vector<std::string> texts_of(const test::Run& run) {
  std::vector<std::string> messages;
  for (const Diagnostic& diagnostic : run.compilation->reporter.sorted())
    messages.push_back(diagnostic.message);
  return messages;
}

// "eth0: mtu = 9000, …" for each item; `?` is an unknown value.
std::string shown(const Facts& facts, std::string_view collection) {
  std::string text;
  for (const MachineItem& item : machine_items(facts, collection)) {
    text += item.name + ":";
    for (const std::string_view field : item_fields(collection)) {
      const auto value = item_fact(facts, collection, item.index, field);
      text += fmt::format(" {}={}", field, !value ? "none" : value->poisoned() ? "?" : to_source(*value));
    }
    text += "\n";
  }
  return text;
}

TEST(FactItems, EachCollectionGivesWhatWasStated) {
  const test::Run run = run_of(machine);
  ASSERT_EQ(texts_of(run), std::vector<std::string>{});
  const Facts& facts = *run.compilation->plan().hosts.at(0).facts;
  EXPECT_EQ(shown(facts, "node"),
            "0: cores=2 cpus=[0..1, 4..5] memory=32GiB number=0\n1: cores=2 cpus=[2..3, 6] memory=32GiB "
            "number=1\n");
  EXPECT_EQ(shown(facts, "core"),
            "0: cpus=[0, 4] node=0 number=0\n1: cpus=[1, 5] node=0 number=1\n2: cpus=[2, 6] node=1 "
            "number=2\n3: cpus=[3] node=1 number=3\n");
  EXPECT_EQ(shown(facts, "nic"),
            "eth0: addresses=[10.0.0.5/24] mtu=9000 name=eth0 node=1 speed=10Gbps\neth1: addresses=? "
            "mtu=1500 name=eth1 node=? speed=?\n");
  EXPECT_EQ(shown(facts, "disk"),
            "sda: kind=ssd name=sda node=? size=1TB\nnvme0n1: kind=nvme name=nvme0n1 node=0 size=?\n");
  const std::string gpu =
      "0000:65:00.0: address=0000:65:00.0 bridge=off driver=vfio-pci group=17 id=10de:2206 module=vfio_pci "
      "name=RTX 3080 "
      "node=1\n";
  EXPECT_EQ(shown(facts, "gpu"), gpu);
  EXPECT_EQ(shown(facts, "pci"), gpu +
                                     "0000:65:00.1: address=0000:65:00.1 bridge=off driver=? group=? "
                                     "id=10de:1aef module=? name=? node=?\n");
}

TEST(FactItems, NamesAreSortedAndWhatIsNotThereIsNothing) {
  EXPECT_TRUE(std::ranges::is_sorted(item_collections()));
  for (const std::string_view collection : item_collections()) {
    EXPECT_FALSE(item_fields(collection).empty()) << collection;
    EXPECT_TRUE(std::ranges::is_sorted(item_fields(collection))) << collection;
    EXPECT_TRUE(machine_items(Facts{}, collection).empty()) << collection;
    EXPECT_FALSE(item_fact(Facts{}, collection, 0, item_fields(collection).front())) << collection;
  }
  Facts facts;
  facts.nics.resize(1);
  facts.pci.resize(1);  // no GPU
  EXPECT_TRUE(item_fact(facts, "nic", 0, "mtu"));
  EXPECT_FALSE(item_fact(facts, "nic", 1, "mtu"));
  EXPECT_FALSE(item_fact(facts, "nic", 0, "size"));
  EXPECT_FALSE(item_fact(facts, "gpu", 0, "id"));
  EXPECT_TRUE(item_fields("rack").empty());
  EXPECT_TRUE(machine_items(facts, "rack").empty());
  EXPECT_FALSE(item_fact(facts, "rack", 0, "name"));
}

TEST(Facts, NamesAreSortedAndLabelsAnyonesToName) {
  EXPECT_TRUE(std::ranges::is_sorted(fact_names()));
  EXPECT_TRUE(is_label("rack") && is_label("label.role") && is_label("label.a.b"));
  EXPECT_FALSE(is_label("label") || is_label("label.") || is_label("racks") || is_label("labels.role"));
}

// 10,000 hosts with three kinds of machine and 400 racks. Patterns give some of the facts.
std::string large_site(std::string_view body) {
  std::string main = fmt::format("site s\nimport \"hosts.yaml\"\nhosts * {{\n{}\n}}\n", body);
  std::string facts = "hosts:\n";
  for (int i = 0; i < 10'000; ++i) {
    const int rack = i / 25;
    facts += fmt::format(
        "  h-{:05}: {{ os: ubuntu 24.04, memory: {}GiB, cpu: {{ vendor: intel, cores: 8 }}, labels: {{ role: "
        "{} }}",
        i, 64 << i % 3, i % 2 == 0 ? "storage" : "compute");
    facts += rack < 200 ? fmt::format(", rack: r{} }}\n", rack) : " }\n";
    if (rack >= 200 && i % 25 == 0)
      main += fmt::format("hosts h-[{:05}..{:05}] {{ facts {{ rack = r{} }} }}\n", i, i + 24, rack);
  }
  return main + "--- hosts.yaml\n" + facts;
}

struct Counted {
  std::size_t classes = 0, machines = 0;
  std::set<std::string> racks;
};

Counted counted(const test::Run& run) {
  Counted counted;
  std::set<std::size_t> classes;
  std::set<const Facts*> machines;
  for (const HostPlan& host : run.compilation->plan().hosts) {
    classes.insert(host.host_class);
    machines.insert(host.facts.get());
    counted.racks.insert(to_text(host.labels->rack));
  }
  counted.classes = classes.size();
  counted.machines = machines.size();
  return counted;
}

TEST(Labels, PartNoClassOfALargeFleetThatDoesNotAskForThem) {
  const test::Run run = run_of(
      large_site("sysctl.vm.swappiness = 10\nsysctl.kernel.core_pattern = host.rack"));
  ASSERT_EQ(texts_of(run), std::vector<std::string>{});
  const Counted of = counted(run);
  EXPECT_EQ(of.classes, 1U);  // nothing reads the memory either
  EXPECT_EQ(of.machines, 3U);
  EXPECT_EQ(of.racks.size(), 400U);
  const std::vector<HostPlan>& hosts = run.compilation->plan().hosts;
  EXPECT_EQ(to_text(hosts.at(9'999).find("sysctl.kernel.core_pattern")->value), "r399");
}

TEST(Labels, PartClassesByWhatIsAskedForOnly) {
  const test::Run run = run_of(large_site("when host.label.role == storage { sysctl.vm.swappiness = 1 }"));
  ASSERT_EQ(texts_of(run), std::vector<std::string>{});
  const Counted of = counted(run);
  EXPECT_EQ(of.machines, 3U);
  EXPECT_EQ(of.classes, 2U);
  for (const HostPlan& host : run.compilation->plan().hosts) {
    EXPECT_EQ(host.find("sysctl.vm.swappiness") != nullptr, std::stoi(host.name.substr(2)) % 2 == 0)
        << host.name;
  }
}

// No real machine has such lists. None may take long to read, and none may be accepted in part.
TEST(Facts, HugeListsAreRefusedOnce) {
  const auto repeated = [](std::string_view item, int times) {
    std::string list;
    for (int i = 0; i < times; ++i) list += fmt::format("{}{}", i == 0 ? "" : ", ", item);
    return list;
  };
  const std::string devices = repeated("{ address: \"0000:65:00.0\", id: \"10de:2206\" }", 20'000),
                    numbers = repeated("7", 20'000);
  const test::Run run = run_of(fmt::format(
      "site s\nimport \"hosts.yaml\"\nhost a {{ sysctl.vm.swappiness = count(host.pci_ids) + "
      "count(host.cpu.flags) }}\n--- hosts.yaml\nhosts:\n  a:\n    os: ubuntu 24.04\n    memory: 1GiB\n"
      "    cpu: {{ vendor: amd, cores: 4, flags: [{1}], online: [{1}] }}\n    pci: [{0}]\n    nics: [{{ "
      "name: eth0, addresses: [{1}] }}]\n",
      devices, numbers));
  EXPECT_EQ(texts_of(run),
            (std::vector<std::string>{
                "`flags` has at most 4096 items, not 20000", "`online` is a CPU list such as 0-7,16-23",
                "`pci` has at most 4096 items, not 20000", "`addresses` has at most 4096 items, not 20000"}));
}

}  // namespace
}  // namespace tunec
