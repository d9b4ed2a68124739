// apply --now --restart: services are restarted after files and values, unless that would stop guests.
#include <memory>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "host/verify/findings.h"
#include "support/host_rig.h"
#include "support/killed.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

constexpr const char* conf = "etc/libvirt/qemu.conf";
const std::string restart = "systemctl try-restart 'libvirtd*.service' 'virtqemud*.service'";
const std::string steps =
    R"({"effect": "reload", "command": "daemon-reload", "files": ["etc/libvirt/qemu.conf"]},)"
    R"({"effect": "restart", "command": ")" +
    restart +
    R"(", "why": "it reads it at its start", "files": ["etc/libvirt/qemu.conf"], "unit": "libvirtd.service",)"
    R"( "restarts": ["libvirtd.service", "virtqemud.service"], "leaves_processes": true})";
const std::string set_v =
    R"({"name": "v", "effect": "live", "read": "/proc/sys/v", "write": true, "expect": "2"})";
const std::string guests =
    R"({"kind": "guests", "what": "guests", )"
    R"("read": "/sys/fs/cgroup/machine.slice/machine-qemu*.scope", "units": ["libvirt-guests.service", "machine-qemu*.scope"]})";

struct Libvirt : HostRig {
  Libvirt() {
    set_value("/proc/sys/v", "1");
    put(conf, {"old"});
    compile({{conf, {"new"}}}, steps, set_v, guests);
    unit("libvirtd.service", "active");
    unit("virtqemud.service", "inactive");
  }
  void unit(const std::string& name, const std::string& state, const std::string& more = "",
            const std::string& kill_mode = "process") {
    outputs
        ["systemctl show --property=LoadState,ActiveState,KillMode,RequiredBy,RequisiteOf,BoundBy,"
         "ConsistsOf,PropagatesStopTo -- '" +
         name + "'"] = "LoadState=loaded\nActiveState=" + state + "\nKillMode=" + kill_mode + "\n" + more +
                       "\n";
  }
  int apply_and_restart() { return apply(running(), ApplyMode::now, false, true); }
};

void expect_left(Libvirt& rig, const std::string& why) {
  EXPECT_EQ(rig.apply_and_restart(), exit_to_do) << rig.refusal << rig.warned;
  EXPECT_NE(rig.said.find("it reads it at its start; --restart leaves it to you: " + why), std::string::npos)
      << rig.said;
  EXPECT_EQ(rig.ran, std::vector<std::string>{"daemon-reload"});
}

TEST(HostRestarts, are_left_to_the_operator_unless_they_are_asked_for) {
  Libvirt rig;
  EXPECT_EQ(rig.apply(rig.running()), exit_to_do);
  EXPECT_EQ(rig.ran, std::vector<std::string>{"daemon-reload"});
  EXPECT_NE(rig.said.find("left to you\n  " + restart), std::string::npos) << rig.said;
}

TEST(HostRestarts, come_after_files_and_values_and_a_roll_back_runs_them_again) {
  Libvirt rig;
  const std::string before = rig.state();
  host::Machine machine = rig.running();
  std::vector<std::string> seen;  // what a service finds when it is started
  machine.run = [&, run = machine.run](const std::string& command) {
    if (command == restart)
      seen.push_back(rig.scratch.read(std::string("root/") + conf) + rig.value("/proc/sys/v"));
    return run(command);
  };
  EXPECT_EQ(rig.apply(machine, ApplyMode::now, false, true), exit_as_wanted) << rig.warned << rig.refusal;
  EXPECT_EQ(rig.ran, (std::vector<std::string>{"daemon-reload", restart}));
  EXPECT_EQ(rig.apply(machine, ApplyMode::now, false, true), exit_as_wanted);
  EXPECT_EQ(rig.said, "nothing to do\n");
  EXPECT_TRUE(rig.ran.empty());
  EXPECT_EQ(rig.rollback(machine), exit_as_wanted) << rig.warned;
  EXPECT_EQ(rig.ran, (std::vector<std::string>{"daemon-reload", restart}));
  EXPECT_EQ(seen, (std::vector<std::string>{"new2", "old1"}));
  EXPECT_EQ(rig.state(), before);
}

TEST(HostRestarts, that_fail_undo_everything) {
  Libvirt rig;
  const std::string before = rig.state();
  rig.failing = {restart};
  EXPECT_EQ(rig.apply_and_restart(), exit_failed);
  EXPECT_NE(rig.warned.find("failed with status 1"), std::string::npos) << rig.warned;
  EXPECT_EQ(rig.state(), before);
}

