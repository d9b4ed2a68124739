// tunec budget: the resources of each kind of host, and the parts that use them. For reviews.
#include <algorithm>

#include <fmt/core.h>

#include "driver/cli/site_arguments.h"
#include "driver/present/budget.h"
#include "plan/platform/boot_state.h"

namespace tunec {
namespace {

struct Options {
  SiteArguments site;
  std::string host;
  MessageFormat format = MessageFormat::text;
};

bool concerns(const BudgetEntry& entry, const std::string& host) {
  return std::ranges::any_of(entry.hosts, [&](const HostPlan* member) { return member->name == host; });
}

int budget(Options& options) {
  if (!options.site.complete()) return exit_usage_or_io;
  auto c = compile_site(options.site.options, site_files());
  const int status = print_diagnostics(*c, MessageFormat::text);
  if (status == exit_usage_or_io) return status;
  if (!options.host.empty() && find_host(*c, options.host) == nullptr) return exit_usage_or_io;
  const BootState boot_state(c->plan(), c->catalogue, c->boot_order);
  std::vector<BudgetEntry> entries = budgets_of(
      c->plan(), {c->fleet, c->catalogue, c->sources, c->waivers, boot_state, true});
  if (!options.host.empty())
    std::erase_if(entries, [&](const BudgetEntry& entry) { return !concerns(entry, options.host); });
  if (options.format == MessageFormat::json) {
    for (const BudgetEntry& entry : entries) {
      for (const Sheet& sheet : entry.sheets) print_json(budget_json(entry, sheet, c->sources));
    }
    return status;
  }
  for (const BudgetEntry& entry : entries)
    print_text((&entry == entries.data() ? "" : "\n") + budget_text(entry, output_style(), options.host));
  if (entries.empty() && status == exit_fine)
    print_text(fmt::format("no budget applies to {}\n", options.host.empty() ? "this site" : options.host));
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
