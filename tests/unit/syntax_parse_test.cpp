// From text to tree: an example of each construct, exact messages for mistakes, one message per mistake,
// places, and malicious input.
#include <gtest/gtest.h>

#include <string>

#include "diagnostics/reporter.h"
#include "source/sources.h"
#include "syntax/keywords.h"
#include "syntax/parse.h"
#include "syntax/print.h"

namespace tunec {
namespace {

struct Parsed {
  Sources sources;
  Reporter reporter;
  SyntaxTree tree;

  explicit Parsed(const std::string& text, KeepTokens keep = KeepTokens::no) {
    const FileId file = sources.add("t.tune", text);
    tree = parse(file, sources, reporter, keep);
  }
  std::vector<std::string> messages() const {
    std::vector<std::string> out;
    for (const Diagnostic& d : reporter.sorted()) {
      const LineColumn at = sources.position(d.where.file, d.where.begin);
      out.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + " " + d.message);
    }
    return out;
  }
};

using Messages = std::vector<std::string>;

// The table of keywords has all that the grammar has, and the lexer reads each as its kind.
TEST(Keywords, AreThoseOfTheGrammar) {
  int next = syntax::Kind::SITE;
  for (const auto& [word, kind, begins] : syntax::keywords) {
    EXPECT_EQ(syntax::word_at(word, 0, static_cast<std::uint32_t>(word.size())).kind, kind) << word;
    EXPECT_TRUE(kind == next || (kind == syntax::Kind::BOOL && next > kind)) << word;
    next = kind + 1;
  }
  EXPECT_EQ(next, syntax::Kind::ID);
}

// The value of `let x = …`, printed.
std::string printed(const std::string& expr) {
  const Parsed parsed("let x = " + expr);
  EXPECT_EQ(parsed.messages(), Messages{}) << expr;
  return parsed.reporter.has_errors()
             ? ""
             : print(std::get<ast::Let>(parsed.tree.root.declarations.at(0).node).value);
}
template <class T>
bool is_literal(const std::string& expr) {
  const Parsed parsed("let x = " + expr);
  EXPECT_EQ(parsed.messages(), Messages{}) << expr;
  const auto* literal = std::get_if<ast::Literal>(
      &std::get<ast::Let>(parsed.tree.root.declarations.at(0).node).value.node);
  return literal != nullptr && literal->value.is<T>();
}
std::vector<ast::Statement> body_of(const std::string& statements) {
  const Parsed parsed("host h {\n" + statements + "\n}");
  EXPECT_EQ(parsed.messages(), Messages{}) << statements;
  return std::get<ast::Host>(parsed.tree.root.declarations.at(0).node).body;
}

constexpr const char* example = R"(site fra1
import "hosts.yaml"   # comment
let size = 2MiB
profile hypervisor(size: size = 2MiB, reserve, pool = 3) {
  doc "What every \{host\} gets."
  include novacron.balanced
  include hugepages(size: 2MiB, reserve: clamp(25% of host.memory, 2GiB, 16GiB))
  include isolation(cpus: host.cpus - siblings(0..1), f(pool.cpus for pool))
  sysctl {
    vm.swappiness     = 1
    net.ipv4.tcp_rmem = [4KiB, 87380, 16MiB,]
    "net.ipv4.conf.eth0/100.rp_filter" = 1
  }
  boot { mitigations = "auto,nosmt"  transparent_hugepage = madvise }
  when host.cpu.vendor == intel { module kvm_intel { nested = off } } else when a { } else { x = 1 }
  udev { scheduler(nvme) = none  scheduler(ssd) = mq-deadline }
  mount "/srv" { options = "noatime" }
  unit "x.service" { Service.ExecStart = "/bin/x" }
  override vm.x = 3 because "CHG-1"
  unchecked vm.y = 3 where available because "it is there"
  formation.gpu = formation.hardware.gpu_devices(gpu0).name
  vcpus = 4..16 default 4
  x = y where available
  default = 3  in = 4  on = 5  because = 6  where = 7  else = 8  host.pool.test = 9
}
instance type database { memory = 8GiB..64GiB  default 16GiB }
pool compute-optimized { cpus = 16  priority = high  overcommit = off }
host kvm-01 { wireguard wg0 { address = 10.8.0.1/24 } }
hosts kvm-[02..40] { }
hosts kvm-[01..03]-rack[1..2] { }
hosts *-test { }
policy no-unsafe {
  doc "d" for host when host.kvm
  forbid module.x.y == on
  require a or b and not c in [1, 2]
  else error "{host.name} is unsafe" help "do not"
}
waive hugepage-bounds on host db-* until 2027-03-31 because "CHG-1432"
test "a small host" {
  host tiny { facts { memory = 6GiB } include hypervisor }
  expect tiny.boot.hugepages == 1024
}
)";

