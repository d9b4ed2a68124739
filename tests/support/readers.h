// What the consumers of our files make of them: small readers written from the formats' own manuals, sharing
// nothing with the backends. The oracles (tests/oracles) ask the real consumers; these are fast enough for
// laws.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tunec::test {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// sysctl.d(5): path below /proc/sys and value. Nothing if a line is neither comment nor assignment.
std::optional<Pairs> read_sysctl(std::string_view text);

// modprobe.d(5): "module.parameter" and value of the options lines. Nothing if a line is no command that
// modprobe knows.
std::optional<Pairs> read_modprobe(std::string_view text);
// The names that its blacklist lines have.
std::set<std::string> read_blacklist(std::string_view text);

// modules-load.d(5): a name a line.
std::optional<std::vector<std::string>> read_modules_load(std::string_view text);

// tmpfiles.d(5): path and argument of `w` lines. Nothing if there is another line.
std::optional<Pairs> read_tmpfiles(std::string_view text);

// udev(7): a rule a line; keys with their attribute, "ATTR{queue/scheduler}".
struct UdevRule {
  Pairs matches, assignments;
};
std::optional<std::vector<UdevRule>> read_udev(std::string_view text);

// virConfReadString(), libvirt: a string or number as its text, a list as its items with a line end behind
// each.
std::optional<Pairs> read_qemu(std::string_view text);

// systemd.syntax(7), without continuation lines: "Section.Directive" and value, % undone.
std::optional<Pairs> read_unit(std::string_view text);

// wg-quick(8): the interface, and each peer.
struct WireguardFile {
  Pairs interface;
  std::vector<Pairs> peers;
};
std::optional<WireguardFile> read_wireguard(std::string_view text);

// A file of assignments that sh sources.
std::optional<Pairs> read_shell(std::string_view text);

// bitmap_parselist(), Linux, without strides: "0-3,8".
std::optional<std::set<int>> read_cpu_list(std::string_view text);

// /etc/default/grub.d, sourced by sh after GRUB_CMDLINE_LINUX="quiet": what the kernel is handed after
// `quiet`, and how it splits it. Nothing if the file does anything else, or loses `quiet`.
std::optional<Pairs> read_grub(std::string_view text);
// The same, from the word of sh that grubby gets as its --args.
std::optional<Pairs> read_grubby(std::string_view word);

}  // namespace tunec::test
