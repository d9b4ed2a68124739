// What the guides promise of settings, in percent and without evidence: stdlib/claims.yaml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "driver/pipeline.h"

namespace tunec {

struct GuideClaim {
  std::string guide, line;
  std::string gain;                   // percent, "15..25"
  std::string of;                     // what the guide claims gets better
  std::vector<std::string> settings;  // the guide claims it of all of them together
  std::string note;                   // what is known against it; may be empty
};

std::vector<GuideClaim> read_claims(Compilation& compilation);  // adds the file to its sources
std::vector<GuideClaim> claims_about(Compilation& compilation, std::string_view parameter);
std::string claims_text(const std::vector<GuideClaim>& claims, std::string_view parameter);

}  // namespace tunec
