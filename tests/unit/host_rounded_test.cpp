// What the kernel makes of a value that it takes: rounds it, gives fewer, or leaves what was there.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "host/capture/snapshot.h"
#include "host/verify/findings.h"
#include "support/trial_rig.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

constexpr const char* conf = "etc/sysctl.d/90-tunec.conf";
constexpr const char* path = "/proc/sys/vm/a";
const std::string step =
    R"({"effect": "live", "command": "sysctl", "files": ["etc/sysctl.d/90-tunec.conf"], "sets_values": true})";
const std::string setting = R"({"name": "a", "file": "etc/sysctl.d/90-tunec.conf", "effect": "live", )"
                            R"("read": "/proc/sys/vm/a", "expect": "10", "write": true})";

std::string to_fours(const std::string& text) { return std::to_string((std::stoi(text) + 3) / 4 * 4) + "\n"; }

// "0 rounded, equal": the exit code of verify, and each status.
std::string verified(HostRig& rig, const Machine& machine) {
  const int code = rig.code_of([&] { return verify(machine, ReportForm::json); });
  std::string text = std::to_string(code);
  const auto json = nlohmann::json::parse(rig.said);
  for (const auto& entry : json["findings"]) {
    if (entry["kind"] != "value" && entry["kind"] != "effect") continue;
    text += " " + entry["status"].get<std::string>();
    if (entry["status"] != "equal")
      text += ", " + entry.value("expected", "") + " → " + entry.value("found", "");
  }
  return text;
}

struct Counted : HostRig {
  Counted() {
    set_value(path, "60");
    compile({{conf, {"x"}}}, step, setting);
  }
  void round(std::function<std::string(const std::string&)> how) {
    made_by_kernel[path] = [this, how = std::move(how)](const std::string& text) {
      ++writes;
      return how(text);
    };
  }
  int writes = 0;
};

TEST(HostRounded, is_as_wanted_and_not_written_again) {
  Counted rig;
  rig.round(to_fours);
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.warned << rig.refusal;
  EXPECT_EQ(rig.warned, "");
  EXPECT_NE(rig.said.find("a is 12: the kernel rounds 10\n"), std::string::npos) << rig.said;
  EXPECT_EQ(verified(rig, rig.running()), "0 rounded, 10 → 12");
  const int writes = rig.writes;
  EXPECT_EQ(rig.dry_run(rig.running()), exit_as_wanted);
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted);
  EXPECT_EQ(rig.said, "nothing to do\n");
  rig.compile({{conf, {"y"}}}, step, setting);
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.warned;
  EXPECT_EQ(verified(rig, rig.running()), "0 rounded, 10 → 12") << "the next generation knows it too";
  EXPECT_EQ(rig.writes, writes);
  rig.set_value(path, "16");
  EXPECT_EQ(verified(rig, rig.running()), "4 differs, 10 → 16") << "the kernel rounded to 12";
  rig.set_value(path, "12");
  EXPECT_EQ(rig.rollback(rig.running()), exit_as_wanted);
  EXPECT_EQ(rig.value(path), "12");
  EXPECT_EQ(rig.rollback(rig.running()), exit_as_wanted);
  EXPECT_EQ(rig.value(path), "60");
}

TEST(HostRounded, counts_each_report_as_it_is) {
  Counted rig;
  rig.round(to_fours);
  ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted);
  const auto report = [&](ReportForm form) {
    EXPECT_EQ(rig.code_of([&] { return verify(rig.running(), form); }), exit_as_wanted);
    return rig.said;
  };
  EXPECT_EQ(report(ReportForm::table),
            "rounded           a  expected 10, found 12    /proc/sys/vm/a\n"
            "generation 1: 2 of 2 files, values and checks are as wanted\n");
  EXPECT_NE(report(ReportForm::junit).find("failures=\"0\""), std::string::npos) << rig.said;
  EXPECT_EQ(report(ReportForm::prometheus).find("rounded"), std::string::npos) << rig.said;
}

TEST(HostRounded, is_not_what_the_kernel_ignores_or_does_not_keep) {
  int turn = 0;
  const std::function<std::string(const std::string&)> kernels[] = {
      [](const std::string&) { return "60\n"; },                          // as before
      [&](const std::string&) { return std::to_string(++turn) + "\n"; },  // another one each time
      [](const std::string&) { return "none\n"; },                        // no number
  };
  for (const auto& kernel : kernels) {
    Counted rig;
    rig.round(kernel);
    EXPECT_EQ(rig.apply(rig.running()), exit_differs);
    EXPECT_NE(rig.warned.find(", not 10: the kernel made that of it"), std::string::npos) << rig.warned;
    EXPECT_TRUE(verified(rig, rig.running()).starts_with("4 differs, 10 → ")) << rig.said;
    const int writes = rig.writes;
    EXPECT_EQ(rig.apply(rig.running()), exit_differs) << "it is not as wanted, and there is nothing to do";
    EXPECT_EQ(rig.said, "nothing to do\n");
    EXPECT_EQ(rig.writes, writes);
  }
}

