// Where a setting goes on a machine: the surface that carries it, its key there, and the kernel modules that
// it needs. Depends on the setting and the platform alone.
#pragma once

#include <optional>
#include <vector>

#include "catalogue/catalogue.h"
#include "plan/plan.h"

namespace tunec {

void place(Setting& setting, const Platform& platform);

// Whether the code that a parameter belongs to is part of the kernel itself, so that only the command line
// reaches it. Where that is unknown, the command line is right in either case: modprobe reads it too.
enum class PartOfKernel : unsigned char { no, yes, unknown };
PartOfKernel part_of_kernel(const ParamInfo& param, std::string_view module, const Platform& platform);
std::string_view module_of(const Setting& setting);  // the first part of the key

// The list of modules to load at boot. Settings that need a module which the kernel does not build in add it.
class ModuleList {
 public:
  explicit ModuleList(const Catalogue& catalogue);

  const ParamInfo* param() const { return param_; }  // null: no parameter is such a list
  bool is_needed_by(const Setting& setting, const Platform& platform) const;
  // `list`: as far as it was made; nothing if nobody has set it.
  void add(const Setting& setting, const Platform& platform, std::optional<Setting>& list) const;

 private:
  const ParamInfo* param_ = nullptr;
};

}  // namespace tunec
