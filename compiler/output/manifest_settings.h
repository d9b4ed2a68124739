// The part of a manifest that the program on the host (compiler/host/) uses: where each setting can be read
// back, and which files a step is for. A setting that cannot be read back is not listed: there is nothing to
// compare, and manifests are most of the bytes that tunec writes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "output/json_writer.h"
#include "render/backend.h"
#include "render/output.h"

namespace tunec {

// Readers refuse any other version. It changes if a key changes its meaning or is removed, not if one is
// added.
inline constexpr std::string_view manifest_schema = "tunec manifest 1";

// Elements of the manifest's list, one a line and without brackets; in the order of the file, each once.
std::string manifest_settings(const Artifact& artifact, const std::vector<ReadBack>& reads);
std::string manifest_settings(const std::vector<Step>& steps, const std::vector<ReadBack>& reads);
std::string join_settings(const std::vector<std::string_view>& elements);  // the list

// For a step: the files that it makes effective, and whether writing the settings' values has the same
// effect.
void write_scope(const Step& step, const std::vector<ReadBack>& reads, JsonWriter& json);

}  // namespace tunec
