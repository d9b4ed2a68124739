// YAML that is part of tunec: read and checked once when tunec is built, and unpacked in no time when it
// starts. Without places, since nothing is wrong in it. Written and read by the same build, so it carries no
// version.
#pragma once

#include <string>
#include <string_view>

#include "source/yaml.h"

namespace tunec::yaml {

std::string packed(const Node& root);
NodePtr unpacked(std::string_view bytes);

}  // namespace tunec::yaml
