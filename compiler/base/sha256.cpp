#include "base/sha256.h"

#include <stdexcept>

// OpenSSL 3 wants EVP in place of these. EVP would bring all of its algorithms into the program: 17,000
// relocations at each start, and a look-up of SHA-256 that takes longer than hashing a small file.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace tunec {

std::array<unsigned char, 32> sha256(std::string_view content) {
  SHA256_CTX state;
  std::array<unsigned char, 32> digest{};
  if (SHA256_Init(&state) != 1 || SHA256_Update(&state, content.data(), content.size()) != 1 ||
      SHA256_Final(digest.data(), &state) != 1) {
    throw std::runtime_error("libcrypto has no SHA-256");  // a broken installation, nothing a user wrote
  }
  return digest;
}

std::string sha256_hex(std::string_view content) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : sha256(content)) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

}  // namespace tunec
