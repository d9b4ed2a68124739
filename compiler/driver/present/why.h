// What `tunec why` shows: a setting with its origin, the values that it beat, the line that it is written on,
// and the value that the machine ends up with; a parameter that only other files set; the settings of a file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/pipeline.h"
#include "plan/platform/boot_state.h"

namespace tunec {

std::string why_text(const Compilation& c, const BootState& boot_state, const RenderedHost& rendered,
                     const HostPlan& host, const Setting& setting);
std::string why_json(const Compilation& c, const BootState& boot_state, const RenderedHost& rendered,
                     const HostPlan& host, const Setting& setting);

// A parameter that the site does not set, and another file of the machine does.
struct UnsetParameter {
  std::string name;
  Value value;               // the value that the machine ends up with
  std::vector<Write> chain;  // in boot order
};
// `wanted`: a name with or without its surface.
std::optional<UnsetParameter> find_unset(const Compilation& c, const BootState& boot_state,
                                         const HostPlan& host, const std::string& wanted);
std::string unset_text(const Compilation& c, const HostPlan& host, const UnsetParameter& unset);
std::string unset_json(const Compilation& c, const HostPlan& host, const UnsetParameter& unset);

// The lines of a file that contain settings: "12  sysctl.vm.swappiness = 10  site.tune:14:3". `path` may end
// in the number of one line, as in FILE:12. Nothing if the host has no such file.
std::optional<std::string> file_text(const Compilation& c, const RenderedHost& rendered,
                                     const std::string& path);
// Those settings in the order of their lines, each once; empty if there is no such file.
Settings settings_in_file(const RenderedHost& rendered, const std::string& path);

}  // namespace tunec