TEST(HostRestarts, a_dry_run_says_which_it_would_do) {
  Libvirt rig;
  EXPECT_EQ(rig.apply(rig.running(), ApplyMode::dry_run, false, true), exit_differs);
  EXPECT_NE(rig.said.find("commands that --now runs\n  daemon-reload\n  " + restart), std::string::npos)
      << rig.said;
  EXPECT_TRUE(rig.ran.empty());
}

TEST(HostRestarts, stay_where_guests_would_be_stopped) {
  for (const char* relation : {"RequiredBy", "RequisiteOf", "BoundBy", "ConsistsOf", "PropagatesStopTo"}) {
    Libvirt rig;
    rig.unit("libvirtd.service", "active", std::string(relation) + "=some.target libvirt-guests.service\n");
    rig.unit("some.target", "active");
    rig.unit("libvirt-guests.service", "active");
    expect_left(rig, "libvirt-guests.service would stop with libvirtd.service, and guests with it");
  }
}

TEST(HostRestarts, stay_where_guests_would_be_stopped_by_what_stops_with_it) {
  Libvirt rig;
  rig.unit("libvirtd.service", "active", "RequiredBy=a.service\n");
  rig.unit("a.service", "active", "ConsistsOf=b.service a.service\n");  // a circle
  rig.unit("b.service", "active", "BoundBy=machine-qemu\\x2d1.scope\n");
  rig.unit("machine-qemu\\x2d1.scope", "active");
  expect_left(rig, "machine-qemu\\x2d1.scope would stop with libvirtd.service");
}

TEST(HostRestarts, do_not_mind_units_that_are_not_running) {
  Libvirt rig;
  rig.unit("libvirtd.service", "active", "RequiredBy=libvirt-guests.service\n");
  rig.unit("libvirt-guests.service", "inactive");
  EXPECT_EQ(rig.apply_and_restart(), exit_as_wanted) << rig.said;
}

TEST(HostRestarts, look_at_the_daemon_that_takes_the_place_of_the_other) {
  Libvirt rig;
  rig.unit("libvirtd.service", "inactive");
  rig.unit("virtqemud.service", "active", "RequiredBy=libvirt-guests.service\n");
  rig.unit("libvirt-guests.service", "active");
  expect_left(rig, "libvirt-guests.service would stop with virtqemud.service");
}

TEST(HostRestarts, stay_where_the_restart_ends_what_the_daemon_has_started) {
  Libvirt rig;
  rig.unit("libvirtd.service", "active", "", "control-group");
  expect_left(rig, "libvirtd.service has KillMode=control-group, which ends what it has started");
}

TEST(HostRestarts, stay_where_nobody_says_what_they_stop) {
  Libvirt rig;
  rig.outputs.clear();
  expect_left(rig, "systemctl does not say what stops with libvirtd.service");
}

TEST(HostRestarts, of_a_pattern_look_at_the_units_that_systemd_has) {
  const auto rig_with = [](const std::string& units) {
    auto rig = std::make_unique<Libvirt>();
    rig->compile(
        {{"etc/a", {"a"}}},
        R"({"effect": "restart", "command": "r", "why": "w", "files": ["etc/a"], "restarts": ["f@*.service"]})",
        "", guests);
    if (!units.empty())
      rig->outputs["systemctl list-units --all --plain --no-legend --no-pager -- 'f@*.service'"] = units;
    rig->unit("f@a.service", "active");
    rig->unit("f@b.service", "active", "BoundBy=libvirt-guests.service\n");
    rig->unit("libvirt-guests.service", "active");
    return rig;
  };
  const auto one = rig_with("f@a.service loaded active running F of a\n");
  EXPECT_EQ(one->apply_and_restart(), exit_as_wanted) << one->said;
  EXPECT_EQ(one->ran, std::vector<std::string>{"r"});
  const auto both = rig_with("f@a.service loaded active running F\nf@b.service loaded active running F\n");
  EXPECT_EQ(both->apply_and_restart(), exit_to_do);
  EXPECT_NE(both->said.find("--restart leaves it to you: libvirt-guests.service would stop with f@b.service"),
            std::string::npos)
      << both->said;
  const auto silent = rig_with("");
  EXPECT_EQ(silent->apply_and_restart(), exit_to_do);
  EXPECT_NE(silent->said.find(
                "--restart leaves it to you: systemctl does not say which units f@*.service stands for"),
            std::string::npos)
      << silent->said;
}

