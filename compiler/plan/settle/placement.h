// Where a setting goes on a machine: the surface that carries it, its key there, and the kernel modules that
// it needs. It depends only on the setting and the platform.
#pragma once

#include <optional>
#include <vector>

#include "catalogue/catalogue.h"
#include "plan/plan.h"

namespace tunec {

void place(Setting& setting, const Platform& platform);

// Whether a parameter belongs to code that is part of the kernel itself, so that only the command line
// reaches it. If this is unknown, the command line is right in both cases, since modprobe reads it too.
enum class PartOfKernel : unsigned char { no, yes, unknown };
PartOfKernel part_of_kernel(const ParamInfo& param, std::string_view module, const Platform& platform);
std::string_view module_of(const Setting& setting);  // the first part of the key

// A list of modules to which other settings of the host add: to load at boot, or to include in the initramfs.
// Modules that are built in are not added.
class ModuleList {
 public:
  explicit ModuleList(const ParamInfo& param) : param_(&param) {}

  const ParamInfo& param() const { return *param_; }
  bool is_needed_by(const Setting& setting, const Platform& platform) const;
  // `list`: the list so far; nothing if nobody has set it.
  void add(const Setting& setting, const Platform& platform, std::optional<Setting>& list) const;

 private:
  const ParamInfo* param_;
};

std::vector<ModuleList> module_lists(const Catalogue& catalogue);

}  // namespace tunec
