// tunec: reads the command line and runs one command. Exit codes: 0 fine, 1 errors in the input, 2 wrong
// usage or I/O.
#include <algorithm>
#include <csignal>
#include <exception>

#include "base/suggest.h"
#include "driver/command.h"

namespace tunec {

void SiteArguments::declare(CLI::App& command) {
  command.add_option("site", options.main_file, "The site's main file")->required();
  command.add_option("--stdlib", options.overlay,
                     "A directory with params/*.yaml, policies/*.tune and profiles/*.tune of your own");
  command.add_option("--today", today, today_help);
}

bool SiteArguments::complete() {
  if (!options.overlay.empty() && DiskFileSystem().list(options.overlay).empty()) {
    say(fmt::format("tunec: --stdlib: there is nothing in `{}`", options.overlay));
    return false;
  }
  options.today = today.empty() ? today_by_the_clock() : Date::parse(today);
  if (!options.today) say("tunec: --today is a date such as 2026-11-30, not `" + today + "`");
  return options.today.has_value();
}

const HostPlan* find_host(const Compilation& compilation, const std::string& name) {
  std::vector<std::string_view> names;
  for (const HostPlan& host : compilation.plan().hosts) {
    if (host.name == name) return &host;
    names.push_back(host.name);
  }
  const auto near = nearest(name, names);
  say(fmt::format("tunec: the site has no host `{}`{}", name,
                  near ? fmt::format("; did you mean `{}`?", *near) : ""));
  return nullptr;
}

namespace {

// CLI11 would only say that a command is missing.
bool is_command(const CLI::App& app, const std::string& given) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  if (given.starts_with('-') || std::ranges::find(names, given) != names.end()) return true;
  const auto near = nearest(given, std::vector<std::string_view>(names.begin(), names.end()));
  say(fmt::format("tunec: there is no command `{}`; {}", given,
                  near ? fmt::format("did you mean `{}`?", *near) : "`tunec --help` lists them"));
  return false;
}

int run(int argc, char** argv) {
  CLI::App app{
      "Compiles a site in the tune language to every configuration file that its KVM hosts need, and proves "
      "it first.",
      "tunec"};
  app.set_version_flag("--version", "tunec " TUNEC_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Try: tunec check site.tune; tunec compile site.tune -o out/; tunec why site.tune HOST vm.swappiness; "
      "tunec explain T0701\n"
      "Exit codes: 0 fine, 1 errors in the input, 2 wrong usage or input and output failed.");
  int status = exit_fine;
  for (const Command* command : all_commands()) command->declare(app, status);
  if (argc > 1 && !is_command(app, argv[1])) return exit_usage_or_io;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_fine : exit_usage_or_io;
  }
  return status;
}

}  // namespace
}  // namespace tunec

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that leaves early shows as a failed write
  try {
    return tunec::run(argc, argv);
  } catch (const std::bad_alloc&) {
    tunec::say("tunec: out of memory");
  } catch (const std::exception& error) {
    tunec::say(std::string("tunec: internal error: ") + error.what() +
               "; please report it with the input that made it");
  }
  return tunec::exit_usage_or_io;
}
