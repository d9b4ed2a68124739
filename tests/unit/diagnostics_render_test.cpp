#include "diagnostics/render.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "diagnostics/snippet.h"

namespace tunec {
namespace {

constexpr DiagInfo gone{"removed", "T0701", Severity::error, "", ""};
constexpr DiagInfo helpful{"unit", "T0206", Severity::error, "", "write KiB"};

class Render : public testing::Test {
 protected:
  // A diagnostic at the first occurrence of `what` in `text`.
  Diagnostic at(const std::string& text, const std::string& what, const std::string& name = "fra1.tune") {
    const FileId file = sources_.add(name, text);
    const auto begin = static_cast<std::uint32_t>(text.find(what));
    Diagnostic diagnostic;
    diagnostic.info = &gone;
    diagnostic.where = {file, begin, begin + static_cast<std::uint32_t>(what.size())};
    diagnostic.message = "a message";
    return diagnostic;
  }
  std::string text(const Diagnostic& diagnostic, bool colour = false) const {
    return std::string("\n").append(render_text(diagnostic, sources_, TextStyle{colour}));
  }
  // Only the source line and its underline.
  std::string lines(const Diagnostic& diagnostic) const {
    const std::string whole = text(diagnostic);
    const std::size_t begin = whole.find("|\n") + 2;
    return std::string("\n").append(whole, begin, whole.find("  |\n", begin) - begin);
  }

