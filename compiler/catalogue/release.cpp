#include "catalogue/release.h"

namespace tunec {

std::string Release::label() const { return os_release.empty() ? os : os + " " + os_release; }

std::string Release::describe() const {
  return (subject == "linux" ? "Linux" : subject) + " " + version.text + " (" + label() + ")";
}

}  // namespace tunec
