// GRUB on this machine: its variables, its custom.cfg, and the entries that grub-mkconfig would make.
#pragma once

#include <string>
#include <vector>

#include "host/generations.h"
#include "host/trial/grub_entry.h"

namespace tunec::host {

inline constexpr std::string_view grub_directory = "boot/grub";

// The value of a variable as it is on the disk; empty if there is none.
std::string read_grubenv(const Machine& machine, std::string_view name);

// Both return when GRUB will read what they wrote, and throw Failed if it would not.
void arm(const Machine& machine);
void disarm(const Machine& machine);

// The first entry that grub-mkconfig makes if it reads the staged files of a generation. They are bound over
// its configuration in a mount namespace of its own: nobody else sees them. Throws Failed.
GrubEntry make_entry(const Machine& machine, const std::string& directory,
                     const std::vector<GenerationFile>& staged);
// Whether the boot loader's own configuration would take a file.
bool is_grubs(std::string_view path);

// Puts our part into custom.cfg, if GRUB understands the whole; and takes it away again.
void write_custom_cfg(const Machine& machine, const std::string& part);
void restore_custom_cfg(const Machine& machine);

}  // namespace tunec::host
