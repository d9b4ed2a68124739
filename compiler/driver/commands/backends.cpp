// tunec backends: the files that tunec writes, and the surfaces that go into each.
#include <algorithm>
#include <map>

#include <fmt/ranges.h>

#include "base/table.h"
#include "driver/cli/command.h"
#include "driver/present/terminal.h"
#include "render/backend.h"

namespace tunec {
namespace {

int backends() {
  std::map<std::string_view, std::string> summaries, surfaces;  // by name
  const auto add = [&](const auto* backend) {
    const std::string_view off = backend->on_by_default ? "" : " (off by default)";
    summaries[backend->name] = fmt::format("{}{}", backend->summary, off);
    surfaces[backend->name] = fmt::format("surfaces: {}", fmt::join(backend->surfaces, ", "));
  };
  const Backends all = all_backends();
  std::ranges::for_each(all.of_host, add);
  std::ranges::for_each(all.of_fleet, add);
  Table table;
  for (const auto& [name, summary] : summaries) {
    table.add({std::string(name), summary});
    table.add({"", surfaces[name]});
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
