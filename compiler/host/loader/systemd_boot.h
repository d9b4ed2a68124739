// systemd-boot on this machine. Its entries are files (type1_entry.h) on a partition that the firmware reads.
// The facts are those of systemd 252, src/boot/efi/boot.c, and hold in the version of November 2026
// (src/boot/boot.c):
//
// - LoaderEntryOneShot names the entry of the next boot. The loader deletes the variable before it reads any
//   entry (config_load_defaults), so a trial boots once even if it is reset at once.
// - The name of a counted entry is its file's, with the counter, and the loader renames the file before it
//   boots it: "+0" becomes "+0-1" (config_entry_bump_counters). So a variable that could not be deleted names
//   nothing that is there.
// - An entry without tries left is the last of the list (config_entry_compare). So the loader never boots a
//   trial by itself: it begins with none left, and only LoaderEntryOneShot starts it.
// - A boot by LoaderEntryOneShot is never saved as the last one (save_selected_entry), unlike one by a
//   pattern: the variable has the whole name.
#pragma once

#include "host/loader/loader.h"
#include "host/loader/type1_entry.h"

namespace tunec::host {

inline constexpr std::string_view systemd_boot = "systemd-boot";

// Where the entry is that booted this machine; without a folder if it is nowhere.
LoaderPlace find_systemd_boot(const Machine& machine);

class SystemdBoot : public BootLoader {
 public:
  using BootLoader::BootLoader;
  bool takes(std::string_view path) const override;
  bool makes_entries(const std::string& command) const override;
  const char* maker() const override { return "kernel-install"; }
  std::vector<const char*> programs() const override;
  void check_kind() const override;
  void check(const Plan& plan) const override;
  off_t initrd_size() const override;
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
  bool is_armed() const;
  std::optional<Type1Entry> own_entry() const;  // that booted before the trial
  void check_files(const Type1Entry& entry) const;
  Type1Entry entry_;
  BootEntry staged_;
};

}  // namespace tunec::host
