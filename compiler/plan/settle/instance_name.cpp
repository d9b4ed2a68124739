#include "plan/settle/instance_name.h"

#include <algorithm>

namespace tunec {
namespace {

// As systemd's path_simplify() does it.
std::string plain_path(std::string_view path) {
  std::string result;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (!part.empty() && part != ".") (result += '/') += part;
    at = end + 1;
  }
  return result.empty() ? "/" : result;
}

}  // namespace

std::string instance_name(InstanceForm form, std::string_view given) {
  const bool path = form == InstanceForm::path && given.starts_with('/');
  return path ? plain_path(given) : std::string(given);
}

}  // namespace tunec
