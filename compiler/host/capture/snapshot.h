// A capture as it is read back: what `tunec-host capture` wrote, from its archive or from the directory that
// it was unpacked into.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "host/evidence.h"
#include "host/generations.h"
#include "host/tar.h"

namespace tunec::host {

class Snapshot {
 public:
  explicit Snapshot(std::vector<TarEntry> entries);

  std::string host() const;  // the name of the machine; empty if it has none
  // Whether the machine was booted since its generation was applied; true if nothing is applied.
  bool is_booted_since() const;
  bool is_staged() const;
  std::vector<LiveValue> rounded() const;               // what the kernel made of values that it took
  const TarEntry* find(const std::string& path) const;  // links are followed
  Evidence evidence() const;                            // this must outlive it

 private:
  std::string about(std::string_view key) const;
  // What stands behind "KEY: " in one of its own lists; empty if nothing does.
  std::string noted(const char* file, std::string_view key) const;
  std::vector<std::string> children(const std::string& directory) const;
  std::map<std::string, TarEntry> entries_;
  std::map<std::string, std::set<std::string>> names_;  // by directory
};

struct Captures {
  std::map<std::string, Snapshot> by_path;
  std::vector<std::string> faults;  // "PATH: why it cannot be read"
};
// An archive or the directory of one capture, or a directory of such. Refused if there is none.
Captures read_captures(const std::string& path);

// The file in a capture that holds a command's output.
std::string place_of_output(std::string_view command);

inline constexpr std::string_view capture_schema = "tunec capture 1";
inline constexpr const char *about_file = "tunec/about", *left_out_file = "tunec/left-out",
                            *rounded_file = "tunec/rounded";

}  // namespace tunec::host
