#include "source/yaml_packed.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tunec {
namespace {

// The tree on one line: `word`, "quoted", ~ for null, [items], {key: value}.
std::string shown(const yaml::NodePtr& node) {
  std::string text;
  switch (node->kind) {
    case yaml::Node::Kind::null: return "~";
    case yaml::Node::Kind::scalar: return node->quoted ? '"' + node->scalar + '"' : node->scalar;
    case yaml::Node::Kind::sequence:
      for (const yaml::NodePtr& item : node->items) text += (text.empty() ? "" : ", ") + shown(item);
      return "[" + text + "]";
    case yaml::Node::Kind::map:
      for (const auto& [key, value] : node->entries)
        text += (text.empty() ? "" : ", ") + shown(key) + ": " + shown(value);
      return "{" + text + "}";
  }
  return "?";
}

struct Parsed {
  explicit Parsed(std::string text)
      : file(sources.add("facts.yaml", std::move(text))), document(yaml::parse(file, sources)) {}

  std::string place(Span where) const {
    const LineColumn at = sources.position(where.file, where.begin);
    return std::to_string(at.line) + ":" + std::to_string(at.column) + " `" +
           std::string(sources.text(where)) + "`";
  }

  Sources sources;
  FileId file;
  yaml::Document document;
};

std::string tree(std::string text) {
  const Parsed parsed(std::move(text));
  return parsed.document.error ? "error: " + parsed.document.error->reason : shown(parsed.document.root);
}

std::string error(std::string text) {
  const Parsed parsed(std::move(text));
  if (!parsed.document.error) return "no error";
  EXPECT_EQ(parsed.document.root, nullptr);
  return parsed.place(parsed.document.error->where) + ": " + parsed.document.error->reason;
}

// The span of the value under `key` of the outermost map.
std::string span(std::string text, std::string_view key = "k") {
  const Parsed parsed(std::move(text));
  if (parsed.document.error) return "error: " + parsed.document.error->reason;
  const yaml::NodePtr node = parsed.document.root->find(key);
  return node == nullptr ? "no such key" : parsed.place(node->span);
}

TEST(Yaml, ReadsEveryKindOfNode) {
  EXPECT_EQ(tree("a: 1\nb: [x, 'y', \"z\"]\nc:\n  - d: ~\n  - e:\n"),
            "{a: 1, b: [x, \"y\", \"z\"], c: [{d: ~}, {e: ~}]}");
  EXPECT_EQ(tree("a: |\n  one\n  two\nb: >-\n  one\n  two\n"), "{a: \"one\ntwo\n\", b: \"one two\"}");
  EXPECT_EQ(tree("a: one\n  two\n"), "{a: one two}");
  EXPECT_EQ(tree("plain"), "plain");
  EXPECT_EQ(tree(""), "~");
  EXPECT_EQ(tree("# only a comment\n"), "~");
  EXPECT_EQ(tree("---\na: 1\n...\n"), "{a: 1}");
  EXPECT_EQ(tree("a: []\nb: {}\n"), "{a: [], b: {}}");
  EXPECT_EQ(tree("a: !!str 5\nb: !vault x\n"), "{a: \"5\", b: x}");
}

TEST(Yaml, KeepsWhatTheLanguageReadsItself) {
  EXPECT_EQ(tree("a: 64GiB\nb: on\nc: 10de:2206\nd: 0000:3b:00.0\ne: 6.10\nf: 25%\n"),
            "{a: 64GiB, b: on, c: 10de:2206, d: 0000:3b:00.0, e: 6.10, f: 25%}");
}

TEST(Yaml, UnpacksWhatWasPacked) {
  const Parsed parsed("a: [1, \"2\", ~, {}]\nb:\n  c: {d: [[], word]}\n");
  EXPECT_EQ(shown(yaml::unpacked(yaml::packed(*parsed.document.root))), shown(parsed.document.root));
}

TEST(Yaml, FindsByKey) {
  const Parsed parsed("a: 1\nb: 2\n");
  EXPECT_EQ(parsed.document.root->find("b")->scalar, "2");
  EXPECT_EQ(parsed.document.root->find("c"), nullptr);
  EXPECT_EQ(parsed.document.root->find("b")->find("x"), nullptr);
}

TEST(YamlSpans, CoverScalarsAsTheyAreWritten) {
  EXPECT_EQ(span("k: 64GiB # much\n"), "1:4 `64GiB`");
  EXPECT_EQ(span("é: ü\nk: ö\n"), "2:4 `ö`");
  EXPECT_EQ(span("k: 'it''s'\n"), "1:4 `'it''s'`");
  EXPECT_EQ(span("k: \"a \\\" b\" # c\n"), "1:4 `\"a \\\" b\"`");
  EXPECT_EQ(span("k: &anchor !tag value\n"), "1:17 `value`");
  EXPECT_EQ(span("k: |\n  one\n  two\n"), "1:4 `|`");
  EXPECT_EQ(span("k: one\n  two\n"), "1:4 `one`");
  EXPECT_EQ(span("a: 1\r\nk: 2\r\n"), "2:4 `2`");
  EXPECT_EQ(span("k: \"one\n  two\"\n"), "1:4 `\"one\n  two\"`");
}

TEST(YamlSpans, CoverCollectionsToTheirEnd) {
  EXPECT_EQ(span("k: [1, 2 ] # x\n"), "1:4 `[1, 2 ]`");
  EXPECT_EQ(span("k: { a: [1], b: {c: 2}, }\n"), "1:4 `{ a: [1], b: {c: 2}, }`");
  EXPECT_EQ(span("k: []\n"), "1:4 `[]`");
  EXPECT_EQ(span("k:\n  a: 1\n  b: 2\nl: 3\n"), "2:3 `a: 1\n  b: 2`");
  EXPECT_EQ(span("k:\n  - a\n  - b\nl: 3\n"), "2:3 `- a\n  - b`");
}

TEST(YamlSpans, PointBehindTheColonWhereAValueIsMissing) {
  EXPECT_EQ(span("k:\nl: 1\n"), "1:3 ``");
  EXPECT_EQ(span("k:   # nothing\nl: 1\n"), "1:3 ``");
  EXPECT_EQ(span("k:\nnullable: 1\n"), "1:3 ``");
  EXPECT_EQ(span("a: {k: }\n", "a"), "1:4 `{k: }`");
  EXPECT_EQ(span("k: ~\n"), "1:4 `~`");
  EXPECT_EQ(span("k: null"), "1:4 `null`");
}

TEST(YamlAliases, ShareTheirNode) {
  const Parsed parsed("a: &x {b: 1}\nc: *x\n");
  EXPECT_EQ(parsed.document.root->find("a"), parsed.document.root->find("c"));
}

TEST(YamlAliases, CannotBeDefinedByThemselves) {
  EXPECT_EQ(error("a: &x [1, *x]\n"), "1:11 `*x`: this alias stands inside the node that it names");
  EXPECT_EQ(error("a: *x\n"), "1:4 ``: the referenced anchor is not defined");
}

TEST(YamlAliases, MayBeRedefined) {
  EXPECT_EQ(tree("a: &x 1\nb: *x\nc: &x 2\nd: *x\n"), "{a: 1, b: 1, c: 2, d: 2}");
}

TEST(YamlAliases, CannotStandForBillionsOfValues) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 12; ++level) {
    const std::string below = fmt::format("*a{}", level - 1);
    text += fmt::format("a{0}: &a{0} [{1}", level, below);
    for (int time = 1; time < 10; ++time) text += fmt::format(", {}", below);
    text += "]\n";
  }
  EXPECT_EQ(tree(text), "error: aliases repeat this too often: more than 20000000 values");
}

