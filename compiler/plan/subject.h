// The host that a value is computed for, as values and conversions see it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "machine/facts.h"

namespace tunec {

// The host, or one host standing for its class, that an expression is computed for.
struct Subject {
  const Facts* facts = nullptr;
  std::string_view name;
  std::span<const std::string> groups;
  std::vector<std::string_view> hosts;  // all that it stands for; named in diagnostics
  const Labels* labels = nullptr;
};

}  // namespace tunec
