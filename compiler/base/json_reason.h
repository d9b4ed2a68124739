// Why a JSON text cannot be read, for people.
#pragma once

#include <exception>
#include <string_view>

namespace tunec {

// The library begins its texts with the name of its exception: "[json.exception.parse_error.101] parse error
// at line 1, …". The result lives as long as the error.
inline std::string_view json_reason(const std::exception& error) {
  std::string_view text = error.what();
  const std::size_t end = text.find("] ");
  if (text.starts_with("[json.exception") && end != text.npos) text.remove_prefix(end + 2);
  return text;
}

}  // namespace tunec
