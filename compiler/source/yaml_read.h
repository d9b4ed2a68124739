// Runs yaml-cpp over a text, and rewords its errors.
#pragma once

#include <optional>
#include <string_view>

#include "source/yaml_builder.h"

namespace tunec::yaml {

// The first byte that is not UTF-8, or a control character: YAML forbids these, and yaml-cpp takes some for
// the end of the file or the mark of another encoding.
std::optional<std::pair<std::size_t, std::string_view>> first_bad_byte(std::string_view text);

// Builds the tree of `stream`, of whose places the builder knows where they are in the file. Nothing if all
// is well.
std::optional<Error> read(std::string_view stream, Builder& builder);

}  // namespace tunec::yaml
