// Writes through to the places of the disk that a boot loader reads: it replays no journal.
#pragma once

#include <string>

namespace tunec::host {

// Freezes the file system of a directory and thaws it, which empties its journal. Without one, as on vfat, it
// is only synced. If the program dies meanwhile, a child thaws. Returns why that failed, or an empty text.
std::string freeze_and_thaw(const std::string& directory);

}  // namespace tunec::host
