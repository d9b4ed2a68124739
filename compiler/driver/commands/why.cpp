// tunec why: a value of one host, and its origin. For a file of the host: the settings on each line.
#include <algorithm>

#include <fmt/core.h>

#include "base/suggest.h"
#include "driver/cli/site_arguments.h"
#include "driver/present/why.h"

namespace tunec {
namespace {

struct Options {
  SiteArguments site;
  std::string host, topic;
  MessageFormat format = MessageFormat::text;
};

bool is_named(const Setting& setting, std::string_view name) {
  if (setting.name == name || setting.param->name == name) return true;
  const std::size_t dot = setting.name.find('.');
  return dot != std::string::npos && std::string_view(setting.name).substr(dot + 1) == name;
}

int nothing_found(const Compilation& c, const HostPlan& host, const std::string& name) {
  for (const Dropped& dropped : c.planned.dropped.at(host.host_class)) {
    const bool here = dropped.host.empty() || dropped.host == host.name;
    if (!here || (dropped.name != name && !dropped.name.ends_with("." + name))) continue;
    print_text(fmt::format("{} is not set on {}\n  {} sets it `where available`, and here {}\n", dropped.name,
                           host.name, c.sources.place(dropped.origin.where), dropped.why));
    if (!dropped.moved.empty()) print_text(fmt::format("  its value went to {}\n", dropped.moved));
    return exit_fine;
  }
  std::vector<std::string_view> names;
  for (const Setting* setting : host.settings) {
    names.push_back(setting->name);
    const std::size_t dot = setting->name.find('.');
    if (dot != std::string::npos) names.push_back(std::string_view(setting->name).substr(dot + 1));
  }
  const auto near = nearest(name, names);
  say(fmt::format("tunec: nothing sets `{}` on {}{}", name, host.name,
                  near ? fmt::format("; did you mean `{}`?", *near) : ""));
  return exit_errors;
}

int why(Options& options) {
  if (!options.site.complete()) return exit_usage_or_io;
  auto c = compile_site(options.site.options, DiskFileSystem());
  if (const int status = print_diagnostics(*c, MessageFormat::text); status == exit_usage_or_io)
    return status;
  const HostPlan* host = find_host(*c, options.host);
  if (host == nullptr) return exit_usage_or_io;
  const RenderedHost& files = c->rendered.hosts[static_cast<std::size_t>(host - c->plan().hosts.data())];
  if (const auto text = file_text(*c, files, options.topic)) {
    print_text(*text);
    return exit_fine;
  }
  const BootState boot_state(c->plan(), c->catalogue, c->boot_order);
  bool found = false;
  for (const Setting* setting : host->settings) {
    if (options.topic != "all" && !is_named(*setting, options.topic)) continue;
    found = true;
    if (options.format == MessageFormat::json) print(why_json(*c, boot_state, files, *host, *setting));
    else print_text(why_text(*c, boot_state, files, *host, *setting));
  }
  if (found) return exit_fine;
  if (const auto unset = find_unset(*c, boot_state, *host, options.topic)) {
    if (options.format == MessageFormat::json) print(unset_json(*c, *host, *unset));
    else print_text(unset_text(*c, *host, *unset));
    return exit_fine;
  }
  return nothing_found(*c, *host, options.topic);
}

}  // namespace

Command command_why() {
  const auto o = std::make_shared<Options>();
  return {
      .name = "why",
      .summary = "Show where a value comes from, what it overrides, and where it is written",
      .details =
          "Shows the statement that sets the parameter, the profiles it came through, and the values it "
          "overrides. If other files of the machine set the same thing, they are listed in boot order, with "
          "the value that the machine ends up with. For a file of the host's tree, or a line of it, the "
          "settings that are written there are listed.",
      .options = with_site(
          o->site,
          {host_argument(o->host, "The name of the host", true),
           {.name = "WHAT",
            .help = "A parameter (vm.swappiness), a file (etc/sysctl.d/90-tunec.conf), a line of a file "
                    "(FILE:12), or `all`",
            .binding = store_in(o->topic),
            .required = true},
           format_option(o->format, "Text, or JSON with one object a line")}),
      .examples = {{"tunec why site.tune kvm-01 vm.swappiness", "explains one value of one host"}},
      .run = [o] { return why(*o); }};
}

}  // namespace tunec
