// tunec budget: what each kind of host has, and to whom it is promised. For reviews.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/units.h"
#include "driver/command.h"
#include "driver/present/budget.h"
#include "plan/platform/boot_state.h"

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  SiteArguments site;
  std::string host;
  MessageFormat format = MessageFormat::text;
};

// In base units; of CPUs their count.
Json value_json(const Value& value) {
  Json number = nullptr;
  if (const auto whole = base_number(value)) number = *whole;
  if (const auto* decimal = value.get_if<Decimal>()) number = decimal->number;
  if (const auto* cpus = value.get_if<CpuSet>()) number = cpus->size();
  return {{"value", std::move(number)}, {"text", value.poisoned() ? Json(nullptr) : Json(to_text(value))}};
}

Json part_json(const SheetPart& part, const Sources& sources) {
  Json object{{"name", part.name}};
  object.update(value_json(part.value));
  object["from"] = Json::array();
  for (const Setting* setting : part.settings) {
    const Span place = user_place(setting->origin, sources);
    Json from{{"setting", setting->name},
              {"file", sources.name(place.file)},
              {"line", sources.position(place.file, place.begin).line}};
    if (std::ranges::find(object["from"], from) == object["from"].end())
      object["from"].push_back(std::move(from));
  }
  return object;
}

std::string sheet_json(const BudgetEntry& entry, const Sheet& sheet, const Sources& sources) {
  Json object{{"hosts", Json::array()},
              {"budget", sheet.budget->name.text},
              {"of", entry.of.empty() ? sheet.of : entry.of},
              {"doc", sheet.budget->doc},
              {"kind", type_name(sheet.total)},
              {"total", value_json(sheet.total)},
              {"parts", Json::array()}};
  for (const HostPlan* host : entry.hosts) object["hosts"].push_back(host->name);
  for (const SheetPart& part : sheet.parts) object["parts"].push_back(part_json(part, sources));
  object["promised"] = value_json(sheet.promised);
  object["left"] = value_json(sheet.left);
  object["closes"] = sheet.closes;
  object["waived"] = sheet.waived;
  object["outside"] = sheet.outside.to_string();
  object["twice"] = sheet.twice.to_string();
  return object.dump() + "\n";
}

bool concerns(const BudgetEntry& entry, const std::string& host) {
  return std::ranges::any_of(entry.hosts, [&](const HostPlan* one) { return one->name == host; });
}

int budget(Arguments& arguments) {
  if (!arguments.site.complete()) return exit_usage_or_io;
  auto c = compile_site(arguments.site.options, DiskFileSystem());
  const int status = print_diagnostics(*c, MessageFormat::text);
  if (status == exit_usage_or_io) return status;
  if (!arguments.host.empty() && find_host(*c, arguments.host) == nullptr) return exit_usage_or_io;
  const Effective effective(c->catalogue, c->boot_order);
  std::vector<BudgetEntry> entries = budgets_of(
      c->plan(), {c->fleet, c->catalogue, c->sources, c->waivers, effective, true});
  if (!arguments.host.empty())
    std::erase_if(entries, [&](const BudgetEntry& entry) { return !concerns(entry, arguments.host); });
  if (arguments.format == MessageFormat::json) {
    for (const BudgetEntry& entry : entries) {
      for (const Sheet& sheet : entry.sheets) print(sheet_json(entry, sheet, c->sources));
    }
    return status;
  }
  for (const BudgetEntry& entry : entries)
    print((&entry == entries.data() ? "" : "\n") + budget_text(entry, output_style(), arguments.host));
  if (entries.empty() && status == exit_fine)
    print(fmt::format("no budget applies to {}\n", arguments.host.empty() ? "this site" : arguments.host));
  return status;
}

void declare(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("budget",
                                         "Show what each kind of host has, and to whom it is promised");
  arguments->site.declare(*command);
  command->add_option("host", arguments->host, "Just this host");
  one_of<MessageFormat>(
      command->add_option("--format", arguments->format, "text, or json: one object a line"),
      {{"text", MessageFormat::text}, {"json", MessageFormat::json}});
  command->callback([arguments, &status] { status = budget(*arguments); });
}

}  // namespace

extern const Command command_budget{declare};

}  // namespace tunec
