#include "review/changed_files.h"

#include <algorithm>
#include <set>

#include "base/lines.h"
#include "base/text_diff.h"
#include "catalogue/param_text.h"
#include "render/annotate.h"

namespace tunec {
namespace {

constexpr std::size_t max_file = std::size_t{16} << 20;
constexpr std::string_view manifest_name = "manifest.json";

// Of one file, as a manifest says it. Manifests are written by tunec alone, a key a line: they are searched
// as text, since reading ten thousand of them as YAML takes ten times as long as everything else.
std::string from_manifest(std::string_view manifest, const std::string& path, std::string_view key) {
  const std::size_t entry = manifest.find(fmt::format("\"path\": \"{}\"", path));
  if (entry == manifest.npos) return "";
  const std::string name = fmt::format("\"{}\": \"", key);
  const std::size_t at = manifest.find(name, entry);
  if (at == manifest.npos) return "";
  const std::size_t begin = at + name.size();
  return std::string(manifest.substr(begin, manifest.find('"', begin) - begin));
}

class TreeReader {
 public:
  explicit TreeReader(const FileSystem& disk) : disk_(disk) {}

  // Everything below `directory`/`prefix`, by its path below `directory`.
  void read(const std::string& directory, const std::string& prefix,
            std::map<std::string, FleetFile>& files) {
    const std::string here = prefix.empty() ? directory : fmt::format("{}/{}", directory, prefix);
    for (const std::string& name : disk_.list(here)) {
      const std::string path = prefix.empty() ? name : fmt::format("{}/{}", prefix, name);
      const auto text = disk_.read(fmt::format("{}/{}", directory, path), max_file);
      if (const auto* content = std::get_if<std::string>(&text)) {
        files[path] = {share(*content), "", false};
      } else {
        read(directory, path, files);
      }
    }
  }

 private:
  // Most hosts have the same file: equal texts are one object. Where lines come from is no part of them.
  std::shared_ptr<const std::string> share(const std::string& content) {
    const auto [entry, is_new] = known_.try_emplace(content);
    if (is_new) entry->second = std::make_shared<const std::string>(without_annotations(content));
    return entry->second;
  }

  const FileSystem& disk_;
  std::map<std::string, std::shared_ptr<const std::string>> known_;
};

// The changed lines alone: hosts that differ elsewhere in the file are changed alike.
std::string changed_lines(std::string_view diff) {
  std::string lines;
  while (!diff.empty()) {
    const std::string_view line = next_line(diff);
    if (line.starts_with('-') || line.starts_with('+')) lines.append(line).append("\n");
  }
  return lines;
}

class FileComparison {
 public:
  void compare(const std::string& host, const std::string& path, const FleetFile* before,
               const FleetFile* after) {
    const std::string* old = before != nullptr ? before->content.get() : nullptr;
    const std::string* now = after != nullptr ? after->content.get() : nullptr;
    if (old == now || (old != nullptr && now != nullptr && *old == *now)) return;
    const FleetFile& any = after != nullptr ? *after : *before;
    const auto [same, is_new] = by_content_.try_emplace({path, old, now});
    if (is_new) same->second = number_of(path, before, after);
    FileChange& change = changes_[same->second];
    if (change.effect.empty()) change.effect = any.effect;
    change.hosts.push_back(host);
  }

  std::vector<FileChange> take() {
    for (FileChange& change : changes_) std::ranges::sort(change.hosts);
    std::ranges::stable_sort(changes_, {}, [](const FileChange& change) {
      return std::pair(std::string_view(change.path), std::string_view(change.hosts.front()));
    });
    return std::move(changes_);
  }

