// Texts without their secrets, for captures. Both sides of a comparison lose the same.
#pragma once

#include <string>
#include <string_view>

namespace tunec::host {

// What stands behind a key such as `PrivateKey =` or `"password":`, an option such as `--token`, or in an
// address such as `https://user:password@host`, up to the end of its line.
std::string without_secrets(std::string_view text);
// The same of words, as on the kernel's command line: up to the next blank.
std::string words_without_secrets(std::string_view text);
// Files that are one secret: keys of the system and of the kernel.
bool is_secret_file(std::string_view path);

}  // namespace tunec::host
