// manifest.json of a host: its files with their hashes, what a reboot or a restart is needed for, and the
// steps that apply them. Hosts share artifacts, so what a file adds to a manifest is made once and put
// together as text.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/sha256.h"
#include "render/render.h"

namespace tunec {

struct ManifestEntry {
  // An element of "files" (or the whole of "apply"), indented for its place
  std::string json;
  std::vector<std::string> restart, reboot;  // the settings that need it: JSON strings, sorted, each once
  Fingerprint content;                       // of the file's bytes
  Fingerprint whole;                         // of all that the entry says
};

class Manifests {
 public:
  explicit Manifests(std::string_view version) : version_(version) {}
  // Remembers, by address, what artifacts and steps that several hosts share add to their manifests.
  void prepare(const RenderedFleet& fleet);
  // Of one host; may be called from several threads.
  std::string manifest(const RenderedHost& host) const;
  // Of what a manifest is made from, which takes far less time than to make it. Not known without knowing the
  // program.
  Fingerprint fingerprint(const RenderedHost& host) const;
  Fingerprint fingerprint(const Artifact& artifact) const;

 private:
  std::string version_;
  std::unordered_map<const void*, ManifestEntry> shared_;  // of artifacts, and of lists of steps
};

}  // namespace tunec
