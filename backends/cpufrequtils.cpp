// The file that the init script of cpufrequtils sources, on Debian and Ubuntu releases that ship this
// package.
#include <fmt/format.h>

#include "render/backend.h"
#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"cpufrequtils"};

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  File& file = out.file("etc/default/cpufrequtils");
  file.plain(fmt::format("# {}", written_by));
  file.plain("ENABLE=\"true\"");
  for (const Setting* setting : host.settings)
    file.line(*setting, "{}=\"{}\"", setting->key, quote_shell_double(spell(*setting)));
  out.restart("cpufrequtils.service", Restart::now, "systemctl restart cpufrequtils",
              "it reads its file when it starts", {.needs = Ready::modules});
}

}  // namespace

extern const Backend backend_cpufrequtils{
    .name = "cpufrequtils",
    .summary = "frequency governor by Debian's cpufrequtils",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
