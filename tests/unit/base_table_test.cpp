#include "base/table.h"

#include <gtest/gtest.h>

namespace tunec {
namespace {

TEST(Table, AlignsByCharactersAndLeavesNoBlanksAtTheEnd) {
  Table table({Align::left, Align::right}, 2);
  table.add({"a…", "1", "x"});
  table.add({"abc", "10", ""});
  EXPECT_EQ(table.text(), "  a…    1  x\n  abc  10\n");
}

TEST(Table, TheLastCellOfAShortRowDoesNotWidenItsColumn) {
  Table table;
  table.add({"a", "a long reason"});
  table.add({"b", "c", "d"});
  EXPECT_EQ(table.text(), "a  a long reason\nb  c  d\n");
}

TEST(Table, CountsInWords) {
  EXPECT_EQ(counted(1, "host"), "1 host");
  EXPECT_EQ(counted(0, "host"), "0 hosts");
  EXPECT_EQ(characters("kvm…"), 4U);
}

}  // namespace
}  // namespace tunec
