// What `tunec explain` can explain besides diagnostics and parameters: profiles, intents, policies, facts,
// and pages about surfaces.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "driver/pipeline.h"

namespace tunec {

// What `tunec list` has lists of.
inline constexpr std::array<std::string_view, 9> listed_kinds{
    "profiles", "intents", "policies", "facts", "functions", "pages", "platforms", "surfaces", "hosts"};

struct Topic {
  std::string kind;  // profile, intent, policy, fact, page
  std::string name;
  std::string text;  // for people
};

// Everything of this name. There may be several: `hugepages` is an intent and a parameter.
std::vector<Topic> topics_named(const Library& library, std::string_view name);
std::vector<std::string> topic_names(const Library& library);  // sorted
std::string topic_json(const Topic& topic);

// What `tunec list` prints: the names of one kind, each with the first sentence about it.
struct ListedTopic {
  std::string name, summary;
};
// `kind`: profiles, intents, policies, facts, functions, pages, platforms or surfaces; in any order.
std::vector<ListedTopic> listed(const Compilation& knowledge, std::string_view kind);
std::string listed_json(std::string_view kind, const ListedTopic& row);
std::string listed_host_json(const HostPlan& host);

}  // namespace tunec
