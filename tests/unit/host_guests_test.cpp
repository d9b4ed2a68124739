// Guests that run while something is applied: what would harm them is refused, everything else is not.
#include <gtest/gtest.h>

#include "host/apply/guests.h"
#include "host/trial/trial.h"
#include "support/trial_rig.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

const std::string where =
    R"({"kind": "guests", "what": "guests", )"
    R"("read": "/sys/fs/cgroup/machine.slice/machine-qemu*.scope", "units": ["libvirt-guests.service"]})";
const std::string harm =
    R"({"kind": "harms", "name": "smt", "effect": "live", "what": "what runs on them moves", )"
    R"("read": "/sys/smt", "is": "off"})";
const std::string setting =
    R"({"name": "smt", "file": "etc/a", "effect": "live", "read": "/sys/smt", "expect": "off", "write": true})";

void run_guest(const HostRig& rig, const std::string& name) {
  rig.set_value("/sys/fs/cgroup/machine.slice/machine-qemu\\x2d" + name + ".scope/cgroup.procs", "1");
}

TEST(HostGuests, are_found_by_what_the_manifest_says) {
  HostRig rig;
  const Machine machine = rig.running();
  Manifest manifest;
  run_guest(rig, "1\\x2dweb");
  EXPECT_TRUE(running_guests(evidence_of(machine), manifest).empty()) << "it says nothing";
  Check check;
  check.kind = "guests", check.reading.read = "/sys/fs/cgroup/machine.slice/machine-qemu*.scope";
  check.units = {"libvirt-guests.service", "machine-qemu*.scope"};
  manifest.checks.push_back(check);
  run_guest(rig, "2\\x2ddb");
  EXPECT_EQ(running_guests(evidence_of(machine), manifest), (std::vector<std::string>{"-1-web", "-2-db"}));
  EXPECT_TRUE(stops_guests(manifest, "machine-qemu\\x2d1\\x2dweb.scope"));
  EXPECT_FALSE(stops_guests(manifest, "libvirtd.service"));
}

TEST(HostGuests, are_not_harmed_unless_it_is_forced) {
  HostRig rig;
  rig.set_value("/sys/smt", "on");
  rig.compile({{"etc/a", {"a"}}}, "", setting, where + "," + harm);
  for (int i = 1; i <= 7; ++i) run_guest(rig, std::to_string(i));
  const std::string before = rig.state();
  EXPECT_EQ(rig.dry_run(rig.running()), exit_differs);
  EXPECT_NE(rig.warned.find("--now would be refused: smt changes from on to off while 7 guests run (-1, -2, "
                            "-3, -4, -5, …) here: what runs on them moves: move them"),
            std::string::npos)
      << rig.warned;
  EXPECT_EQ(rig.apply(rig.running()), exit_usage_or_io);
  EXPECT_NE(rig.refusal.find("smt changes from on to off"), std::string::npos) << rig.refusal;
  EXPECT_EQ(rig.state(), before);
  EXPECT_EQ(rig.apply(rig.running(), ApplyMode::stage), exit_to_do) << "it counts from the boot";
  rig.rollback(rig.running());
  EXPECT_EQ(rig.apply(rig.running(), ApplyMode::now, true), exit_as_wanted) << rig.refusal;
  EXPECT_EQ(rig.value("/sys/smt"), "off");
}

TEST(HostGuests, matter_only_to_what_changes) {
  HostRig rig;
  rig.set_value("/sys/smt", "off");
  rig.compile({{"etc/a", {"a"}}}, "", setting, where + "," + harm);
  run_guest(rig, "1");
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted) << "it is so already: " << rig.refusal;
  rig.rollback(rig.running());
  rig.set_value("/sys/smt", "on");
  rig.scratch.clear("kernel/sys/fs");
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted) << "no guest runs: " << rig.refusal;
  HostRig other;
  run_guest(other, "1");
  other.compile({{"etc/a", {"a"}}}, "", "", where + "," + harm);
  EXPECT_EQ(other.apply(other.running()), exit_as_wanted) << "this machine has no such thing";
}

TEST(HostGuests, do_not_keep_a_trial_from_its_boot) {
  TrialRig rig;
  rig.set_value("/sys/smt", "on");
  run_guest(rig, "1");
  rig.compile({{"etc/default/grub.d/60.cfg", {"GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX new=1\"\n"}}},
              R"({"effect": "reboot", "command": "update-grub", "files": ["etc/default/grub.d/60.cfg"]})", "",
              where + "," + harm);
  EXPECT_EQ(rig.trial(), exit_to_do) << rig.refusal;
}

TEST(HostGuests, are_no_matter_of_verify) {
  HostRig rig;
  rig.set_value("/sys/smt", "on");
  rig.compile({{"etc/a", {"a"}}}, "", "", where + "," + harm);
  ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted);
  run_guest(rig, "1");
  EXPECT_EQ(rig.code_of([&] { return verify(rig.running(), ReportForm::table); }), exit_as_wanted)
      << rig.said;
}

}  // namespace
}  // namespace tunec::test
