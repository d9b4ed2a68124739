// Makes a host's manifest.json: its files, the settings that need a restart or a reboot, the steps that apply
// the files, and how settings are read back (manifest_settings.h). Hashes are in a list of their own
// (output/sums.h). Hosts share artifacts, so each artifact's part of a manifest is made once, as text.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "output/tree/fingerprint.h"
#include "render/render.h"

namespace tunec {

struct ManifestEntry {
  std::string json;                          // an element of "files", or the whole of "apply"
  std::vector<std::string> restart, reboot;  // settings that need it: JSON strings, sorted, each once
  Fingerprint content;                       // of the file's bytes
  Fingerprint whole;                         // of everything in the entry
  std::string notes;                         // for steps: what people must know, as the whole of "notes"
  std::string settings;                      // those that can be read back: elements of "settings"
};

class Manifests {
 public:
  explicit Manifests(std::string_view version) : version_(version) {}
  // Makes the parts of shared artifacts and steps, and keeps them by address. The fleet must outlive this.
  void prepare(const RenderedFleet& fleet);
  // May be called from several threads.
  std::string manifest(const RenderedHost& host) const;
  // Covers everything that a manifest is made from, in far less time than making it. Unknown if the program's
  // fingerprint is.
  Fingerprint fingerprint(const RenderedHost& host) const;
  Fingerprint fingerprint(const Artifact& artifact) const;

 private:
  std::string version_;
  std::vector<ReadBack> reads_;
  std::unordered_map<const void*, ManifestEntry> shared_;  // by address of an artifact or a list of steps
  std::unordered_map<const std::string*, Fingerprint> of_checks_;
};

}  // namespace tunec