 private:
  std::size_t number_of(const std::string& path, const FleetFile* before, const FleetFile* after) {
    static const std::string none;
    const std::string& old = before != nullptr ? *before->content : none;
    const std::string& now = after != nullptr ? *after->content : none;
    std::string diff = unified_diff(before != nullptr ? path : "/dev/null", old,
                                    after != nullptr ? path : "/dev/null", now);
    const bool is_private = (before != nullptr && before->is_private) ||
                            (after != nullptr && after->is_private);
    const auto [entry, is_new] = by_lines_.try_emplace(path + "\n" + changed_lines(diff), changes_.size());
    if (is_new) {
      if (is_private) diff = "the file may hold secrets: its lines are not shown\n";
      changes_.push_back({path, "", before == nullptr, after == nullptr, std::move(diff), {}});
    }
    return entry->second;
  }

  std::vector<FileChange> changes_;
  std::map<std::tuple<std::string, const std::string*, const std::string*>, std::size_t> by_content_;
  std::map<std::string, std::size_t> by_lines_;
};

}  // namespace

FleetFiles files_of(const RenderedFleet& rendered) {
  constexpr unsigned others = 0077;
  FleetFiles fleet;
  const auto add = [&](const std::string& host, const Artifacts& artifacts) {
    for (const auto& artifact : artifacts)
      fleet[host][artifact->path] = {{artifact, &artifact->content},
                                     std::string(effect_name(artifact->effect)),
                                     (artifact->mode & others) == 0};
  };
  add("", rendered.site);
  for (const RenderedHost& host : rendered.hosts) {
    fleet[std::string(host.name)];
    add(std::string(host.name), host.artifacts);
  }
  return fleet;
}

FleetFiles files_in(const std::string& directory, const FileSystem& disk) {
  FleetFiles fleet;
  TreeReader reader(disk);
  for (const std::string& name : disk.list(directory)) {
    const std::string below = fmt::format("{}/{}", directory, name);
    const auto manifest = disk.read(fmt::format("{}/{}", below, manifest_name), max_file);
    const auto* text = std::get_if<std::string>(&manifest);
    if (text == nullptr) continue;
    std::map<std::string, FleetFile>& files = fleet[name];
    reader.read(below, "", files);
    files.erase(std::string(manifest_name));
    for (auto& [path, file] : files) {
      file.effect = from_manifest(*text, path, "effect");
      const std::string mode = from_manifest(*text, path, "mode");
      file.is_private = mode.size() > 2 && mode.ends_with("00");
    }
  }
  if (fleet.empty()) return fleet;
  std::map<std::string, FleetFile> site;
  reader.read(directory, "site", site);
  std::erase_if(site, [](const auto& file) { return file.first.ends_with(manifest_name); });
  if (!site.empty()) fleet[""] = std::move(site);
  return fleet;
}

std::string tree_written_by(const std::string& directory, const FileSystem& disk) {
  std::set<std::string> versions;
  for (const std::string& name : disk.list(directory)) {
    const auto manifest = disk.read(fmt::format("{}/{}/{}", directory, name, manifest_name), max_file);
    const auto* text = std::get_if<std::string>(&manifest);
    constexpr std::string_view key = "\"tunec\": \"";
    const std::size_t at = text == nullptr ? std::string::npos : text->find(key);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + key.size();
    versions.insert(text->substr(begin, text->find('"', begin) - begin));
  }
  return versions.size() == 1 ? *versions.begin() : "";
}

std::vector<FileChange> changed_files(const FleetFiles& before, const FleetFiles& after) {
  static const std::map<std::string, FleetFile> none;
  FileComparison comparison;
  const auto compare_hosts = [&](const std::string& host, const std::map<std::string, FleetFile>& old,
                                 const std::map<std::string, FleetFile>& now) {
    for (const auto& [path, file] : old) {
      const auto same = now.find(path);
      comparison.compare(host, path, &file, same == now.end() ? nullptr : &same->second);
    }
    for (const auto& [path, file] : now) {
      if (!old.contains(path)) comparison.compare(host, path, nullptr, &file);
    }
  };
  for (const auto& [host, files] : before) {
    const auto same = after.find(host);
    compare_hosts(host, files, same == after.end() ? none : same->second);
  }
  for (const auto& [host, files] : after) {
    if (!before.contains(host)) compare_hosts(host, none, files);
  }
  return comparison.take();
}

}  // namespace tunec
