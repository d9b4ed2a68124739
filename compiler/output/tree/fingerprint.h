// Distinguishes texts without keeping them: the first 128 bits of a SHA-256. Used only in caches; manifests
// contain the whole hash (base/sha256.h).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tunec {

struct Fingerprint {
  std::array<std::uint64_t, 2> bits{};  // zeros: unknown, which equals no other
  bool known() const { return bits != decltype(bits){}; }
  bool operator==(const Fingerprint&) const = default;
};

Fingerprint fingerprint_of(std::string_view content);
// Of the running program, by its build id; unknown if it was linked without one.
Fingerprint fingerprint_of_program();

}  // namespace tunec
