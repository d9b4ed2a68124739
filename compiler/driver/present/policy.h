// One shipped policy or budget, or one number that they read, as `tunec explain` shows it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/pipeline.h"

namespace tunec {

// Nothing if there is no policy and no number of this name. `names` then gets the existing names, for
// suggestions.
std::optional<std::string> policy_text(Compilation& knowledge, const std::string& name,
                                       std::vector<std::string>& names);

}  // namespace tunec
