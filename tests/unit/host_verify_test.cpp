// tunec-host verify looks for effects, not for the presence of a word. A test for each status.
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "host/live.h"
#include "host/verify/findings.h"
#include "host/verify/report.h"
#include "support/host_steps.h"
#include "support/verified.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

std::string setting(const std::string& read, const std::string& expect, const std::string& more = "") {
  return fmt::format(R"({{"name": "s", "file": "{}", "effect": "live", "read": "{}", "expect": "{}"{}}})",
                     conf, read, expect, more);
}
std::string check(const std::string& rest, const std::string& kind = "effect") {
  return fmt::format(R"({{"kind": "{}", "name": "c", "what": "it", {}}})", kind, rest);
}

// Applies a tree with these checks alone, and boots.
void apply_checks(HostRig& rig, const std::string& checks, const std::string& settings = "") {
  rig.compile({{conf, {"x"}}}, step_sysctl, settings, checks);
  rig.apply(rig.running(), ApplyMode::now, true);
  rig.set_value("/proc/sys/kernel/random/boot_id", "second");
}

TEST(HostVerify, reads_numbers_from_columns_lines_and_several_files) {
  HostRig rig;
  rig.set_value("/proc/meminfo",
                "MemTotal:  1000 kB\nMemAvailable:  76 kB\nSwapTotal: 50 kB\nSwapFree: 20 kB");
  rig.set_value("/proc/stat", "cpu  10 0 10 70 0 0 0 10 0 0\ncpu0 1 1 1 1 1 1 1 1\nbtime 5");
  rig.set_value("/proc/pressure/memory", "some avg10=0.00 avg60=0.00 avg300=12.50 total=9\nfull avg10=0.00");
  rig.set_value("/sys/class/net/a/statistics/tx_dropped", "3");
  rig.set_value("/sys/class/net/b/statistics/tx_dropped", "4");
  const auto floor = [&](const std::string& rest) {
    apply_checks(rig, check(rest, "floor"));
    return verified(rig);
  };
  EXPECT_EQ(floor(R"("read": "/proc/meminfo", "line": "MemAvailable:", "least": 512)"),
            "4; differs c expected at least 512 found 76 note it");
  EXPECT_EQ(floor(R"("read": "/proc/meminfo", "line": "MemAvailable:", "least": 76)"), "0");
  EXPECT_EQ(floor(R"("read": "/proc/meminfo", "line": "SwapTotal:", "minus": {"read": "/proc/meminfo", )"
                  R"("line": "SwapFree:"}, "most": 29)"),
            "4; differs c expected at most 29 found 30 note it");
  EXPECT_EQ(
      floor(
          R"("read": "/proc/stat", "line": "cpu", "columns": [9], "out_of": [2, 3, 4, 5, 6, 7, 8, 9], "most": 5)"),
      "4; differs c expected at most 5 found 10 note it");
  EXPECT_EQ(floor(R"("read": "/proc/pressure/memory", "line": "some", "columns": [4], "most": 10)"),
            "4; differs c expected at most 10 found 12.5 note it");
  EXPECT_EQ(floor(R"("read": "/sys/class/net/*/statistics/tx_dropped", "join": "sum", "most": 6)"),
            "4; differs c expected at most 6 found 7 note it");
  EXPECT_EQ(floor(R"("read": "/sys/class/net/*/statistics/tx_dropped", "join": "count", "least": 3)"),
            "4; differs c expected at least 3 found 2 note it");
  EXPECT_EQ(floor(R"("read": "/sys/class/net/*/statistics/tx_dropped", "most": 3)"),
            "4; differs c expected at most 3 found 4 note it");
  EXPECT_EQ(floor(R"("read": "/proc/nothing", "most": 3)"),
            "0; unsupported here c expected at most 3 note it");
}

TEST(HostVerify, compares_sets_of_cpus) {
  HostRig rig;
  const std::string isolated = check(
      R"("read": "/sys/isolated", "as": "cpus", "is": "4-7,36-39", "effect": "reboot")");
  rig.set_value("/sys/isolated", "4-7,36-39");
  apply_checks(rig, isolated);
  EXPECT_EQ(verified(rig), "0");
  rig.set_value("/sys/isolated", "4,5-6,7,36-39");
  EXPECT_EQ(verified(rig), "0");
  rig.set_value("/sys/isolated", "");
  EXPECT_EQ(verified(rig), "4; differs c expected 4-7,36-39 note it");
  const std::string housekeeping = check(
      R"("read": "/sys/online", "as": "cpus", "minus": {"read": "/sys/isolated", "as": "cpus"}, "least": 2)",
      "floor");
  rig.set_value("/sys/online", "0-7");
  rig.set_value("/sys/isolated", "1-7");
  apply_checks(rig, housekeeping);
  EXPECT_EQ(verified(rig), "4; differs c expected at least 2 found 1 note it");
}

TEST(HostVerify, texts_that_must_not_be_there) {
  HostRig rig;
  rig.set_value("/sys/vulnerabilities/a", "Not affected");
  rig.set_value("/sys/vulnerabilities/b", "Mitigation: Clear CPU buffers; SMT vulnerable");
  apply_checks(rig, check(R"("read": "/sys/vulnerabilities/*", "begins": "Vulnerable")"));
  EXPECT_EQ(verified(rig), "0");
  apply_checks(rig, check(R"("read": "/sys/vulnerabilities/*", "lacks": "SMT vulnerable")"));
  EXPECT_EQ(verified(rig),
            "4; differs c expected no `SMT vulnerable` found Mitigation: Clear CPU buffers; SMT vulnerable "
            "note it");
  rig.set_value("/sys/vulnerabilities/a", "Vulnerable: no microcode");
  apply_checks(rig, check(R"("read": "/sys/vulnerabilities/*", "begins": "Vulnerable")"));
  EXPECT_EQ(verified(rig), "4; differs c expected not `Vulnerable` found Vulnerable: no microcode note it");
}

TEST(HostVerify, counts_lines_of_the_files_that_are_meant) {
  HostRig rig;
  const std::string pattern = R"("read": "/sys/pci/*/uevent", "with": "PCI_ID=10de:2206")";
  const std::string of_vfio = check(
      pattern + R"(, "line": "PCI_ID=10de:2206", "join": "count", "most": 0, "minus": {)" + pattern +
      R"(, "line": "DRIVER=vfio-pci", "join": "count"})");
  rig.set_value("/sys/pci/1/uevent", "DRIVER=vfio-pci\nPCI_ID=10DE:2206");
  rig.set_value("/sys/pci/2/uevent", "DRIVER=nouveau\nPCI_ID=10DE:1AEF");
  rig.set_value("/sys/pci/3/uevent", "DRIVER=vfio-pci\nPCI_ID=1002:0001");
  apply_checks(rig, of_vfio);
  EXPECT_EQ(verified(rig), "0");
  rig.set_value("/sys/pci/4/uevent", "DRIVER=nouveau\nPCI_ID=10DE:2206");
  EXPECT_EQ(verified(rig), "4; differs c expected at most 0 found 1 note it");
}

TEST(HostVerify, an_option_of_a_module_and_its_effect_wait_for_the_load) {
  HostRig rig;
  rig.set_value("/sys/module/m/parameters/ids", "");
  rig.compile(
      {{"etc/modprobe.d/m.conf", {"x"}}},
      R"({"effect": "reload", "command": "update-initramfs", "files": ["etc/modprobe.d/m.conf"]})",
      R"({"name": "c", "file": "etc/modprobe.d/m.conf", "effect": "reload", )"
      R"("read": "/sys/module/m/parameters/ids", "expect": "1"})",
      check(
          R"("effect": "reload", "read": "/sys/pci/*/uevent", "line": "DRIVER=m", "join": "count", "least": 1)"));
  ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.refusal;
  EXPECT_TRUE(
      verified(rig).starts_with("3; at the next load c expected 1; at the next load c expected at least 1"))
      << verified(rig);
  rig.set_value("/proc/sys/kernel/random/boot_id", "second");
  EXPECT_TRUE(verified(rig).starts_with("4; differs c expected 1")) << verified(rig);
}

TEST(HostVerify, an_effect_waits_for_the_boot_and_pages_may_be_fewer) {
  HostRig rig;
  rig.set_value("/sys/pages", "10");
  rig.compile({{conf, {"x"}}}, "", "", check(R"("read": "/sys/pages", "least": 16, "effect": "reboot")"));
  rig.apply(rig.running());
  EXPECT_EQ(verified(rig), "3; at the next boot c expected at least 16 found 10 note it");
  rig.set_value("/proc/sys/kernel/random/boot_id", "second");
  EXPECT_EQ(verified(rig), "4; fewer than asked c expected at least 16 found 10 note it");
  rig.set_value("/sys/pages", "16");
  EXPECT_EQ(verified(rig), "0");
}

TEST(HostVerify, a_value_with_an_effect_is_told_once) {
  HostRig rig;
  rig.set_value("/proc/sys/vm/nr_hugepages", "5");
  apply_checks(
      rig,
      R"({"kind": "effect", "name": "s", "what": "pages", "read": "/proc/sys/vm/nr_hugepages", "least": 8})",
      setting("/proc/sys/vm/nr_hugepages", "8", R"(, "write": true)"));
  rig.set_value("/proc/sys/vm/nr_hugepages", "5");
  EXPECT_EQ(verified(rig), "4; fewer than asked s expected 8 found 5");
}

TEST(HostVerify, names_the_later_word_of_the_command_line) {
  HostRig rig;
  apply_checks(
      rig, "",
      R"({"name": "b", "file": "etc/x", "effect": "reboot", "read": "/proc/cmdline", "expect": "a=1"})");
  rig.set_value("/proc/cmdline", "ro a=1 a=2");
  EXPECT_EQ(verified(rig), "4; shadowed b expected a=1 note `a=2` stands later on the command line");
  rig.set_value("/proc/cmdline", "ro a=2 a=1");
  EXPECT_EQ(verified(rig), "0");
}

TEST(HostVerify, names_the_file_that_is_read_later) {
  HostRig rig;
  const std::string read = "/proc/sys/vm/swappiness";
  rig.set_value(read, "10");
  apply_checks(rig, "", setting(read, "10", R"(, "write": true)"));
  EXPECT_EQ(verified(rig), "0");
  rig.put("usr/lib/sysctl.d/95-vendor.conf", {"# x\n-vm/swappiness = 30\n"});
  EXPECT_EQ(
      verified(rig),
      "4; shadowed s expected 10 found 10 note /usr/lib/sysctl.d/95-vendor.conf is read later and sets 30");
  rig.put("etc/sysctl.d/95-vendor.conf", {"vm.dirty_ratio = 1\n"});  // hides the other
  EXPECT_EQ(verified(rig), "0");
  rig.put("etc/sysctl.d/50-early.conf", {"vm.swappiness = 30\n"});
  rig.put("run/sysctl.d/99-same.conf", {"vm.swappiness=10\n"});
  rig.put("usr/lib/sysctl.d/99-pattern.conf", {"vm.swap* = 30\n"});
  EXPECT_EQ(verified(rig), "0");
}

TEST(HostVerify, an_option_of_a_module_is_shadowed_too) {
  HostRig rig;
  rig.set_value("/sys/module/kvm_intel/parameters/nested", "N");
  rig.compile({{"etc/modprobe.d/tunec.conf", {"x"}}}, "",
              R"({"name": "m", "file": "etc/modprobe.d/tunec.conf", "effect": "reload",)"
              R"( "read": "/sys/module/kvm_intel/parameters/nested", "expect": "0"})");
  rig.apply(rig.running());
  EXPECT_EQ(verified(rig), "0");
  rig.put("etc/modprobe.d/zz.conf", {"options kvm-intel ept=1 nested=1\n"});
  EXPECT_EQ(verified(rig),
            "4; shadowed m expected 0 found N note /etc/modprobe.d/zz.conf is read later and sets 1");
}

TEST(HostVerify, a_pattern_is_a_setting_of_each_file_and_the_last_one_counts) {
  HostRig rig;
  rig.set_value("/sys/block/sda/queue/rotational", "1");
  rig.set_value("/sys/block/sdb/queue/rotational", "0");
  for (const char* disk : {"sda", "sdb", "nvme0n1", "nvme1n1"})
    rig.set_value(fmt::format("/sys/block/{}/queue/scheduler", disk), "[none] bfq kyber mq-deadline");
  const auto disks = [](const std::string& pattern, const std::string& expect, const std::string& more = "") {
    return setting("/sys/block/" + pattern + "/queue/scheduler", expect, more);
  };
  const std::string ssd = R"(, "where": "queue/rotational=0")";
  apply_checks(rig, "", disks("nvme*", "none") + "," + disks("sd*", "none", ssd));
  EXPECT_EQ(verified(rig), "0");
  apply_checks(rig, "",
               disks("nvme*", "none") + "," + disks("nvme1n1", "kyber") + "," + disks("sd*", "bfq", ssd));
  EXPECT_EQ(verified(rig),
            "4; differs s expected kyber found [none] bfq kyber mq-deadline; differs s expected bfq found "
            "[none] bfq "
            "kyber mq-deadline");
}

TEST(HostVerify, a_pattern_is_written_to_each_file) {
  HostRig rig;
  for (const char* cpu : {"cpu0", "cpu1"})
    rig.set_value(fmt::format("/sys/devices/system/cpu/{}/cpufreq/scaling_governor", cpu), "powersave");
  rig.compile(
      {{conf, {"x"}}}, step_sysctl,
      setting("/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor", "performance", R"(, "write": true)"));
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.warned;
  EXPECT_EQ(rig.value("/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor"), "performance");
  EXPECT_EQ(rig.rollback(rig.running()), exit_as_wanted);
  EXPECT_EQ(rig.value("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"), "powersave");
}

TEST(HostVerify, says_in_what_a_file_differs) {
  HostRig rig;
  rig.compile({{"etc/a", {"x"}}, {"etc/b", {"y"}}});
  ASSERT_EQ(rig.apply(rig.image()), exit_as_wanted);
  rig.put("etc/a", {"z", 0666});
  if (::geteuid() == 0) rig.put("etc/b", {"y", 0644, 7});
  rig.code_of([&] { return verify(rig.image(), ReportForm::table); });
  EXPECT_NE(rig.said.find("/etc/a  its content; mode 0666, not 0644"), std::string::npos) << rig.said;
  if (::geteuid() == 0) {
    EXPECT_NE(rig.said.find("/etc/b  owner 7:7, not 0:0"), std::string::npos) << rig.said;
  }
}

TEST(HostVerify, finds_in_an_image_what_a_later_file_takes_away) {
  HostRig rig;
  rig.compile({{conf, {"x"}}}, step_sysctl, setting("/proc/sys/vm/swappiness", "10"));
  ASSERT_EQ(rig.apply(rig.image()), exit_as_wanted) << rig.refusal;
  rig.put("etc/sysctl.d/99-other.conf", {"vm.swappiness = 99\n"});
  EXPECT_EQ(rig.code_of([&] { return verify(rig.image(), ReportForm::table); }), exit_differs);
  EXPECT_NE(rig.said.find("/etc/sysctl.d/99-other.conf is read later and sets 99"), std::string::npos)
      << rig.said;
}

TEST(HostVerify, reports_for_other_programs) {
  HostRig rig;
  rig.set_value("/proc/sys/a", "1 <2>");
  apply_checks(rig, "", setting("/proc/sys/a", "3") + "," + setting("/proc/sys/b", "4"));
  rig.said.clear();
  EXPECT_EQ(verify(rig.running(), ReportForm::junit), exit_differs);
  EXPECT_NE(rig.said.find(R"(<testsuite name="kvm-01" tests="3" failures="1">)"), std::string::npos)
      << rig.said;
  EXPECT_NE(rig.said.find(R"(<failure message="differs">expected 3, found 1 &lt;2&gt;</failure>)"),
            std::string::npos);
  EXPECT_NE(rig.said.find(R"(<skipped message="unsupported here"/>)"), std::string::npos);
  rig.said.clear();
  EXPECT_EQ(verify(rig.running(), ReportForm::prometheus), exit_differs);
  EXPECT_NE(rig.said.find("\ntunec_generation 1\n"), std::string::npos) << rig.said;
  EXPECT_NE(rig.said.find("tunec_drift{status=\"differs\"} 1\n"), std::string::npos);
  EXPECT_NE(rig.said.find("tunec_drift{status=\"shadowed\"} 0\n"), std::string::npos);
  EXPECT_NE(rig.said.find("\ntunec_trial 0\n"), std::string::npos);
  rig.said.clear();
  EXPECT_EQ(verify(rig.running(), ReportForm::table), exit_differs);
  EXPECT_EQ(rig.said,
            "differs           s  expected 3, found 1 <2>    /proc/sys/a\n"
            "unsupported here  s  expected 4    /proc/sys/b\n"
            "generation 1: 1 of 2 files, values and checks are as wanted\n");
}

TEST(HostVerify, the_schema_of_its_json_lists_each_status) {
  std::ifstream file("../stdlib/verify.schema.json");
  const auto schema = nlohmann::json::parse(file);
  std::vector<std::string> names;
  for (int status = 0; status <= static_cast<int>(Status::differs); ++status)
    names.emplace_back(status_name(static_cast<Status>(status)));
  EXPECT_EQ(schema["$defs"]["finding"]["properties"]["status"]["enum"], nlohmann::json(names));
}

TEST(HostVerify, what_a_capture_shows_does_not_steer_a_terminal) {
  Finding finding{"value", "s", Status::differs, "1", "\x1b]0;x\x07\x7f" + std::string(5000, 'a'), ""};
  const std::string line = line_of(finding);
  EXPECT_TRUE(
      std::ranges::none_of(line, [](char c) { return (c > 0 && c < ' ' && c != '\n') || c == 0x7f; }));
  EXPECT_LT(line.size(), 500U);
}

TEST(HostVerify, a_mask_is_read_as_one) {
  EXPECT_EQ(list_of_mask("f"), "0-3");
  EXPECT_EQ(list_of_mask("10"), "4") << "and not the CPU 10";
  EXPECT_EQ(list_of_mask("00000001,80000000"), "31-32");
  EXPECT_EQ(list_of_mask(""), "");
  EXPECT_EQ(list_of_mask("(null)"), std::nullopt);
  HostRig rig;
  rig.set_value("/proc/irq/default_smp_affinity", "00000010,00000033");
  apply_checks(rig, check(R"("read": "/proc/irq/default_smp_affinity", "as": "mask", "is": "0-1,4-5,36")"));
  EXPECT_EQ(verified(rig), "0");
  apply_checks(rig, check(R"("read": "/proc/irq/default_smp_affinity", "as": "mask", "is": "33")"));
  EXPECT_EQ(verified(rig), "4; differs c expected 33 found 0-1,4-5,36 note it");
}

}  // namespace
}  // namespace tunec::test
