#include "host/manifest.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reason.h"
#include "host/live.h"
#include "output/tree/paths.h"

namespace tunec::host {
namespace {

using Json = nlohmann::json;

constexpr std::string_view schema = "tunec manifest 1";
constexpr std::string_view own_directory = "var/lib/tunec";

std::string text_of(const Json& object, const char* key) { return object.value(key, std::string()); }

void add_file(const Json& entry, const std::string& shown, Manifest& manifest) {
  WantedFile file;
  file.path = entry.at("path").get<std::string>();
  file.effect = entry.at("effect").get<std::string>();
  const std::string mode = entry.at("mode").get<std::string>();
  if (mode.empty() || mode.size() > 4 || mode.find_first_not_of("01234567") != std::string::npos)
    throw Refused{fmt::format("{}: `{}` has the mode `{}`", shown, file.path, mode)};
  file.mode = static_cast<unsigned>(std::stoul(mode, nullptr, 8));
  const char* fault = path_fault(file.path);
  if (fault == nullptr && (file.path == own_directory || inside(file.path, own_directory)))
    fault = "is where tunec-host keeps its generations";
  if (fault != nullptr) throw Refused{fmt::format("{}: the path `{}` {}", shown, file.path, fault)};
  manifest.files.push_back(std::move(file));
}

void add_step(const Json& entry, Manifest& manifest) {
  manifest.steps.push_back(
      {entry.at("effect").get<std::string>(), entry.at("command").get<std::string>(), text_of(entry, "why"),
       entry.value("files", std::vector<std::string>()), entry.value("sets_values", false),
       text_of(entry, "unit"), entry.value("at_boot", false),
       entry.value("restarts", std::vector<std::string>()), entry.value("leaves_processes", false)});
}

// A manifest is from somebody who may run commands as root here; this keeps mistakes out, not attackers.
void add_setting(const Json& entry, const std::string& shown, Manifest& manifest) {
  Setting setting{entry.at("name").get<std::string>(),
                  text_of(entry, "file"),
                  entry.at("effect").get<std::string>(),
                  entry.at("read").get<std::string>(),
                  entry.at("expect").get<std::string>(),
                  entry.value("write", false),
                  text_of(entry, "where")};
  const bool is_kernels = setting.read.starts_with("/proc/") || setting.read.starts_with("/sys/");
  if (!is_kernels || path_fault(std::string_view(setting.read).substr(1)) != nullptr)
    throw Refused{fmt::format("{}: `{}` would be read from `{}`", shown, setting.name, setting.read)};
  manifest.settings.push_back(std::move(setting));
}

void add_check(const Json& entry, const std::string& shown, Manifest& manifest) {
  try {
    manifest.checks.push_back(check_of(entry));
  } catch (const Refused& refused) {
    throw Refused{fmt::format("{}: the check `{}` {}", shown, text_of(entry, "name"), refused.text)};
  }
}

// "queue/rotational=0", in the folder that the first star of the pattern stands for.
bool is_meant(const Evidence& evidence, const Setting& setting, const std::string& path) {
  if (setting.where.empty()) return true;
  const std::size_t star = setting.read.find_first_of("*?["), equals = setting.where.find('=');
  if (star == std::string::npos || equals == std::string::npos) return false;
  // The pattern before its star is the path's too, without any star.
  const std::size_t end = path.find('/', setting.read.rfind('/', star) + 1);
  const auto value = evidence.value(path.substr(0, end) + "/" + setting.where.substr(0, equals));
  return value && fits_pattern(setting.where.substr(equals + 1), *value);
}

}  // namespace

Manifest read_manifest(std::string text, const std::string& shown) {
  Manifest manifest;
  try {
    const Json json = Json::parse(text);
    const std::string found = text_of(json, "schema");
    if (found != schema)
      throw Refused{
          fmt::format("{}: {}, but this tunec-host reads `{}`: use the one of the tunec that compiled it",
                      shown, found.empty() ? "has no schema" : fmt::format("is `{}`", found), schema)};
    manifest.host = json.at("host").get<std::string>();
    manifest.platform = json.at("platform").get<std::string>();
    manifest.tunec = json.at("tunec").get<std::string>();
    for (const Json& entry : json.at("files")) add_file(entry, shown, manifest);
    for (const Json& entry : json.at("apply")) add_step(entry, manifest);
    for (const Json& note : json.at("notes")) manifest.notes.push_back(note.get<std::string>());
    for (const Json& entry : json.at("settings")) add_setting(entry, shown, manifest);
    for (const Json& entry : json.value("checks", Json::array())) add_check(entry, shown, manifest);
  } catch (const Json::exception& error) {
    throw Refused{fmt::format("{}: is no manifest: {}", shown, json_reason(error))};
  }
  std::ranges::sort(manifest.files, path_less, &WantedFile::path);
  for (std::size_t i = 1; i < manifest.files.size(); ++i) {
    const std::string &one = manifest.files[i - 1].path, &next = manifest.files[i].path;
    if (one == next || inside(next, one))
      throw Refused{fmt::format("{}: has both `{}` and `{}`", shown, one, next)};
  }
  manifest.text = std::move(text);
  return manifest;
}

std::string with_ending(const std::string& unit) {
  return unit.find('.') == unit.npos ? unit + ".service" : unit;
}

std::vector<Setting> settings_of_files(const Evidence& evidence, const std::vector<Setting>& settings) {
  std::vector<Setting> found;
  for (const Setting& setting : settings) {
    if (setting.read.find_first_of("*?[") == std::string::npos) {
      found.push_back(setting);
      continue;
    }
    for (const std::string& path : evidence.paths(setting.read)) {
      if (!is_meant(evidence, setting, path)) continue;
      found.push_back(setting);
      found.back().read = path;
    }
  }
  // Words of the command line share a file, and each of them counts.
  std::set<std::string> seen;
  std::vector<Setting> last;
  for (auto setting = found.rbegin(); setting != found.rend(); ++setting) {
    if (setting->read == command_line || seen.insert(setting->read).second)
      last.push_back(std::move(*setting));
  }
  std::ranges::reverse(last);
  return last;
}

}  // namespace tunec::host
