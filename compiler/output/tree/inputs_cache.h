// What the last run was made from, in .tunec/cache/inputs, with what tells the tree that it left
// (TreeResult::left). Like the rest of the cache it changes nothing that is written, and counts for nothing
// if in any doubt.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/sha256.h"

namespace tunec {

struct LeftInputs {
  Fingerprint left;  // the tree was as this says; whether it still is, is to be asked of it
  std::string whole;
  std::size_t begin = 0, size = 0;
  std::string_view text() const { return std::string_view(whole).substr(begin, size); }
};

// Nothing if it is not whole.
std::optional<LeftInputs> last_inputs(const std::string& directory);
// After a run that succeeded. What cannot be kept is not.
void keep_inputs(const std::string& directory, const Fingerprint& left, std::string_view text);

}  // namespace tunec
