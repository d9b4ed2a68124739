// Objects that are deliberately never freed, since freeing a large fleet takes longer than exiting. They stay
// reachable, so leak checkers accept them.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace tunec {

template <class T>
T& leak_until_exit(std::unique_ptr<T> object) {
  static auto& leaked = *new std::vector<std::unique_ptr<T>>;
  return *leaked.emplace_back(std::move(object));
}

}  // namespace tunec
