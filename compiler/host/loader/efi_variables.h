// The variables of systemd's Boot Loader Interface (https://systemd.io/BOOT_LOADER_INTERFACE), by which a
// boot loader and the system tell one another what was booted, and what shall be. They are files of efivarfs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "host/machine.h"

namespace tunec::host {

// Nothing if there is no such variable; empty if whoever made it died before it had a value. What is not
// ASCII becomes a question mark.
std::optional<std::string> read_loader_variable(const Machine& machine, std::string_view name);
// They last over reboots. Throw Failed if the firmware refuses.
void set_loader_variable(const Machine& machine, std::string_view name, std::string_view text);
void remove_loader_variable(const Machine& machine, std::string_view name);
// Why none can be written here; an empty text: they can.
std::string variables_not_writable(const Machine& machine);

}  // namespace tunec::host
