// Versions as Linux, libvirt and systemd write them, compared part by part. The catalogue's conditions are
// half-open intervals [since, until): "5.13..6.6", "..5.13", "6.6..".
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tunec {

struct Version {
  std::vector<int> parts;  // trailing zeros dropped: 6.0 == 6
  std::string text;        // as written; not compared

  static std::optional<Version> parse(std::string_view text);  // "6.8", "5.15.0-204-generic" (its numbers)
  std::strong_ordering operator<=>(const Version& other) const { return parts <=> other.parts; }
  bool operator==(const Version& other) const { return parts == other.parts; }
};

// Whether both are of one minor release, whatever their patches: 6.1 and 6.1.0-56.
bool same_minor(const Version& a, const Version& b);
Version next_minor(const Version& version);  // 6.2 for 6.1, and for 6.1.192

struct VersionInterval {
  std::optional<Version> since;  // belongs to the interval
  std::optional<Version> until;  // does not belong to it

  static std::optional<VersionInterval> parse(std::string_view text);
  bool contains(const Version& version) const;
  std::string to_string() const;
  bool operator==(const VersionInterval&) const = default;
};

}  // namespace tunec
