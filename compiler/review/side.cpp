#include "review/side.h"

#include <algorithm>

namespace tunec {

std::string name_from_main(const Side& side, FileId file) {
  const std::string_view whole = side.input.sources.name(file), main = side.main_file;
  if (whole == main) return "";
  if (side.input.sources.shipped(file)) return std::string(whole);
  const std::string_view directory = main.substr(0, main.rfind('/') + 1);
  auto shared = static_cast<std::size_t>(std::ranges::mismatch(directory, whole).in1 - directory.begin());
  while (shared > 0 && directory[shared - 1] != '/') --shared;
  std::string name;
  for (const char c : directory.substr(shared)) name += c == '/' ? "../" : "";
  return name.append(whole.substr(shared));
}

}  // namespace tunec
