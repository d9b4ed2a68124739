#include "host/apply/guests.h"

#include <algorithm>

#include <fmt/format.h>
#include <fnmatch.h>

namespace tunec::host {
namespace {

constexpr std::size_t most_named = 5;

// systemd writes a byte that a unit's name cannot have as \x2d.
std::string unescaped(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_byte = text.substr(i, 2) == "\\x" && i + 3 < text.size();
    const std::size_t high = is_byte ? digits.find(text[i + 2]) : digits.npos;
    const std::size_t low = is_byte ? digits.find(text[i + 3]) : digits.npos;
    if (high == digits.npos || low == digits.npos) {
      result += text[i];
      continue;
    }
    result += static_cast<char>(high * 16 + low);
    i += 3;
  }
  return result;
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// What fits the star of the last part of a pattern.
std::string name_of(std::string_view pattern, std::string_view path) {
  const std::string_view shape = last_part(pattern), name = last_part(path);
  const std::size_t star = shape.find('*');
  if (star == shape.npos) return unescaped(name);
  const std::size_t behind = shape.size() - star - 1;
  return unescaped(name.substr(star, name.size() - star - behind));
}

std::string described(const std::vector<std::string>& guests) {
  const std::size_t shown = std::min(guests.size(), most_named);
  return fmt::format("{} {} ({}{})", guests.size(), guests.size() == 1 ? "guest runs" : "guests run",
                     fmt::join(guests.begin(), guests.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                     shown < guests.size() ? ", …" : "");
}

}  // namespace

std::vector<std::string> running_guests(const Evidence& evidence, const Manifest& manifest) {
  std::vector<std::string> guests;
  for (const Check& check : manifest.checks) {
    if (check.kind != "guests") continue;
    for (const std::string& path : evidence.paths(check.reading.read))
      guests.push_back(name_of(check.reading.read, path));
  }
  return guests;
}

void add_harms(const Evidence& evidence, const Manifest& manifest, std::vector<std::string>& reasons) {
  const std::vector<std::string> guests = running_guests(evidence, manifest);
  if (guests.empty()) return;
  for (const Check& check : manifest.checks) {
    if (check.kind != "harms") continue;
    const CheckResult result = look_at(evidence, check);
    // What is so already does not change, and what is not there cannot.
    if (result.verdict == CheckResult::Verdict::right ||
        result.verdict == CheckResult::Verdict::nothing_to_read)
      continue;
    reasons.push_back(
        fmt::format("{} changes from {} to {} while {} here: {}: move them or shut them down first, or let "
                    "the change wait for a boot (--stage, --trial)",
                    check.name, result.found, result.wanted, described(guests), check.what));
  }
}

bool stops_guests(const Manifest& manifest, const std::string& unit) {
  return std::ranges::any_of(manifest.checks, [&](const Check& check) {
    return check.kind == "guests" && std::ranges::any_of(check.units, [&](const std::string& pattern) {
             return ::fnmatch(pattern.c_str(), unit.c_str(), 0) == 0;
           });
  });
}

}  // namespace tunec::host
