// Corners of the formatter. What it does in general is shown in cases/cli/fmt.md, and its laws are in
// property/.
#include "format/format.h"

#include <gtest/gtest.h>

namespace tunec {
namespace {

std::string formatted(std::string_view text) { return format_source(text).text; }

TEST(Format, EveryTextEndsWithOneLineEnd) {
  EXPECT_EQ(formatted(""), "");
  EXPECT_EQ(formatted(" \n\t\n"), "");
  EXPECT_EQ(formatted("site s"), "site s\n");
  EXPECT_EQ(formatted("\n\nsite s\n\n\n"), "site s\n");
  EXPECT_EQ(formatted("# only a comment  "), "# only a comment\n");
}

TEST(Format, LineEndsOfOtherSystemsBecomeOurs) {
  EXPECT_EQ(formatted("site s\r\n\r\n\r\nlet a = 1\r\n"), "site s\n\nlet a = 1\n");
  EXPECT_EQ(formatted("site s\rlet a = 1\r"), "site s\nlet a = 1\n");
  EXPECT_EQ(formatted("host a {\r\n x = =\r\n}\r\n"), "host a {\n x = =\n}\n");
}

TEST(Format, WordsThatBlanksWouldChangeAreLeftAlone) {
  EXPECT_EQ(formatted("host  kvm-[01 .. 03]  - x { }"), "host kvm-[01 .. 03] - x { }\n");
  EXPECT_EQ(formatted("let a = x - y"), "let a = x - y\n");
  EXPECT_EQ(formatted("let a = x-y"), "let a = x-y\n");
  EXPECT_EQ(formatted("let a = 1 .. - 2"), "let a = 1..-2\n");
  EXPECT_EQ(formatted("let a = not ( x . y )"), "let a = not (x.y)\n");
  EXPECT_EQ(formatted("let a = f ( - 1 , b : [ ] , c for d )"), "let a = f(-1, b: [], c for d)\n");
  EXPECT_EQ(formatted("let a = 0.007 + 1.50GiB + 0X1F"), "let a = 0.007 + 1.50GiB + 0X1F\n");
}

TEST(Format, ALongNameMovesNoOther) {
  const std::string without = "host a {\n  b  = 1   # one\n  cd = 22  # two\n}\n";
  const std::string with =
      "host a {\n  b  = 1   # one\n  a_name_of_more_than_twenty = 3\n  cd = 22  # two\n}\n";
  EXPECT_EQ(formatted(without), without);
  EXPECT_EQ(formatted(with), with);
}

TEST(Format, NamesMayBeKeywords) {
  EXPECT_EQ(formatted("host a {\nhost = 1\nlet = 2\nname = 3\n}"),
            "host a {\n  host = 1\n  let  = 2\n  name = 3\n}\n");
  EXPECT_EQ(formatted("let default = 1\nlet a = 2"), "let default = 1\nlet a       = 2\n");
  EXPECT_EQ(formatted("let default default 1\nlet a default 2"),
            "let default default 1\nlet a       default 2\n");
}

// The parser takes two lines that begin with such words for two declarations.
TEST(Format, LinesOfKeywordsStayWhatTheyAre) {
  EXPECT_EQ(formatted("let a =\n pool  host b { }"), "let a = pool\nhost b { }\n");
  const std::string kept = "let a =  # why\n pool   host b { }\n";
  EXPECT_EQ(formatted(kept), kept);
  EXPECT_TRUE(format_source(kept).whole && format_source(kept).kept);
}

TEST(Format, TextThatIsNestedTooDeepStaysAsItIs) {
  const std::string deep = "let  a = " + std::string(300, '(') + "1" + std::string(300, ')');
  EXPECT_EQ(formatted(deep), deep);
  EXPECT_FALSE(format_source(deep).whole);
}

}  // namespace
}  // namespace tunec
