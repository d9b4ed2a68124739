// Looking parameters up. The shipped catalogue is one read-only table made when tunec is built
// (catalogue/table.h): opening it costs nothing, and a record is read when it is first asked for.
// Records loaded from an overlay directory come before it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
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
  std::size_t size() const;
  std::string_view name_at(std::size_t index) const;   // sorted; with find() a way to walk through all
  // Names that begin with `prefix`, in order.
  std::vector<std::string_view> names_under(std::string_view prefix) const;
  // A record made up for `unchecked`; owned here.
  const ParamInfo* improvise(ParamInfo record) const;

 private:
  std::string_view table_;
  mutable std::unordered_map<std::string, const ParamInfo*> read_;
  mutable std::deque<ParamInfo> owned_;
  std::map<std::string, ParamInfo, std::less<>> overlay_;
};

}  // namespace tunec
