// The catalogue as one block of bytes: an index sorted by name, then the records. Written once when tunec is built,
// embedded in the program, and read in place: opening it costs nothing whatever its size, a look-up is a binary search, and only
// the records that a site uses are ever decoded. Little endian; written and read by the same build, so it carries no version.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/param.h"

namespace tunec::table {

std::string write(std::vector<ParamInfo> records);  // names must be unique

std::size_t size(std::string_view table);
std::string_view name_at(std::string_view table, std::size_t index);
// The first index whose name is not less than `name`.
std::size_t lower_bound(std::string_view table, std::string_view name);
ParamInfo read(std::string_view table, std::size_t index);

}  // namespace tunec::table
