// The shipped records of parameters that moved must be consistent, because `where available` relies on them.
#include <gtest/gtest.h>

#include <algorithm>

#include "catalogue/catalogue.h"
#include "embedded.h"

namespace tunec {
namespace {

TEST(CatalogueMoved, EveryNameIsThereAndTakesTheSameValues) {
  const Catalogue catalogue(embedded_table());
  for (const std::string_view name : catalogue.names()) {
    const ParamInfo& param = *catalogue.find(name);
    for (const Caveat& caveat : param.caveats) {
      if (caveat.moved.empty()) continue;
      const ParamInfo* heir = catalogue.find(caveat.moved);
      ASSERT_NE(heir, nullptr) << name << " moved to " << caveat.moved << ", which is not a parameter";
      EXPECT_NE(heir, &param) << name << " moved to itself";
      EXPECT_EQ(heir->type, param.type)
          << name << " moved to " << caveat.moved << ", which is of another type";
      EXPECT_EQ(heir->element, param.element)
          << name << " moved to " << caveat.moved << ", whose items are of another type";
      EXPECT_EQ(std::ranges::count(heir->name, '('), std::ranges::count(param.name, '('))
          << name << " moved to " << caveat.moved << ", which has other instances";
    }
  }
}

}  // namespace
}  // namespace tunec
