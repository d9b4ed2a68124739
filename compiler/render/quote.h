// Quoting for each target's syntax. Every function has its inverse in tests/support/unquote.h, written from
// the target's own parser; a property test checks that they undo each other. Quoting cannot fail: the
// record's `pattern` must have refused texts that a target cannot express (listed at each function). No
// target accepts a NUL byte.
#pragma once

#include <string>
#include <string_view>

namespace tunec {

// Inside "…" of a file that sh sources: \ " $ `
std::string quote_shell_double(std::string_view text);

// A kernel command line word, "name" or "name=value", as grub.cfg needs it: name="a b" if it contains blanks
// or a character that GRUB would act on. In a file that sh sources the word needs quote_shell_double as well,
// in a command quote_shell_word. Not expressible on a kernel command line that passes through GRUB: " '
// \ (GRUB puts a \ before them, which the kernel keeps), control characters, the byte 0xA0 (a blank to the
// kernel), and blanks or = in a name.
std::string quote_cmdline(std::string_view word);

// The same word if there is no GRUB in between: the kernel understands quotes, and nothing else.
std::string quote_kernel_word(std::string_view word);

// A string of qemu.conf, quotes included. libvirt has no escapes, but three kinds of quotes; "…" wherever
// possible, since Augeas accepts no other. Not expressible: a text with both """ (or " at its end) and ' (or
// a line break).
std::string quote_libvirt(std::string_view text);

// A value that a udev rule assigns, quotes included. $ and % are doubled, since udev would expand them. udev
// does not expand them in a match, but names of devices contain neither.
std::string quote_udev(std::string_view text);

// A whole value of a unit's directive: % is doubled, except one at the end. systemd keeps that one, and
// directives without specifiers take numbers such as 20%. Not expressible: a backslash at the end, which
// joins the next line, and blanks at either end.
std::string quote_systemd(std::string_view text);
// The same for text that was written for systemd. If it contains one of systemd's specifiers, `%i` or `%%`,
// it stays as it is; otherwise % is doubled. stdlib/forms.yaml refuses a text with both a specifier and
// another %.
std::string quote_systemd_text(std::string_view text);
// An item of a list that systemd splits at blanks.
std::string quote_systemd_item(std::string_view item);
// A value of modprobe.d: kmod removes each backslash, and takes the next character literally.
std::string quote_modprobe(std::string_view text);
// The value of a module's parameter, in a line that the kernel splits. Not expressible: "
std::string quote_module_option(std::string_view value);
// Systemd-escape --path: /var/lib/a-b → var-lib-a\x2db
std::string escape_unit_path(std::string_view path);
std::string quote_shell_word(std::string_view text);  // a whole word for a command of the apply plan

}  // namespace tunec
