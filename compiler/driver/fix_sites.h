// Applies the certain fixes of sites' diagnostics, and keeps only what improves the sites. After each step
// the texts are checked again in memory. If a step leaves more diagnostics than its fixes promised, it is
// undone. Writes nothing to the disk.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "driver/pipeline.h"

namespace tunec {

struct AppliedFix {
  std::string file;
  std::uint32_t line = 1;     // of the text as it was
  std::string before, after;  // either may be empty
  bool operator==(const AppliedFix&) const = default;
};

struct FixedSites {
  struct Text {
    std::string before, after;
  };
  std::map<std::string, Text> files;                // changed files, by the names that messages show
  std::vector<AppliedFix> changes;                  // in the order of files and lines
  std::vector<std::unique_ptr<Compilation>> sites;  // compiled from the texts after all changes
};

FixedSites fix_sites(const std::vector<SiteOptions>& sites, const FileSystem& files);

// "site.tune:5: vm.swapiness → vm.swappiness"
std::string described(const AppliedFix& change);
// The same for a fix that is only proposed: "site.tune:5: delete `vm.swappiness = 60`"
std::string proposed(const AppliedFix& change);
// The changes that a fix would make, by the lines of the text in `sources`.
std::vector<AppliedFix> changes_of(const std::vector<Edit>& edits, const Sources& sources);

}  // namespace tunec
