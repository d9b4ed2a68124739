// Facts are read once for many machines. The law: this gives the same trees, places and diagnostics as
// reading each machine's facts alone.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <mutex>

#include "diagnostics/render.h"
#include "machine/host_pattern.h"
#include "site/facts_index.h"
#include "source/yaml_entries.h"
#include "support/over_memory.h"

namespace tunec {
namespace {

std::string one_of(const std::vector<std::string>& texts) { return *rc::gen::elementOf(texts); }

std::string shown(Span span) { return fmt::format("@{}-{}", span.begin, span.end); }

std::string shown(const yaml::NodePtr& node, const Shift& shift = {}) {
  std::string text = fmt::format("{}{}", static_cast<int>(node->kind), shown(shift(node->span)));
  if (node->kind == yaml::Node::Kind::scalar)
    text += fmt::format("{}`{}`", node->quoted ? "quoted " : "", node->scalar);
  for (const yaml::NodePtr& item : node->items) text += " - " + shown(item, shift);
  for (const auto& [key, value] : node->entries) text += " " + shown(key, shift) + ": " + shown(value, shift);
  return text + ";";
}

// Heads, keys, values and tails. Good ones are repeated in the lists, so that most files are good.
const std::string anchors = ".k:\n  - &a { x: 1 }\n  - &b [1, 2]\n";
const std::vector<std::string> heads = {anchors, anchors, "# c\n---\n" + anchors, anchors + "\nx: 1\n",
                                        ".k: &a\n  x: 1\n.l: &b [*a]\n"};
const std::vector<std::string> odd_heads = {"", ".q: \"x\n", ".q: 'hosts:\n  a: 1'\n" + anchors,
                                            "? " + anchors};
const std::vector<std::string> keys = {"a",   "b",   "c",    "d",   "e",       "f",     "g",
                                       "h-1", "h-2", "h-3",  "h.4", "h[1..2]", "\"q\"", "'s'",
                                       "1e5", "on",  "null", "<<",  "? k",     "- x",   "a b"};
const std::vector<std::string> values = {" { x: 1 }\n",
                                         " { x: 1 }\n",
                                         "\n    x: 1\n    y: [1, 2]\n",
                                         "\n    x: 1\n    y: [1, 2]\n",
                                         "\n    x: 1\n    y:\n      - z: \"w\"\n",
                                         "\n    x:\n",
                                         "\n",
                                         " ~\n",
                                         " null\n",
                                         " 1\n",
                                         " *a\n",
                                         " *b\n",
                                         " { <<: *a, z: 2 }\n",
                                         "\n    <<: *a\n    z: 2\n",
                                         " \"a\n  b: c\"\n",
                                         " [1,\n    2]\n",
                                         " {\n    x: 1\n  }\n",
                                         " # c\n    x: 1\n",
                                         "\n  # c\n    x: 1\n\n",
                                         " word\n    more\n",
                                         " !!str 5\n"};
const std::vector<std::string> odd_values = {" 'q\n",
                                             " [1,\n  x: 2]\n",
                                             " &c 3\n",
                                             " *c\n",
                                             " |\n    text\n",
                                             " >-\n    text\n\n",
                                             "\n  - x\n",
                                             "\n - x\n",
                                             " x: 1\n",
                                             "\n\tx: 1\n",
                                             " {\n",
                                             " 1\r\n",
                                             "",
                                             "\n    x: 1\n   y: 1\n",
                                             " \"\\\"\n",
                                             "\n- x\n",
                                             "\n    x: 1\n    x: 2\n"};
const std::vector<std::string> tails = {"", "", ".t: *b\n", "x: 1", "...\n", "# end", "  # end\n"};
const std::vector<std::string> odd_tails = {"---\nx: 1\n", "- 1\n", "hosts: 1\n", "x: '"};

std::string any_file_of_facts() {
  const bool odd = *rc::gen::inRange(0, 4) == 0;
  std::string text = one_of(odd && *rc::gen::inRange(0, 4) == 0 ? odd_heads : heads) +
                     one_of({"hosts:\n", "hosts:\n", "hosts: # c\n", "hosts:\n\n"});
  std::vector<std::string> unused = keys;
  const int count = *rc::gen::inRange(1, 14);
  for (int i = 0; i < count; ++i) {
    const std::size_t key = *rc::gen::inRange<std::size_t>(
        0, odd ? unused.size() : 16 - static_cast<std::size_t>(i));
    text += "  " + unused[key] + ":" + one_of(odd && *rc::gen::inRange(0, 5) == 0 ? odd_values : values);
    if (!odd || *rc::gen::inRange(0, 5) != 0) unused.erase(unused.begin() + static_cast<std::ptrdiff_t>(key));
  }
  return text + one_of(odd && *rc::gen::inRange(0, 6) == 0 ? odd_tails : tails);
}

// The whole file, read entry by entry; nothing if the file was not split.
std::optional<std::string> read_in_pieces(FileId file, const Sources& sources, std::size_t bytes) {
  auto entries = yaml::find_entries(file, sources, "hosts");
  if (!entries) return std::nullopt;
  std::map<std::size_t, yaml::NodePtr> read;
  std::mutex one_at_a_time;
  const auto take = [&](const std::vector<yaml::ReadEntry>& piece) {
    const std::lock_guard lock(one_at_a_time);
    for (const auto& [place, value] : piece) read[place] = value;
  };
  if (!yaml::read_entries(*entries, sources, take, bytes)) return std::nullopt;
  std::string text;
  for (const auto& [key, value] : entries->rest->entries) {
    text += shown(key) + ": ";
    if (key->span != entries->heading) {
      text += shown(value) + "\n";
      continue;
    }
    for (const yaml::Entry& entry : entries->all)
      text += fmt::format("\n{}{} = {}", entry.key, shown(entry.where),
                          shown(read.at(entry.first), entries->shift(entry)));
    text += "\n";
  }
  return text;
}

std::string read_whole(const yaml::NodePtr& root) {
  std::string text;
  for (const auto& [key, value] : root->entries) {
    text += shown(key) + ": ";
    if (key->scalar == "hosts") {
      for (const auto& [name, facts] : value->entries)
        text += fmt::format("\n{}{} = {}", name->scalar, shown(name->span), shown(facts));
    } else {
      text += shown(value);
    }
    text += "\n";
  }
  return text;
}

RC_GTEST_PROP(FactsLaws, AFileReadByItsEntriesIsTheFileReadWhole, ()) {
  const std::string text = any_file_of_facts();
  RC_LOG() << text;
  Sources sources;
  const FileId file = sources.add("hosts.yaml", text);
  const yaml::Document whole = yaml::parse(file, sources);
  const auto pieces = read_in_pieces(file, sources, *rc::gen::inRange<std::size_t>(1, 400));
  RC_CLASSIFY(pieces.has_value(), "split");
  RC_CLASSIFY(whole.error.has_value(), "with an error");
  if (whole.error) RC_ASSERT(!pieces);
  if (pieces) RC_ASSERT(*pieces == read_whole(whole.root));
}

TEST(FactsLaws, FilesAsExportersWriteThemAreCut) {
  for (const std::string_view value :
       {"\n    os: debian 12\n    cpu:\n      cores: 4\n    disks:\n      - name: sda\n",
        " { os: debian 12, cpu: { cores: 4 } }\n", " *k\n"}) {
    Sources sources;
    std::string text = ".kinds: [&k { os: debian 12 }]\nhosts:\n";
    for (int i = 0; i < 50; ++i)
      text += fmt::format("  {}:{}", i % 7 == 0 ? fmt::format("\"q-{}\"", i) : fmt::format("h-{}", i), value);
    const FileId file = sources.add("hosts.yaml", text);
    const auto entries = yaml::find_entries(file, sources, "hosts");
    ASSERT_TRUE(entries) << value;
    EXPECT_EQ(
        std::ranges::count_if(entries->all,
                              [&](const yaml::Entry& entry) { return &entries->all[entry.first] == &entry; }),
        9)
        << value;
    EXPECT_EQ(read_in_pieces(file, sources, 300), read_whole(yaml::parse(file, sources).root)) << value;
  }
}

// A site whose hosts share a few texts of facts, each used many times. `mark` makes the texts differ without
// moving anything.
const std::vector<std::string> bodies = {"os = \"debian 12\"  memory = 8GiB",
                                         "os = \"debian 12\"  memory = 8GiB  rack = r1",
                                         "memory = 8GiB  os = \"debian 12\"",
                                         "os = \"debian 12\"  cpu { cores = 2 }  cpu { vendor = amd }",
                                         "os = \"debian 12\"  disk sda { kind = floppy }",
                                         "os = \"atari\"  memry = 1GiB",
                                         "memory = 1GiB + 1GiB",
                                         "memory = 1GiB  memory = 2GiB",
                                         "disk a { kind = ssd }  disks = [a]",
                                         "nic a { name = b }  nic \"c{1 + 1}\" { }",
                                         "cpu = 3  cpu { cores = 2 }"};

std::string everything_said(const std::string& main, const std::string& yaml) {
  MemoryFileSystem files;
  files.files = {{"main.tune", main}, {"hosts.yaml", yaml}};
  const test::Run run = test::compile_in_memory(files);
  std::string text = test::every_byte(run.rendered);
  for (const Diagnostic& diagnostic : run.compilation->reporter.sorted())
    text += render_json(diagnostic, run.compilation->sources) + "\n";
  std::map<const Facts*, std::size_t> kinds;
  for (const Host& host : run.compilation->fleet.hosts)
    text += fmt::format("{} {} {}\n", host.name, kinds.emplace(host.facts.get(), kinds.size()).first->second,
                        host.facts->platform->describe());
  return text;
}

RC_GTEST_PROP(FactsLaws, FactsOfOneTextAreThoseOfManyTexts, ()) {
  const std::vector<std::string> some{one_of(bodies), one_of(bodies), one_of(bodies)};
  std::string same = "site s\n", marked = same;
  const int count = *rc::gen::inRange(1, 12);
  for (int i = 0; i < count; ++i) {
    const std::string name = fmt::format("host h{:02} {{ facts {{ #", *rc::gen::inRange(0, 99)),
                      facts = fmt::format("\n{} }}  sysctl.vm.swappiness = 10 }}\n", one_of(some));
    same += name + "00" + facts;
    marked += fmt::format("{}{:02}{}", name, i, facts);
  }
  RC_LOG() << same;
  RC_ASSERT(everything_said(same, "") == everything_said(marked, ""));
}

RC_GTEST_PROP(FactsLaws, EntriesOfOneTextAreThoseOfManyTexts, ()) {
  const std::vector<std::string> kinds = {
      "    os: debian 12\n    memory: 8GiB\n", "    os: debian 12\n    memory: 8GiB\n    rack: r1\n",
      "    os: atari\n    memry: 8GiB\n", "    os: debian 12\n    disks: [{ kind: floppy }]\n"};
  const std::vector<std::string> some{one_of(kinds), one_of(kinds)};
  std::string same = "hosts:\n", marked = same;
  for (int i = 0; i < 800; ++i) {  // enough for the file to be split
    const std::string entry = fmt::format("  h-{:03}:\n    #", (i * 7) % 800),
                      facts = "\n" + (i % 2 == 0 ? some[0] : some[1]);
    same += entry + "000" + facts;
    marked += fmt::format("{}{:03}{}", entry, i, facts);
  }
  const std::string site =
      "site s\nimport \"hosts.yaml\"\nhosts h-[001..030] { sysctl.vm.swappiness = 10 }\nhosts h-*9 { facts { "
      "memory = 4GiB } }\n";
  RC_ASSERT(everything_said(site, same) == everything_said(site, marked));
}

std::string any_pattern() {
  std::string text;
  const int parts = *rc::gen::inRange(1, 4);
  for (int i = 0; i < parts; ++i)
    text += one_of({"a", "b", "ab", "a1", "1", "[1..3]", "[01..12]", "[2..1]", "*", "-", "]"});
  return text;
}

std::string any_name() {
  std::string text;
  const int parts = *rc::gen::inRange(1, 5);
  for (int i = 0; i < parts; ++i) text += one_of({"a", "b", "1", "2", "01", "12", "-", "ab"});
  return text;
}

RC_GTEST_PROP(FactsLaws, FactsAreFoundAsIfEachPatternWereTried, ()) {
  std::vector<ImportedFacts> stated;
  const int count = *rc::gen::inRange(0, 40);
  for (int i = 0; i < count; ++i)
    stated.push_back({*rc::gen::inRange(0, 4) == 0 ? any_name() : any_pattern(), {}, nullptr, {}});
  Reporter reporter;
  const ImportedFactsIndex index(stated, reporter);
  for (int i = 0; i < 20; ++i) {
    const std::string name = any_name();
    const auto exact = std::ranges::find(stated, name, &ImportedFacts::pattern);
    const auto fits = std::ranges::find_if(
        stated, [&](const ImportedFacts& one) { return matches_pattern(one.pattern, name); });
    const auto wanted = exact != stated.end() ? exact : fits;
    RC_ASSERT(index.find(name) == (wanted == stated.end() ? nullptr : &*wanted));
  }
}

RC_GTEST_PROP(FactsLaws, APatternPicksTheNamesThatItFits, ()) {
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) names.push_back(any_name());
  HostNames known(names);
  for (int i = 0; i < 10; ++i) {
    const std::string pattern = any_pattern();
    std::vector<std::string> wanted;
    std::ranges::copy_if(known.sorted(), std::back_inserter(wanted),
                         [&](const std::string& name) { return matches_pattern(pattern, name); });
    RC_ASSERT(known.matching(pattern) == wanted);
  }
}

}  // namespace
}  // namespace tunec
