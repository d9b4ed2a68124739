// The targets' own parsers, ported: they reverse the quoting of compiler/render/quote.h and share no code
// with it. They return nothing if the target would report an error, or would not stop at the end of the
// quoted text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tunec::test {

std::optional<std::string> unquote_shell_double(std::string_view text);  // the value of "TEXT" in sh
std::optional<std::string> unquote_shell_word(std::string_view text);    // one word of sh
// grub.cfg: yylex.l, GRUB 2.06
std::optional<std::vector<std::string>> grub_words(std::string_view line);
// grub_create_loader_cmdline(), GRUB 2.06
std::string grub_loader_cmdline(const std::vector<std::string>& words);
std::vector<std::pair<std::string, std::string>> kernel_args(std::string cmdline);  // next_arg(), Linux 6.8
std::optional<std::string> unquote_libvirt(std::string_view text);  // virConfParseString(), libvirt 9.0
// udev_rule_parse_value() and % $, systemd 252
std::optional<std::string> unquote_udev(std::string_view text);
std::string unquote_systemd(std::string_view text);  // unit_name_printf(): %% only
// extract_first_word(EXTRACT_UNQUOTE | EXTRACT_CUNESCAPE), systemd 252, as long as there are words
std::optional<std::vector<std::string>> systemd_words(std::string_view text);
std::string unquote_modprobe(std::string_view line);    // freadline_wrapped(), kmod 30, within a line
std::string unescape_unit_path(std::string_view text);  // systemd-escape --unescape --path

}  // namespace tunec::test
