// What the files of a generation contain, as JSON.
#pragma once

#include <string>
#include <vector>

#include "host/generations.h"

namespace tunec::host {

std::string record_of(const Generation& generation);
// Returns whether each file is a staged one. Refused if it is no record, or of another version.
std::vector<bool> read_record(const std::string& text, Generation& generation);
std::string text_of(const Running& running);
Running running_of(const std::string& text);  // Refused if it is none

}  // namespace tunec::host