  Sources sources_;
};

TEST_F(Render, LooksAsTheDesignSays) {
  Diagnostic diagnostic = at(std::string(13, '\n') + "    kernel.sched_latency_ns = 6ms\n",
                             "kernel.sched_latency_ns");
  diagnostic.message = "`kernel.sched_latency_ns` is not a sysctl on Linux 6.8";
  diagnostic.at = "it left sysctl in Linux 5.13 (now in debugfs), and 6.6 dropped it";
  diagnostic.help = {"delete the line; the nearest thing on 6.8 is /sys/kernel/debug/sched/base_slice_ns"};
  diagnostic.hosts.assign(39, "kvm-02");
  diagnostic.hosts[0] = "kvm-01";
  diagnostic.host_detail = "ubuntu 24.04, Linux 6.8";
  diagnostic.via = "get it through profile `hypervisor`";
  EXPECT_EQ(text(diagnostic), R"(
error[T0701]: `kernel.sched_latency_ns` is not a sysctl on Linux 6.8
  --> fra1.tune:14:5
   |
14 |     kernel.sched_latency_ns = 6ms
   |     ^^^^^^^^^^^^^^^^^^^^^^^ it left sysctl in Linux 5.13 (now in debugfs), and 6.6 dropped it
   |
   = host `kvm-01` (ubuntu 24.04, Linux 6.8) and 38 others get it through profile `hypervisor`
   = help: delete the line; the nearest thing on 6.8 is /sys/kernel/debug/sched/base_slice_ns
   = see `tunec explain T0701`
)");
}

TEST_F(Render, ShowsOtherPlacesAsFurtherSnippets) {
  Diagnostic diagnostic = at("host a\n", "a");
  diagnostic.labels.push_back(
      {at(std::string(99, '\n') + "vm.swappiness = 1", "vm.swappiness", "other.tune").where,
       "replaced by this"});
  diagnostic.labels.push_back({Span{diagnostic.where.file, 0, 4}, ""});
  diagnostic.notes = {"one", "two\nof two lines"};
  EXPECT_EQ(text(diagnostic), R"(
error[T0701]: a message
   --> fra1.tune:1:6
    |
  1 | host a
    |      ^
    |
   ::: other.tune:100:1
    |
100 | vm.swappiness = 1
    | ------------- replaced by this
    |
   ::: fra1.tune:1:1
    |
  1 | host a
    | ----
    |
    = note: one
    = note: two
            of two lines
    = see `tunec explain T0701`
)");
}

TEST_F(Render, NamesHostsWithAndWithoutTheWay) {
  Diagnostic diagnostic = at("x", "x");
  const auto host_line = [&] {
    const std::string whole = text(diagnostic);
    const std::size_t begin = whole.find("  = ") + 4;
    return whole.substr(begin, whole.find('\n', begin) - begin);
  };
  diagnostic.hosts = {"a"};
  EXPECT_EQ(host_line(), "on host `a`");
  diagnostic.host_detail = "Linux 6.8";
  EXPECT_EQ(host_line(), "on host `a` (Linux 6.8)");
  diagnostic.hosts = {"a", "b"};
  EXPECT_EQ(host_line(), "on host `a` (Linux 6.8) and 1 other");
  diagnostic.hosts = {"a", "b", "c"};
  EXPECT_EQ(host_line(), "on host `a` (Linux 6.8) and 2 others");
  diagnostic.via = "get it through profile `p`";
  EXPECT_EQ(host_line(), "host `a` (Linux 6.8) and 2 others get it through profile `p`");
  diagnostic.hosts = {"a"};
  EXPECT_EQ(host_line(), "host `a` (Linux 6.8) gets it through profile `p`");
}

TEST_F(Render, FallsBackOnTheCataloguesHelp) {
  Diagnostic diagnostic = at("x", "x");
  diagnostic.info = &helpful;
  EXPECT_NE(text(diagnostic).find("  = help: write KiB\n"), std::string::npos);
  diagnostic.help = {"write GiB"};
  EXPECT_NE(text(diagnostic).find("  = help: write GiB\n"), std::string::npos);
  EXPECT_EQ(text(diagnostic).find("KiB"), std::string::npos);
}

TEST_F(Render, NeedsNoTextAndNoFile) {
  Diagnostic diagnostic = at("", "");
  diagnostic.at = "beside";
  EXPECT_EQ(text(diagnostic), R"(
error[T0701]: a message
 --> fra1.tune
  = note: beside
  = see `tunec explain T0701`
)");
  diagnostic.where.file = FileId{99};
  diagnostic.at = "";
  diagnostic.labels.push_back({Span{FileId{99}, 5, 1}, "nowhere"});
  EXPECT_EQ(text(diagnostic), R"(
error[T0701]: a message
  = note: nowhere
  = see `tunec explain T0701`
)");
}

TEST_F(Render, UnderlinesOneColumnWhereSomethingIsMissing) {
  EXPECT_EQ(lines(at("host a {\n}", "")), "\n1 | host a {\n  | ^\n");
  Diagnostic behind = at("host a {", "");
  behind.where.begin = behind.where.end = 8;
  EXPECT_EQ(lines(behind), "\n1 | host a {\n  |         ^\n");
}

TEST_F(Render, UnderlinesTheFirstOfSeveralLines) {
  EXPECT_EQ(lines(at("host a {\n  x = 1\n}", "a {\n  x = 1\n}")), "\n1 | host a {\n  |      ^^^\n");
  EXPECT_EQ(lines(at("a\n\nb", "\nb")), "\n2 |\n  | ^\n");
}

TEST_F(Render, KeepsTabsAndWideTextAligned) {
  EXPECT_EQ(lines(at("\tx\t= 1", "= 1")), "\n1 |     x    = 1\n  |          ^^^\n");
  EXPECT_EQ(lines(at("a\tb", "\tb")), "\n1 | a    b\n  |  ^^^^^\n");
  EXPECT_EQ(lines(at("é = \"üü\"", "\"üü\"")), "\n1 | é = \"üü\"\n  |     ^^^^\n");
}

TEST_F(Render, LetsNothingReachTheTerminal) {
  EXPECT_EQ(lines(at("a\x1b[31m\x7f\u009b\u202e b\r\n", " b")), "\n1 | a·[31m··· b\n  |          ^^\n");
  Diagnostic diagnostic = at("x", "x", "evil\x1b]0;name.tune");
  diagnostic.message = "`\x1b[2J` is gone";
  diagnostic.notes = {"\u202e"};
  diagnostic.hosts = {"\x07host"};
  const std::string whole = text(diagnostic);
  EXPECT_EQ(whole.find('\x1b'), std::string::npos);
  EXPECT_EQ(whole.find('\x07'), std::string::npos);
  EXPECT_EQ(whole.find("\u202e"), std::string::npos);
}

// Programs get what was written; whoever looks at the bytes sees it too.
TEST_F(Render, WhatSteersATerminalIsEscapedInJson) {
  for (const std::string steering :
       {"\u009b", "\u00ad", "\u061c", "\u180e", "\u200b", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069",
        "\ufeff", "\ufff9", "\U000e0001", "\x7f"}) {
    EXPECT_EQ(printable("a" + steering + "b"), "a·b");
    const std::string escaped = escaped_json("[\n\"a" + steering + "b\"]");
    EXPECT_EQ(escaped.find(steering), std::string::npos);
    EXPECT_TRUE(std::ranges::all_of(escaped, [](char c) { return static_cast<unsigned char>(c) < 0x7F; }));
    EXPECT_EQ(nlohmann::json::parse(escaped)[0], "a" + steering + "b");
  }
  for (const std::string harmless : {"é", "Рабочий", "日本", "🖥", "·"})
    EXPECT_EQ(escaped_json(harmless), harmless);
}

TEST_F(Render, CutsLongLinesAroundThePlace) {
  const std::string whole = std::string(150, 'a') + " here " + std::string(500, 'b');
  const std::string shown = "\n1 | …" + std::string(59, 'a') + " here " + std::string(135, 'b') + "…\n  | " +
                            std::string(61, ' ') + "^^^^\n";
  EXPECT_EQ(lines(at(whole, "here")), shown);
  EXPECT_EQ(lines(at(std::string(199, 'a') + "b", "b")),
            "\n1 | " + std::string(199, 'a') + "b\n  | " + std::string(199, ' ') + "^\n");
  const std::string all = lines(at(std::string(500, 'x'), std::string(500, 'x')));
  EXPECT_EQ(all, "\n1 | " + std::string(200, 'x') + "…\n  | " + std::string(200, '^') + "\n");
}

TEST_F(Render, LooksAtAFewBytesOfALineOfManyMegabytes) {
  std::string whole(10'000'000, 'a');
  whole.replace(5'000'000, 4, "here");
  const std::string shown = lines(at(whole, "here"));
  EXPECT_EQ(shown, "\n1 | …" + std::string(60, 'a') + "here" + std::string(136, 'a') + "…\n  | " +
                       std::string(61, ' ') + "^^^^\n");
}

TEST_F(Render, ColoursSeverityAndMarksOnlyWhenAsked) {
  Diagnostic diagnostic = at("x", "x");
  diagnostic.severity = Severity::warning;
  EXPECT_EQ(
      text(diagnostic, true),
      "\n\x1b[1;33mwarning[T0701]\x1b[0m: a message\n --> fra1.tune:1:1\n  |\n1 | x\n  | \x1b[1;33m^\x1b[0m\n"
      "  |\n  = see `tunec explain T0701`\n");
  EXPECT_EQ(text(diagnostic).find('\x1b'), std::string::npos);
}

TEST_F(Render, JsonIsOneLineWithEverythingInIt) {
  Diagnostic diagnostic = at("é = 1\nb = 2\n", "b = 2");
  diagnostic.info = &helpful;
  diagnostic.severity = Severity::warning;
  diagnostic.message = "a \"message\"\n";
  diagnostic.at = "beside";
  diagnostic.labels.push_back({Span{diagnostic.where.file, 0, 2}, "other"});
  diagnostic.labels.push_back({Span{FileId{99}, 0, 2}, "nowhere"});
  diagnostic.notes = {"n"};
  diagnostic.hosts = {"a", "b"};
  EXPECT_EQ(
      render_json(diagnostic, sources_),
      R"({"code":"T0206","name":"unit","severity":"warning","message":"a \"message\"\n","file":"fra1.tune","line":2,)"
      R"("column":1,"end":{"line":2,"column":6},"at":"beside","labels":[{"file":"fra1.tune","line":1,"column":1,)"
      R"("end":{"line":1,"column":2},"text":"other"},{"text":"nowhere"}],"notes":["n"],"help":["write KiB"],"hosts":["a","b"]})");
}

TEST_F(Render, JsonBearsFileNamesThatAreNotUtf8) {
  EXPECT_NE(render_json(at("x", "x", "\xFF.tune"), sources_).find("\"file\":\"\uFFFD.tune\""),
            std::string::npos);
}

}  // namespace
}  // namespace tunec
