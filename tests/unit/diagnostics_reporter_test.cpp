#include "diagnostics/reporter.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "diagnostics/diag.h"

namespace tunec {
namespace {

constexpr Span here{FileId{0}, 4, 9};
constexpr Span there{FileId{0}, 20, 21};

std::vector<std::string> messages(const Reporter& reporter) {
  std::vector<std::string> all;
  for (const Diagnostic& diagnostic : reporter.sorted()) all.push_back(diagnostic.message);
  return all;
}

TEST(Diag, IsMadeOfTheCatalogue) {
  EXPECT_EQ(diag::cannot_read.info->name, "cannot_read");
  EXPECT_EQ(diag::cannot_read.info->code, "T0101");
  EXPECT_EQ(diag::cannot_read.info->severity, Severity::error);
}

TEST(Diag, TableIsSortedAndEachCodeStandsOnce) {
  const std::vector<const DiagInfo*>& all = all_diagnostics();
  ASSERT_FALSE(all.empty());
  for (std::size_t at = 1; at < all.size(); ++at) EXPECT_LT(all[at - 1]->code, all[at]->code);
}

TEST(Diag, MessagesKeepTheWordingRules) {
  for (const DiagInfo* info : all_diagnostics()) {
    EXPECT_EQ(info->code.size(), 5U) << info->name;
    EXPECT_FALSE(info->message.ends_with('.')) << info->code;
    EXPECT_FALSE(info->help.ends_with('.')) << info->code;
    EXPECT_FALSE(info->message.front() >= 'A' && info->message.front() <= 'Z' && info->message[1] >= 'a')
        << info->code;
    EXPECT_EQ(info->help.find("{{"), std::string_view::npos)
        << info->code << ": a help text must not be a format string";
  }
}

TEST(Reporter, KnowsWhatWasReportedByCodePlaceAndKey) {
  Reporter reporter, other;
  reporter.report(here, diag::unknown_profile, "a").hosts({"h1"});
  other.report(here, diag::unknown_profile, "a").hosts({"h2"});
  other.report(there, diag::unknown_profile, "a");
  other.report(here, diag::unknown_profile, "b");
  const std::vector<Diagnostic> all = other.sorted();
  EXPECT_EQ(
      std::ranges::count_if(all, [&](const Diagnostic& diagnostic) { return reporter.knows(diagnostic); }),
      1);
}

TEST(Reporter, FormatsTheMessage) {
  Reporter reporter;
  reporter.report(here, diag::bad_utf8, "a.tune", 0xFFU, 7);
  EXPECT_EQ(messages(reporter),
            (std::vector<std::string>{"`a.tune` is not UTF-8 text: there is a byte 0xff in line 7"}));
}

// The example in reporter.h, so that it compiles.
TEST(Reporter, TakesTheExampleOfItsHeader) {
  Reporter reporter;
  const Span span = here, other = there;
  reporter.report(span, diag::value_out_of_range, "vm.swappiness", "300")
      .at("0..200")
      .label(other, "set here too")
      .help("delete the line")
      .hosts({"kvm-01"}, "ubuntu 24.04, Linux 6.8");
  EXPECT_EQ(messages(reporter), std::vector<std::string>{"`vm.swappiness` = 300 is out of range"});
}

TEST(Reporter, KeepsWhatADraftWasTold) {
  Reporter reporter;
  reporter.report(here, diag::unknown_unit, "gib")
      .at("here")
      .label(there, "there")
      .note("n")
      .help("h")
      .hosts({"a"}, "Linux 6.8", "get it");
  const Diagnostic diagnostic = reporter.sorted().at(0);
  EXPECT_EQ(diagnostic.info, diag::unknown_unit.info);
  EXPECT_EQ(diagnostic.where, here);
  EXPECT_EQ(diagnostic.at, "here");
  EXPECT_EQ(diagnostic.labels, (std::vector<Label>{{there, "there"}}));
  EXPECT_EQ(diagnostic.notes, (std::vector<std::string>{"n"}));
  EXPECT_EQ(diagnostic.help, (std::vector<std::string>{"h"}));
  EXPECT_EQ(diagnostic.host_detail, "Linux 6.8");
  EXPECT_EQ(diagnostic.via, "get it");
}

TEST(Reporter, UnitesTheHostsOfOneMistake) {
  Reporter reporter;
  for (const char* host : {"c", "a", "b", "a"}) {
    reporter.report(here, diag::unknown_unit, "gib")
        .hosts({host}, std::string("detail of ") + host, std::string("via ") + host);
  }
  ASSERT_EQ(reporter.sorted().size(), 1U);
  EXPECT_EQ(reporter.errors(), 1U);
  EXPECT_EQ(reporter.sorted()[0].hosts, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(reporter.sorted()[0].host_detail, "detail of a");
  EXPECT_EQ(reporter.sorted()[0].via, "via a");
}

TEST(Reporter, TellsMistakesApartByCodePlaceAndMessage) {
  Reporter reporter;
  reporter.report(here, diag::unknown_unit, "gib");
  reporter.report(here, diag::unknown_unit, "gb");
  reporter.report(there, diag::unknown_unit, "gib");
  reporter.report(here, diag::stray_character, "gib");
  reporter.report(here, diag::unknown_unit, "gib");
  EXPECT_EQ(reporter.errors(), 4U);
}

TEST(Reporter, AKeyStandsForTheMessage) {
  Reporter reporter;
  reporter.report(here, diag::unknown_unit, "of host a").key("k");
  reporter.report(here, diag::unknown_unit, "of host b").key("k");
  reporter.report(here, diag::unknown_unit, "of host b").key("other");
  EXPECT_EQ(messages(reporter),
            (std::vector<std::string>{"`of host a` is not a unit", "`of host b` is not a unit"}));
}

TEST(Reporter, CountsBySeverityAsOverridden) {
  Reporter reporter;
  reporter.report(here, diag::unknown_unit, "a").severity(Severity::warning);
  reporter.report(here, diag::unknown_unit, "b").severity(Severity::note);
  EXPECT_FALSE(reporter.has_errors());
  EXPECT_EQ(reporter.warnings(), 1U);
  reporter.report(here, diag::unknown_unit, "c");
  EXPECT_TRUE(reporter.has_errors());
}

TEST(Reporter, TheWorstSeverityOfOneMistakeCounts) {
  Reporter reporter;
  reporter.report(here, diag::unknown_unit, "a").severity(Severity::warning);
  reporter.report(here, diag::unknown_unit, "a");
  reporter.report(here, diag::unknown_unit, "a").severity(Severity::note);
  EXPECT_EQ(reporter.errors(), 1U);
  EXPECT_EQ(reporter.warnings(), 0U);
  EXPECT_EQ(reporter.sorted()[0].severity, Severity::error);
}

TEST(Reporter, SortsByFileThenPlaceThenCodeAndKeepsTheOrderOfTheRest) {
  Reporter reporter;
  reporter.report(Span{FileId{1}, 0, 1}, diag::unknown_unit, "5");
  reporter.report(there, diag::unknown_unit, "4");
  reporter.report(here, diag::unknown_unit, "2");
  reporter.report(here, diag::unknown_unit, "3");
  reporter.report(here, diag::stray_character, "1");
  EXPECT_EQ(messages(reporter),
            (std::vector<std::string>{"unexpected character 1", "`2` is not a unit", "`3` is not a unit",
                                      "`4` is not a unit", "`5` is not a unit"}));
}

TEST(Reporter, TakesOverFromAnother) {
  Reporter all, part;
  all.report(here, diag::unknown_unit, "a").hosts({"x"});
  part.report(here, diag::unknown_unit, "a").hosts({"w"});
  part.report(there, diag::unknown_unit, "b").severity(Severity::warning);
  all.take(part);
  EXPECT_EQ(all.errors(), 1U);
  EXPECT_EQ(all.warnings(), 1U);
  EXPECT_EQ(all.sorted()[0].hosts, (std::vector<std::string>{"w", "x"}));
}

TEST(Reporter, ManyHostsCostNoMoreThanTheirNumber) {
  Reporter reporter;
  for (int host = 50'000; host > 0; --host)
    reporter.report(here, diag::unknown_unit, "a").hosts({fmt::format("host-{:05}", host)});
  ASSERT_EQ(reporter.sorted().size(), 1U);
  EXPECT_EQ(reporter.sorted()[0].hosts.size(), 50'000U);
  EXPECT_EQ(reporter.sorted()[0].hosts.front(), "host-00001");
}

}  // namespace
}  // namespace tunec
