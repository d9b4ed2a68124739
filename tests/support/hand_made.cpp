#include "support/hand_made.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "render/backend.h"

namespace tunec::test {
namespace {

void write(const std::filesystem::path& root, const Artifacts& artifacts) {
  for (const auto& artifact : artifacts) {
    std::filesystem::create_directories((root / artifact->path).parent_path());
    std::ofstream(root / artifact->path) << artifact->content;
  }
}

void save(const RenderedFleet& fleet) {
  const char* at = std::getenv("TUNEC_SAMPLES");
  if (at == nullptr) return;
  const std::filesystem::path root = std::filesystem::path(at) /
                                     ::testing::UnitTest::GetInstance()->current_test_info()->name();
  for (const RenderedHost& host : fleet.hosts) write(root / host.name, host.artifacts);
  write(root, fleet.site);
}

}  // namespace

ParamInfo record(std::string surface, std::string key, ValueType type) {
  ParamInfo param;
  param.surface = std::move(surface);
  param.name = param.surface + "." + key;
  param.key = std::move(key);
  param.type = type;
  return param;
}

ParamInfo list_record(std::string surface, std::string key, std::string separator) {
  ParamInfo param = record(std::move(surface), std::move(key), ValueType::list);
  param.element = ValueType::any;
  param.separator = std::move(separator);
  return param;
}

ParamInfo seconds(std::string surface, std::string key) {
  ParamInfo param = record(std::move(surface), std::move(key), ValueType::duration);
  param.unit = "s";
  return param;
}

Value words(std::vector<std::string> texts) {
  std::vector<Value> items;
  for (std::string& text : texts) items.push_back(symbol(std::move(text)));
  return list_of(std::move(items));
}

Value cpus(const char* text) { return {*CpuSet::parse(text)}; }

HandMadeSite& HandMadeSite::host(const std::string& name, const Platform& platform) {
  plan_.hosts.push_back({});
  plan_.hosts.back().name = name;
  Facts facts;
  facts.platform = std::make_shared<const Platform>(platform);
  plan_.hosts.back().facts = std::make_shared<const Facts>(std::move(facts));
  return *this;
}

HandMadeSite& HandMadeSite::set(ParamInfo param, Value value, std::vector<std::string> instances) {
  params_.push_back(std::move(param));
  Setting setting;
  setting.param = &params_.back();
  setting.surface = setting.param->surface;
  setting.key = setting.param->key;
  for (const std::string& instance : instances) {
    if (const std::size_t hole = setting.key.find("{}"); hole != std::string::npos)
      setting.key.replace(hole, 2, instance);
  }
  setting.name = setting.key;
  for (const std::string& instance : instances) setting.name += "(" + instance + ")";
  setting.instances = std::move(instances);
  setting.value = std::move(value);
  settings_.push_back(std::move(setting));
  plan_.hosts.back().settings.push_back(&settings_.back());
  return *this;
}

RenderedFleet HandMadeSite::render() {
  for (HostPlan& host : plan_.hosts) std::ranges::sort(host.settings, {}, &Setting::name);
  RenderedFleet fleet = tunec::render(plan_, all_backends());
  save(fleet);
  return fleet;
}

const Artifact* find(const Artifacts& artifacts, std::string_view path) {
  const auto found = std::ranges::find(artifacts, path,
                                       [](const auto& artifact) { return std::string_view(artifact->path); });
  return found == artifacts.end() ? nullptr : found->get();
}

std::string body(const Artifacts& artifacts, std::string_view path) {
  const Artifact* artifact = find(artifacts, path);
  if (artifact == nullptr) return "no " + std::string(path);
  const std::string& text = artifact->content;
  return text.starts_with("# Written by tunec") ? text.substr(text.find('\n') + 1) : text;
}

std::string body(const RenderedFleet& fleet, std::string_view path, std::size_t host) {
  return body(fleet.hosts[host].artifacts, path);
}

std::vector<std::string> steps(const RenderedFleet& fleet, std::size_t host) {
  std::vector<std::string> result;
  for (const Step& step : *fleet.hosts[host].steps) {
    if (!step.command.empty()) result.push_back(step.command);
  }
  return result;
}

void expect_all_carried(const HandMadeSite& site, const RenderedFleet& fleet) {
  std::set<const Setting*> carried;
  const auto take = [&](const Artifacts& artifacts) {
    for (const auto& artifact : artifacts) {
      for (const ArtifactLine& line : artifact->lines)
        carried.insert(line.settings.begin(), line.settings.end());
    }
  };
  take(fleet.site);
  for (const RenderedHost& host : fleet.hosts) {
    take(host.artifacts);
    for (const Step& step : *host.steps) carried.insert(step.settings.begin(), step.settings.end());
  }
  for (const Setting& setting : site.settings()) EXPECT_TRUE(carried.contains(&setting)) << setting.name;
}

}  // namespace tunec::test
