// Looked at per surface and per artifact, each of which many hosts share.
#include "emit/carriers.h"

#include <algorithm>
#include <map>
#include <set>

#include "diagnostics/diag.h"
#include "plan/build.h"

namespace tunec {
namespace {

constexpr std::size_t longest_cmdline = 2047;  // COMMAND_LINE_SIZE of x86 is 2048, with its end

// What of a line is the kernel's: the text between its quotes.
std::size_t cmdline_bytes(std::string_view line) {
  const std::size_t open = line.find('"'), close = line.rfind('"');
  return open == std::string_view::npos || close <= open ? line.size() : close - open - 1;
}

}  // namespace

void check_carriers(const Plan& plan, std::span<const Backend* const> backends, const Sources& sources, Reporter& reporter) {
  std::map<std::string_view, std::vector<std::string_view>> carriers;
  for (const Backend* backend : backends) {
    for (const std::string_view surface : backend->surfaces) carriers[surface].push_back(backend->name);
  }
  std::set<const std::vector<Setting>*> seen;
  for (const HostPlan& host : plan.hosts) {
    for (const auto& settings : host.storage) {
      if (!seen.insert(settings.get()).second) continue;
      for (const Setting& setting : *settings) {
        const auto found = carriers.find(setting.surface);
        const Span where = user_place(setting.origin, sources);
        if (found == carriers.end()) {
          reporter.report(where, diag::no_carrier, setting.name, setting.surface).hosts({host.name});
        } else if (found->second.size() > 1) {
          reporter.report(where, diag::two_carriers, setting.surface, std::string(found->second[0]), std::string(found->second[1]));
        }
      }
    }
  }
}

void check_lines(const RenderedFleet& rendered, const Plan& plan, const Sources& sources, Reporter& reporter) {
  std::set<const Artifact*> seen;
  for (std::size_t i = 0; i < rendered.hosts.size(); ++i) {
    for (const auto& artifact : rendered.hosts[i].artifacts) {
      if (!seen.insert(artifact.get()).second) continue;
      for (const ArtifactLine& line : artifact->lines) {
        if (line.settings.empty() || line.settings.front()->surface != "boot") continue;
        std::size_t begin = 0;
        for (std::uint32_t number = 1; number < line.number; ++number) begin = artifact->content.find('\n', begin) + 1;
        const std::size_t bytes = cmdline_bytes(std::string_view(artifact->content).substr(begin, artifact->content.find('\n', begin) - begin));
        if (bytes <= longest_cmdline) continue;
        const Setting& longest = **std::ranges::max_element(line.settings, {}, [](const Setting* s) { return to_text(s->value).size(); });
        reporter.report(user_place(longest.origin, sources), diag::line_too_long, plan.hosts[i].name, bytes).key("cmdline").hosts({plan.hosts[i].name});
      }
    }
  }
}

}  // namespace tunec
