#include "source/sources.h"

#include <gtest/gtest.h>

namespace tunec {
namespace {

std::string at(const Sources& sources, FileId file, std::uint32_t offset) {
  const LineColumn place = sources.position(file, offset);
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

TEST(Sources, CountsColumnsInCodePoints) {
  Sources sources;
  const FileId file = sources.add("a", "é = ü\nx");
  EXPECT_EQ(at(sources, file, 0), "1:1");
  EXPECT_EQ(at(sources, file, 2), "1:2");
  EXPECT_EQ(at(sources, file, 5), "1:5");
  EXPECT_EQ(at(sources, file, 7), "1:6");  // the line end belongs to its line
  EXPECT_EQ(at(sources, file, 8), "2:1");
  EXPECT_EQ(at(sources, file, 9), "2:2");
  EXPECT_EQ(at(sources, file, 999), "2:2");
}

TEST(Sources, GivesLinesWithoutTheirEnds) {
  Sources sources;
  const FileId file = sources.add("a", "one\r\ntwo\n\nfour");
  EXPECT_EQ(sources.line(file, 1), "one");
  EXPECT_EQ(sources.line(file, 2), "two");
  EXPECT_EQ(sources.line(file, 3), "");
  EXPECT_EQ(sources.line(file, 4), "four");
  EXPECT_EQ(sources.line(file, 0), "");
  EXPECT_EQ(sources.line(file, 5), "");
}

TEST(Sources, DropsAByteOrderMark) {
  Sources sources;
  const FileId file = sources.add("a", "\xEF\xBB\xBFsite a");
  EXPECT_EQ(sources.text(file), "site a");
  EXPECT_EQ(at(sources, file, 0), "1:1");
}

TEST(Sources, KeepsTextInPlaceWhileFilesAreAdded) {
  Sources sources;
  const FileId first = sources.add("a", "short");
  const std::string_view before = sources.text(first);
  for (int file = 0; file < 1000; ++file) sources.add("b", "x", true);
  EXPECT_EQ(sources.text(first).data(), before.data());
  EXPECT_EQ(sources.size(), 1001U);
  EXPECT_FALSE(sources.shipped(first));
  EXPECT_TRUE(sources.shipped(FileId{1000}));
  EXPECT_EQ(sources.name(FileId{1000}), "b");
}

TEST(Sources, CutsSpansToTheText) {
  Sources sources;
  const FileId file = sources.add("a", "host kvm-01");
  EXPECT_EQ(sources.text(Span{file, 5, 11}), "kvm-01");
  EXPECT_EQ(sources.text(Span{file, 5, 5}), "");
  EXPECT_EQ(sources.text(Span{file, 5, 99}), "kvm-01");
  EXPECT_EQ(sources.text(Span{file, 99, 120}), "");
  EXPECT_EQ(sources.text(Span{file, 5, 2}), "");
}

TEST(Utf8, AcceptsEveryLengthAndTheEndsOfEachRange) {
  for (const char* good :
       {"", "plain text of more than eight bytes", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
        "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "12345678é"}) {
    EXPECT_EQ(first_bad_utf8(good), std::nullopt) << good;
  }
}

TEST(Utf8, FindsTheFirstBadByte) {
  EXPECT_EQ(first_bad_utf8("12345678\xFF"), 8U);
  EXPECT_EQ(first_bad_utf8("é\x80"), 2U);
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xE0\x9F\xBF", "\xED\xA0\x80",
                          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\xFE"}) {
    EXPECT_EQ(first_bad_utf8(bad), 0U) << bad;
  }
}

}  // namespace
}  // namespace tunec
