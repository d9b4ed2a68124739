// stdlib/boot_order.yaml: who sets the machine's state, in which order, and what a distribution's own files
// set.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "machine/platform.h"
#include "source/yaml.h"

namespace tunec {

// A key of one surface that sets what a parameter sets: `sysctl.vm.swappiness` on the command line.
struct SameAs {
  std::string key, parameter;  // with {} where they have the same text
  std::string after;           // the surface after which it counts, if not at its own surface's turn
};

struct Stage {
  std::string surface, name;  // name: for people
  std::string file;           // our own one's, where files are applied by name
  std::string late_file;      // for what a distribution's file would set again after that
  std::vector<SameAs> same;
};

// A file that a distribution brings, of the surface whose stage has files.
struct DistributionFile {
  std::string platform, package, file;  // "debian 12", "procps 2:4.0.2-3", "99-protect-links.conf"
  std::vector<std::pair<std::string, Value>> sets;  // by key
};

class BootOrder {
 public:
  BootOrder() = default;
  explicit BootOrder(const yaml::Node& file);

  const Stage* stage(std::string_view surface) const;  // null: it sets nothing that another could
  // The turn of a stage, or the one right after it. Surfaces that are not known come last.
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

// `text` as the pattern says, with what stands for {} put into `result`. Exposed for tests.
std::optional<std::string> rewritten(std::string_view text, std::string_view pattern, std::string result);

}  // namespace tunec
