// manifest.json of a host: its files with their hashes, what a reboot or a restart is needed for, and the steps that
// apply them. Hosts share artifacts, so what a file adds to a manifest is made once and put together as text.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "emit/render.h"

namespace tunec {

struct ManifestEntry {
  std::string json;                          // an element of "files" (or the whole of "apply"), indented for its place
  std::vector<std::string> restart, reboot;  // the settings that need it: JSON strings, sorted, each once
};
ManifestEntry artifact_entry(const Artifact& artifact);

std::string sha256_hex(std::string_view content);

class Manifests {
 public:
  explicit Manifests(std::string_view version) : version_(version) {}
  // Of one host. Artifacts and steps are remembered by address: they must stay alive.
  std::string manifest(const RenderedHost& host);

 private:
  const ManifestEntry& entry(const Artifact& artifact);
  const ManifestEntry& entry(const std::vector<Step>& steps);
  std::string version_;
  std::unordered_map<const Artifact*, ManifestEntry> entries_;
  std::unordered_map<const std::vector<Step>*, ManifestEntry> plans_;
};

}  // namespace tunec
