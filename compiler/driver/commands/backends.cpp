// tunec backends: which files tunec writes, and from what.
#include <fmt/ranges.h>

#include "driver/command.h"

namespace tunec {
namespace {

void declare(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("backends", "List the backends and the surfaces that each writes");
  command->callback([&status] {
    for (const Backend* backend : all_backends()) {
      print(fmt::format("{:<14} {}{}\n{:<14} surfaces: {}\n", backend->name, backend->summary,
                        backend->on_by_default ? "" : " (off by default)", "",
                        fmt::join(backend->surfaces, ", ")));
    }
    status = exit_fine;
  });
}

}  // namespace

extern const Command command_backends{declare};

}  // namespace tunec
