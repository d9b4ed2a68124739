#include "host/capture/snapshot.h"

#include <algorithm>
#include <cctype>
#include <functional>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lines.h"

namespace tunec::host {
namespace {

constexpr int most_links = 40;  // as in the kernel
// Compressed ones are reported, not skipped: their owner thinks that they are read.
constexpr std::string_view archive_endings[] = {".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst", ".tar.bz2"};
// Every machine that runs has these. Without them a capture lost files on its way.
constexpr const char* always_there[] = {"proc/cmdline", "proc/meminfo", "proc/stat"};

std::string without_end(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

bool is_directory(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

std::vector<std::string> names_of(const std::string& directory) {
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) throw Refused{fmt::format("{}: cannot be read", directory)};
  std::vector<std::string> names = names_in(fd.get(), directory);
  std::ranges::sort(names);
  return names;
}

void read_directory(const std::string& top, const std::string& below, std::vector<TarEntry>& entries) {
  for (const std::string& name : names_of(fmt::format("{}/{}", top, below))) {
    TarEntry entry;
    entry.path = below.empty() ? name : fmt::format("{}/{}", below, name);
    const std::string whole = fmt::format("{}/{}", top, entry.path);
    struct stat status {};
    if (::lstat(whole.c_str(), &status) != 0) continue;
    entry.mode = status.st_mode & 07777U;
    entry.modified = status.st_mtim.tv_sec;
    if (S_ISLNK(status.st_mode)) {
      char target[4096];
      const ssize_t length = ::readlink(whole.c_str(), target, sizeof target);
      entry.is_link = true;
      entry.content.assign(target, length > 0 ? static_cast<std::size_t>(length) : 0);
    } else if (S_ISDIR(status.st_mode)) {
      entry.is_directory = true;
      read_directory(top, entry.path, entries);
    } else {
      const Fd fd(::open(whole.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
      if (fd.get() < 0) throw Refused{fmt::format("{}: cannot be read", whole)};
      entry.content = read_stream(fd.get(), whole);
    }
    entries.push_back(std::move(entry));
  }
}

Snapshot snapshot_of(const std::string& path) {
  std::vector<TarEntry> entries;
  if (is_directory(path)) {
    read_directory(path, "", entries);
  } else {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) throw Refused{fmt::format("{}: cannot be read", path)};
    entries = read_tar(read_stream(fd.get(), path), path);
  }
  Snapshot snapshot(std::move(entries));
  const TarEntry* about = snapshot.find(about_file);
  if (about == nullptr || !about->content.starts_with(capture_schema))
    throw Refused{
        fmt::format("{}: is no capture that this version of tunec reads: `tunec-host capture -o FILE` "
                    "makes one",
                    path)};
  for (const char* file : always_there) {
    if (snapshot.find(file) == nullptr)
      throw Refused{fmt::format("{}: is not whole, since it has no {}: make it again", path, file)};
  }
  return snapshot;
}

}  // namespace

Snapshot::Snapshot(std::vector<TarEntry> entries) {
  for (TarEntry& entry : entries) {
    for (std::size_t slash = entry.path.find('/'), begin = 0;; slash = entry.path.find('/', begin)) {
      const std::string before = begin == 0 ? "" : entry.path.substr(0, begin - 1);
      names_[before].insert(entry.path.substr(begin, slash - begin));
      if (slash == std::string::npos) break;
      begin = slash + 1;
    }
    const std::string path = entry.path;
    entries_[path] = std::move(entry);
  }
}

const TarEntry* Snapshot::find(const std::string& path) const {
  std::string resolved;
  std::vector<std::string> rest;  // the next part last
  const auto push = [&](std::string_view text) {
    const auto parts = split(text, '/');
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) rest.emplace_back(*part);
  };
  push(path);
  for (int links = 0; !rest.empty();) {
    const std::string part = rest.back();
    rest.pop_back();
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      resolved.erase(resolved.rfind('/') == std::string::npos ? 0 : resolved.rfind('/'));
      continue;
    }
    const std::string next = resolved.empty() ? part : resolved + "/" + part;
    const auto entry = entries_.find(next);
    if (entry == entries_.end() || !entry->second.is_link) {
      resolved = next;
      continue;
    }
    if (++links > most_links) return nullptr;
    if (entry->second.content.starts_with("/")) resolved.clear();
    push(entry->second.content);
  }
  static const TarEntry directory{"", "", 0755, false, true, 0};
  const auto found = entries_.find(resolved);
  if (found != entries_.end()) return &found->second;
  return names_.contains(resolved) ? &directory : nullptr;
}

std::vector<std::string> Snapshot::children(const std::string& directory) const {
  // A link's children are those of what it leads to.
  const TarEntry* entry = find(directory);
  if (entry == nullptr) return {};
  const auto names = names_.find(entry->path.empty() ? directory : entry->path);
  return names == names_.end() ? std::vector<std::string>()
                               : std::vector<std::string>(names->second.begin(), names->second.end());
}

Evidence Snapshot::evidence() const {
  Evidence evidence;
  evidence.value = [this](const std::string& path) -> std::optional<std::string> {
    const TarEntry* entry = find(path.substr(1));
    return entry == nullptr || entry->is_directory ? std::nullopt
                                                   : std::optional(without_end(entry->content));
  };
  evidence.paths = [this](const std::string& pattern) {
    std::vector<std::string> found = {""};
    for (const std::string_view part : split(std::string_view(pattern).substr(1), '/')) {
      std::vector<std::string> next;
      for (const std::string& directory : found) {
        if (part.find_first_of("*?[") == part.npos) {
          next.push_back(directory + "/" + std::string(part));
          continue;
        }
        for (const std::string& name : children(directory.empty() ? "" : directory.substr(1))) {
          if (::fnmatch(std::string(part).c_str(), name.c_str(), FNM_PERIOD) == 0)
            next.push_back(directory + "/" + name);
        }
      }
      found = std::move(next);
    }
    std::erase_if(found, [&](const std::string& path) { return find(path.substr(1)) == nullptr; });
    return found;
  };
  evidence.file = [this](const std::string& path) -> State {
    const TarEntry* entry = find(path);
    if (const std::string why = entry == nullptr ? noted(left_out_file, path) : ""; !why.empty())
      throw TreeFault{fmt::format("the capture does not have it: {}", why)};
    if (entry == nullptr || entry->is_directory) return std::nullopt;
    return FileState{entry->content, entry->mode, 0, 0, timespec{entry->modified, 0}, ""};
  };
  evidence.names = [this](const std::string& directory) { return children(directory); };
  evidence.output = [this](const std::string& command) -> std::optional<std::string> {
    const TarEntry* entry = find(place_of_output(command));
    return entry == nullptr ? std::nullopt : std::optional(entry->content);
  };
  return evidence;
}

std::string Snapshot::noted(const char* file, std::string_view key) const {
  const TarEntry* entry = find(file);
  for (std::string_view rest = entry == nullptr ? std::string_view() : entry->content; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (line.starts_with(key) && line.substr(key.size()).starts_with(": "))
      return std::string(line.substr(key.size() + 2));
  }
  return "";
}

std::string Snapshot::about(std::string_view key) const { return noted(about_file, key); }
std::string Snapshot::host() const { return about("host"); }
bool Snapshot::is_booted_since() const { return about("boot of the generation") != about("boot"); }
bool Snapshot::is_staged() const { return about("staged") == "yes"; }

std::vector<LiveValue> Snapshot::rounded() const {
  const TarEntry* entry = find(rounded_file);
  return entry == nullptr ? std::vector<LiveValue>() : values_of(entry->content);
}

Captures read_captures(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw Refused{fmt::format("{}: there is no such file", path)};
  Captures captures;
  const auto add = [&](const std::string& file) {
    try {
      captures.by_path.emplace(file, snapshot_of(file));
    } catch (const Refused& refused) {
      captures.faults.push_back(refused.text);
    }
  };
  const auto is_unpacked = [&](const std::string& directory) {
    return ::stat(fmt::format("{}/{}", directory, about_file).c_str(), &status) == 0;
  };
  if (!is_directory(path) || is_unpacked(path)) {
    add(path);
    return captures;
  }
  for (const std::string& name : names_of(path)) {
    const std::string below = fmt::format("{}/{}", path, name);
    const bool is_archive = std::ranges::any_of(archive_endings,
                                                [&](std::string_view e) { return name.ends_with(e); });
    if (is_archive || is_unpacked(below)) add(below);
  }
  if (captures.by_path.empty() && captures.faults.empty())
    throw Refused{fmt::format("{}: has no capture in it", path)};
  return captures;
}

std::string place_of_output(std::string_view command) {
  std::string name(command);
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  return "tunec/commands/" + name;
}

}  // namespace tunec::host
