// A machine for tests of trial boots that systemd-boot boots: TrialRig with a stand-in for systemd-boot 252,
// the firmware's variables, and kernel-install. host/loader/systemd_boot.h describes what the
// loader does.
#pragma once

#include <optional>
#include <string>

#include "support/trial_rig.h"

namespace tunec::test {

class SystemdBootRig : public TrialRig {
 public:
  SystemdBootRig();
  void compile_tree(bool with_modules = false) const override;
  std::string initrd() const override { return partition + "/id/6.1.0-9-amd64/initrd.img-6.1.0-9-amd64"; }
  std::optional<std::string> variable(const std::string& name) const;
  void set_variable(const std::string& name, const std::string& text) const;
  void remove_variable(const std::string& name) const;
  std::vector<std::string> entries() const { return scratch.names(partition + "/loader/entries"); }

  const std::string partition = "root/boot/efi";
  const std::string base = partition + "/loader/entries/ID-6.1.0-9-amd64.conf";
  std::string file_system_of_boot = "msdos";
  bool firmware_keeps_variables = false;  // it says that it deleted one, and did not
  bool boots_something_else = false;      // the firmware starts another boot loader
  std::string default_pattern;            // of loader.conf
  std::string chosen;                     // by a person in the menu

 protected:
  int run_command(const std::string& command) override;
  std::optional<std::string> answer(const std::string& command) override;
  std::string choose_entry() override;
  void complete_boot() override;

 private:
  void install_kernel() const;
};

}  // namespace tunec::test
