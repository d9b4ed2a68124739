// Steps and settings, as JSON, of the trees that tests of tunec-host apply.
#pragma once

#include <string>

namespace tunec::test {

inline constexpr const char* conf = "etc/sysctl.d/90-tunec.conf";
inline constexpr const char* swappiness = "/proc/sys/vm/swappiness";
inline const std::string step_sysctl =
    R"({"effect": "live", "command": "sysctl --system", "files": ["etc/sysctl.d/90-tunec.conf"], "sets_values": true})";
inline const std::string step_udev =
    R"({"effect": "reload", "command": "udevadm", "files": ["etc/udev/rules.d/60"]})";
inline const std::string step_units =
    R"({"effect": "reload", "command": "daemon-reload", "files": ["etc/unit"]})";
inline const std::string step_grub =
    R"({"effect": "reboot", "command": "update-grub", "files": ["etc/default/grub.d/60.cfg"]})";
inline const std::string set_swappiness =
    R"({"name": "a", "file": "etc/sysctl.d/90-tunec.conf", "effect": "live", "read": "/proc/sys/vm/swappiness", "expect": "10", "write": true})";
inline const std::string set_boot =
    R"({"name": "b", "file": "etc/default/grub.d/60.cfg", "effect": "reboot", "read": "/proc/cmdline", "expect": "nosmt"})";

}  // namespace tunec::test
