// tunec-host verify: units that run, were started after their files, and are enabled; tunnels.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "host/verify/findings.h"
#include "support/verified.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

const std::string show_units(command_units);

TEST(HostVerify, units_run_are_enabled_and_were_started_after_their_files) {
  HostRig rig;
  rig.compile({{"etc/libvirt/qemu.conf", {"x", 0644, 0, "restart"}}},
              R"({"effect": "restart", "command": "systemctl restart a", "unit": "a", "at_boot": true,)"
              R"( "files": ["etc/libvirt/qemu.conf"]})");
  rig.set_value("/proc/uptime", "100.00 1.00");
  rig.apply(rig.running());
  rig.set_value("/proc/sys/kernel/random/boot_id", "second");
  const auto unit = [&](const std::string& state, const std::string& file, const std::string& more = "") {
    rig.outputs[show_units] = fmt::format(
        "Id=z.mount\nActiveState=active\n\nId=a.service\nActiveState={}\nUnitFileState={}\n"
        "ActiveEnterTimestampMonotonic=5000000\n{}",
        state, file, more);
    return verified(rig);
  };
  EXPECT_EQ(unit("active", "enabled"), "0");
  EXPECT_EQ(unit("failed", "enabled"), "4; differs a.service expected active, enabled found failed, enabled");
  EXPECT_EQ(unit("active", "disabled"),
            "4; differs a.service expected active, enabled found active, disabled");
  EXPECT_EQ(unit("inactive", "enabled", "\nId=a.socket\nActiveState=active\n"), "0") << "a socket starts it";
  rig.set_value("/proc/sys/kernel/random/boot_id", "first");
  EXPECT_EQ(unit("active", "enabled"),
            "3; at the next start a.service expected active, enabled found active, enabled note it was "
            "started before "
            "/etc/libvirt/qemu.conf was written");
  rig.set_value("/proc/sys/kernel/random/boot_id", "second");
  EXPECT_EQ(unit("active", "enabled"), "0") << "whatever the wall clock says, it was started in this boot";
  rig.outputs[show_units] = "\n";
  EXPECT_EQ(verified(rig), "4; differs a.service expected active, enabled found inactive, not enabled");
  rig.set_value("/proc/sys/kernel/random/boot_id", "first");
  EXPECT_EQ(verified(rig),
            "3; at the next start a.service expected active, enabled found inactive, not enabled");
}

TEST(HostVerify, a_unit_that_does_its_work_once_is_not_active_after_it) {
  HostRig rig;
  rig.compile(
      {{"etc/systemd/system/a.service", {"x", 0644, 0, "restart"}}},
      R"({"effect": "restart", "command": "systemctl enable a && systemctl restart a", "unit": "a.service",)"
      R"( "at_boot": true, "restarts": ["a.service"], "files": ["etc/systemd/system/a.service"]})");
  rig.set_value("/proc/uptime", "100.00 1.00");
  rig.apply(rig.running());
  rig.set_value("/proc/sys/kernel/random/boot_id", "second");
  const auto unit = [&](const std::string& state, const std::string& ended, const std::string& more = "") {
    rig.outputs[show_units] = fmt::format(
        "Id=a.service\nType=oneshot\nActiveState={}\nUnitFileState=enabled\nActiveEnterTimestampMonotonic=0\n"
        "InactiveExitTimestampMonotonic={}\n{}",
        state, ended, more);
    return verified(rig);
  };
  EXPECT_EQ(unit("inactive", "5000000"), "0");
  EXPECT_EQ(unit("activating", "0"), "0");
  EXPECT_EQ(unit("inactive", "0"), "4; differs a.service expected done, enabled found not run, enabled");
  EXPECT_EQ(unit("failed", "5000000"), "4; differs a.service expected done, enabled found failed, enabled");
  EXPECT_EQ(unit("inactive", "5000000", "RemainAfterExit=yes\n"),
            "4; differs a.service expected active, enabled found inactive, enabled");
  EXPECT_EQ(unit("inactive", "0", "ConditionResult=no\nConditionTimestampMonotonic=7\n"),
            "0; unsupported here a.service expected done found not run note its conditions do not hold here");
  EXPECT_EQ(unit("activating", "5000000", "SubState=auto-restart\n"),
            "4; differs a.service expected done, enabled found failed, and is started again, enabled");
  rig.set_value("/proc/sys/kernel/random/boot_id", "first");
  EXPECT_EQ(
      unit("inactive", "5000000"),
      "3; at the next start a.service expected done, enabled found done, enabled note it was started before "
      "/etc/systemd/system/a.service was written");
  EXPECT_EQ(unit("failed", "200000000"), "4; differs a.service expected done, enabled found failed, enabled")
      << "somebody started it";
}