TEST(HostRounded, is_what_stays_as_before_if_it_is_near) {
  Counted rig;
  rig.set_value(path, "12");
  rig.round(to_fours);
  EXPECT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.warned;
  EXPECT_EQ(verified(rig, rig.running()), "0 rounded, 10 → 12");
}

TEST(HostRounded, is_not_fewer_pages_than_asked_for) {
  Counted rig;
  rig.compile(
      {{conf, {"x"}}}, step, setting,
      R"({"kind": "effect", "effect": "live", "name": "a", "what": "pages", "read": "/proc/sys/vm/a", "least": 10})");
  rig.set_value(path, "0");
  rig.round([](const std::string&) { return "8\n"; });
  EXPECT_EQ(rig.apply(rig.running()), exit_differs);
  EXPECT_EQ(verified(rig, rig.running()), "4 fewer than asked, 10 → 8");
  EXPECT_EQ(rig.apply(rig.running()), exit_differs);
}

TEST(HostRounded, an_apply_that_was_interrupted_tells_it_again) {
  Counted rig;
  rig.round(to_fours);
  ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted);
  // As if it had died after it wrote the value, and before it recorded what came of it.
  const std::string record = "root/var/lib/tunec/generations/1/";
  std::string text = rig.scratch.read(record + "values");
  text.replace(text.find("\"got\": \"12\""), 11, "\"got\": \"\"");
  text.replace(text.find("\"rounded\": true"), 15, "\"rounded\": false");
  rig.scratch.write(record + "values", text);
  rig.scratch.write(record + "phase", "applying 0\n");
  EXPECT_EQ(rig.resume(rig.running()), exit_as_wanted) << rig.warned;
  EXPECT_EQ(verified(rig, rig.running()), "0 rounded, 10 → 12");
  EXPECT_EQ(rig.rollback(rig.running()), exit_as_wanted);
  EXPECT_EQ(rig.value(path), "60");
}

TEST(HostRounded, a_capture_says_so) {
  Counted rig;
  rig.round(to_fours);
  ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted);
  ASSERT_EQ(capture(rig.running(), rig.scratch.at("capture.tar")), exit_as_wanted);
  const Snapshot snapshot(read_tar(rig.scratch.read("capture.tar"), "it"));
  ASSERT_EQ(snapshot.rounded().size(), 1U);
  Wanted wanted = wanted_by(Generations(rig.running()).load(1), "first");
  wanted.values = snapshot.rounded();
  EXPECT_EQ(exit_code_of(look(snapshot.evidence(), wanted)), exit_as_wanted);
  wanted.values.clear();
  EXPECT_EQ(exit_code_of(look(snapshot.evidence(), wanted)), exit_differs);
}

constexpr const char* swappiness = "/proc/sys/vm/swappiness";

TEST(HostRounded, is_no_reason_for_a_trial_to_fall_back) {
  TrialRig rig;
  rig.made_by_kernel[swappiness] = to_fours;
  rig.swappiness_of_boot = "12";
  ASSERT_EQ(rig.trial(), exit_to_do) << rig.refusal;
  rig.reboot_to_the_end();
  EXPECT_NE(rig.said.find("generation 1 is applied"), std::string::npos) << rig.warned;
  EXPECT_EQ(verified(rig, rig.machine()), "0 equal rounded, 10 → 12");
  rig.reboot();
  EXPECT_EQ(verified(rig, rig.machine()), "0 equal rounded, 10 → 12");
  EXPECT_EQ(rig.go_back(), exit_to_do) << rig.warned << rig.refusal;
  EXPECT_EQ(rig.value(swappiness), "60");
}

TEST(HostRounded, a_trial_tells_it_from_what_somebody_else_sets) {
  for (const char* other : {"77", "9"}) {
    TrialRig rig;
    rig.swappiness_of_boot = other;
    ASSERT_EQ(rig.trial(), exit_to_do);
    rig.reboot();
    EXPECT_EQ(rig.judge(), exit_failed);
    EXPECT_NE(rig.warned.find("expected 10, found " + std::string(other)), std::string::npos) << rig.warned;
    EXPECT_EQ(rig.value(swappiness), other) << "it is as it was found";
  }
}

TEST(HostRounded, a_trial_tells_it_from_what_the_kernel_ignores) {
  TrialRig rig;
  rig.made_by_kernel[swappiness] = [](const std::string&) { return "60\n"; };
  rig.swappiness_of_boot = "60";
  ASSERT_EQ(rig.trial(), exit_to_do);
  rig.reboot();
  EXPECT_EQ(rig.judge(), exit_failed);
  EXPECT_NE(rig.warned.find("differs           sysctl.vm.swappiness"), std::string::npos) << rig.warned;
}

TEST(HostVerify, before_the_boot_of_a_trial_nothing_of_it_counts) {
  TrialRig rig;
  ASSERT_EQ(rig.trial(), exit_to_do);
  EXPECT_EQ(verified(rig, rig.machine()), "3 at the next boot, new=1 →  at the next boot, 10 → 60");
  EXPECT_EQ(rig.status(), exit_to_do);
  rig.scratch.write("root/etc/sysctl.d/90.conf", "mine\n");
  EXPECT_EQ(rig.status(), exit_differs) << "this is no matter of the boot";
}

}  // namespace
}  // namespace tunec::test
