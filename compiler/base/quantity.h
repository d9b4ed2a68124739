// Quantities as text, in the largest unit that keeps them whole. `quantity` in value.h reads them.
#pragma once

#include <string>
#include <string_view>

#include "base/value.h"

namespace tunec {

std::string quantity_text(Bytes value);      // 16MiB; 100GB where that is shorter than any power of 1024
std::string quantity_text(Duration value);   // 90s, 2min
std::string quantity_text(Bandwidth value);  // 10Gbps
std::string quantity_text(Percent value);    // 12.5%
std::string quantity_text(Ratio value);      // 1.5x

std::string decimal_text(double number);  // the shortest that reads back as the same, with no exponent

}  // namespace tunec
