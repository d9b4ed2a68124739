// The rule that compile --depfile writes. tests/oracles/gitops gives such rules to make and ninja.
#include "driver/depfile.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "driver/recorded_files.h"

namespace tunec {
namespace {

std::string record_of(const std::vector<std::string>& read, const std::vector<std::string>& missing = {}) {
  MemoryFileSystem files;
  for (const std::string& path : read) files.files[path] = "text";
  const RecordedFiles recorded(files, sha256_hex);
  for (const std::string& path : read) (void)recorded.read(path, 100);
  for (const std::string& path : missing) (void)recorded.read(path, 100);
  return recorded.record().value_or("");
}

TEST(Depfile, lists_what_was_read_and_makes_a_rule_of_each) {
  const DependencyRule rule = dependency_rule("out", record_of({"site.tune", "a.yaml"}, {"gone.tune"}));
  EXPECT_EQ(rule.text, "out: \\\n  a.yaml \\\n  site.tune\n\na.yaml:\n\nsite.tune:\n");
  EXPECT_EQ(rule.error, "");
}

TEST(Depfile, a_file_that_was_read_twice_comes_once) {
  MemoryFileSystem files;
  files.files["a"] = "text";
  const RecordedFiles recorded(files, sha256_hex);
  (void)recorded.read("a", 100);
  (void)recorded.read("a", 200);
  EXPECT_EQ(answered_names(*recorded.record(), sha256_hex), std::vector<std::string>{"a"});
}

TEST(Depfile, quotes_what_make_and_ninja_unquote) {
  EXPECT_EQ(dependency_rule("my out", record_of({"a b#c$d.tune"})).text,
            "my\\ out: \\\n  a\\ b\\#c$$d.tune\n\na\\ b\\#c$$d.tune:\n");
}

TEST(Depfile, refuses_names_that_mean_something_to_make) {
  for (const char* name : {"a:b", "a;b", "a|b", "a=b", "a%b", "a*b", "a?b", "a[1]", "a\\b", "~a", "a\tb"}) {
    EXPECT_EQ(dependency_rule("out", record_of({name})).text, "") << name;
    EXPECT_EQ(dependency_rule(name, record_of({"a"})).text, "") << name;
  }
}

}  // namespace
}  // namespace tunec
