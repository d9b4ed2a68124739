#include "output/manifest_settings.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "catalogue/param_text.h"

namespace tunec {
namespace {

// Each setting once, in the order of the file: the kernel may accept the values only in this order.
class Distinct {
 public:
  void add(const Settings& settings) {
    for (const Setting* setting : settings) {
      if (seen_.insert(setting).second) all_.push_back(setting);
    }
  }
  const Settings& all() const { return all_; }

 private:
  Settings all_;
  std::set<const Setting*> seen_;
};

// A trigger stores nothing, and a write without effect cannot be seen.
bool can_be_read(const ParamInfo& param) {
  return param.mode != WriteMode::trigger && param.mode != WriteMode::no_effect &&
         param.mode != WriteMode::read_only;
}

std::string element(const Setting& setting, const ReadBack& read, std::string_view file) {
  const std::string path = read.path(setting), expect = path.empty() ? "" : read.expect(setting);
  if (expect.empty()) return "";
  std::string text = fmt::format("    {{\"name\": {}", json_string(setting.name));
  if (!file.empty()) text += fmt::format(", \"file\": {}", json_string(file));
  text += fmt::format(", \"effect\": {}, \"read\": {}", json_string(effect_name(setting.param->effect)),
                      json_string(path));
  const std::string where = read.where == nullptr ? "" : read.where(setting);
  if (!where.empty()) text += fmt::format(", \"where\": {}", json_string(where));
  text += fmt::format(", \"expect\": {}", json_string(expect));
  // A value that cannot be taken back is left to the boot, so that a roll-back restores everything.
  const bool goes_both_ways = setting.param->mode != WriteMode::one_way;
  if (!read.command.empty() && goes_both_ways) text += ", \"write\": true";
  return text + "}";
}

std::string elements(const Settings& settings, const std::vector<ReadBack>& reads, std::string_view file) {
  std::string text;
  for (const Setting* setting : settings) {
    const auto read = std::ranges::find(reads, setting->param->surface, &ReadBack::surface);
    if (read == reads.end() || !can_be_read(*setting->param)) continue;
    const std::string added = element(*setting, *read, file);
    if (added.empty()) continue;
    if (!text.empty()) text += ",\n";
    text += added;
  }
  return text;
}

}  // namespace

std::string manifest_settings(const Artifact& artifact, const std::vector<ReadBack>& reads) {
  Distinct settings;
  for (const ArtifactLine& line : artifact.lines) settings.add(line.settings);
  return elements(settings.all(), reads, artifact.path);
}

std::string manifest_settings(const std::vector<Step>& steps, const std::vector<ReadBack>& reads) {
  Distinct settings;
  for (const Step& step : steps) settings.add(step.settings);
  return elements(settings.all(), reads, "");
}

std::string join_settings(const std::vector<std::string_view>& elements) {
  if (elements.empty()) return "[]";
  return fmt::format("[\n{}\n  ]", fmt::join(elements, ",\n"));
}

void write_scope(const Step& step, const std::vector<ReadBack>& reads, JsonWriter& json) {
  if (!step.files.empty()) {
    std::vector<std::string> files;
    for (const std::string& file : step.files) files.push_back(json_string(file));
    json.key("files"), json.raw(fmt::format("[{}]", fmt::join(files, ", ")));
  }
  if (std::ranges::find(reads, step.command, &ReadBack::command) != reads.end()) {
    json.key("sets_values"), json.raw("true");
  }
}

}  // namespace tunec
