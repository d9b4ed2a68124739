// Quoting for each target's syntax. Every one has its inverse in tests/support/unquote.h, written from the
// target's own parser, and a law that they undo each other. Quoting cannot fail: what a target has no way to
// write (said at each function) must have been refused before, by the record's `pattern`. None of them takes
// a NUL byte.
#pragma once

#include <string>
#include <string_view>

namespace tunec {

// Inside "…" of a file that sh sources: \ " $ `
std::string quote_shell_double(std::string_view text);

// A kernel command line word, "name" or "name=value", as grub.cfg must have it: name="a b" if it has blanks,
// and quoted in the same way if GRUB would act on a character. In a file that sh sources it goes through
// quote_shell_double as well, in a command through quote_shell_word. Not to be had on a kernel command line
// by way of GRUB: " ' \ (GRUB puts a \ before them that the kernel keeps), control characters, the byte 0xA0
// (a blank to the kernel), and blanks or = in a name.
std::string quote_cmdline(std::string_view word);

// A string of qemu.conf, quotes included. libvirt knows no escapes, but three kinds of quotes; "…" where that
// will do, since Augeas takes no other. Not to be had: a text with both """ (or " at its end) and ' (or a
// line break).
std::string quote_libvirt(std::string_view text);

// A value that a udev rule assigns, quotes included; $ and % doubled, which udev would expand. In a match
// they are not expanded, but there they do not occur: names of devices have neither.
std::string quote_udev(std::string_view text);

std::string quote_systemd(std::string_view text);  // % doubled, for unit directives
// Systemd-escape --path: /var/lib/a-b → var-lib-a\x2db
std::string escape_unit_path(std::string_view path);
std::string quote_shell_word(std::string_view text);  // a whole word for a command of the apply plan

}  // namespace tunec