// Each run is killed before each of its changes, and finished or taken back.
TEST(HostRestarts, an_apply_that_died_can_be_finished_and_taken_back) {
  std::string before, after;
  {
    Libvirt rig;
    before = rig.contents();
    ASSERT_EQ(rig.apply_and_restart(), exit_as_wanted);
    after = rig.contents();
  }
  End end = End::killed;
  for (int changes = 0; end == End::killed; ++changes) {
    ASSERT_LT(changes, 1000);
    SCOPED_TRACE(changes);
    Libvirt rig;
    end = killed_before_change(changes, [&] { return rig.apply_and_restart(); });
    if (end == End::impossible) GTEST_SKIP() << "ptrace is not available";
    EXPECT_EQ(rig.resume(rig.running()), exit_as_wanted) << rig.refusal << rig.warned;
    const bool began = rig.scratch.exists("root/var/lib/tunec/generations/1");
    EXPECT_EQ(rig.contents(), began ? after : before);
    if (!began) continue;
    if (end == End::killed && rig.said.find("is applied") != std::string::npos) {
      EXPECT_EQ(rig.ran.back(), restart) << "the service has the new file";
    }
    EXPECT_EQ(rig.rollback(rig.running()), exit_as_wanted) << rig.warned;
    EXPECT_EQ(rig.ran.back(), restart);
    EXPECT_EQ(rig.contents(), before);
  }
}

const std::string show_all(command_units);

// A machine on which a service was started so many seconds after the boot.
void started(Libvirt& rig, const std::string& name, long seconds) {
  rig.outputs[show_all] = fmt::format("Id={}\nActiveState=active\nActiveEnterTimestampMonotonic={}\n", name,
                                      seconds * 1000000);
}

TEST(HostRestarts, that_were_left_can_be_had_later) {
  Libvirt rig;
  rig.set_value("/proc/uptime", "100.00 1.00");
  started(rig, "libvirtd.service", 5);
  ASSERT_EQ(rig.apply(rig.running()), exit_to_do);
  EXPECT_EQ(rig.apply(rig.running()), exit_to_do);
  EXPECT_TRUE(rig.said.starts_with("nothing to change\nleft to you\n  " + restart)) << rig.said;
  EXPECT_EQ(rig.dry_run(rig.running()), exit_to_do);
  EXPECT_EQ(rig.apply(rig.running(), ApplyMode::dry_run, false, true), exit_differs);
  EXPECT_NE(rig.said.find("commands that --now runs\n  " + restart), std::string::npos) << rig.said;
  EXPECT_TRUE(rig.ran.empty());
  EXPECT_EQ(rig.code_of([&] { return status(rig.running()); }), exit_to_do);
  EXPECT_NE(rig.said.find("left to you\n  " + restart), std::string::npos) << rig.said;
  const std::string store = rig.store();
  EXPECT_EQ(rig.apply_and_restart(), exit_to_do) << "systemd shows that it did not help";
  EXPECT_EQ(rig.ran, std::vector<std::string>{restart});
  EXPECT_EQ(rig.store(), store) << "nothing is replaced";
  rig.failing = {restart};
  EXPECT_EQ(rig.apply_and_restart(), exit_failed);
  EXPECT_NE(rig.warned.find("failed with status 1; nothing else was changed by it"), std::string::npos)
      << rig.warned;
  rig.failing.clear();
  started(rig, "libvirtd.service", 10000000000L);
  EXPECT_EQ(rig.apply_and_restart(), exit_as_wanted);
  EXPECT_EQ(rig.said, "nothing to do\n");
  EXPECT_TRUE(rig.ran.empty());
  EXPECT_EQ(rig.code_of([&] { return status(rig.running()); }), exit_as_wanted);
  EXPECT_EQ(rig.said.find("left to you"), std::string::npos) << rig.said;
}