TEST(Parse, example) {
  const Parsed parsed(example);
  EXPECT_EQ(parsed.messages(), Messages{});
  EXPECT_EQ(parsed.tree.root.declarations.size(), 13u);
  const Parsed again(print(parsed.tree.root));
  EXPECT_EQ(again.messages(), Messages{});
  EXPECT_TRUE(again.tree.root == parsed.tree.root) << print(parsed.tree.root) << "\n-----\n"
                                                   << print(again.tree.root);
}

TEST(Parse, literals) {
  EXPECT_TRUE(is_literal<bool>("on") && is_literal<bool>("off") && is_literal<bool>("true") &&
              is_literal<bool>("false"));
  EXPECT_TRUE(is_literal<std::int64_t>("42") && is_literal<std::int64_t>("0x1F"));
  EXPECT_TRUE(is_literal<Decimal>("5.13"));
  EXPECT_TRUE(is_literal<Version>("6.1.0"));
  EXPECT_TRUE(is_literal<Bytes>("16MiB") && is_literal<Duration>("500us") && is_literal<Percent>("25%"));
  EXPECT_TRUE(is_literal<Ratio>("1.5x") && is_literal<Bandwidth>("10Gbps"));
  EXPECT_TRUE(is_literal<std::string>("\"a \\{ \\n\""));
  EXPECT_TRUE(is_literal<Date>("2027-03-31"));
  for (const char* word :
       {"10.8.0.1", "10.8.0.0/24", "fd00::1", "::", "::1", "fd00::/64", "2001:db8:0:0:0:0:0:1",
        "::ffff:10.0.0.1", "10de:2206", "0000:65:00.0", "52:54:00:12:34:56", "fa:16:3e:00:00:01"})
    EXPECT_TRUE(is_literal<Word>(word)) << word;
}

TEST(Parse, operators) {
  EXPECT_EQ(printed("a or b and not c == d"), "a or b and not c == d");
  EXPECT_EQ(printed("((a or b)) and (c)"), "(a or b) and c");
  EXPECT_EQ(printed("a - b - c"), "a - b - c");
  EXPECT_EQ(printed("a - (b - c)"), "a - (b - c)");
  EXPECT_EQ(printed("- - a of b*c"), "--a of b * c");
  EXPECT_EQ(printed("(a + b) * c & 25% of d"), "(a + b) * c & 25% of d");
  EXPECT_EQ(printed("[0..3, 8]"), "[0..3, 8]");
  EXPECT_EQ(printed("a == (not b)"), "a == (not b)");
  EXPECT_EQ(printed("(1..2) in (a == b)"), "1..2 in (a == b)");
  EXPECT_EQ(printed("4/2"), "4 / 2");
  EXPECT_EQ(printed("\"odd host\".sysctl.x"), "\"odd host\".sysctl.x");
}

