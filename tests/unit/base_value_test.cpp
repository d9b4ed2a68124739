#include "base/value.h"

#include <gtest/gtest.h>

namespace tunec {
namespace {

Value whole(std::int64_t number) { return {number}; }
Value text(std::string value) { return {std::move(value)}; }
Value word(WordKind kind, std::string value) { return {Word{kind, std::move(value)}}; }
Value read(std::string_view source) { return scalar_from_text(source); }
Value version(std::string_view source) { return {Version::parse(source).value()}; }

TEST(Quantity, KnowsEveryUnitOfTheLanguage) {
  EXPECT_EQ(quantity("1", "B"), Value{Bytes{1}});
  EXPECT_EQ(quantity("2", "KB"), Value{Bytes{2000}});
  EXPECT_EQ(quantity("2", "KiB"), Value{Bytes{2048}});
  EXPECT_EQ(quantity("64", "GiB"), Value{Bytes{68719476736}});
  EXPECT_EQ(quantity("1", "TB"), Value{Bytes{1'000'000'000'000}});
  EXPECT_EQ(quantity("500", "us"), Value{Duration{500'000}});
  EXPECT_EQ(quantity("1", "min"), Value{Duration{60'000'000'000}});
  EXPECT_EQ(quantity("2", "d"), Value{Duration{172'800'000'000'000}});
  EXPECT_EQ(quantity("10", "Gbps"), Value{Bandwidth{10'000'000'000}});
  EXPECT_EQ(quantity("12.5", "%"), Value{Percent{12.5}});
  EXPECT_EQ(quantity("1.5", "x"), Value{Ratio{1.5}});
  for (const std::string_view unit : unit_names()) EXPECT_TRUE(quantity("3", unit)) << unit;
}

TEST(Quantity, TakesFractionsThatComeOutWhole) {
  EXPECT_EQ(quantity("1.5", "GiB"), Value{Bytes{1610612736}});
  EXPECT_EQ(quantity("0.5", "KB"), Value{Bytes{500}});
  EXPECT_EQ(quantity("0.50", "KiB"), Value{Bytes{512}});
  EXPECT_EQ(quantity("0.001", "KiB"), std::nullopt);
  EXPECT_EQ(quantity("1.5", "B"), std::nullopt);
  EXPECT_EQ(quantity("0.5", "ns"), std::nullopt);
}

TEST(Quantity, IsExactUpToItsLastBitAndRefusesMore) {
  EXPECT_EQ(quantity("9223372036854775807", "B"), Value{Bytes{9223372036854775807}});
  EXPECT_EQ(quantity("9223372036854775808", "B"), std::nullopt);
  EXPECT_EQ(quantity("8388607", "TiB"), Value{Bytes{8388607LL << 40}});
  EXPECT_EQ(quantity("8388608", "TiB"), std::nullopt);
  EXPECT_EQ(quantity("99999999999999999999999999999999999999", "B"), std::nullopt);
  EXPECT_EQ(quantity("0.00000000000000000000000000000000000001", "TiB"), std::nullopt);
}

TEST(Quantity, RefusesForeignUnitsAndBrokenNumbers) {
  for (const char* unit : {"", "kb", "K", "G", "Gi", "gib", "KBps", "m", "sec", "GHz"}) {
    EXPECT_EQ(quantity("1", unit), std::nullopt) << unit;
  }
  for (const char* number :
       {"", "-", ".5", "5.", "1.2.3", "1e3", "+1", " 1", "1_000", "0x10", "inf", "nan"}) {
    EXPECT_EQ(quantity(number, "KiB"), std::nullopt) << number;
    EXPECT_EQ(quantity(number, "%"), std::nullopt) << number;
  }
}

TEST(ScalarFromText, TellsNumbersAndSwitches) {
  EXPECT_EQ(read("on"), Value{true});
  EXPECT_EQ(read("false"), Value{false});
  EXPECT_EQ(read("42"), whole(42));
  EXPECT_EQ(read("-1"), whole(-1));
  EXPECT_EQ(read("0"), whole(0));
  EXPECT_EQ(read("6.8"), (Value{Decimal{*Fraction::of(68, 10), "6.8"}}));
  EXPECT_EQ(read("5.10").as<Decimal>().text, "5.10");
  EXPECT_EQ(read("64GiB"), Value{Bytes{68719476736}});
  EXPECT_EQ(read("25%"), Value{Percent{25}});
  EXPECT_EQ(read("-0.5x"), Value{Ratio{-0.5}});
  EXPECT_EQ(read("2027-03-31"), (Value{Date{2027, 3, 31}}));
}

TEST(ScalarFromText, TellsWordsOfEveryKind) {
  EXPECT_EQ(read("intel"), symbol("intel"));
  EXPECT_EQ(read("mq-deadline"), symbol("mq-deadline"));
  EXPECT_EQ(read("10.8.0.1"), word(WordKind::address, "10.8.0.1"));
  EXPECT_EQ(read("fd00::1"), word(WordKind::address, "fd00::1"));
  EXPECT_EQ(read("::"), word(WordKind::address, "::"));
  EXPECT_EQ(read("10.8.0.1/24"), word(WordKind::prefix, "10.8.0.1/24"));
  EXPECT_EQ(read("fd00::/64"), word(WordKind::prefix, "fd00::/64"));
  EXPECT_EQ(read("52:54:00:12:ab:CD"), word(WordKind::mac, "52:54:00:12:ab:cd"));
  EXPECT_EQ(read("10de:2206"), word(WordKind::pci_id, "10de:2206"));
  EXPECT_EQ(read("0000:3b:00.0"), word(WordKind::pci_address, "0000:3b:00.0"));
  EXPECT_EQ(read("3b:00.7"), word(WordKind::pci_address, "0000:3b:00.7"));
  EXPECT_EQ(read("0000:C1:00.0"), word(WordKind::pci_address, "0000:c1:00.0"));
  EXPECT_EQ(read("10DE:1ff2:17AA:1613:030000:ff0000"),
            word(WordKind::pci_id, "10de:1ff2:17aa:1613:030000:ff0000"));
}

TEST(ScalarFromText, LeavesTheRestAsStrings) {
  for (const char* source : {"",
                             "6.8.0-31-generic",
                             "007",
                             "-0",
                             "ubuntu 24.04",
                             "auto,nosmt",
                             "1e3",
                             "5 GiB",
                             "5gb",
                             "99999999999999999999",
                             "10.8.0.1/33",
                             "10.8.0.1/",
                             "10.8.0.1/024",
                             "010.8.0.1",
                             "2027-02-30",
                             "2027-13-01",
                             "3b:00.8",
                             "a.b",
                             "-x",
                             "x-",
                             "9000000TiB",
                             "é",
                             "..",
                             "-"}) {
    EXPECT_EQ(read(source), text(source)) << source;
  }
}

TEST(Date, KnowsLeapYears) {
  EXPECT_TRUE(Date::parse("2028-02-29"));
  EXPECT_FALSE(Date::parse("2027-02-29"));
  EXPECT_FALSE(Date::parse("2100-02-29"));
  EXPECT_TRUE(Date::parse("2000-02-29"));
  EXPECT_FALSE(Date::parse("2027-3-31"));
  EXPECT_FALSE(Date::parse("2027-00-10"));
}

TEST(ToSource, PicksTheLargestUnitThatKeepsTheNumberWhole) {
  for (const char* source : {"16MiB", "1536MiB", "100GB",    "960GB", "1000B", "1KiB", "1TiB", "500GB",
                             "0B",    "4095B",   "-4KiB",    "500us", "90s",   "2min", "1d",   "36h",
                             "0s",    "10Gbps",  "2500Mbps", "0bps",  "12.5%", "1.5x"}) {
    if (std::string_view(source) == "1000B") {
      EXPECT_EQ(to_source(read(source)), "1KB");
    } else {
      EXPECT_EQ(to_source(read(source)), source);
    }
  }
}

TEST(ToSource, IsWhatOneWouldWrite) {
  EXPECT_EQ(to_source({true}), "on");
  EXPECT_EQ(to_source(whole(-3)), "-3");
  EXPECT_EQ(to_source(read("5.10")), "5.10");
  EXPECT_EQ(to_source(text("a \"b\" {c}\\\n\t")), R"("a \"b\" \{c\}\\\n\t")");
  EXPECT_EQ(to_source(list_of({whole(1), text("a b"), symbol("none")})), "[1, \"a b\", none]");
  EXPECT_EQ(to_source(range_of(whole(2), whole(16))), "2..16");
  EXPECT_EQ(to_source({CpuSet::of(0, 3) | CpuSet::of(8, 8)}), "[0..3, 8]");
  EXPECT_EQ(to_source(version("6.8.0-31-generic")), "6.8.0-31-generic");
  EXPECT_EQ(to_source(read("2027-03-01")), "2027-03-01");
  EXPECT_EQ(to_source({Decimal{*Fraction::of(1, 10), ""}}), "0.1");
}

TEST(ToText, HasNoQuotesAndListsCpusAsTheKernelDoes) {
  EXPECT_EQ(to_text(text("a \"b\"")), "a \"b\"");
  EXPECT_EQ(to_text(list_of({text("a b"), whole(1)})), "[a b, 1]");
  EXPECT_EQ(to_text({CpuSet::of(0, 3) | CpuSet::of(8, 8)}), "0-3,8");
}

TEST(TypeName, NamesWhatTheLanguageCallsIt) {
  EXPECT_EQ(type_name(read("1GiB")), "size");
  EXPECT_EQ(type_name(read("intel")), "word");
  EXPECT_EQ(type_name(read("10de:2206")), "PCI id");
  EXPECT_EQ(type_name(read("00:01.0")), "PCI address");
  EXPECT_EQ(type_name(read("10.0.0.0/8")), "prefix");
  EXPECT_EQ(type_name({CpuSet()}), "CPU set");
  EXPECT_EQ(type_name(list_of({})), "list");
  EXPECT_EQ(type_name({Bandwidth{1}}), "bandwidth");
  EXPECT_EQ(type_name({Percent{1}}), "percent");
  EXPECT_EQ(type_name(range_of(whole(1), whole(2))), "range");
}

TEST(Compare, StaysWithinADimension) {
  EXPECT_EQ(compare(read("1GiB"), read("1GB")), 1);
  EXPECT_EQ(compare(read("1s"), read("1000ms")), 0);
  EXPECT_EQ(compare(whole(1), read("1.5")), -1);
  EXPECT_EQ(compare(text("a"), text("b")), -1);
  EXPECT_EQ(compare(read("2027-03-31"), read("2027-04-01")), -1);
  EXPECT_EQ(compare(read("0B"), whole(0)), std::nullopt);
  EXPECT_EQ(compare(whole(25), read("25%")), std::nullopt);
  EXPECT_EQ(compare(read("1s"), read("1B")), std::nullopt);
  EXPECT_EQ(compare({true}, {true}), std::nullopt);
  EXPECT_EQ(compare(symbol("a"), symbol("b")), std::nullopt);
  EXPECT_EQ(compare({Poison{}}, whole(1)), std::nullopt);
}

TEST(Compare, DoesNotRoundLargeNumbers) {
  EXPECT_EQ(compare(whole(9007199254740993), {Decimal{Fraction(9007199254740992), "9007199254740992.0"}}), 1);
}

TEST(Compare, ReadsADecimalAsAVersionBesideOne) {
  EXPECT_EQ(compare(read("6.10"), version("6.8")), 1);
  EXPECT_EQ(compare(version("6.10.3"), read("6.10")), 1);
  EXPECT_EQ(compare(version("6.0"), whole(6)), 0);
  EXPECT_EQ(compare(text("6.8.0-31-generic"), version("6.8")), 1);
  EXPECT_EQ(compare(version("6.8"), text("none")), std::nullopt);
  EXPECT_EQ(compare(version("6.8"), whole(-1)), std::nullopt);
}

TEST(Same, TakesAWordForTheStringOfItsText) {
  EXPECT_TRUE(same(symbol("host"), text("host")));
  EXPECT_TRUE(same(text("10.0.0.1"), read("10.0.0.1")));
  EXPECT_FALSE(same(symbol("host"), text("guest")));
  EXPECT_TRUE(same({true}, symbol("on")));
  EXPECT_FALSE(same({true}, symbol("off")));
  EXPECT_FALSE(same({true}, text("on")));
}

TEST(Same, LooksIntoLists) {
  EXPECT_TRUE(same(list_of({symbol("a"), whole(1)}), list_of({text("a"), {Decimal{Fraction(1), "1.0"}}})));
  EXPECT_FALSE(same(list_of({whole(1)}), list_of({whole(1), whole(2)})));
  EXPECT_TRUE(same(range_of(whole(1), whole(2)), range_of(whole(1), whole(2))));
  EXPECT_FALSE(same(whole(0), {false}));
}

}  // namespace
}  // namespace tunec
