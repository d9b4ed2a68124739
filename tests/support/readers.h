// What the consumers of three formats make of our files: small readers written from the formats' own manuals, sharing
// nothing with the backends. The oracles (tests/oracles) ask the real consumers; these are fast enough for laws.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tunec::test {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// sysctl.d(5): path below /proc/sys and value. Nothing if a line is neither comment nor assignment.
std::optional<Pairs> read_sysctl(std::string_view text);

// modprobe.d(5): "module.parameter" and value of the options lines. Nothing if a line is no command that modprobe knows.
std::optional<Pairs> read_modprobe(std::string_view text);

// /etc/default/grub.d, sourced by sh after GRUB_CMDLINE_LINUX="quiet": what the kernel is handed after `quiet`, and how
// it splits it. Nothing if the file does anything else, or loses `quiet`.
std::optional<Pairs> read_grub(std::string_view text);
// The same, from the word of sh that grubby gets as its --args.
std::optional<Pairs> read_grubby(std::string_view word);

}  // namespace tunec::test
