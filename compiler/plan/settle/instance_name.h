// Names of instances that can be spelt in several ways. They get one spelling before anything compares them.
#pragma once

#include <string>
#include <string_view>

#include "catalogue/param.h"

namespace tunec {

std::string instance_name(InstanceForm form, std::string_view given);  // "/srv/a" of "//srv/./a/"

}  // namespace tunec
