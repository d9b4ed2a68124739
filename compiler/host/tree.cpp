#include "host/tree.h"

#include <functional>
#include <map>
#include <memory>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lines.h"
#include "host/files.h"
#include "host/tar.h"
#include "output/tree/paths.h"

namespace tunec::host {
namespace {

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

std::string name_of_machine(const Machine& machine) {
  if (!machine.live) return first_line(read_whole(machine.root + "/etc/hostname"));
  char name[256] = "";
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

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

namespace {

// The files of a tree by their paths, in a directory or in an archive.
using ReadFile = std::function<State(const std::string& path)>;

ReadFile reader_of(const std::string& place) {
  const bool is_stream = place == "-";
  const Fd fd(is_stream ? -1 : ::open(place.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  const bool is_directory = fd.get() >= 0 && ::fstat(fd.get(), &status) == 0 && S_ISDIR(status.st_mode);
  if (!is_stream && (fd.get() < 0 || is_directory)) {
    const auto files = std::make_shared<const Files>(place);  // says why it cannot be opened
    return [files](const std::string& path) { return files->read(path); };
  }
  const auto files = std::make_shared<std::map<std::string, std::string>>();
  for (TarEntry& entry : read_tar(read_stream(is_stream ? 0 : fd.get(), place), place)) {
    if (!entry.is_link && !entry.is_directory) (*files)[entry.path] = std::move(entry.content);
  }
  return [files](const std::string& path) -> State {
    const auto found = files->find(path);
    return found == files->end() ? State() : State(FileState{found->second});
  };
}

}  // namespace

Manifest read_tree(const Machine& machine, const TreeChoice& choice) {
  const std::string own = name_of_machine(machine);
  const std::string& name = choice.host.empty() ? own : choice.host;
  const ReadFile read = reader_of(choice.directory);
  const bool has_name = !name.empty() && path_fault(name) == nullptr;
  std::vector<std::string> folders = {""};
  if (has_name) folders.insert(folders.end(), {name + "/", name.substr(0, name.find('.')) + "/"});
  State text;
  std::string folder;
  for (const std::string& candidate : folders) {
    if (text) break;
    folder = candidate;
    text = read(folder + "manifest.json");
  }
  if (!text && name.empty())
    throw Refused{fmt::format(
        "{}: has no manifest.json, and {} has no name (/etc/hostname): --host NAME says whose tree "
        "of it is meant",
        choice.directory, machine.root)};
  if (!text)
    throw Refused{
        fmt::format("{}: has neither manifest.json nor {}/manifest.json: it is no tree that `tunec "
                    "compile` wrote, or has no host of this name{}",
                    choice.directory, name, choice.host.empty() ? " (--host gives another)" : "")};
  const auto shown = [&](std::string_view path) {
    return fmt::format("{}/{}{}", choice.directory, folder, path);
  };
  Manifest manifest = read_manifest(std::move(text->content), shown("manifest.json"));
  if (!name.empty() && !same_name(manifest.host, name))
    throw Refused{
        fmt::format("the tree is for the host {}, but this is {}; --host {} applies it all the same",
                    manifest.host, name, manifest.host)};
  if (!choice.any_platform) check_platform(machine, manifest);
  for (WantedFile& file : manifest.files) {
    State content = read(folder + file.path);
    if (!content) throw Refused{fmt::format("{}: is in the manifest, but not in the tree", shown(file.path))};
    file.content = std::move(content->content);
  }
  return manifest;
}

}  // namespace tunec::host