TEST(YamlAliases, CannotNestWithoutEnd) {
  std::string text = "a0: &a0 [x]\n";
  for (int level = 1; level < 300; ++level) {
    text += fmt::format("a{0}: &a{0} [*a{1}]\n", level, level - 1);
  }
  EXPECT_EQ(tree(text), "error: nested deeper than 200, aliases included");
}

TEST(YamlMerge, OwnKeysBeatMergedOnesAndEarlierMapsLaterOnes) {
  EXPECT_EQ(tree("base: &b {x: 1, y: 2}\nk:\n  <<: *b\n  y: 3\n"), "{base: {x: 1, y: 2}, k: {y: 3, x: 1}}");
  EXPECT_EQ(tree("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nk: {<<: [*a, *b]}\n"),
            "{a: {x: 1}, b: {x: 2, y: 2}, k: {x: 1, y: 2}}");
  EXPECT_EQ(tree("k: {\"<<\": 1}\n"), "{k: {\"<<\": 1}}");
}

TEST(YamlMerge, TakesMapsOnly) {
  EXPECT_EQ(error("k: {<<: 5}\n"), "1:9 `5`: `<<` takes a map or a list of maps");
  EXPECT_EQ(error("k: {<<: [{a: 1}, b]}\n"), "1:18 `b`: `<<` takes a map or a list of maps");
}

