// Quoting for each target's syntax. Every one has its inverse in tests/support, and a law that they undo each other.
#pragma once

#include <string>
#include <string_view>

namespace tunec {

std::string quote_shell_double(std::string_view text);   // inside "…" of a file that sh sources: \ " $ `
std::string quote_cmdline(std::string_view word);        // a kernel command line word: name="a b" if it has blanks
std::string quote_libvirt(std::string_view text);        // a string of qemu.conf, quotes included
std::string quote_udev(std::string_view text);           // a value of a udev rule, quotes included
std::string quote_systemd(std::string_view text);        // % doubled, for unit directives
std::string escape_unit_path(std::string_view path);     // systemd-escape --path: /var/lib/a-b → var-lib-a\x2db
std::string quote_shell_word(std::string_view text);     // a whole word for a command of the apply plan

}  // namespace tunec
