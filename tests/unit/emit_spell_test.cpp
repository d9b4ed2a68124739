// The spelling of values: units, words, booleans, lists, and their JSON forms.
#include "render/spell.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tunec {
namespace {

ParamInfo param(ValueType type, std::string unit = "") {
  ParamInfo info;
  info.type = type;
  info.unit = std::move(unit);
  info.separator = " ";
  return info;
}

std::string json(const ParamInfo& info, Value value) {
  Setting setting;
  setting.param = &info;
  setting.value = std::move(value);
  return to_json(setting).dump();
}

TEST(Spell, converts_sizes_to_the_unit) {
  const Value size{Bytes{16LL << 20}};
  EXPECT_EQ(spell(param(ValueType::size), size), "16777216");
  EXPECT_EQ(spell(param(ValueType::size, "B"), size), "16777216");
  EXPECT_EQ(spell(param(ValueType::size, "KiB"), size), "16384");
  EXPECT_EQ(spell(param(ValueType::size, "MiB"), size), "16");
  EXPECT_EQ(spell(param(ValueType::size, "page"), size), "4096");
  EXPECT_EQ(spell(param(ValueType::size, "MB"), Value{Bytes{3'000'000}}), "3");
}

TEST(Spell, writes_sizes_as_the_kernel_reads_them) {
  const ParamInfo kmg = param(ValueType::size, "kmg");
  EXPECT_EQ(spell(kmg, Value{Bytes{2LL << 20}}), "2M");
  EXPECT_EQ(spell(kmg, Value{Bytes{1LL << 30}}), "1G");
  EXPECT_EQ(spell(kmg, Value{Bytes{512LL << 10}}), "512K");
  EXPECT_EQ(spell(kmg, Value{Bytes{1536LL << 20}}), "1536M");
  EXPECT_EQ(spell(kmg, Value{Bytes{1000}}), "1000");
  EXPECT_EQ(spell(kmg, Value{Bytes{0}}), "0");
  EXPECT_EQ(json(kmg, Value{Bytes{2LL << 20}}), "\"2M\"");
}

TEST(Spell, converts_times_and_bandwidths) {
  const Value minute{Duration{60'000'000'000}};
  EXPECT_EQ(spell(param(ValueType::duration, "ms"), minute), "60000");
  EXPECT_EQ(spell(param(ValueType::duration, "us"), minute), "60000000");
  EXPECT_EQ(spell(param(ValueType::duration, "min"), minute), "1");
  EXPECT_EQ(spell(param(ValueType::duration), minute), "60000000000");
  EXPECT_EQ(spell(param(ValueType::bandwidth, "Mbps"), Value{Bandwidth{10'000'000'000}}), "10000");
}

TEST(Spell, never_rounds_a_quantity) {
  EXPECT_EQ(spell(param(ValueType::size, "GiB"), Value{Bytes{512LL << 20}}), "0.5");
  EXPECT_EQ(json(param(ValueType::size, "GiB"), Value{Bytes{512LL << 20}}), "0.5");
}

TEST(Spell, knows_booleans_and_words) {
  ParamInfo boolean = param(ValueType::boolean);
  EXPECT_EQ(spell(boolean, Value{true}), "1");
  boolean.spell_off = "N";
  boolean.spell_on = "Y";
  EXPECT_EQ(spell(boolean, Value{false}), "N");
  EXPECT_EQ(json(boolean, Value{false}), "false");

  ParamInfo mode = param(ValueType::enumeration);
  mode.values = {{"on", "force", {}, {}},
                 {"off", "never", {}, {}},
                 {"mq-deadline", "mq-deadline", {}, {}},
                 {"2", "two", {}, {}}};
  EXPECT_EQ(spell(mode, Value{true}), "force");
  EXPECT_EQ(spell(mode, Value{false}), "never");
  EXPECT_EQ(spell(mode, symbol("mq-deadline")), "mq-deadline");
  EXPECT_EQ(spell(mode, Value{std::string("off")}), "never");
  EXPECT_EQ(spell(mode, Value{std::int64_t{2}}), "two");
  EXPECT_EQ(json(mode, Value{true}), "\"force\"");
}

TEST(Spell, knows_words_beside_other_values) {
  ParamInfo ratio = param(ValueType::ratio);
  ratio.values = {{"off", "0", {}, {}}};
  EXPECT_EQ(spell(ratio, Value{false}), "0");
  EXPECT_EQ(json(ratio, Value{false}), "0");
  EXPECT_EQ(spell(ratio, Value{Ratio{*Fraction::of(3, 2)}}), "1.5");
  ParamInfo text = param(ValueType::string);
  text.values = {{"none", "", {}, {}}};
  EXPECT_EQ(spell(text, Value{std::string("none")}), "none");  // quoted: the text itself
}

TEST(Spell, writes_numbers_plainly) {
  EXPECT_EQ(spell(param(ValueType::ratio), Value{Ratio{Fraction(2)}}), "2");
  EXPECT_EQ(spell(param(ValueType::percent), Value{Percent{Fraction(25)}}), "25");
  EXPECT_EQ(spell(param(ValueType::percent), Value{Percent{*Fraction::of(25, 2)}}), "12.5");
  EXPECT_EQ(spell(param(ValueType::decimal), Value{Decimal{*Fraction::of(1, 10'000'000), ""}}), "0.0000001");
  EXPECT_EQ(json(param(ValueType::decimal), Value{Decimal{*Fraction::of(3, 2), "1.50"}}), "1.5");
  EXPECT_EQ(json(param(ValueType::ratio), Value{Ratio{Fraction(2)}}), "2.0");
  EXPECT_EQ(json(param(ValueType::percent), Value{Percent{Fraction(25)}}), "25");
  EXPECT_EQ(json(param(ValueType::percent), Value{Percent{*Fraction::of(25, 2)}}), "12.5");
  EXPECT_EQ(json(param(ValueType::integer), Value{std::int64_t{-1}}), "-1");
}

TEST(Spell, joins_lists_and_ranges) {
  ParamInfo list = param(ValueType::list, "KiB");
  list.element = ValueType::size;
  const Value values = list_of({Value{Bytes{4096}}, Value{Bytes{8192}}});
  EXPECT_EQ(spell(list, values), "4 8");
  list.separator = ",";
  EXPECT_EQ(spell(list, values), "4,8");
  EXPECT_EQ(json(list, values), "[4,8]");
  Setting setting;
  setting.param = &list;
  setting.value = values;
  EXPECT_EQ(spell_items(setting), (std::vector<std::string>{"4", "8"}));
  setting.value = Value{Bytes{4096}};
  EXPECT_EQ(spell_items(setting), (std::vector<std::string>{"4"}));

  const ParamInfo range = param(ValueType::range, "MiB");
  const Value ends = range_of(Value{Bytes{1LL << 30}}, Value{Bytes{2LL << 30}});
  EXPECT_EQ(spell(range, ends), "1024 2048");
  EXPECT_EQ(json(range, ends), "[1024,2048]");
}

TEST(Spell, writes_cpu_sets_versions_and_dates) {
  const Value cpus{*CpuSet::parse("0-3,8")};
  EXPECT_EQ(spell(param(ValueType::cpuset), cpus), "0-3,8");
  EXPECT_EQ(json(param(ValueType::cpuset), cpus), "\"0-3,8\"");
  EXPECT_EQ(spell(param(ValueType::version), Value{*Version::parse("6.10")}), "6.10");
  EXPECT_EQ(spell(param(ValueType::date), Value{Date{2027, 3, 1}}), "2027-03-01");
  EXPECT_EQ(spell(param(ValueType::prefix), Value{Word{WordKind::prefix, "10.8.0.1/24"}}), "10.8.0.1/24");
}

}  // namespace
}  // namespace tunec
