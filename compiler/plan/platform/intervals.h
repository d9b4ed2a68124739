// Numbers, CPUs, ports, addresses and prefixes as intervals, so that one function finds overlaps of all of
// them.
#pragma once

#include <cstddef>
#include <vector>

#include "base/network.h"
#include "base/value.h"

namespace tunec {

// Both ends belong to it. The family separates IPv4 from IPv6, and both from numbers.
struct Interval {
  int family = 0;
  AddressNumber low = 0, high = 0;
  Value value;
  std::size_t from = 0;  // its owner, as a number that the caller chooses

  bool meets(const Interval& other) const {
    return family == other.family && low <= other.high && other.low <= high;
  }
  bool holds(const Interval& other) const {
    return family == other.family && low <= other.low && other.high <= high;
  }
};

// The intervals of a value, or of each item of a list. A value that covers nothing, such as a word, is left
// out.
void add_intervals(std::size_t from, const Value& value, std::vector<Interval>& all);
// Sorted by their beginning; of those that begin together, the widest first.
void sort_intervals(std::vector<Interval>& intervals);

}  // namespace tunec
