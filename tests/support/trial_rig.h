// A machine for tests of trial boots: HostRig with a stand-in for GRUB, systemd and the programs that
// tunec-host calls. The tree sets one word of the command line, `new=1`, and vm.swappiness to 10, which is 60
// without it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "host/trial/trial.h"
#include "support/host_rig.h"

namespace tunec::test {

class TrialRig : public HostRig {
 public:
  TrialRig();
  virtual ~TrialRig() = default;
  host::Machine machine();
  virtual void compile_tree(bool with_modules = false) const;
  virtual std::string initrd() const { return "root/boot/initrd.img-6.1.0-9-amd64"; }
  // The commands of tunec-host, as HostRig has them.
  int trial(host::TrialOptions options = {});
  int confirm();
  int boot();
  int judge();
  int overdue(bool judged);
  int go_back(bool force = false);
  int go_on();
  int status();
  // What a reset or a reboot does: GRUB chooses, systemd starts the first unit of a trial if it is there,
  // then the sysctls are set.
  void reboot();
  // reboot(), and the boot is completed, and judged if the unit is there.
  void reboot_to_the_end();
  std::string cmdline() const { return value("/proc/cmdline"); }
  std::string grubenv(const std::string& name) const;

  std::string file_system = "ext2", abstraction;  // of /boot/grub, as grub-probe says
  std::set<std::string> missing;                  // programs
  std::string failed_units;                       // a line each
  std::string swappiness_of_boot = "10";          // that systemd-sysctl leaves
  // What systemd and libvirt say; `running` and `enabled` are units, a line each.
  std::string running_units, enabled_units, guests, autostarted, defined_guests;
  bool has_libvirt = false;
  bool grub_can_write = true;
  bool asked_to_reboot = false;
  std::string settle_fault;
  int settles_until_fault = -1;
  std::vector<std::string> done;  // commands that arm or disarm, and "settle", in their order

 protected:
  void compile_with(const std::string& line_file, const RigFile& line, const std::string& boot_steps,
                    bool with_modules) const;
  virtual int run_command(const std::string& command);
  virtual std::optional<std::string> answer(const std::string& command);
  // What the boot loader does: returns the kernel's command line.
  virtual std::string choose_entry();
  virtual void complete_boot() {}  // what others do before it is judged

 private:
  bool has_unit(const std::string& name, const std::string& target) const;
  std::string grub_cfg(const std::string& drop_ins) const;
  int boots_ = 0;
};

}  // namespace tunec::test
