// GRUB with Debian's configuration: its variables, its custom.cfg, and the entries that grub-mkconfig would
// make.
#pragma once

#include "host/loader/grub_entry.h"

namespace tunec::host {

class Grub : public BootLoader {
 public:
  explicit Grub(const Machine& machine) : BootLoader(machine, {"GRUB", "boot", ""}) {}
  bool takes(std::string_view path) const override;
  bool makes_entries(const std::string& command) const override;
  const char* maker() const override { return "update-grub"; }
  std::vector<const char*> programs() const override;
  void check_kind() const override;
  void check(const Plan& plan) const override;
  off_t initrd_size() const override;
  // The staged files are bound over GRUB's own in a mount namespace of its own: nobody else sees them.
  BootEntry stage(const std::string& directory, const std::vector<GenerationFile>& staged) override;
  void put(const TrialEntry& trial) override;
  void arm() override;
  void disarm() override;
  std::string absent() const override;
  void remove() override;
  std::string why_not_booted() const override;
  std::optional<BootEntry> booted_from_now_on() const override;
  std::string entry_name() const override;
  std::string directory() const override;

 private:
  std::string variable(std::string_view name) const;  // as it is on the disk; empty if there is none
  void edit_variables(std::string_view change) const;
  void check_file_system() const;
  GrubEntry entry_;
};

}  // namespace tunec::host
