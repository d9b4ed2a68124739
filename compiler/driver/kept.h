// What lives as long as the process, which is done with it when it is done: of a large fleet, freeing each
// part takes its time.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace tunec {

template <class T>
T& kept(std::unique_ptr<T> one) {
  static auto& all = *new std::vector<std::unique_ptr<T>>;
  return *all.emplace_back(std::move(one));
}

}  // namespace tunec
