// A law that cannot fail proves nothing. A mutation breaks most laws (property/mutations_test.cpp). Files
// that no site can make tunec write are written here by hand.
#include <gtest/gtest.h>

#include <set>

#include "support/invariant_laws.h"
#include "support/mutations.h"

namespace tunec::test {
namespace {

struct Written {
  int law;
  Machine machine;
  std::vector<std::pair<std::string, std::string>> files;  // path and content
};

std::string boot(const std::string& words) {
  return "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX " + words + "\"\n";
}

Machine with_os(const char* os) {
  Machine machine;
  machine.os = os;
  return machine;
}

const std::string grub = "etc/default/grub.d/60-tunec.cfg", sysctl = "etc/sysctl.d/90-tunec.conf",
                  json = "etc/formation/form-config.json";

const std::vector<Written>& by_hand() {
  static const std::vector<Written> all = {
      {20, {}, {{grub, boot("hugepages=4 hugepagesz=1G")}}},
      {20, {}, {{grub, boot("hugepagesz=1G hugepages=4 hugepagesz=1G hugepages=5")}}},
      {38, {}, {{"etc/wireguard/wg0.conf", "[Interface]\nListenPort = 51820\nFwMark = 51820\n"}}},
      {46, with_os("ubuntu 22.04"), {{"etc/modprobe.d/tunec.conf", "options vfio-pci ids=10de:2206\n"}}},
      {50, {}, {{sysctl, "vm.swappiness = 1\nvm/swappiness = 2\n"}}},
      {51, {}, {{grub, boot("iommu=pt quiet iommu=off")}}},
      {53, {}, {{sysctl, "vm.swappiness = 1  # or more\n"}}},
      {54,
       {},
       {{"etc/udev/rules.d/60-tunec.rules",
         "SUBSYSTEM==\"block\", KERNEL==\"nvme*\", ATTR{queue/scheduler}=\"mq-deadline\"\n"}}},
      {54,
       {},
       {{"etc/udev/rules.d/60-tunec.rules",
         "SUBSYSTEM==\"block\", KERNEL==\"sd*\", ATTR{queue/scheduler}=\"bfq\"\n"}}},
      {66, {}, {{json, R"({"instance_types": [{"name": "a", "cpu_shares": 20000}]})"}}},
      {68, {}, {{json, R"({"hardware": {"gpu_devices": [{"id": "GPU-1234567890abcdef"}]}})"}}},
  };
  return all;
}

// A host in the form in which the renderer returns it.
class MadeHost {
 public:
  MadeHost(std::string name, const std::vector<std::pair<std::string, std::string>>& files)
      : name_(std::move(name)), steps_(std::make_shared<std::vector<Step>>()) {
    for (const auto& [path, content] : files) {
      auto artifact = std::make_shared<Artifact>();
      artifact->path = path;
      artifact->content = content;
      artifacts_.push_back(std::move(artifact));
    }
  }
  HostFiles read() const { return read_host({name_, "", artifacts_, steps_}); }

 private:
  std::string name_;
  Artifacts artifacts_;
  std::shared_ptr<std::vector<Step>> steps_;
};

TEST(InvariantLaw, FindsWhatIsWrittenWrong) {
  for (const Written& written : by_hand()) {
    const HostFiles files = MadeHost("a", written.files).read();
    EXPECT_EQ(files.fault, "");
    Ledger ledger;
    for (const HostLaw& law : host_laws()) {
      if (law.number == written.law) law.check({written.machine, files, {}}, ledger);
    }
    EXPECT_FALSE(ledger.faults().empty()) << written.law << ": " << written.files.front().second;
  }
}

constexpr std::string_view key_a = "MmNwED8hDIYVlPk7HVtngm8z8+7CTgKHKPCrvzISxyE=",
                           key_b = "A8tEWJOq+CkYQwollXGdVrLqavmOsz3PSOMD2Bw432w=";

std::string mesh_file(std::string_view address, std::string_view own, std::string_view peer) {
  std::string text = fmt::format(
      "[Interface]\nAddress = {}\nListenPort = 51820\n# to peers: PublicKey = {}\n", address, own);
  if (!peer.empty())
    text += fmt::format("\n[Peer]\nPublicKey = {}\nAllowedIPs = 10.8.0.{}/32\n", peer, peer == key_a ? 1 : 2);
  return text;
}

std::set<int> laws_broken_by(const std::string& first, const std::string& other) {
  const Machine machine;
  const HostFiles a = MadeHost("a", {{"etc/wireguard/wg0.conf", first}}).read(),
                  b = MadeHost("b", {{"etc/wireguard/wg0.conf", other}}).read();
  std::set<int> numbers;
  for (const FleetLaw& law : fleet_laws()) {
    Ledger ledger;
    law.check({{machine, a, {}}, {machine, b, {}}}, ledger);
    if (!ledger.faults().empty()) numbers.insert(law.number);
  }
  return numbers;
}

TEST(InvariantLaw, FindsWhatIsWrongBetweenHosts) {
  const std::string b = mesh_file("10.8.0.2/24", key_b, key_a);
  EXPECT_EQ(laws_broken_by(mesh_file("10.8.0.1/24", key_a, key_b), b), std::set<int>{});
  EXPECT_EQ(laws_broken_by(mesh_file("10.8.0.1/24", key_a, ""), b), std::set<int>{37});
  // B allows another address
  EXPECT_EQ(laws_broken_by(mesh_file("10.8.0.9/24", key_a, key_b), b), std::set<int>{37});
  EXPECT_EQ(laws_broken_by(mesh_file("10.8.0.2/24", key_a, key_b), b), (std::set<int>{36, 37}));
  EXPECT_TRUE(laws_broken_by(mesh_file("10.8.0.1/24", key_b, key_b), b).contains(35));
}

TEST(InvariantLaw, EachIsBrokenSomewhere) {
  std::set<int> broken = {35, 36, 37};
  for (const Mutation& mutation : mutations()) broken.insert(mutation.law);
  for (const Written& written : by_hand()) broken.insert(written.law);
  for (const HostLaw& law : host_laws())
    EXPECT_TRUE(broken.contains(law.number)) << law.number << " " << law.rule;
}

}  // namespace
}  // namespace tunec::test
