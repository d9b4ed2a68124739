#include "driver/present/junit.h"

#include <gtest/gtest.h>

namespace tunec {
namespace {

TEST(Junit, CountsAndSuites) {
  EXPECT_EQ(junit({{"good", "a.tune", 3, "", "", false},
                   {"bad", "b.tune", 9, "it fails", "a <long> text\n", false},
                   {"the site", "b.tune", 0, "no", "no", true}}),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="1">
  <testsuite name="a.tune" tests="1" failures="0" errors="0">
    <testcase classname="a.tune" name="good" file="a.tune" line="3"/>
  </testsuite>
  <testsuite name="b.tune" tests="2" failures="1" errors="1">
    <testcase classname="b.tune" name="bad" file="b.tune" line="9">
      <failure message="it fails">a &lt;long&gt; text&#10;</failure>
    </testcase>
    <testcase classname="b.tune" name="the site" file="b.tune">
      <error message="no">no</error>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(Junit, NoTestsAreADocumentToo) {
  EXPECT_EQ(junit({}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"0\" failures=\"0\" "
            "errors=\"0\">\n</testsuites>\n");
}

TEST(Junit, TextThatXmlCannotHoldIsReplaced) {
  EXPECT_EQ(xml_text("a\"<b>&\n\t'"), "a&quot;&lt;b&gt;&amp;&#10;&#9;'");
  EXPECT_EQ(xml_text(std::string_view("\x1b[1m\0", 5)), "\uFFFD[1m\uFFFD");
  EXPECT_EQ(xml_text("\uFFFE\uFFFF\uFFFDé"), "\uFFFD\uFFFD\uFFFDé");
  EXPECT_EQ(xml_text("a\u202eb\u009b"), "a&#x202e;b&#x9b;");
  EXPECT_EQ(xml_text("\xFFok\xC3"), "\uFFFDok\uFFFD");
}

}  // namespace
}  // namespace tunec
