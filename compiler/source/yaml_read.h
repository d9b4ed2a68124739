// Runs yaml-cpp over a text, and rewords its errors.
#pragma once

#include <optional>
#include <string_view>

#include "source/yaml_builder.h"

namespace tunec::yaml {

// The first byte that is not UTF-8, or the first control character. YAML forbids these; yaml-cpp takes some
// for the end of the file, or for the mark of another encoding.
std::optional<std::pair<std::size_t, std::string_view>> first_bad_byte(std::string_view text);

// Builds the tree of `stream`. The builder maps places in the stream to places in the file. Nothing if there
// is no mistake.
std::optional<Error> read(std::string_view stream, Builder& builder);

}  // namespace tunec::yaml
