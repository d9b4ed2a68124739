// Two samples → whether the order of their values tells them apart, and by how much they differ. Values are
// only compared with each other, so a clock or a scale that is stretched the same way for both changes
// nothing but the shift.
#pragma once

#include <cstddef>
#include <span>

namespace tunec {

struct RankTest {
  double p = 1;  // two-sided, of Mann and Whitney: the chance of such an order, or a more extreme one,
                 // if nothing differs
  double delta =
      0;  // Cliff's: share of pairs in which the second is greater, minus that of the opposite; -1..1
  bool exact = true;  // false: by the normal approximation, with more than 100 values together
};
RankTest rank_test(std::span<const double> first, std::span<const double> second);

// The least p that samples of these sizes can have.
double least_p(std::size_t first, std::size_t second);

// Hodges and Lehmann's: the median of all differences `second - first`. Both samples have values.
double shift_of(std::span<const double> first, std::span<const double> second);
double median_of(std::span<const double> values);

}  // namespace tunec
