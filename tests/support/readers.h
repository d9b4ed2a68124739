// Small readers of tunec's output files, written from the formats' own manuals. They share no code with the
// backends. The oracles (tests/oracles) run the real consumers; these readers are fast enough for laws.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tunec::test {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// sysctl.d(5): path below /proc/sys and value. Nothing if a line is neither a comment nor an assignment.
std::optional<Pairs> read_sysctl(std::string_view text);

// modprobe.d(5): "module.parameter" and value of the `options` lines. Nothing if a line is not one of
// modprobe's commands.
std::optional<Pairs> read_modprobe(std::string_view text);
// The names in its `blacklist` lines.
std::set<std::string> read_blacklist(std::string_view text);

// modules-load.d(5): one name per line.
std::optional<std::vector<std::string>> read_modules_load(std::string_view text);

// tmpfiles.d(5): path and argument of `w` lines. Nothing if there is any other line.
std::optional<Pairs> read_tmpfiles(std::string_view text);

// udev(7): one rule per line; a key includes its attribute, as in "ATTR{queue/scheduler}".
struct UdevRule {
  Pairs matches, assignments;
};
std::optional<std::vector<UdevRule>> read_udev(std::string_view text);

// libvirt's virConfReadString(): a string or number as its text, a list as its items, each followed by a line
// end.
std::optional<Pairs> read_qemu(std::string_view text);

// systemd.syntax(7), without continuation lines: "Section.Directive" and value, with %% unescaped.
std::optional<Pairs> read_unit(std::string_view text);

// wg-quick(8): the interface and each peer.
struct WireguardFile {
  Pairs interface;
  std::vector<Pairs> peers;
};
std::optional<WireguardFile> read_wireguard(std::string_view text);

// A file of assignments for sh.
std::optional<Pairs> read_shell(std::string_view text);

// Linux's bitmap_parselist(), without strides: "0-3,8".
std::optional<std::set<int>> read_cpu_list(std::string_view text);

// /etc/default/grub.d, sourced by sh after GRUB_CMDLINE_LINUX="quiet": the kernel's arguments after `quiet`.
// Nothing if the file does anything else, or loses `quiet`.
std::optional<Pairs> read_grub(std::string_view text);
// The same, from the shell word that follows grubby's --args.
std::optional<Pairs> read_grubby(std::string_view word);

}  // namespace tunec::test
