// Patterns of host names: `kvm-[02..40]` names hosts, `db-*` selects among those that exist.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tunec {

struct BadPattern {
  std::string reason;
};

bool has_wildcard(std::string_view pattern);  // `*`
// All names of a pattern without `*`, in order. Numbers keep their leading zeros.
std::variant<std::vector<std::string>, BadPattern> expand_pattern(std::string_view pattern);
// `*` stands for any run of characters, `[02..40]` for a number in this range.
bool matches_pattern(std::string_view pattern, std::string_view name);
// A host's name is also a directory in the output. So it has only letters, digits, `-`, `_` and `.`, and does
// not begin with a dot.
bool is_host_name(std::string_view name);

}  // namespace tunec
