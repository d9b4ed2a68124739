// Numbers, CPUs, ports, addresses and prefixes as intervals, so that one function finds overlaps of all of
// them.
#pragma once

#include <cstddef>
#include <vector>

#include "base/network.h"
#include "base/value.h"

namespace tunec {

// Ends in; the family keeps IPv4 from IPv6 and both from numbers.
struct Interval {
  int family = 0;
  AddressNumber low = 0, high = 0;
  Value value;
  std::size_t from = 0;  // whose it is: a number that the caller gives

  bool meets(const Interval& other) const {
    return family == other.family && low <= other.high && other.low <= high;
  }
  bool holds(const Interval& other) const {
    return family == other.family && low <= other.low && other.high <= high;
  }
};

// Those of a value, of each item of a list. What covers nothing, such as a word, is left out.
void add_intervals(std::size_t from, const Value& value, std::vector<Interval>& all);
// By where they begin, the widest first.
void sort_intervals(std::vector<Interval>& intervals);

}  // namespace tunec
