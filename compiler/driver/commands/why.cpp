// tunec why: prints a value of one host and its origin. For a file of the host, it prints the settings on
// each line.
#include <algorithm>

#include <fmt/ranges.h>

#include "base/suggest.h"
#include "base/table.h"
#include "driver/cli/site_arguments.h"
#include "driver/present/why.h"
#include "machine/host_names.h"
#include "machine/host_pattern.h"
#include "render/annotate.h"

namespace tunec {
namespace {

struct Options {
  SiteArguments site;
  std::string host, topic;
  MessageFormat format = MessageFormat::text;
  bool annotated = false;
};

bool is_named(const Setting& setting, std::string_view name) {
  if (setting.name == name || setting.param->name == name || setting.key == name) return true;
  const std::size_t dot = setting.name.find('.');
  return dot != std::string::npos && std::string_view(setting.name).substr(dot + 1) == name;
}

// "; did you mean `vm.swappiness`?", if the host has a setting with such a name.
std::string meant(const std::string& name, const HostPlan& host) {
  std::vector<std::string_view> names;
  for (const Setting* setting : host.settings) {
    names.push_back(setting->name);
    const std::size_t dot = setting->name.find('.');
    if (dot != std::string::npos) names.push_back(std::string_view(setting->name).substr(dot + 1));
  }
  const auto near = nearest(name, names);
  return near ? fmt::format("; did you mean `{}`?", near->name) : "";
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
  say(fmt::format("tunec: nothing sets `{}` on {}{}", name, host.name, meant(name, host)));
  return exit_errors;
}

// What the user wants to know, for one host. `found` is false if the host has nothing of this name.
struct Answer {
  std::string text;
  bool found = true;
};

Answer answer_for(const Compilation& c, const BootState& boot_state, const Options& options,
                  const HostPlan& host) {
  const RenderedHost& files = c.rendered.hosts[static_cast<std::size_t>(&host - c.plan().hosts.data())];
  const bool json = options.format == MessageFormat::json;
  Answer answer{"", false};
  if (const auto text = file_text(c, files, options.topic)) {
    answer = {*text, !text->empty()};
    if (!json) return answer;
    answer.text.clear();
    for (const Setting* setting : settings_in_file(files, options.topic))
      answer.text += why_json(c, boot_state, files, host, *setting);
    return answer;
  }
  for (const Setting* setting : host.settings) {
    if (options.topic != "all" && !is_named(*setting, options.topic)) continue;
    answer.found = true;
    answer.text += (json ? why_json : why_text)(c, boot_state, files, host, *setting);
  }
  if (answer.found) return answer;
  if (const auto unset = find_unset(c, boot_state, host, options.topic))
    return {(json ? unset_json : unset_text)(c, host, *unset), true};
  return answer;
}

// Finds the hosts that match a pattern. Hosts with the same result are shown once.
int why_of_pattern(const Compilation& c, const BootState& boot_state, const Options& options) {
  struct Same {
    std::string text;
    std::vector<std::string> hosts;
  };
  std::vector<Same> answers;
  std::map<std::string, std::size_t> number_of_answer;
  const HostPlan* any = nullptr;
  for (const HostPlan& host : c.plan().hosts) {
    if (!matches_pattern(options.host, host.name)) continue;
    any = &host;
    Answer answer = answer_for(c, boot_state, options, host);
    if (!answer.found) continue;
    if (options.format == MessageFormat::json) {
      print_json(answer.text);
      number_of_answer.emplace(host.name, 0);
      continue;
    }
    std::string key = answer.text;
    const std::string name = " on " + host.name + " ";
    for (std::size_t at = key.find(name); at != std::string::npos; at = key.find(name, at + 1))
      key.replace(at, name.size(), " on ");
    const auto [found, fresh] = number_of_answer.try_emplace(key, answers.size());
    if (fresh) answers.push_back({std::move(answer.text), {}});
    answers[found->second].hosts.push_back(host.name);
  }
  for (const auto& [text, hosts] : answers) {
    print_text(text);
    if (hosts.size() > 1)
      print_text(fmt::format("the same on {}: {}\n", counted(hosts.size() - 1, "other host"),
                             compact_names({hosts.begin() + 1, hosts.end()})));
    print(&text == &answers.back().text ? "" : "\n");
  }
  if (!number_of_answer.empty()) return exit_fine;
  say(any != nullptr ? fmt::format("tunec: nothing sets `{}` on a host of `{}`{}", options.topic,
                                   options.host, meant(options.topic, *any))
                     : fmt::format("tunec: the site has no host that matches `{}`", options.host));
  return any != nullptr ? exit_errors : exit_usage_or_io;
}

int why(Options& options) {
  if (!options.site.complete()) return exit_usage_or_io;
  auto c = compile_site(options.site.options, site_files());
  if (const int status = print_diagnostics(*c, MessageFormat::text); status == exit_usage_or_io)
    return status;
  if (options.annotated) annotate(c->rendered, c->sources);
  const BootState boot_state(c->plan(), c->catalogue, c->boot_order);
  if (options.host.find_first_of("*[") != std::string::npos) return why_of_pattern(*c, boot_state, options);
  const HostPlan* host = find_host(*c, options.host);
  if (host == nullptr) return exit_usage_or_io;
  const Answer answer = answer_for(*c, boot_state, options, *host);
  if (options.format == MessageFormat::json) print_json(answer.text);
  else print_text(answer.text);
  if (answer.found) return exit_fine;
  const RenderedHost& files = c->rendered.hosts[static_cast<std::size_t>(host - c->plan().hosts.data())];
  if (!file_text(*c, files, options.topic)) return nothing_found(*c, *host, options.topic);
  say(fmt::format("tunec: no setting of {} is written at {}", host->name, options.topic));
  return exit_usage_or_io;
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
          {host_argument(o->host, "The name of a host, or a pattern such as 'kvm-*' or 'kvm-[01..40]'", true),
           {.name = "WHAT",
            .help = "A parameter (vm.swappiness), a file (etc/sysctl.d/90-tunec.conf), a line of a file "
                    "(FILE:12), or `all`",
            .binding = store_in(o->topic),
            .required = true},
           {.name = "--annotate",
            .help = "Count lines as in the files of `tunec compile --annotate`",
            .binding = store_in(o->annotated)},
           format_option(o->format, "Text, or JSON with one object a line")}),
      .examples = {{"tunec why site.tune kvm-01 vm.swappiness", "explains one value of one host"},
                   {"tunec why site.tune 'kvm-*' vm.swappiness", "explains it for each kind of host"}},
      .run = [o] { return why(*o); }};
}

}  // namespace tunec
