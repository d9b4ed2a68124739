// What tells texts apart without keeping them: SHA-256, as manifests spell it, and its first 128 bits for our
// own use.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tunec {

struct Fingerprint {
  std::array<std::uint64_t, 2> bits{};  // zeros: not known, and like no other
  bool known() const { return bits != decltype(bits){}; }
  bool operator==(const Fingerprint&) const = default;
};

Fingerprint fingerprint_of(std::string_view content);
std::string sha256_hex(std::string_view content);

// Of the program that runs; not known if it was linked without a build id.
Fingerprint fingerprint_of_program();

}  // namespace tunec
