// Finds where the items of lists stand in the sources, so that a finding about one item is shown at that
// item. Comes in: a setting and an item. Goes out: the place in the first statement that contains the item.
// Places are looked up only for findings, and no plan carries them.
#pragma once

#include <map>
#include <optional>
#include <string_view>

#include "plan/plan.h"
#include "site/fleet.h"

namespace tunec {

class ItemPlaces {
 public:
  explicit ItemPlaces(const Fleet& fleet) : fleet_(fleet) {}

  // Nothing if no statement contains it: it was computed, or comes from elsewhere.
  std::optional<Span> find(const Setting& setting, const Value& item, const Sources& sources);

 private:
  void add(const Body& body);
  const Fleet& fleet_;
  std::map<Span, const BoundSetting*> statements_;  // by place; filled when first needed
};

}  // namespace tunec
