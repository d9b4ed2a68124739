// SHA-256, by libcrypto.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace tunec {

std::array<unsigned char, 32> sha256(std::string_view content);
std::string sha256_hex(std::string_view content);  // 64 digits, as sha256sum spells it

}  // namespace tunec
