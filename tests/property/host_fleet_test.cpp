// The example fleet, compiled by tunec and applied by tunec-host: each host gets every byte of its tree, its
// values are set and read back where the manifest says, and a roll-back leaves nothing.
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/host_rig.h"

namespace tunec::test {
namespace {

using namespace tunec::host;
namespace fs = std::filesystem;

// A machine of the manifest's platform and name, whose kernel has all values that may be written.
Manifest prepare(HostRig& rig, const std::string& host) {
  const Manifest manifest = read_manifest(rig.scratch.read("fleet/" + host + "/manifest.json"), host);
  const std::string system = manifest.platform.substr(0, manifest.platform.find(", "));
  const std::size_t blank = system.find(' ');
  rig.scratch.write("root/etc/hostname", host + "\n");
  rig.scratch.write("root/etc/os-release", fmt::format("ID={}\nVERSION_ID=\"{}\"\n", system.substr(0, blank),
                                                       system.substr(blank + 1)));
  for (const Setting& setting : manifest.settings) {
    if (setting.write) rig.set_value(setting.read, "as booted");
  }
  return manifest;
}

TEST(HostFleet, each_example_host_is_applied_verified_and_taken_back) {
  const Scratch compiled;
  const std::string command = fmt::format(
      "{} compile ../profiles/examples/fleet/site.tune -o {} > /dev/null 2>&1", TUNEC_BINARY,
      compiled.at("fleet"));
  ASSERT_EQ(std::system(command.c_str()), 0);
  int hosts = 0, written = 0, words = 0;
  for (const std::string& host : compiled.names("fleet")) {
    if (!compiled.exists("fleet/" + host + "/manifest.json")) continue;
    ++hosts;
    HostRig rig;
    fs::copy(compiled.at("fleet/" + host), rig.scratch.at("fleet/" + host), fs::copy_options::recursive);
    const Manifest manifest = prepare(rig, host);
    const std::string before = rig.state();
    const TreeChoice tree{rig.scratch.at("fleet"), host, false};
    const int code = apply(rig.running(), tree, true);
    EXPECT_TRUE(code == exit_as_wanted || code == exit_to_do) << host << ": " << code << rig.warned;
    for (const WantedFile& file : manifest.files) {
      EXPECT_EQ(rig.scratch.read("root/" + file.path), compiled.read("fleet/" + host + "/" + file.path));
      EXPECT_EQ(rig.scratch.mode("root/" + file.path), file.mode) << file.path;
    }
    for (const Setting& setting : manifest.settings) {
      words += setting.read == "/proc/cmdline" ? 1 : 0;
      if (!setting.write) continue;
      ++written;
      EXPECT_EQ(rig.value(setting.read), setting.expect) << host << ": " << setting.name;
    }
    for (const std::string& ran : rig.ran) {
      EXPECT_EQ(ran.find("sysctl --system"), std::string::npos);
      EXPECT_EQ(ran.find("libvirtd"), std::string::npos) << "restarts are left to the operator";
    }
    EXPECT_NE(verify(rig.running(), false), exit_differs) << rig.said;
    EXPECT_NE(rollback(rig.running(), {}, false), exit_failed) << rig.warned;
    EXPECT_EQ(rig.state(), before) << host;
  }
  EXPECT_GE(hosts, 10);
  EXPECT_GT(written, 10 * hosts);
  EXPECT_GT(words, 0);
}

}  // namespace
}  // namespace tunec::test
