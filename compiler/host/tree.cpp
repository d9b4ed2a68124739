#include "host/tree.h"

#include <algorithm>
#include <map>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "base/lines.h"
#include "host/files.h"
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
  manifest.steps.push_back({entry.at("effect").get<std::string>(), entry.at("command").get<std::string>(),
                            text_of(entry, "why"), entry.value("files", std::vector<std::string>()),
                            entry.value("sets_values", false)});
}

// A manifest is from somebody who may run commands as root here; this keeps mistakes out, not attackers.
void add_setting(const Json& entry, const std::string& shown, Manifest& manifest) {
  Setting setting{entry.at("name").get<std::string>(),   text_of(entry, "file"),
                  entry.at("effect").get<std::string>(), entry.at("read").get<std::string>(),
                  entry.at("expect").get<std::string>(), entry.value("write", false)};
  const bool is_kernels = setting.read.starts_with("/proc/") || setting.read.starts_with("/sys/");
  if (!is_kernels || path_fault(std::string_view(setting.read).substr(1)) != nullptr)
    throw Refused{fmt::format("{}: `{}` would be read from `{}`", shown, setting.name, setting.read)};
  manifest.settings.push_back(std::move(setting));
}

std::string read_whole(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; fd.get() >= 0 && (count = ::read(fd.get(), buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(count));
  return text;
}

std::string first_line(std::string_view text) {
  const std::string_view line = next_line(text);
  return std::string(line.substr(0, line.find_last_not_of(" \t\r") + 1));
}

std::string name_of_machine(const Machine& machine) {
  if (!machine.live) return first_line(read_whole(machine.root + "/etc/hostname"));
  char name[256] = "";
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

// A site may know a host by its short name or by the full one.
bool same_name(std::string_view a, std::string_view b) {
  return a == b || a == b.substr(0, b.find('.')) || b == a.substr(0, a.find('.'));
}

void check_platform(const Machine& machine, const Manifest& manifest) {
  std::string os_release = read_whole(machine.root + "/etc/os-release");
  if (os_release.empty()) os_release = read_whole(machine.root + "/usr/lib/os-release");
  if (is_platform(manifest.platform, os_release)) return;
  std::string found = "has no os-release";
  for (std::string_view rest = os_release; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (line.starts_with("PRETTY_NAME=")) found = fmt::format("runs {}", line.substr(12));
  }
  throw Refused{fmt::format("the tree is for {}, but this machine {}; --any-platform applies it all the same",
                            manifest.platform, found)};
}

}  // namespace

bool is_platform(std::string_view platform, std::string_view os_release) {
  const std::string_view system = platform.substr(0, platform.find(", "));
  if (system.starts_with("Linux ") || system == "platform not known") return true;  // nothing is claimed
  std::map<std::string_view, std::string_view> of;
  while (!os_release.empty()) {
    const std::string_view line = next_line(os_release);
    const std::size_t equals = line.find('=');
    if (equals == line.npos) continue;
    std::string_view value = line.substr(equals + 1);
    if (value.size() > 1 && (value.front() == '"' || value.front() == '\''))
      value = value.substr(1, value.size() - 2);
    of[line.substr(0, equals)] = value;
  }
  const std::size_t blank = system.find(' ');
  if (of["ID"] != system.substr(0, blank)) return false;
  if (blank == system.npos) return true;
  const std::string_view release = system.substr(blank + 1), version = of["VERSION_ID"];
  if (version.empty())  // what is not released yet has no number
    return of["VERSION_CODENAME"] == release || of["PRETTY_NAME"].find(release) != std::string_view::npos;
  return version == release || version.starts_with(fmt::format("{}.", release));
}

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
  } catch (const Json::exception& error) {
    throw Refused{fmt::format("{}: is no manifest: {}", shown, error.what())};
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

Manifest read_tree(const Machine& machine, const TreeChoice& choice) {
  const std::string own = name_of_machine(machine);
  const std::string& name = choice.host.empty() ? own : choice.host;
  std::string directory = choice.directory;
  State text = Files(directory).read("manifest.json");
  if (!text && !name.empty() && path_fault(name) == nullptr) {
    const Files whole(directory);
    for (const std::string& folder : {name, name.substr(0, name.find('.'))}) {
      if (text) break;
      text = whole.read(folder + "/manifest.json");
      directory = fmt::format("{}/{}", choice.directory, folder);
    }
  }
  if (!text)
    throw Refused{
        fmt::format("{}: has neither manifest.json nor {}/manifest.json: it is no tree that `tunec "
                    "compile` wrote, or has no host of this name",
                    choice.directory, name.empty() ? "HOST" : name)};
  const Files tree(directory);
  Manifest manifest = read_manifest(std::move(text->content), tree.shown("manifest.json"));
  if (!name.empty() && !same_name(manifest.host, name))
    throw Refused{
        fmt::format("the tree is for the host {}, but this is {}; --host {} applies it all the same",
                    manifest.host, name, manifest.host)};
  if (!choice.any_platform) check_platform(machine, manifest);
  for (WantedFile& file : manifest.files) {
    State content = tree.read(file.path);
    if (!content)
      throw Refused{fmt::format("{}: is in the manifest, but not in the tree", tree.shown(file.path))};
    file.content = std::move(content->content);
  }
  return manifest;
}

}  // namespace tunec::host
