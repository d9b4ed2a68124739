// The records of settings for a kernel, libvirtd or WireGuard are complete: each gives the allowed values,
// the default and the source of both. A record of a name that never works needs only its caveat.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "source/yaml.h"

namespace tunec {
namespace {

namespace fs = std::filesystem;

constexpr int promised = 300;

// A field of the record, or else the default of its file.
struct Row {
  yaml::NodePtr own, defaults;

  yaml::NodePtr find(std::string_view key) const {
    if (auto node = own->find(key)) return node;
    return defaults ? defaults->find(key) : nullptr;
  }
  std::string text(std::string_view key) const {
    const auto node = find(key);
    return node ? node->scalar : std::string();
  }
  std::string surface() const {
    const std::string name = text("name"), stated = text("surface");
    return !stated.empty() ? stated : name.substr(0, name.find_first_of(".("));
  }
};

bool is_bare(const yaml::NodePtr& caveat) {
  static const std::set<std::string, std::less<>> says{"is", "why", "instead", "severity", "moved"};
  return std::ranges::all_of(caveat->entries,
                             [](const auto& entry) { return says.contains(entry.first->scalar); });
}

bool never_works(const Row& row) {
  static const std::set<std::string, std::less<>> fates{"absent", "ignored", "rejected"};
  const auto caveats = row.find("caveats");
  return caveats && std::ranges::any_of(caveats->items, [](const auto& caveat) {
           return is_bare(caveat) && fates.contains(caveat->find("is")->scalar);
         });
}

std::string lacks(const Row& row) {
  static const std::set<std::string, std::less<>> counted{"integer", "decimal", "size",      "duration",
                                                          "percent", "ratio",   "bandwidth", "range"};
  static const std::regex file(R"([\w-]+(/[\w.-]+)+|\w\([1-8]\)|\w\.(conf|aug))");
  std::string type = row.text("type"), missing;
  if (type.starts_with("list of ")) type.erase(0, 8);
  if (counted.contains(type) && !row.find("range")) missing += " range";
  if (type == "enumeration" && !row.find("values")) missing += " values";
  if (!row.find("default")) missing += " default";
  if (!std::regex_search(row.text("source"), file)) missing += " a file in its source";
  return missing;
}

TEST(Records, OfWhatAHostReadsAreWhole) {
  static const std::set<std::string, std::less<>> surfaces{
      "sysctl", "boot", "module", "modprobe", "modules-load", "sysfs", "udev", "qemu", "wireguard"};
  std::map<std::string, int> whole;
  int in_all = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(TUNEC_ROOT) / "stdlib/params")) {
    std::ifstream file(entry.path(), std::ios::binary);
    Sources sources;
    const yaml::Document document = yaml::parse(
        sources.add(entry.path().filename(), {std::istreambuf_iterator<char>(file), {}}), sources);
    ASSERT_FALSE(document.error) << entry.path();
    for (const auto& own : document.root->find("records")->items) {
      const Row row{own, document.root->find("defaults")};
      if (!surfaces.contains(row.surface()) || never_works(row)) continue;
      const std::string missing = lacks(row);
      EXPECT_EQ(missing, "") << row.text("name");
      if (missing.empty()) ++whole[row.surface()], ++in_all;
    }
  }
  EXPECT_GE(in_all, promised);
  for (const std::string& surface : surfaces) EXPECT_GT(whole[surface], 0) << surface;
  for (const char* surface : {"sysctl", "boot", "module", "qemu"}) EXPECT_GE(whole[surface], 100) << surface;
}

}  // namespace
}  // namespace tunec
