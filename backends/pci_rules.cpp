// Which driver may take a PCI device, by the device's address. A write to driver_override neither binds nor
// unbinds a device, so it must come before any driver looks at the device. A udev rule writes it when the
// device appears, in the initramfs too. If the driver is a module, modprobe.d writes it before the module
// loads, since drivers of other cards may come first.
#include <fmt/format.h>

#include "render/backend.h"
#include "render/initramfs.h"
#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"pci-rules"};
constexpr std::string_view rules = "etc/udev/rules.d/60-tunec-pci.rules";

void write_rules(const HostView& host, File& file) {
  file.plain(fmt::format("# {}", written_by));
  for (const Setting* setting : host.settings) {
    for (const std::string& address : spell_items(*setting)) {
      // A driver that is already loaded looks again once it may take the device.
      file.line(*setting,
                R"(ACTION=="add", SUBSYSTEM=="pci", KERNEL=="{0}", ATTR{{driver_override}}={1}, )"
                R"(RUN+="/bin/sh -c 'echo {0} > /sys/bus/pci/drivers_probe'")",
                address, quote_udev(setting->instances.front()));
    }
  }
}

void write_install_lines(const HostView& host, Output& out) {
  for (const Setting* setting : host.settings) {
    const std::string& driver = setting->instances.front();
    // A command in modprobe.d belongs to a module's name, in which dashes and underscores are equal.
    std::string module = host.platform.module_of_driver(driver);
    if (module == module_name(driver)) module = driver;
    const std::vector<std::string> addresses = spell_items(*setting);
    if (host.platform.builds_in(module).value_or(false) || addresses.empty()) continue;
    File& file = out.file("etc/modprobe.d/tunec-pci.conf");
    file.plain(fmt::format("# {}", written_by));
    std::string commands;
    for (const std::string& address : addresses)
      commands += fmt::format("echo {} > /sys/bus/pci/devices/{}/driver_override; ", driver, address);
    file.line(*setting, "install {} {}/sbin/modprobe --ignore-install {} $CMDLINE_OPTS", module, commands,
              module);
  }
}

// The initramfs gets only the rules that its own hooks name.
void write_initramfs(const HostView& host, Output& out) {
  if (has_dracut(host.platform)) {
    File& file = out.file("etc/dracut.conf.d/tunec-pci.conf");
    file.plain(fmt::format("# {}", written_by));
    file.joined(host.settings, fmt::format("install_items+=\" /{} \"", rules));
    return;
  }
  File& file = out.file("etc/initramfs-tools/hooks/tunec-pci");
  file.mode(0755);
  file.plain("#!/bin/sh");
  file.plain(fmt::format("# {}", written_by));
  file.plain("[ \"$1\" != prereqs ] || exit 0");
  file.joined(host.settings,
              fmt::format("mkdir -p \"$DESTDIR/etc/udev/rules.d\" && cp -p /{0} \"$DESTDIR/{0}\"", rules));
}

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  write_rules(host, out.file(std::string(rules)));
  write_install_lines(host, out);
  write_initramfs(host, out);
  make_initramfs(Effect::reboot, host.platform, out,
                 "the initramfs holds a copy of the rules for PCI devices");
}

}  // namespace

extern const Backend backend_pci_rules{
    .name = "pci-rules",
    .summary = "which driver may take a PCI device, by its address",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
