// The hand-written records must agree with the harvested data. No record declares absent a parameter that a
// release was seen to have, or present a parameter that a completely read release lacks. The catalogue has
// its documented size.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "driver/pipeline.h"
#include "plan/platform/caveats.h"
#include "plan/platform/presence.h"

namespace tunec {
namespace {

struct Knowledge {
  std::unique_ptr<Compilation> c = open_knowledge("", DiskFileSystem());

  // A machine of the release, with all other facts unknown.
  Platform machine(const Release& release) const {
    Platform platform;
    platform.os = release.os;
    platform.release = release.os_release;
    if (!c->platforms.complete(platform)) ADD_FAILURE() << release.describe() << " is no platform";
    return platform;
  }
};

bool is_seen(const ParamInfo& param, std::size_t release, std::string_view letters) {
  for (const Sighting& sighting : param.sightings) {
    if (sighting.release == release) return sighting.seen.find_first_of(letters) != std::string::npos;
  }
  return false;
}

// The first caveat that holds on the platform for every value.
const Caveat* caveat_of_all_values(const ParamInfo& param, const Platform& platform) {
  for (const Caveat& caveat : param.caveats) {
    if (!caveat.value && !caveat.lowest && !caveat.highest && applies(caveat, Value{Poison{}}, platform))
      return &caveat;
  }
  return nullptr;
}

TEST(Harvest, NoRecordCallsAbsentWhatAReleaseHas) {
  const Knowledge knowledge;
  const auto& releases = knowledge.c->catalogue.releases();
  ASSERT_GE(releases.size(), 12u);
  int looked_at = 0;
  for (std::size_t i = 0; i < releases.size(); ++i) {
    const Platform platform = knowledge.machine(releases[i]);
    for (const std::string_view name : knowledge.c->catalogue.names()) {
      const ParamInfo& param = *knowledge.c->catalogue.find(name);
      if (!param.curated || !is_seen(param, i, "lp")) continue;
      ++looked_at;
      const Caveat* caveat = caveat_of_all_values(param, platform);
      EXPECT_FALSE(caveat != nullptr && caveat->fate == Fate::absent)
          << name << " on " << releases[i].describe() << ": " << caveat->why;
    }
  }
  EXPECT_GT(looked_at, 1500);
}

TEST(Harvest, NoRecordIsSilentAboutWhatAReleaseLacks) {
  const Knowledge knowledge;
  const auto& releases = knowledge.c->catalogue.releases();
  int looked_at = 0;
  for (std::size_t i = 0; i < releases.size(); ++i) {
    const Platform platform = knowledge.machine(releases[i]);
    for (const std::string_view name : knowledge.c->catalogue.names()) {
      const ParamInfo& param = *knowledge.c->catalogue.find(name);
      if (!param.curated || param.sightings.empty() ||
          releases[param.sightings.front().release].subject != releases[i].subject)
        continue;
      ++looked_at;
      const Presence found = presence(param, platform, knowledge.c->catalogue);
      // The harvest, not the records, covers parameters that a distribution's kernel leaves out.
      if (found.own != &releases[i] || !is_missing(found.kind) || found.kind == Presence::Kind::gated ||
          found.kind == Presence::Kind::no_module)
        continue;
      const Caveat* caveat = caveat_of_all_values(param, platform);
      EXPECT_NE(caveat, nullptr) << name << " on " << releases[i].describe() << ": " << why_missing(found)
                                 << ", but the record has no such caveat";
    }
  }
  EXPECT_GT(looked_at, 1500);
}

// The hand-written defaults, compared with those seen on kernels.
TEST(Harvest, DefaultsAreThoseThatKernelsShow) {
  const Knowledge knowledge;
  const auto& releases = knowledge.c->catalogue.releases();
  int compared = 0;
  for (const std::string_view name : knowledge.c->catalogue.names()) {
    const ParamInfo& param = *knowledge.c->catalogue.find(name);
    if (!param.curated || param.surface != "sysctl" || param.type != ValueType::integer ||
        !param.unit.empty())
      continue;
    for (const Sighting& sighting : param.sightings) {
      const Value* default_value = param.default_value(releases[sighting.release].version,
                                                       releases[sighting.release].os);
      const auto* number = default_value == nullptr ? nullptr : default_value->get_if<std::int64_t>();
      if (number == nullptr || sighting.seen.find('l') == std::string::npos ||
          sighting.default_value.find_first_not_of("-0123456789") != std::string::npos ||
          sighting.default_value == "-")
        continue;
      ++compared;
      EXPECT_EQ(fmt::format("{}", *number), sighting.default_value)
          << name << " on " << releases[sighting.release].describe();
    }
  }
  EXPECT_GT(compared, 300);
}

TEST(Harvest, IsAsLargeAsPromised) {
  const Knowledge knowledge;
  std::map<std::string, int> by_surface;
  int boot_parameters = 0;
  for (const std::string_view name : knowledge.c->catalogue.names()) {
    const ParamInfo& param = *knowledge.c->catalogue.find(name);
    if (param.sightings.empty()) continue;
    ++by_surface[param.surface];
    // The parameters of a built-in module are parameters of the command line, and of nothing else. Documents
    // may list more.
    const auto& releases = knowledge.c->catalogue.releases();
    const std::string module = param.key.substr(0, param.key.find('.'));
    bool on_the_line = param.surface == "boot" ||
                       (param.surface == "module" &&
                        std::ranges::any_of(param.sightings, [](const Sighting& sighting) {
                          return sighting.seen.ends_with('d');
                        }));
    for (std::size_t i = 0; i < releases.size() && !on_the_line; ++i)
      on_the_line = param.if_builtin == "boot" &&
                    knowledge.c->catalogue.module_in(module, i) == ModuleIn::builtin;
    boot_parameters += on_the_line ? 1 : 0;
  }
  EXPECT_GE(by_surface["sysctl"], 1000);
  EXPECT_GE(by_surface["module"], 5000);
  EXPECT_GE(boot_parameters, 900);
  EXPECT_GE(by_surface["qemu"], 100);
}

// If an instance is only part of a file's name in /sys (hugepages-2048kB, node0), kinds.yaml must give the
// rest. Otherwise tunec would write to a path that does not exist.
TEST(Harvest, NamesFilesBelowSysAsTheyAre) {
  const Knowledge knowledge;
  int with_instances = 0;
  for (const std::string_view name : knowledge.c->catalogue.names_with_instances()) {
    const ParamInfo& param = *knowledge.c->catalogue.find(name);
    if (param.kind != "mm") continue;
    ++with_instances;
    EXPECT_EQ(("/" + param.key + "/").find("/{}/"), std::string::npos) << name << ": " << param.key;
  }
  EXPECT_GT(with_instances, 5);
}

// If the configuration of a release was read, every kernel option that a caveat names is known for it.
TEST(Harvest, KnowsTheOptionsThatRecordsAskAbout) {
  const Knowledge knowledge;
  const auto& releases = knowledge.c->catalogue.releases();
  std::set<std::string> asked;
  for (const std::string_view name : knowledge.c->catalogue.names()) {
    for (const Caveat& caveat : knowledge.c->catalogue.find(name)->caveats) {
      if (!caveat.config.empty()) asked.insert(caveat.config.substr(caveat.config.front() == '!' ? 1 : 0));
    }
  }
  EXPECT_GT(asked.size(), 10u);
  for (std::size_t i = 0; i < releases.size(); ++i) {
    if (!releases[i].is_whole("config")) continue;
    for (const std::string& option : asked)
      EXPECT_NE(knowledge.c->catalogue.option_in(option, i), OptionIn::unknown)
          << option << " on " << releases[i].describe();
  }
}

// A sysctl whose source is a module on some release is there only once the module is loaded. So kinds.yaml
// must name that module, and rightly.
TEST(Harvest, SysctlsOfModulesLoadThem) {
  const Knowledge knowledge;
  const auto& catalogue = knowledge.c->catalogue;
  const auto columns_of = [](const std::string& line) {
    std::vector<std::string> columns{""};
    for (const char c : line) c == '\t' ? void(columns.emplace_back()) : columns.back().push_back(c);
    return columns;
  };
  int looked_at = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TUNEC_ROOT "/stdlib/harvested")) {
    if (!entry.path().filename().string().starts_with("linux-")) continue;
    std::set<std::string> modular;  // options that make modules
    std::ifstream table(entry.path());
    for (std::string line; std::getline(table, line);) {
      const std::vector<std::string> row = columns_of(line);
      if (row.size() < 10) continue;
      if (row[0] == "config" && row[7] == "m") modular.insert(row[1]);
      // Microsoft's hypervisor has neither our hosts nor, in all kernels, a module
      if (row[0] != "sysctl" || row[9].starts_with("drivers/hv/")) continue;
      std::istringstream gate(row[8]);
      for (std::string option; std::getline(gate, option, '+');) {
        if (!modular.contains(option)) continue;
        ++looked_at;
        const ParamInfo* param = catalogue.find("sysctl." + row[1]);
        ASSERT_NE(param, nullptr) << row[1];
        EXPECT_FALSE(param->loads.empty()) << row[1] << " of " << row[9];
        for (const std::string& module : param->loads) EXPECT_TRUE(catalogue.knows_module(module)) << module;
        break;
      }
    }
  }
  EXPECT_GT(looked_at, 500);
}

}  // namespace
}  // namespace tunec
