// Reads versions out of what distributions print. Only the numbers count: words such as "generic" or "rc3"
// end the version, since no order is known for them.
#include "base/version.h"

#include <charconv>

namespace tunec {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// What may follow the numbers: "-generic", "+deb12", "~rc1", "rc1", ".el9", "_4".
bool is_suffix(std::string_view rest) {
  if (rest.empty() || is_letter(rest.front())) return true;
  if (std::string_view("-+~_").find(rest.front()) != std::string_view::npos) return true;
  return rest.front() == '.' && rest.size() > 1 && is_letter(rest[1]);
}

}  // namespace

std::optional<Version> Version::parse(std::string_view text) {
  Version version;
  version.text = std::string(text);
  std::string_view rest = text;
  while (!rest.empty() && is_digit(rest.front())) {
    int part = 0;
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), part);
    if (error != std::errc{}) return std::nullopt;
    version.parts.push_back(part);
    rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
    const bool more = rest.size() > 1 && (rest.front() == '.' || rest.front() == '-') && is_digit(rest[1]);
    if (!more) break;
    rest.remove_prefix(1);
  }
  if (version.parts.empty() || !is_suffix(rest)) return std::nullopt;
  while (version.parts.size() > 1 && version.parts.back() == 0) version.parts.pop_back();
  return version;
}

namespace {

int part(const Version& version, std::size_t index) {
  return index < version.parts.size() ? version.parts[index] : 0;
}

}  // namespace

bool same_minor(const Version& a, const Version& b) {
  return part(a, 0) == part(b, 0) && part(a, 1) == part(b, 1);
}

Version next_minor(const Version& version) {
  const int major = part(version, 0), minor = part(version, 1) + 1;
  return {{major, minor}, std::to_string(major) + "." + std::to_string(minor)};
}

std::optional<VersionInterval> VersionInterval::parse(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == text.npos || text == "..") return std::nullopt;
  const std::string_view since = text.substr(0, dots);
  const std::string_view until = text.substr(dots + 2);
  VersionInterval interval;
  if (!since.empty()) {
    interval.since = Version::parse(since);
    if (!interval.since) return std::nullopt;
  }
  if (!until.empty()) {
    interval.until = Version::parse(until);
    if (!interval.until) return std::nullopt;
  }
  // An empty interval can only be a slip.
  if (interval.since && interval.until && *interval.since >= *interval.until) return std::nullopt;
  return interval;
}

bool VersionInterval::contains(const Version& version) const {
  return (!since || *since <= version) && (!until || version < *until);
}

std::string VersionInterval::to_string() const {
  return (since ? since->text : "") + ".." + (until ? until->text : "");
}

}  // namespace tunec
