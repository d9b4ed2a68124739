// Finds where a YAML value ends, since yaml-cpp reports only where values begin. It reads only the value's
// own bytes, so all calls together cost one more pass over the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tunec::yaml {

// Skips "&anchor" and "!tag" before a value.
std::uint32_t skip_properties(std::string_view text, std::uint32_t at);
// The end of the scalar that begins at `begin`: after the closing quote. For a block scalar, or a plain
// scalar of several lines, the end of its first line. Nothing if a quote is never closed, which yaml-cpp
// accepts.
std::optional<std::uint32_t> scalar_end(std::string_view text, std::uint32_t begin, std::string_view value);
// The end of "*name".
std::uint32_t alias_end(std::string_view text, std::uint32_t begin);
// The end of a collection whose last item ends at `last`, including the bracket that closes a flow
// collection.
std::uint32_t collection_end(std::string_view text, std::uint32_t begin, std::uint32_t last);

}  // namespace tunec::yaml
