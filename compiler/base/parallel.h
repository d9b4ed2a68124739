// Runs independent pieces of one job on all processors. The result does not depend on their number: each
// piece writes to its own place, and the caller joins them in order.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace tunec {

inline std::size_t processors() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 16);
}

// Calls work(i) once for each i below `count`, in any order and from several threads; returns when all are
// done. If calls throw, it rethrows the exception of the lowest i. Fewer than two pieces need no thread.
template <class Work>
void in_parallel(std::size_t count, const Work& work) {
  const std::size_t threads = std::min(processors(), count);
  if (threads < 2) {
    for (std::size_t i = 0; i < count; ++i) work(i);
    return;
  }
  std::atomic<std::size_t> next = 0;
  std::vector<std::exception_ptr> thrown(count);
  const auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        thrown[i] = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> others;
    others.reserve(threads - 1);
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(take);
    take();
  }
  for (const std::exception_ptr& error : thrown) {
    if (error) std::rethrow_exception(error);
  }
}

// The same for many small pieces: one thread does `batch` neighbours one after the other.
template <class Work>
void in_parallel(std::size_t count, std::size_t batch, const Work& work) {
  in_parallel((count + batch - 1) / batch, [&](std::size_t i) {
    for (std::size_t piece = i * batch; piece < std::min(count, (i + 1) * batch); ++piece) work(piece);
  });
}

}  // namespace tunec
