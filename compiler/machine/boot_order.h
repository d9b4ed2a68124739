// stdlib/boot_order.yaml: the writers of the machine's state in their order, and the values that a
// distribution's own files set.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "machine/platform.h"
#include "source/yaml.h"

namespace tunec {

// A key of one surface that sets the same as a parameter: `sysctl.vm.swappiness` on the command line.
struct SameAs {
  std::string key, parameter;  // {} stands for the same text in both
  std::string after;           // the surface after which it counts, if not in its own surface's turn
};

struct Stage {
  std::string surface, name;  // name: for people
  std::string file;           // our own file, where files are applied by name
  std::string late_file;      // for values that a distribution's file would set again after our own file
  std::vector<SameAs> same;
};

// A file of a distribution, on the surface whose stage has files.
struct DistributionFile {
  std::string platform, package, file;  // "debian 12", "procps 2:4.0.2-3", "99-protect-links.conf"
  std::vector<std::pair<std::string, Value>> sets;  // by key
};

class BootOrder {
 public:
  BootOrder() = default;
  explicit BootOrder(const yaml::Node& file);

  const Stage* stage(std::string_view surface) const;  // null: it sets nothing that another writer could set
  // The turn of a stage, or the one right after it. Unknown surfaces come last.
  std::size_t turn(std::string_view surface, bool after = false) const;
  struct Same {
    std::string parameter;
    std::size_t turn;
  };
  std::optional<Same> same(std::string_view surface, std::string_view key) const;

  const std::vector<DistributionFile>& files() const { return files_; }
  std::vector<const DistributionFile*> files_of(const Platform& platform) const;
  // The keys that files of the platform set after the stage's own file, sorted.
  std::vector<std::string> late_keys(const Platform& platform) const;
  std::string_view surface_of_files() const;  // of the stage that has files; empty if there is none

 private:
  std::vector<Stage> stages_;
  std::vector<DistributionFile> files_;
};

// Rewrites `text` by a pattern; the text for {} goes to `result`. Exposed for tests.
std::optional<std::string> rewritten(std::string_view text, std::string_view pattern, std::string result);

}  // namespace tunec
