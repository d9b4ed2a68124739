// The exact output of the backends for systemd, /sys, Formation and cpufrequtils.
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/hand_made.h"

namespace tunec {
namespace {

using namespace test;
using Type = ValueType;

TEST(Backends, formation) {
  ParamInfo ratio = record("formation", "resource_pools[name].allow_overcommit_ratio", Type::ratio);
  ratio.values = {{"off", "1", {}, {}}};
  ParamInfo memory = record("formation", "instance_types[name].memory_range_mb", Type::range);
  memory.unit = "MiB";
  ParamInfo size = record("formation", "instance_types[name].default_memory_mb", Type::size);
  size.unit = "MiB";
  ParamInfo vcpus = record("formation", "instance_types[name].vcpu_range", Type::range);
  ParamInfo hours = record("formation", "pricing.volume_discount_thresholds[].hours", Type::duration);
  hours.unit = "h";
  HandMadeSite site;
  site.host("a")
      .set(record("formation", "general.contact_email"), {std::string("a@b.example")})
      .set(record("formation", "vm.device_passthrough.usb", Type::boolean), {false})
      .set(record("formation", "resource_pools[name].is_default", Type::boolean), {true}, {"general"})
      .set(ratio, symbol("off"), {"general"})
      .set(ratio, {Ratio{*Fraction::of(3, 2)}}, {"batch"})
      .set(size, {Bytes{std::int64_t{1} << 30}}, {"small"})
      .set(vcpus, range_of({std::int64_t{1}}, {std::int64_t{4}}), {"small"})
      .set(record("formation", "instance_types[name].disk_range_gb", Type::range),
           range_of({std::int64_t{10}}, {std::int64_t{20}}), {"small"})
      .set(record("formation", "instance_types[name].default_disk_gb", Type::integer), {std::int64_t{10}},
           {"small"})
      .set(record("formation", "instance_types[name].default_vcpus", Type::integer), {std::int64_t{1}},
           {"small"})
      .set(memory, range_of({Bytes{std::int64_t{1} << 30}}, {Bytes{std::int64_t{4} << 30}}), {"small"})
      .set(hours, {Duration{std::int64_t{4320} * 3'600'000'000'000}}, {"10"})
      .set(hours, {Duration{std::int64_t{720} * 3'600'000'000'000}}, {"2"})
      .set(record("formation", "pricing.volume_discount_thresholds[].discount_percentage", Type::percent),
           {Percent{Fraction(10)}}, {"2"})
      .set(record("formation", "pricing.volume_discount_thresholds[].discount_percentage", Type::percent),
           {Percent{*Fraction::of(25, 2)}}, {"10"})
      .set(record("formation", "advanced.environment_variables.{}"), {std::string("a \"b\"")}, {"A.B"});
  for (const char* pool : {"general", "batch"}) {
    for (const char* key : {"cpus", "disk_gb", "memory_mb"}) {
      site.set(record("formation", std::string("resource_pools[name].") + key, Type::integer),
               {std::int64_t{4096}}, {pool});
    }
  }
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/formation/form-config.json"), R"({
  "advanced": {
    "environment_variables": {
      "A.B": "a \"b\""
    }
  },
  "general": {
    "contact_email": "a@b.example"
  },
  "instance_types": [
    {
      "name": "small",
      "default_disk_gb": 10,
      "default_memory_mb": 1024,
      "default_vcpus": 1,
      "disk_range_gb": [10, 20],
      "memory_range_mb": [1024, 4096],
      "vcpu_range": [1, 4]
    }
  ],
  "pricing": {
    "volume_discount_thresholds": [
      {
        "discount_percentage": 10,
        "hours": 720
      },
      {
        "discount_percentage": 12.5,
        "hours": 4320
      }
    ]
  },
  "resource_pools": [
    {
      "name": "batch",
      "allow_overcommit_ratio": 1.5,
      "cpus": 4096,
      "disk_gb": 4096,
      "memory_mb": 4096
    },
    {
      "name": "general",
      "allow_overcommit_ratio": 1,
      "cpus": 4096,
      "disk_gb": 4096,
      "is_default": true,
      "memory_mb": 4096
    }
  ],
  "vm": {
    "device_passthrough": {
      "usb": false
    }
  }
}
)");
  EXPECT_TRUE(nlohmann::json::accept(body(fleet, "etc/formation/form-config.json")));
  expect_all_carried(site, fleet);
}

TEST(Backends, tmpfiles) {
  HandMadeSite site;
  site.host("a")
      .set(record("sysfs", "kernel/mm/ksm/run", Type::integer), {std::int64_t{1}})
      .set(record("sysfs", "devices/system/cpu/cpu*/cpufreq/scaling_governor"), symbol("performance"))
      .set(record("sysfs", "bus/pci/drivers/vfio-pci/new_id"), {std::string("10de 2206")})
      .set(record("sysfs", "x/odd name"), {std::string(" 5% \\ -")});
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/tmpfiles.d/tunec.conf"),
            "w /sys/bus/pci/drivers/vfio-pci/new_id - - - - 10de 2206\n"
            "w /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor - - - - performance\n"
            "w /sys/kernel/mm/ksm/run - - - - 1\nw \"/sys/x/odd name\" - - - - \\x205%% \\\\ -\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"systemd-tmpfiles --create /etc/tmpfiles.d/tunec.conf"});
}

TEST(Backends, mounts) {
  const std::string where = "/var/lib/vm-store";
  HandMadeSite site;
  site.host("a")
      .set(record("mount", "Mount.What"), {std::string("LABEL=vms")}, {where})
      .set(record("mount", "Mount.Type"), {std::string("xfs")}, {where})
      .set(list_record("mount", "Mount.Options", ","), words({"noatime", "nofail"}), {where})
      .set(record("mount", "Unit.Description"), {std::string("100% VMs")}, {where})
      .set(list_record("mount", "Install.WantedBy"), words({"local-fs.target"}), {where});
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/systemd/system/var-lib-vm\\x2dstore.mount"),
            "[Unit]\nDescription=100%% "
            "VMs\n[Mount]\nWhere=/var/lib/vm-store\nOptions=noatime,nofail\nType=xfs\nWhat=LABEL=vms\n"
            "[Install]\nWantedBy=local-fs.target\n");
  EXPECT_EQ(steps(fleet),
            (std::vector<std::string>{"systemctl daemon-reload",
                                      "systemctl enable 'var-lib-vm\\x2dstore.mount' && "
                                      "systemctl reload-or-restart 'var-lib-vm\\x2dstore.mount'"}));
  expect_all_carried(site, fleet);
}

TEST(Backends, a_mount_that_nobody_wants_is_wanted_at_boot) {
  HandMadeSite site;
  site.host("a")
      .set(record("mount", "Mount.What"), {std::string("UUID=1")}, {"/srv"})
      .set(record("mount", "Mount.What"), {std::string("nas:/vms")}, {"/vms"})
      .set(record("mount", "Mount.Type"), symbol("nfs4"), {"/vms"})
      .set(record("mount", "Mount.What"), {std::string("UUID=2")}, {"/old"})
      .set(list_record("mount", "Install.WantedBy"), words({}), {"/old"});
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/systemd/system/srv.mount"),
            "[Mount]\nWhere=/srv\nWhat=UUID=1\n[Install]\nWantedBy=local-fs.target\n");
  EXPECT_EQ(body(fleet, "etc/systemd/system/vms.mount"),
            "[Mount]\nWhere=/vms\nType=nfs4\nWhat=nas:/vms\n[Install]\nWantedBy=remote-fs.target\n");
  EXPECT_EQ(steps(fleet),
            (std::vector<std::string>{"systemctl daemon-reload",
                                      "systemctl enable srv.mount && systemctl reload-or-restart srv.mount",
                                      "systemctl enable vms.mount && systemctl reload-or-restart vms.mount",
                                      "systemctl try-reload-or-restart old.mount"}));
  expect_all_carried(site, fleet);
}

