#include "base/network.h"

#include <arpa/inet.h>

#include <charconv>
#include <string>

namespace tunec {
namespace {

int bits_of(int family) { return family == 4 ? 32 : 128; }
AddressNumber host_bits(const Network& network) {
  const int free = bits_of(network.family) - network.length;
  return free >= 128 ? ~AddressNumber{0} : (AddressNumber{1} << free) - 1;
}

}  // namespace

AddressNumber Network::first() const { return address & ~host_bits(*this); }
AddressNumber Network::last() const { return address | host_bits(*this); }

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  unsigned char bytes[16] = {};
  Network network;
  network.family = address.find(':') == std::string::npos ? 4 : 6;
  if (inet_pton(network.family == 4 ? AF_INET : AF_INET6, address.c_str(), bytes) != 1) return std::nullopt;
  for (int i = 0; i < bits_of(network.family) / 8; ++i) network.address = network.address << 8 | bytes[i];
  network.length = bits_of(network.family);
  if (slash == std::string_view::npos) return network;
  const std::string_view length = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), network.length);
  if (error != std::errc() || end != length.data() + length.size() || network.length < 0 ||
      network.length > bits_of(network.family))
    return std::nullopt;
  return network;
}

std::string address_text(const Network& network) {
  const int count = bits_of(network.family) / 8;
  unsigned char bytes[16] = {};
  for (int i = 0; i < count; ++i)
    bytes[i] = static_cast<unsigned char>(network.address >> (8 * (count - 1 - i)));
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(network.family == 4 ? AF_INET : AF_INET6, bytes, text, sizeof text);
  return text;
}

std::string prefix_text(const Network& network) {
  return address_text({network.family, network.first(), network.length}) + "/" +
         std::to_string(network.length);
}

}  // namespace tunec
