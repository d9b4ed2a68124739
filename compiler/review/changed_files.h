// Files of two fleets that differ, each difference once with all hosts that have it. For reviews of rendered
// trees, of which no site is at hand.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "render/render.h"

namespace tunec {

struct FleetFile {
  std::shared_ptr<const std::string> content;
  std::string effect;       // "reboot"
  bool is_private = false;  // no other user may read it: it may hold secrets
};
// By host, then by path below the host; the files of the site stand under "".
using FleetFiles = std::map<std::string, std::map<std::string, FleetFile>>;

// What `tunec compile` would write, but for the manifests.
FleetFiles files_of(const RenderedFleet& rendered);
// What it wrote. Effects and modes are as the manifests say. Nothing if the directory has no host with one.
FleetFiles files_in(const std::string& directory, const FileSystem& disk);

// The tunec that wrote a tree, "tunec 0.1.0"; empty if its manifests do not agree.
std::string tree_written_by(const std::string& directory, const FileSystem& disk);

struct FileChange {
  std::string path, effect;
  bool added = false, removed = false;
  std::string diff;                // unified, of the first host; of private files a note in its place
  std::vector<std::string> hosts;  // sorted; "" is the site
};
// Hosts whose file changes by the same lines are one change, wherever in the file these stand.
std::vector<FileChange> changed_files(const FleetFiles& before, const FleetFiles& after);

}  // namespace tunec
