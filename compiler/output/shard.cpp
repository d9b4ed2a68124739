#include "output/shard.h"

#include <charconv>

#include <fmt/format.h>

#include "base/sha256.h"

namespace tunec {
namespace {

constexpr std::size_t max_shards = 1'000'000;

std::optional<std::size_t> number_from(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > max_shards)
    return std::nullopt;
  return number;
}

}  // namespace

bool Shard::holds(std::string_view host) const {
  std::uint64_t hash = 0;
  const std::string hex = sha256_hex(host).substr(0, 16);
  std::from_chars(hex.data(), hex.data() + hex.size(), hash, 16);
  return hash % of == number - 1;
}

std::string Shard::text() const { return fmt::format("{}/{}", number, of); }

std::optional<Shard> shard_from(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  const auto number = number_from(text.substr(0, slash)), of = number_from(text.substr(slash + 1));
  if (!number || !of || *number > *of) return std::nullopt;
  return Shard{*number, *of};
}

std::string shard_label(const Shard& shard, const Fleet& fleet) {
  std::string names;
  for (const Host& host : fleet.hosts) names.append(host.name).append("\n");
  return fmt::format("{} {}\n", shard.text(), sha256_hex(names));
}

void keep_shard(RenderedFleet& rendered, const Shard& shard) {
  std::erase_if(rendered.hosts, [&](const RenderedHost& host) { return !shard.holds(host.name); });
  if (shard.number != 1) rendered.site.clear();
}

}  // namespace tunec
