// The machine that a command works on: where its files are, and whether its kernel and services are touched.
// Tests replace all of it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tunec::host {

using Say = std::function<void(const std::string& text)>;

struct Machine {
  std::string root = "/";  // of the files
  bool live = true;        // false: files only, as in an image that does not run
  std::string kernel;      // stands before /proc and /sys
  // A command of the shell → its exit status.
  std::function<int(const std::string& command)> run;
  // What a command of the shell prints; nothing if it fails. It changes nothing
  std::function<std::optional<std::string>(const std::string& command)> output;
  // Writes a text to a file of the kernel. An empty text, or why the kernel refuses it.
  std::function<std::string(const std::string& path, std::string_view text)> write;
  // Brings what was written below a directory to where a boot loader, which replays no journal, reads it.
  // Returns why that failed, or an empty text.
  std::function<std::string(const std::string& directory)> settle;
  std::string program;  // the path of this program, for units that start it
  Say say, warn;
};

// What cannot be done, found before anything was changed.
struct Refused {
  std::string text;
};

// Another tunec-host changes the machine.
struct Busy : Refused {};

// What went wrong while something was being changed.
struct Failed {
  std::string text;
};

}  // namespace tunec::host
