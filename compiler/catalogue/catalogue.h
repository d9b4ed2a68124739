// Looking parameters up. The shipped catalogue is one read-only table made when tunec is built
// (catalogue/table.h): opening it costs nothing, and a record is read when it is first asked for.
// Records loaded from an overlay directory come before it.
#pragma once

#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "catalogue/param.h"

namespace tunec {

class Catalogue {
 public:
  Catalogue() = default;
  explicit Catalogue(std::string_view table);         // bytes of a table; must outlive this
  explicit Catalogue(std::vector<ParamInfo> records);  // tests and overlays

  // Later records beat the table's of the same name.
  void overlay(std::vector<ParamInfo> records);

  const ParamInfo* find(std::string_view name) const;  // null if there is none; stays valid
  const std::vector<std::string_view>& names() const;  // sorted
  std::span<const std::string_view> names_under(std::string_view prefix) const;
  // A record made up for `unchecked`; owned here, one per name.
  const ParamInfo* improvise(ParamInfo record) const;
  const ParamInfo* improvised(std::string_view name) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
  };
  std::string_view table_;
  std::map<std::string, ParamInfo, std::less<>> overlay_;
  // What was asked for so far, misses included.
  mutable std::unordered_map<std::string, const ParamInfo*, Hash, std::equal_to<>> read_;
  mutable std::deque<ParamInfo> owned_;
  mutable std::vector<std::string_view> names_;
};

// "wireguard.mtu" of "wireguard().mtu": as policies and waivers name a parameter, whichever the instance.
std::string without_instances(std::string_view name);

}  // namespace tunec
