// What the running kernel shows: one value is one file below /proc or /sys.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/machine.h"

namespace tunec::host {

// Without blanks at its ends; nothing if there is no such file, or if it cannot be read.
std::optional<std::string> read_value(const Machine& machine, const std::string& path);
// An empty text, or why the kernel refuses it.
std::string write_value(const Machine& machine, const std::string& path, std::string_view value);
// Machine::write of the real machine.
std::string write_kernel_file(const std::string& path, std::string_view text);

// What the kernel made of a value that was written. It rounds if it took the text, shows other numbers for
// it, and shows the same ones when the text is written again.
struct Written {
  std::string error;  // why it was refused
  std::string shown;
  bool is_rounded = false;
};
// `before`: what was shown then. If the kernel leaves it so, that is rounding only if it is near: the others
// are writes without effect.
Written write_and_read_back(const Machine& machine, const std::string& path, std::string_view before,
                            std::string_view wanted);

// Whether a file of the kernel shows the value that the tree gives it. The kernel spells some values in its
// own way: blanks become tabs, a choice stands in brackets among the others, a boolean is Y or N, a mask of
// CPUs has groups of eight digits with zeros in front. Of the kernel's command line, each word must be there,
// and no later word may give its key another value.
bool shows(std::string_view path, std::string_view shown, std::string_view expected);
// The later word of the kernel's command line that gives an expected one's key another value; else empty.
std::string replaced_by(std::string_view command_line, std::string_view expected);
std::vector<std::string_view> words_of(std::string_view text);  // between blanks
// What can be written to get back what a file shows: of a choice, the word in brackets.
std::string writable(std::string_view shown);

}  // namespace tunec::host