TEST(Parse, statements) {
  const auto body = body_of(
      "x = 1 default = 2\nmodule kvm_intel { }\n\"a.b\".c(d) = 3\nwhen a { } else when b { } else { y = 1 }");
  ASSERT_EQ(body.size(), 5u);
  EXPECT_FALSE(std::get<ast::Assign>(body[0].node).default_value);
  EXPECT_EQ(std::get<ast::Assign>(body[1].node).path.parts[0].name.text, "default");
  EXPECT_TRUE(std::holds_alternative<ast::Path>(std::get<ast::Block>(body[2].node).label->node));
  EXPECT_EQ(std::get<ast::Assign>(body[3].node).path.parts[0].name.text, "a.b");
  const auto& when = std::get<ast::When>(body[4].node);
  ASSERT_EQ(when.otherwise.size(), 1u);
  EXPECT_EQ(std::get<ast::When>(when.otherwise[0].node).otherwise.size(), 1u);
}

TEST(Parse, holes) {
  const Parsed parsed("let x = \"é {host.name} {f(\"a\")}\"");
  EXPECT_EQ(parsed.messages(), Messages{});
  const auto& text = std::get<ast::Text>(
      std::get<ast::Let>(parsed.tree.root.declarations[0].node).value.node);
  ASSERT_EQ(text.holes.size(), 2u);
  EXPECT_EQ(text.pieces, (std::vector<std::string>{"é ", " ", ""}));
  EXPECT_EQ(parsed.sources.text(text.holes[0]->span), "host.name");
  EXPECT_EQ(parsed.sources.text(text.holes[1]->span), "f(\"a\")");
}

TEST(Parse, keywords_are_names) {
  for (const char* word :
       {"site",   "import",    "let",     "profile", "host",    "hosts", "pool", "instance", "type",
        "policy", "waive",     "test",    "doc",     "include", "when",  "else", "override", "unchecked",
        "where",  "available", "default", "because", "owner",   "until", "for",  "require",  "forbid",
        "help",   "expect",    "or",      "and",     "not",     "in",    "of",   "on",       "true"}) {
    const std::string w = word;
    EXPECT_EQ(Parsed("profile " + w + "(" + w + ": " + w + " = 1) { " + w + " = 1 " + w + "." + w + " = x." +
                     w + " include " + w + " }\npool " + w + " { }\nhost " + w + " { x = 1 " + w + " = 2 m " +
                     w + " { } }")
                  .messages(),
              Messages{})
        << w;
  }
}

TEST(Parse, places) {
  const Parsed parsed("# é\nhost kvm-01 {\n  vm.x = 25% of m\n}\n");
  const auto& host = std::get<ast::Host>(parsed.tree.root.declarations.at(0).node);
  EXPECT_EQ(parsed.sources.text(host.name.span), "kvm-01");
  EXPECT_EQ(parsed.sources.text(host.body.at(0).span), "vm.x = 25% of m");
  EXPECT_EQ(parsed.sources.text(std::get<ast::Assign>(host.body[0].node).value.span), "25% of m");
  EXPECT_EQ(parsed.sources.text(std::get<ast::Assign>(host.body[0].node).path.parts[1].name.span), "x");
}

TEST(Parse, tokens_are_the_source) {
  const std::string text = "\xEF\xBB\xBFhost é {\r\n # x\n x = \"abc\n}\t'";
  const Parsed parsed(text, KeepTokens::yes);
  std::string joined;
  for (const Token& token : parsed.tree.tokens) joined += parsed.sources.text(token.span);
  EXPECT_EQ(joined, parsed.sources.text(parsed.tree.file));
}

