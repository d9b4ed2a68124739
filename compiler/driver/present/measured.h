// A comparison of two measurements, as text and as JSON (stdlib/bench-compare.schema.json).
#pragma once

#include <string>

#include "measure/compare.h"

namespace tunec {

struct ComparedFiles {
  std::string before_name, after_name;
  Measurement before, after;
  std::vector<std::string> other_machine;  // what differs, if the user wants it all the same
  MeasuredChange change;
};

std::string measured_text(const ComparedFiles& files);
std::string measured_json(const ComparedFiles& files);

// "4.29 GB/s", "3.00 ms", "787 1/s"
std::string quantity_text(double value, std::string_view unit);

}  // namespace tunec