TEST(YamlErrors, PointAtAKeyThatIsGivenTwice) {
  EXPECT_EQ(error("a: 1\nb: 2\na: 3\n"), "3:1 `a`: `a` is given twice in this map");
  EXPECT_EQ(error("k: {a: 1, 'a': 2}\n"), "1:11 `'a'`: `a` is given twice in this map");
  std::string many;
  for (int key = 0; key < 100; ++key) many += "key" + std::to_string(key) + ": 1\n";
  EXPECT_EQ(error(many + "key3: 1\n"), "101:1 `key3`: `key3` is given twice in this map");
  EXPECT_EQ(error(many + "key99: 1\n"), "101:1 `key99`: `key99` is given twice in this map");
  EXPECT_EQ(error(many), "no error");
}

TEST(YamlMerge, StandsOnceInAMap) {
  EXPECT_EQ(error("k:\n  <<: {a: 1}\n  <<: {b: 1}\n"), "3:3 `<<`: `<<` is given twice in this map");
}

TEST(YamlErrors, RefuseOtherThanOneDocument) {
  EXPECT_EQ(error("a: 1\n---\nb: 2\n"), "2:1 ``: a second document begins here; give it a file of its own");
}

TEST(YamlErrors, RefuseKeysThatAreNoWords) {
  EXPECT_EQ(error("? [1, 2]\n: x\n"), "1:3 `[1, 2]`: a key must be a word");
  EXPECT_EQ(error("~: x\n"), "1:1 ``: a key must be a word");
}

TEST(YamlErrors, RefuseDeepNesting) {
  EXPECT_EQ(error("k: " + std::string(199, '[') + std::string(199, ']')), "no error");
  EXPECT_EQ(error("k: " + std::string(200, '[') + std::string(200, ']')),
            "1:203 `[`: nested deeper than 200");
  EXPECT_EQ(tree(std::string(100'000, '[')), "error: nested deeper than 200");
  EXPECT_EQ(tree(std::string(100'000, '{')), "error: nested deeper than 200");
}

TEST(YamlErrors, RefuseControlCharactersWhichYamlCppWouldTakeForTheEnd) {
  EXPECT_EQ(error("a: 1\n\x04"
                  "b: 2\n"),
            "2:1 ``: control characters cannot stand in YAML");
  EXPECT_EQ(error(std::string("a\0: 1", 5)), "1:2 ``: control characters cannot stand in YAML");
  EXPECT_EQ(error("a: \xFF"), "1:4 ``: not UTF-8 text");
}

TEST(YamlErrors, RefuseQuotesThatAreNeverClosed) {
  EXPECT_EQ(error("a: 'x\nb: 1\n"), "1:4 `'`: this quote is never closed");
  EXPECT_EQ(error("a: \"x\\\"\nb: 1\n"), "1:4 `\"`: this quote is never closed");
  EXPECT_EQ(error("a: 'x"), "1:6 ``: the file ends inside quotes");
}

TEST(YamlErrors, RefuseTheCharacterZero) {
  EXPECT_EQ(error("a: \"x\\0\"\n"), "1:4 `\"x\\0\"`: a value cannot hold the character 0");
}

TEST(YamlErrors, SayPlainlyWhatYamlCppFound) {
  const std::string misplaced = "this does not belong to what stands above it; look at the indentation";
  EXPECT_EQ(error("a: 1\n- b\n"), "2:1 ``: " + misplaced);
  EXPECT_EQ(error("- a\nb: 1\n"), "2:1 ``: " + misplaced);
  EXPECT_EQ(error("  a: 1\nb: 2\n"), "2:1 ``: " + misplaced);
  EXPECT_EQ(error("a: [1\nb: 2\n"), "2:2 ``: a `[` is not closed before this");
  EXPECT_EQ(error("a: [1]]\n"), "1:7 ``: this bracket closes nothing");
  EXPECT_EQ(error("a: b: c\n"), "1:5 ``: a `:` cannot stand here");
  EXPECT_EQ(error("a:\n\tb: 1\n"), "2:1 `\t`: a line is indented by a tab: YAML is indented by blanks");
  EXPECT_EQ(error("a: @x\n"), "1:4 ``: a value cannot begin with this character unless it is quoted");
  EXPECT_EQ(error("a: \"\\q\"\n"), "1:7 ``: unknown escape character: q");
}

}  // namespace
}  // namespace tunec