TEST(HostRestarts, wait_after_a_roll_back_too) {
  Libvirt rig;
  rig.set_value("/proc/uptime", "100.00 1.00");
  ASSERT_EQ(rig.apply(rig.running()), exit_to_do);
  rig.compile({{conf, {"newer"}}}, steps, set_v, guests);
  rig.set_value("/proc/uptime", "200.00 1.00");
  ASSERT_EQ(rig.apply(rig.running()), exit_to_do);
  started(rig, "libvirtd.service", 201);
  rig.set_value("/proc/uptime", "300.00 1.00");
  ASSERT_EQ(rig.rollback(rig.running()), exit_to_do);
  EXPECT_EQ(rig.code_of([&] { return status(rig.running()); }), exit_to_do);
  EXPECT_NE(rig.said.find("left to you\n  " + restart), std::string::npos) << rig.said;
  rig.compile({{conf, {"new"}}}, steps, set_v, guests);
  EXPECT_EQ(rig.apply(rig.running()), exit_to_do);
  EXPECT_NE(rig.said.find("nothing to change\nleft to you\n  " + restart), std::string::npos) << rig.said;
}

TEST(HostRestarts, of_an_earlier_apply_are_no_matter_of_the_next_one) {
  Libvirt rig;
  rig.set_value("/proc/uptime", "100.00 1.00");
  started(rig, "libvirtd.service", 5);
  ASSERT_EQ(rig.apply(rig.running()), exit_to_do);
  rig.compile({{conf, {"new"}}, {"etc/other", {"x"}}}, steps, set_v, guests);
  EXPECT_EQ(rig.apply_and_restart(), exit_to_do) << "systemd still shows it as old";
  EXPECT_EQ(rig.ran, std::vector<std::string>{restart});
  EXPECT_EQ(rig.rollback(rig.running()), exit_as_wanted);
  EXPECT_TRUE(rig.ran.empty()) << "it was not the second one's";
  EXPECT_EQ(rig.said.find("to be run now"), std::string::npos) << rig.said;
}

TEST(HostRestarts, that_were_left_are_left_by_the_next_apply_too) {
  Libvirt rig;
  rig.set_value("/proc/uptime", "100.00 1.00");
  started(rig, "libvirtd.service", 5);
  ASSERT_EQ(rig.apply(rig.running()), exit_to_do);
  rig.compile({{conf, {"new"}}, {"etc/other", {"x"}}}, steps, set_v, guests);
  EXPECT_EQ(rig.apply(rig.running()), exit_to_do);
  EXPECT_NE(rig.said.find("left by earlier ones\n  " + restart), std::string::npos) << rig.said;
}

// A step that restarts a unit if it runs names no unit that has to run.
TEST(HostVerify, finds_services_that_run_with_an_older_file) {
  Libvirt rig;
  rig.set_value("/proc/uptime", "100.00 1.00");
  rig.compile(
      {{"etc/f.env", {"new"}}},
      R"({"effect": "restart", "command": "r", "why": "w", "files": ["etc/f.env"], "restarts": ["f@*.service"]})");
  ASSERT_EQ(rig.apply(rig.running()), exit_to_do);
  const auto code = [&] { return rig.code_of([&] { return verify(rig.running(), ReportForm::table); }); };
  EXPECT_EQ(code(), exit_as_wanted) << "none of them runs: " << rig.said;
  started(rig, "f@a.service", 5);
  EXPECT_EQ(code(), exit_to_do);
  EXPECT_NE(rig.said.find("f@a.service"), std::string::npos) << rig.said;
  EXPECT_NE(rig.said.find("it was started before /etc/f.env was written"), std::string::npos) << rig.said;
  started(rig, "f@a.service", 10000000000L);
  EXPECT_EQ(code(), exit_as_wanted) << rig.said;
}

TEST(HostVerify, finds_the_daemon_that_runs_in_place_of_the_other) {
  Libvirt rig;
  const auto show = [&](const std::string& libvirtd, const std::string& virtqemud) {
    rig.outputs[show_all] = "Id=libvirtd.service\nActiveState=" + libvirtd +
                            "\n\nId=virtqemud.socket\nActiveState=" + virtqemud + "\n";
  };
  ASSERT_EQ(rig.apply_and_restart(), exit_as_wanted) << rig.warned;
  rig.set_value("/proc/sys/kernel/random/boot_id", "second");
  const auto code = [&] { return rig.code_of([&] { return verify(rig.running(), ReportForm::table); }); };
  show("active", "inactive");
  EXPECT_EQ(code(), exit_as_wanted) << rig.said;
  show("inactive", "active");
  EXPECT_EQ(code(), exit_as_wanted) << rig.said;
  show("inactive", "inactive");
  EXPECT_EQ(code(), exit_differs);
  EXPECT_NE(rig.said.find("differs           libvirtd.service"), std::string::npos) << rig.said;
}

}  // namespace
}  // namespace tunec::test
