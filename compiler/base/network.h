// Addresses and prefixes as numbers, for comparing. IPv4 and IPv6 never compare.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tunec {

__extension__ typedef unsigned __int128 AddressNumber;

struct Network {
  int family = 4;             // 4 or 6
  AddressNumber address = 0;  // as written, with its host bits
  int length = 0;             // of the prefix; all bits for a plain address

  AddressNumber first() const;
  AddressNumber last() const;
};

// 10.8.0.1, 10.8.0.0/24, fd00::1, fd00::/64.
std::optional<Network> parse_network(std::string_view text);
// In the one form that each has: fd00::1, without a length; 10.8.0.0/24, without host bits.
std::string address_text(const Network& network);
std::string prefix_text(const Network& network);

}  // namespace tunec
