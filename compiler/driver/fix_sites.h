// Applies the certain fixes of sites' diagnostics, and nothing that does not make them better: the texts are
// checked again in memory after each step, and a step after which there is more to complain about than the
// fix promised is taken back. Writes nothing.
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
  std::map<std::string, Text> files;                // those that change, by the name that messages show
  std::vector<AppliedFix> changes;                  // in the order of files and lines
  std::vector<std::unique_ptr<Compilation>> sites;  // of the texts after all changes
};

FixedSites fix_sites(const std::vector<SiteOptions>& sites, const FileSystem& files);

// "site.tune:5: vm.swapiness → vm.swappiness"
std::string described(const AppliedFix& change);
// The same of one that is not made: "site.tune:5: delete `vm.swappiness = 60`"
std::string proposed(const AppliedFix& change);
// The changes that a fix would make, line by line as in the text of `sources`.
std::vector<AppliedFix> changes_of(const std::vector<Edit>& edits, const Sources& sources);

}  // namespace tunec
