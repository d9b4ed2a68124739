// Names of instances that have several spellings, brought to one before anything compares them.
#pragma once

#include <string>
#include <string_view>

#include "catalogue/param.h"

namespace tunec {

std::string instance_name(InstanceForm form, std::string_view given);  // "/srv/a" of "//srv/./a/"

}  // namespace tunec
