// What `tunec explain` knows beside diagnostics and parameters: profiles, intents, policies, facts, and pages
// about surfaces.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "driver/pipeline.h"

namespace tunec {

struct Topic {
  std::string kind;  // profile, intent, policy, fact, page
  std::string name;
  std::string text;  // for people
};

// Everything of that name. Several are possible: `hugepages` is an intent, and a parameter too.
std::vector<Topic> topics_named(const Library& library, std::string_view name);
std::vector<std::string> topic_names(const Library& library);  // sorted
std::string topic_json(const Topic& topic);

}  // namespace tunec
