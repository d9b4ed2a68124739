// tunec budget: what each kind of host has, and to whom it is promised. For reviews.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/units.h"
#include "driver/cli/site_arguments.h"
#include "driver/present/budget.h"
#include "plan/platform/boot_state.h"

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
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

int budget(Options& options) {
  if (!options.site.complete()) return exit_usage_or_io;
  auto c = compile_site(options.site.options, DiskFileSystem());
  const int status = print_diagnostics(*c, MessageFormat::text);
  if (status == exit_usage_or_io) return status;
  if (!options.host.empty() && find_host(*c, options.host) == nullptr) return exit_usage_or_io;
  const Effective effective(c->catalogue, c->boot_order);
  std::vector<BudgetEntry> entries = budgets_of(
      c->plan(), {c->fleet, c->catalogue, c->sources, c->waivers, effective, true});
  if (!options.host.empty())
    std::erase_if(entries, [&](const BudgetEntry& entry) { return !concerns(entry, options.host); });
  if (options.format == MessageFormat::json) {
    for (const BudgetEntry& entry : entries) {
      for (const Sheet& sheet : entry.sheets) print(sheet_json(entry, sheet, c->sources));
    }
    return status;
  }
  for (const BudgetEntry& entry : entries)
    print((&entry == entries.data() ? "" : "\n") + budget_text(entry, output_style(), options.host));
  if (entries.empty() && status == exit_fine)
    print(fmt::format("no budget applies to {}\n", options.host.empty() ? "this site" : options.host));
  return status;
}

}  // namespace

Command command_budget() {
  const auto o = std::make_shared<Options>();
  return {
      .name = "budget",
      .summary = "Show what each kind of host has, and to whom it is promised",
      .details =
          "A map shows each CPU as a character, with its siblings below it. Memory and other sizes or "
          "numbers are shown as a table and a bar. Hosts with equal budgets are shown once, and the "
          "budgets of the fleet last. A budget that is exceeded is an error, as in `tunec check`.\n\n"
          "With `--format json` each line is an object for one budget of equal hosts: hosts, budget, of, "
          "total, parts, promised, left, closes, waived, outside, twice. Values are numbers in base units "
          "(bytes, bits per second, numbers of CPUs) and texts.",
      .options = with_site(o->site, {host_argument(o->host, "Show the budgets of this host only", false),
                                     format_option(o->format, "Text, or JSON with one object a line")}),
      .examples = {{"tunec budget site.tune kvm-07", "shows the budgets of one host"}},
      .run = [o] { return budget(*o); }};
}

}  // namespace tunec
