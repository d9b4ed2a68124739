// tunec list: lists everything of one kind. `tunec explain` takes the names.
#include <algorithm>

#include "base/suggest.h"
#include "base/table.h"
#include "check/policy/evaluation.h"
#include "driver/cli/site_arguments.h"
#include "driver/present/topics.h"
#include "plan/platform/boot_state.h"
#include "site/bind/binder.h"
#include "site/builtin_names.h"

namespace tunec {
namespace {

struct Options {
  std::string kind, where;
  SiteArguments site;
  MessageFormat format = MessageFormat::text;
};

std::string documentation(const std::vector<ast::Statement>& body) {
  for (const ast::Statement& statement : body) {
    if (const auto* doc = std::get_if<ast::Doc>(&statement.node)) return doc->text;
  }
  return "";
}

// Lists what the site itself declares.
void add_of_site(const Compilation& c, std::string_view kind, std::vector<ListedTopic>& rows) {
  for (const auto& [name, profile] : c.fleet.profiles) {
    if (kind == "profiles" && !profile->shipped) rows.push_back({name, documentation(profile->syntax->body)});
  }
  for (const PolicyDecl& policy : c.fleet.policies) {
    if (kind == "policies" && !c.sources.shipped(policy.declared.file))
      rows.push_back({policy.syntax->name.text, policy.syntax->doc});
  }
}

// The condition as a policy for hosts, which is parsed and evaluated like one. Nothing, after messages, if it
// is none.
std::optional<HostPlans> hosts_where(Compilation& c, const std::string& condition) {
  const FileId file = c.sources.add(
      "--where", fmt::format("policy where {{ for host where {}\n require true }}\n", condition));
  Reporter mistakes;
  const SyntaxTree tree = parse(file, c.sources, mistakes);
  const auto* syntax = tree.root.declarations.empty()
                           ? nullptr
                           : std::get_if<ast::Policy>(&tree.root.declarations.front().node);
  if (mistakes.has_errors() || syntax == nullptr || tree.root.declarations.size() != 1) {
    say(fmt::format(
        "tunec: --where: `{}` is no condition; write one as a policy has it, such as `host.memory > 64GiB`",
        condition));
    return std::nullopt;
  }
  Binder(c.catalogue, c.fleet, {}, mistakes).check_policy(*syntax);
  PolicyDecl policy;
  policy.syntax = syntax;
  policy.declared = Span{file, 0, 0};
  const BootState boot_state(c.plan(), c.catalogue, c.boot_order);
  const CheckInput input{c.fleet, c.catalogue, c.sources, c.waivers, boot_state, true};
  HostPlans all, chosen;
  for (const HostPlan& host : c.plan().hosts) all.push_back(&host);
  FleetIndex index;
  index.hosts = all;
  for (const HostPlan* host : mistakes.has_errors() ? HostPlans() : all) {
    const PolicySubject subject{{host}, host, {}, {}};
    PolicyEvaluation evaluation(policy, subject, input, index, mistakes);
    if (evaluation.applies()) chosen.push_back(host);
  }
  if (!mistakes.has_errors()) return chosen;
  for (const Diagnostic& mistake : mistakes.sorted()) {
    say(fmt::format("tunec: --where: {}", mistake.message));
    for (const std::string& help : mistake.help) say("  " + help);
  }
  return std::nullopt;
}

int list_hosts(Options& options, Compilation& c) {
  HostPlans hosts;
  if (options.where.empty()) {
    for (const HostPlan& host : c.plan().hosts) hosts.push_back(&host);
  } else if (auto chosen = hosts_where(c, options.where)) {
    hosts = std::move(*chosen);
  } else {
    return exit_usage_or_io;
  }
  Table table;
  for (const HostPlan* host : hosts) {
    const std::string rack = host->labels && !host->labels->rack.poisoned() ? to_text(host->labels->rack)
                                                                            : "";
    const std::int64_t memory = host->facts->memory;
    const std::string size = memory == 0 ? "" : to_text(Value{Bytes{memory}});
    const int cpus = host->facts->cpus.size();
    if (options.format == MessageFormat::json) {
      print_json(listed_host_json(*host));
      continue;
    }
    table.add({host->name, host->facts->platform->describe(), size,
               cpus == 0 ? "" : counted(static_cast<std::size_t>(cpus), "CPU"),
               rack.empty() ? "" : "rack " + rack});
  }
  if (options.format == MessageFormat::text) print_text(table.text());
  return exit_fine;
}

int list(Options& options) {
  if (options.kind.empty()) {
    for (const std::string_view kind : listed_kinds) print(fmt::format("{}\n", kind));
    return exit_fine;
  }
  if (std::ranges::find(listed_kinds, options.kind) == listed_kinds.end()) {
    const auto near = nearest(options.kind, listed_kinds);
    say(fmt::format("tunec: there is no list of `{}`{}; there are {}", options.kind,
                    near ? fmt::format(" (did you mean `{}`?)", near->name) : "",
                    fmt::join(listed_kinds, ", ")));
    return exit_usage_or_io;
  }
  if (!options.site.complete()) return exit_usage_or_io;
  std::unique_ptr<Compilation> c;
  if (options.site.options.main_file.empty()) {
    if (options.kind == "hosts" || !options.where.empty()) {
      say("tunec: only a site has hosts: `tunec list hosts site.tune`");
      return exit_usage_or_io;
    }
    c = open_knowledge(options.site.options.overlay, DiskFileSystem());
  } else {
    c = compile_site(options.site.options, site_files(), StopAfter::plan);
    if (const int status = print_diagnostics(*c, MessageFormat::text); status == exit_usage_or_io)
      return status;
  }
  if (options.kind == "hosts") return list_hosts(options, *c);
  if (!options.where.empty()) {
    say("tunec: --where chooses hosts: `tunec list hosts SITE --where 'host.memory > 64GiB'`");
    return exit_usage_or_io;
  }
  std::vector<ListedTopic> rows = listed(*c, options.kind);
  add_of_site(*c, options.kind, rows);
  std::ranges::sort(rows, {}, &ListedTopic::name);
  Table table;
  for (const ListedTopic& row : rows) {
    if (options.format == MessageFormat::json) print_json(listed_json(options.kind, row));
    else table.add({row.name, row.summary});
  }
  if (options.format == MessageFormat::text) print_text(table.text());
  return exit_fine;
}

}  // namespace

Command command_list() {
  const auto o = std::make_shared<Options>();
  Option kind{.name = "WHAT",
              .help = "profiles, intents, policies, facts, functions, pages, platforms, surfaces or hosts",
              .binding = store_in(o->kind)};
  kind.offered = {listed_kinds.begin(), listed_kinds.end()};
  std::vector<Option> options = with_site(
      o->site, {{.name = "--where",
                 .value = "CONDITION",
                 .help = "Only hosts for which this holds, as in 'host.memory > 64GiB'",
                 .binding = store_in(o->where)},
                format_option(o->format, "Text, or JSON with one object a line")});
  options.front().required = false;
  options.front().help = "A site, for its hosts, or to list its own profiles and policies too";
  options.insert(options.begin(), std::move(kind));
  return {
      .name = "list",
      .summary = "List profiles, policies, facts, functions, hosts and other things",
      .details = "`tunec explain NAME` shows each of them. Without an argument, it lists what can be listed.",
      .options = std::move(options),
      .examples = {{"tunec list intents", "lists the profiles with parameters that come with tunec"},
                   {"tunec list hosts site.tune --where 'host.memory > 64GiB'", "lists the large hosts"}},
      .run = [o] { return list(*o); }};
}

}  // namespace tunec
