// tunec backends: which files tunec writes, and from what.
#include <fmt/ranges.h>

#include "base/table.h"
#include "driver/cli/command.h"
#include "driver/present/terminal.h"
#include "render/backend.h"

namespace tunec {
namespace {

int backends() {
  Table table;
  for (const Backend* backend : all_backends()) {
    table.add({std::string(backend->name),
               fmt::format("{}{}", backend->summary, backend->on_by_default ? "" : " (off by default)")});
    table.add({"", fmt::format("surfaces: {}", fmt::join(backend->surfaces, ", "))});
  }
  print(table.text());
  return exit_fine;
}

}  // namespace

Command command_backends() {
  return {.name = "backends",
          .summary = "List the files that tunec writes, and the surfaces that go into each",
          .run = backends};
}

}  // namespace tunec