TEST(Mistakes, each_is_one_message) {
  const Parsed parsed(R"(host a {
  x =
  y = 3
  foo bar = 4
  z 5
  include
  sysctl {
    vm.swappiness = = 1
    net = [1, 2
    ok = 16MxB
  }
  when x == { y = 1 }
  q = "abc
  w = 1 @ 2
  override p = 3
  good = 1
}
profil b { x = 1 }
host
host c { x = f(a b)  }
profile p(size: ) { x = 1 < 2 < 3 }
policy q { require a = b  forbid c }
)");
  EXPECT_EQ(
      parsed.messages(),
      (Messages{
          "3:3 expected a value, found the setting `y`", "4:7 expected `=` or `{`, found the setting `bar`",
          "5:5 expected `=` or `{`, found `5`", "7:3 expected a name, found `sysctl`",
          "8:21 expected a value, found `=`", "10:5 expected `,` or `]`, found the setting `ok`",
          "10:12 `MxB` is not a unit", "12:13 expected a value, found `{`",
          "13:7 this string is not closed on its line", "14:9 unexpected character `@`",
          "16:3 expected `because` and a reason, found the setting `good`",
          "18:1 expected a declaration, found `profil`", "20:1 expected a name or a number, found `host`",
          "20:18 expected `,` or `)`, found `b`", "21:17 expected a name, found `)`",
          "21:31 `<` does not chain", "22:22 expected `==`, found `=`"}));
  // The text between mistakes is still parsed.
  const auto& host = std::get<ast::Host>(parsed.tree.root.declarations.at(0).node);
  EXPECT_EQ(print(std::get<ast::Assign>(host.body.back().node).value), "1");
}

TEST(Mistakes, braces) {
  EXPECT_EQ(Parsed("host a {\n  sysctl {\n    x = 1\n}\nhost b { }\n").messages(),
            Messages{"2:10 `{` is never closed"});
  EXPECT_EQ(Parsed("host a {\n  x = 1\nhost b { }\n").messages(), Messages{"1:8 `{` is never closed"});
  EXPECT_EQ(Parsed("host b {\n  x = 1\n").messages(), Messages{"1:8 `{` is never closed"});
  EXPECT_EQ(Parsed("host b { x = 1 } }\n").messages(), Messages{"1:18 expected a declaration, found `}`"});
  EXPECT_EQ(Parsed("host a\n  include x\n}\nhost b { }\n").messages(),
            Messages{"2:3 expected `{`, found `include`"});
  EXPECT_EQ(Parsed("host a { x = \"abc }\nhost b { }\n").messages(),
            Messages{"1:14 this string is not closed on its line"});
}

TEST(Mistakes, literals) {
  EXPECT_EQ(Parsed("let x = 10.0.0.256").messages(), Messages{"1:9 `10.0.0.256` is not an address"});
  EXPECT_EQ(Parsed("let x = 10.0.0.0/33").messages(),
            Messages{"1:9 `10.0.0.0/33` is not an address and a prefix length"});
  EXPECT_EQ(Parsed("let x = 99999999999999999999").messages(),
            Messages{"1:9 `99999999999999999999` is not a whole number of 64 bits"});
  EXPECT_EQ(Parsed("let x = 2027-02-30").messages(),
            Messages{"1:9 `2027-02-30` is not a day of the calendar"});
  EXPECT_EQ(Parsed("let x = \"\\q\"").messages(), Messages{"1:10 `\\q` is not an escape sequence"});
  EXPECT_EQ(Parsed("let x = \"{}\"").messages(), Messages{"1:11 expected a value, found `}`"});
  EXPECT_EQ(Parsed("hosts kvm-[02 .. 40] { }").messages(),
            Messages{"1:7 `kvm-[02 .. 40]` is not a name or pattern of hosts"});
}

TEST(Mistakes, one_for_input_that_means_harm) {
  const auto many = [](const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
  };
  for (const std::string& text :
       {many("(", 100000), many("host a { ", 100000), "let x = " + many("- ", 100000) + "1",
        "let x = 1" + many(" + 1", 100000), "let x = " + many("not ", 100000) + "a",
        "host a { when x { }" + many(" else when y { }", 100000) + " }", "let x = " + many("[", 100000),
        many("\"", 100001)})
    EXPECT_EQ(Parsed(text).messages().size(), 1u) << text.substr(0, 40);
  EXPECT_EQ(Parsed("").messages(), Messages{});
  EXPECT_EQ(Parsed("\xEF\xBB\xBF").messages(), Messages{});
  EXPECT_EQ(Parsed(std::string(100, '\0')).messages().size(), 1u);
}

}  // namespace
}  // namespace tunec
