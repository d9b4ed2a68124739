// What is inside the program: the table of parameters, and the shipped files by their path from the project's
// root.
#pragma once

#include <string_view>
#include <vector>

#include "site/library.h"

namespace tunec {

std::string_view embedded_table();
std::vector<ShippedFile> embedded_files();

}  // namespace tunec
