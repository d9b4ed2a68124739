// What is as the tree says, and what is not: each file, value, effect, unit and tunnel, and what the host has
// left for itself. Sees a machine through Evidence alone, so that a capture gives the same answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/commands.h"
#include "host/evidence.h"
#include "host/generations.h"

namespace tunec::host {

enum class Status {
  equal,
  rounded,      // the kernel took the value, and shows this for it
  next_boot,    // it counts from then on
  next_load,    // of its module
  next_start,   // of its service
  unsupported,  // this machine has no such thing
  fewer,        // the kernel gave less than the tree asks for, such as huge pages
  shadowed,     // somebody else sets it after the tree's file
  missing,      // a file that should be there
  differs,
};
std::string_view status_name(Status status);

struct Finding {
  std::string kind;  // "file", "value", "effect", "assumed", "floor", "load", "unit", "wireguard"
  std::string name;  // "/etc/fstab", "sysctl.vm.swappiness"
  Status status = Status::equal;
  std::string expected, found;  // empty for files
  std::string where;            // the kernel's file, or the command that shows it
  std::string note{};           // what is looked at; who shadows it
  bool may_be_hidden = false;   // that it is not there is no fault
};

// What a host should be.
struct Wanted {
  Manifest manifest;
  std::vector<GenerationFile> files;  // those with a state after it
  std::vector<LiveValue> values;      // that were written, and what was read then
  // Of a capture: its files belong to whoever unpacked it, and it has no secrets
  bool is_of_capture = false;
  bool is_new = false;         // since it was applied the machine was not booted
  bool is_staged = false;      // and only its files were written: all else counts from that boot
  Status not_started() const;  // of a unit that is not as it should be
};
Wanted wanted_by(const Generation& generation, const std::string& boot);

std::vector<Finding> look(const Evidence& evidence, const Wanted& wanted);
// As wanted, or nothing that this machine has to have.
bool is_fine(const Finding& finding);
bool is_nothing(const Finding& finding);
int exit_code_of(const std::vector<Finding>& findings);

// Steps that restart units which are not running yet, or still run with what they read before their files
// were written. Nothing if systemd does not answer.
std::optional<std::vector<Step>> waiting_restarts(const Evidence& evidence, const Wanted& wanted);

// What is to be done for a generation in place: restarts that wait, whatever left them; what else it left in
// this boot, or of an image; and what makes the words of its command line boot, while the running kernel does
// not have them.
std::vector<Step> still_left(const Machine& machine, const Generation& generation);

// Parts of look().
void look_at_units(const Evidence& evidence, const Wanted& wanted, std::vector<Finding>& findings);
void look_at_tunnels(const Evidence& evidence, const Wanted& wanted, std::vector<Finding>& findings);

// The commands whose output is looked at; a capture has them too. None of them prints a secret.
inline constexpr std::string_view
    command_units =
        "systemctl show --all --property=Id,Names,Type,ActiveState,SubState,UnitFileState,RemainAfterExit,"
        "ConditionResult,ConditionTimestampMonotonic,ActiveEnterTimestampMonotonic,"
        "InactiveExitTimestampMonotonic,StateChangeTimestampMonotonic '*'",
    command_wg_peers = "wg show all allowed-ips", command_wg_port = "wg show all listen-port";
inline constexpr std::string_view read_commands[] = {command_units, command_wg_peers, command_wg_port};

}  // namespace tunec::host
