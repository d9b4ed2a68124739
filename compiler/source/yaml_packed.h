// YAML that is part of tunec. The build reads and checks it, so tunec only unpacks it when it starts. It has
// no mistakes, so it needs no places. One build writes and reads it, so it has no version.
#pragma once

#include <string>
#include <string_view>

#include "source/yaml.h"

namespace tunec::yaml {

std::string packed(const Node& root);
NodePtr unpacked(std::string_view bytes);

}  // namespace tunec::yaml
