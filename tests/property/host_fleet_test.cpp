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
  for (const host::Setting& setting : manifest.settings) {
    if (setting.write) rig.set_value(setting.read, "as booted");
  }
  rig.fulfil(manifest.checks);
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
    rig.scratch.make_directory("fleet");
    fs::copy(compiled.at("fleet/" + host), rig.scratch.at("fleet/" + host), fs::copy_options::recursive);
    const Manifest manifest = prepare(rig, host);
    const std::string before = rig.state();
    const TreeChoice tree{rig.scratch.at("fleet"), host, false};
    const int code = apply(rig.running(), tree, {ApplyMode::now});
    EXPECT_TRUE(code == exit_as_wanted || code == exit_to_do) << host << ": " << code << rig.warned;
    for (const WantedFile& file : manifest.files) {
      EXPECT_EQ(rig.scratch.read("root/" + file.path), compiled.read("fleet/" + host + "/" + file.path));
      EXPECT_EQ(rig.scratch.mode("root/" + file.path), file.mode) << file.path;
    }
    for (const host::Setting& setting : manifest.settings) {
      words += setting.read == "/proc/cmdline" ? 1 : 0;
      if (!setting.write) continue;
      ++written;
      EXPECT_EQ(rig.value(setting.read), setting.expect) << host << ": " << setting.name;
    }
    for (const std::string& ran : rig.ran) {
      EXPECT_EQ(ran.find("sysctl --system"), std::string::npos);
      EXPECT_EQ(ran.find("libvirtd"), std::string::npos) << "restarts are left to the operator";
    }
    EXPECT_NE(verify(rig.running(), ReportForm::table), exit_differs) << rig.said;
    EXPECT_NE(rollback(rig.running(), {}, false), exit_failed) << rig.warned;
    EXPECT_EQ(rig.state(), before) << host;
  }
  EXPECT_GE(hosts, 10);
  EXPECT_GT(written, 10 * hosts);
  EXPECT_GT(words, 0);
}

// "CODE: what it printed", of the program itself.
std::string run(const std::string& arguments) {
  const Scratch scratch;
  const std::string command = fmt::format("{} {} > {} 2>&1", TUNEC_HOST_BINARY, arguments, scratch.at("out"));
  const int status = std::system(command.c_str());
  return fmt::format("{}: {}", WEXITSTATUS(status), scratch.read("out"));
}

TEST(HostProgram, refuses_what_it_does_not_know) {
  const std::pair<const char*, const char*> refused[] = {
      {"", "2: tunec-host: a command is missing: see tunec-host --help\n"},
      {"aply", "2: tunec-host: there is no command `aply`: see tunec-host --help\n"},
      {"apply", "2: tunec-host: `apply` takes `TREE`\n"},
      {"apply a b", "2: tunec-host: `apply` takes `TREE`\n"},
      {"apply --know", "2: tunec-host: there is no option `--know`: see tunec-host --help\n"},
      {"apply a --root", "2: tunec-host: `--root` needs DIR\n"},
      {"rollback x", "2: tunec-host: `x` is no number of a generation\n"},
      {"rollback --now", "2: tunec-host: `rollback` has no option `--now`\n"},
      {"verify --force", "2: tunec-host: `verify` has no option `--force`\n"},
      {"list --host a", "2: tunec-host: `list` has no option `--host`\n"},
      {"list --trial", "2: tunec-host: `list` has no option `--trial`\n"},
      {"apply a --trial --now", "2: tunec-host: `--now`, `--stage` and `--trial` exclude one another\n"},
      {"apply a --now --reboot",
       "2: tunec-host: `--reboot` and `--confirm-within` belong to `apply --trial`\n"},
      {"apply a --trial --confirm-within 10",
       "2: tunec-host: `10` is no time up to a day, such as 90s, 10m or 2h\n"},
      {"apply a --trial --confirm-within 25h",
       "2: tunec-host: `25h` is no time up to a day, such as 90s, 10m or 2h\n"},
      {"apply a --trial --root /",
       "2: tunec-host: the files of an image do not boot here: --now without a trial writes them\n"},
      {"confirm --root /", "2: tunec-host: `confirm` has no option `--root`\n"},
      {"boot --root /", "2: tunec-host: `boot` has no option `--root`\n"},
      {"status now", "2: tunec-host: `status` takes no argument\n"},
      {"list --root /nowhere", "2: tunec-host: /nowhere: No such file or directory\n"},
  };
  for (const auto& [arguments, expected] : refused) EXPECT_EQ(run(arguments), expected);
  EXPECT_TRUE(run("--help").starts_with("0: tunec-host: brings this host")) << run("--help");
  EXPECT_TRUE(run("--version").starts_with("0: tunec-host 0."));
}

TEST(HostProgram, applies_to_an_image_by_itself) {
  const HostRig rig;
  rig.compile({{"etc/a", {"a"}}});
  const std::string before = rig.state(), root = " --root " + rig.scratch.at("root"),
                    tree = rig.scratch.at("tree");
  EXPECT_EQ(run("verify" + root), "2: tunec-host: no generation is applied here\n");
  EXPECT_TRUE(run("apply " + tree + root).starts_with("4: /etc/a is new"));
  EXPECT_EQ(rig.state(), before);
  EXPECT_TRUE(run("apply " + tree + " --now" + root).starts_with("0: /etc/a is new"));
  EXPECT_EQ(run("apply " + tree + " --now" + root), "0: nothing to do\n");
  EXPECT_EQ(run("verify" + root), "0: generation 1: 1 of 1 files, values and checks are as wanted\n");
  EXPECT_EQ(run("rollback" + root), "0: generation 1 is taken back\n");
  EXPECT_EQ(rig.state(), before);
}

}  // namespace
}  // namespace tunec::test