TEST(HostVerify, a_mount_is_as_new_as_its_last_reload) {
  HostRig rig;
  rig.compile({{R"(etc/systemd/system/srv-a\x2db.mount)", {"x", 0644, 0, "restart"}}},
              R"({"effect": "restart", "command": "systemctl try-reload-or-restart m",)"
              R"( "restarts": ["srv-a\\x2db.mount"], "files": ["etc/systemd/system/srv-a\\x2db.mount"]})");
  rig.set_value("/proc/uptime", "100.00 1.00");
  ASSERT_EQ(rig.apply(rig.running()), exit_to_do) << rig.refusal;
  const auto changed = [&](const std::string& microseconds) {
    rig.outputs[show_units] =
        "Id=srv-a\\x2db.mount\nActiveState=active\nActiveEnterTimestampMonotonic=5000000\n"
        "StateChangeTimestampMonotonic=" +
        microseconds + "\n";
    return verified(rig);
  };
  EXPECT_EQ(
      changed("5000000"),
      R"(3; at the next start srv-a\x2db.mount expected active found active note it was started before )"
      R"(/etc/systemd/system/srv-a\x2db.mount was written)");
  EXPECT_EQ(changed("200000000"), "0");
}

TEST(HostVerify, knows_a_unit_by_each_of_its_names) {
  HostRig rig;
  rig.compile({{"etc/a", {"x"}}},
              R"({"effect": "restart", "command": "r", "unit": "sshd.service", "files": ["etc/a"]})");
  rig.apply(rig.running());
  rig.outputs[show_units] = "Id=ssh.service\nNames=ssh.service sshd.service\nActiveState=active\n";
  EXPECT_EQ(verified(rig), "0");
}

TEST(HostVerify, tunnels_have_their_peers_port_and_mtu) {
  HostRig rig;
  rig.compile({{"etc/wireguard/wg0.conf",
                {"# x\n[Interface]\nListenPort = 51820\nMTU = 1420\n\n[Peer]\n# kvm-02\nPublicKey = KEY2=\n"
                 "AllowedIPs = 10.0.0.2/32, fd00::2/128\n",
                 0600}}});
  rig.apply(rig.running());
  rig.set_value("/proc/sys/kernel/random/boot_id", "second");
  rig.set_value("/sys/class/net/wg0/mtu", "1420");
  rig.outputs["wg show all listen-port"] = "wg0\t51820\nwg1\t1\n";
  rig.outputs["wg show all allowed-ips"] = "wg0\tKEY2=\tfd00::2/128 10.0.0.2/32\nwg1\tKEY9=\t(none)\n";
  EXPECT_EQ(verified(rig), "0");
  rig.outputs["wg show all allowed-ips"] = "wg0\tKEY3=\t10.0.0.3/32\n";
  EXPECT_EQ(
      verified(rig),
      "4; differs wg0 peer KEY2= expected 10.0.0.2/32 fd00::2/128 found no such peer; differs wg0 peer KEY3= "
      "expected no such peer found 10.0.0.3/32");
  rig.outputs["wg show all allowed-ips"] = "wg0\tKEY2=\t10.0.0.2/32 fd00::2/128\n";
  rig.outputs["wg show all listen-port"] = "wg0\t1\n";
  rig.set_value("/sys/class/net/wg0/mtu", "1500");
  EXPECT_EQ(verified(rig),
            "4; differs wg0 port expected 51820 found 1; differs wg0 MTU expected 1420 found 1500");
  rig.outputs.clear();
  EXPECT_EQ(verified(rig), "0; unsupported here wg0 peers") << "no wg here";
}

}  // namespace
}  // namespace tunec::test