TEST(Backends, units) {
  HandMadeSite site;
  const auto strings = [](std::vector<std::string> texts) {
    std::vector<Value> items;
    for (std::string& text : texts) items.push_back({std::move(text)});
    return list_of(std::move(items));
  };
  const std::string unit = "vm-exporter.service";
  site.host("a")
      .set(list_record("unit", "Service.ExecStart", " ; "), strings({"/bin/true --uri \"qemu:///system\""}),
           {unit})
      .set(list_record("unit", "Service.Environment"), strings({"A=1", "B=two words"}), {unit})
      .set(list_record("unit", "Unit.After"), words({"network.target", "local-fs.target"}), {unit})
      .set(list_record("unit", "Install.WantedBy"), words({"multi-user.target"}), {unit})
      .set(record("dropin", "Slice.AllowedCPUs", Type::cpuset), cpus("0-1"), {"user.slice"})
      .set(record("dropin", "Timer.OnCalendar"), {std::string("daily")}, {"fstrim.timer"})
      .set(record("dropin", "Timer.RandomizedDelaySec", Type::integer), {std::int64_t{60}}, {"fstrim.timer"});
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/systemd/system/vm-exporter.service"),
            "[Unit]\nAfter=network.target local-fs.target\n[Service]\nEnvironment=A=1 \"B=two words\"\n"
            "ExecStart=/bin/true --uri \"qemu:///system\"\n[Install]\nWantedBy=multi-user.target\n");
  EXPECT_EQ(body(fleet, "etc/systemd/system/user.slice.d/60-tunec.conf"), "[Slice]\nAllowedCPUs=0-1\n");
  EXPECT_EQ(body(fleet, "etc/systemd/system/fstrim.timer.d/60-tunec.conf"),
            "[Timer]\nOnCalendar=\nOnCalendar=daily\nRandomizedDelaySec=60\n");
  EXPECT_EQ(steps(fleet), (std::vector<std::string>{
                              "systemctl daemon-reload",
                              "systemctl enable vm-exporter.service && systemctl restart vm-exporter.service",
                              "systemctl try-restart fstrim.timer"}));
  expect_all_carried(site, fleet);
}

TEST(Backends, cpufrequtils) {
  HandMadeSite site;
  site.host("a").set(record("cpufrequtils", "GOVERNOR"), symbol("performance"));
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/default/cpufrequtils"), "ENABLE=\"true\"\nGOVERNOR=\"performance\"\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"systemctl restart cpufrequtils"});
}

}  // namespace
}  // namespace tunec
