// The binary format: a reader returns the written values, and fails inside its bounds on damaged bytes.
#include "base/archive.h"

#include <array>

#include <gtest/gtest.h>

namespace tunec {
namespace {

constexpr std::array<std::uint64_t, 3> numbers = {1, 0, ~std::uint64_t{0}};

std::string archived() {
  ArchiveWriter out;
  out.text("wg0");
  out.number(std::int64_t{-5});
  out.number(true);
  out.text("");
  out.array(std::span<const std::uint64_t>(numbers));
  out.raw("end");
  return out.take();
}

TEST(Archive, returns_what_was_written) {
  const std::string bytes = archived();
  ArchiveReader in(bytes);
  EXPECT_EQ(in.text(), "wg0");
  EXPECT_EQ(in.number<std::int64_t>(), -5);
  EXPECT_TRUE(in.number<bool>());
  EXPECT_EQ(in.text(), "");
  std::array<std::uint64_t, 3> read{};
  in.array(std::span<std::uint64_t>(read));
  EXPECT_EQ(read, numbers);
  EXPECT_FALSE(in.complete());
  EXPECT_EQ(in.raw(3), "end");
  EXPECT_TRUE(in.complete());
}

TEST(Archive, fails_at_the_first_missing_byte_and_stays_failed) {
  const std::string bytes = archived();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ArchiveReader in(std::string_view(bytes).substr(0, size));
    in.text();
    in.number<std::int64_t>();
    in.number<bool>();
    in.text();
    std::array<std::uint64_t, 3> read{};
    in.array(std::span<std::uint64_t>(read));
    in.raw(3);
    EXPECT_TRUE(in.failed()) << size;
    EXPECT_EQ(in.number<std::uint64_t>(), 0U);
    EXPECT_EQ(in.text(), "");
    EXPECT_FALSE(in.complete());
  }
}

TEST(Archive, a_length_beyond_the_end_is_a_failure) {
  ArchiveWriter out;
  out.number(~std::uint32_t{0});
  const std::string bytes = out.take() + "abc";
  ArchiveReader in(bytes);
  EXPECT_EQ(in.text(), "");
  EXPECT_TRUE(in.failed());
}

}  // namespace
}  // namespace tunec
