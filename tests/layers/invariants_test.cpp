// Every invariant has its row, an enforcer, a test that violates it and a test that keeps it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "diagnostics/diagnostic.h"
#include "source/yaml.h"

namespace tunec {
namespace {

namespace fs = std::filesystem;

constexpr int how_many = 72;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// All files of a folder of stdlib, concatenated.
std::string all_of(const char* folder) {
  std::string text;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(TUNEC_ROOT) / "stdlib" / folder))
    text += read(entry.path()) + "\n";
  return text;
}

class Invariants : public testing::Test {
 protected:
  Invariants() {
    const FileId file = sources_.add("stdlib/invariants.yaml",
                                     read(fs::path(TUNEC_ROOT) / "stdlib/invariants.yaml"));
    document_ = yaml::parse(file, sources_);
    if (document_.root && document_.root->find("invariants"))
      rows_ = document_.root->find("invariants")->items;
  }

  static std::string text_of(const yaml::NodePtr& row, std::string_view key) {
    const auto found = row->find(key);
    return found ? found->scalar : std::string();
  }

  std::vector<std::string> by(const yaml::NodePtr& row) const {
    std::vector<std::string> names;
    if (const auto found = row->find("by")) {
      for (const auto& item : found->items) names.push_back(item->scalar);
    }
    return names;
  }

  Sources sources_;
  yaml::Document document_;
  std::vector<yaml::NodePtr> rows_;
};

TEST_F(Invariants, AreNumberedAndSaidInFull) {
  ASSERT_FALSE(document_.error) << document_.error->reason;
  ASSERT_EQ(std::ssize(rows_), how_many);
  for (int i = 0; i < how_many; ++i) {
    const auto& row = rows_[static_cast<std::size_t>(i)];
    EXPECT_EQ(text_of(row, "number"), std::to_string(i + 1));
    EXPECT_TRUE((std::set<std::string>{"error", "warning", "note"}).contains(text_of(row, "severity")))
        << i + 1;
    EXPECT_FALSE(text_of(row, "rule").empty() || text_of(row, "source").empty()) << i + 1;
  }
}

TEST_F(Invariants, AreSeenToBySomethingThatExists) {
  std::set<std::string> enforcers{"construction"};
  for (const DiagInfo* info : all_diagnostics()) enforcers.insert(std::string(info->code));
  const std::string policies = all_of("policies");
  static const std::regex declared("(^|\n)(policy|budget) ([A-Za-z0-9_-]+) ");
  for (std::sregex_iterator match(policies.begin(), policies.end(), declared), end; match != end; ++match)
    enforcers.insert((*match)[3]);
  for (const auto& row : rows_) {
    EXPECT_FALSE(by(row).empty()) << text_of(row, "number");
    for (const std::string& name : by(row))
      EXPECT_TRUE(enforcers.contains(name))
          << "invariant " << text_of(row, "number") << ": there is no " << name;
  }
}

// A test ends at the first line that closes it. A test of a `construction` checks lines, files or steps.
TEST_F(Invariants, HaveATestThatViolatesThemAndOneThatDoesNot) {
  const std::string tests = all_of("tests");
  static const std::regex declared("\ntest \"invariant ([0-9]+) (broken|kept): [^\n]*\\{\n");
  std::map<std::pair<std::string, std::string>, std::string> bodies;
  for (std::sregex_iterator one(tests.begin(), tests.end(), declared), end; one != end; ++one) {
    const std::size_t begin = static_cast<std::size_t>(one->position() + one->length());
    bodies[{(*one)[1], (*one)[2]}] += tests.substr(begin, tests.find("\n}", begin) - begin);
  }
  for (const auto& row : rows_) {
    const std::string number = text_of(row, "number");
    EXPECT_TRUE((bodies.contains({number, "kept"})))
        << "invariant " << number << " has no test that keeps it";
    const auto broken = bodies.find({number, "broken"});
    EXPECT_NE(broken, bodies.end()) << "invariant " << number << " has no test that breaks it";
    if (broken == bodies.end()) continue;
    const std::string& body = broken->second;
    const std::string expectations = body.substr(std::min(body.find("\n  expect "), body.size()));
    const auto names = by(row);
    EXPECT_TRUE(std::ranges::any_of(
        names,
        [&](const std::string& name) {
          if (name == "construction")
            return expectations.find("lines(") != std::string::npos ||
                   expectations.find("steps(") != std::string::npos ||
                   expectations.find("files(") != std::string::npos;
          return std::regex_search(expectations, std::regex(fmt::format("[ (]{} in diagnostics\\(", name)));
        }))
        << "the test that breaks invariant " << number << " expects none of its enforcers";
  }
}

}  // namespace
}  // namespace tunec
