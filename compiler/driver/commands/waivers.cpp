// tunec waivers: who has allowed what on which hosts, until when. For reviews, and for the pipeline that asks
// every morning.
#include <algorithm>
#include <chrono>

#include <nlohmann/json.hpp>

#include "driver/command.h"

namespace tunec {
namespace {

struct Arguments {
  std::vector<std::string> sites;
  SiteArguments site;
  MessageFormat format = MessageFormat::text;
};

std::int64_t days_between(Date from, Date to) {
  const auto day = [](Date date) {
    return std::chrono::sys_days{std::chrono::year{date.year} / static_cast<unsigned>(date.month) /
                                 static_cast<unsigned>(date.day)};
  };
  return (day(to) - day(from)).count();
}

std::string place_text(const Sources& sources, Span span) {
  const LineColumn at = sources.position(span.file, span.begin);
  return fmt::format("{}:{}", sources.name(span.file), at.line);
}

std::string counted(std::int64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// By end, those without one last; then by name and hosts.
std::vector<const Waivers::Entry*> sorted(const Waivers& waivers) {
  std::vector<const Waivers::Entry*> entries;
  for (const Waivers::Entry& entry : waivers.entries()) entries.push_back(&entry);
  std::ranges::stable_sort(entries, {}, [](const Waivers::Entry* entry) {
    const ast::Waive& waive = *entry->declared->syntax;
    return std::tuple(!waive.until, waive.until.value_or(Date{}), waive.what.text, waive.hosts.text);
  });
  return entries;
}

std::string remaining(const Waivers::Entry& entry, Date today) {
  const auto& until = entry.declared->syntax->until;
  if (!until) return "";
  const std::int64_t days = days_between(today, *until);
  if (days == 0) return "ends today";
  return entry.ended ? fmt::format("ended {} ago", counted(-days, "day"))
                     : fmt::format("{} left", counted(days, "day"));
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void print_table(const Compilation& c, Date today) {
  if (c.waivers.entries().empty()) return c.reporter.has_errors() ? void() : print("nothing is waived\n");
  std::vector<std::vector<std::string>> rows{{"until", "", "what", "on", "owner", "because", "at"}};
  for (const Waivers::Entry* entry : sorted(c.waivers)) {
    const ast::Waive& waive = *entry->declared->syntax;
    rows.push_back({waive.until ? to_text(Value{*waive.until}) : "no end", remaining(*entry, today),
                    waive.what.text,
                    fmt::format("{} ({})", waive.hosts.text, counted(std::ssize(entry->hosts), "host")),
                    waive.owner ? *waive.owner : "no owner", waive.because,
                    place_text(c.sources, entry->declared->declared)});
  }
  std::vector<std::size_t> widths(7);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], characters(row[i]));
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += i + 1 == row.size() ? row[i] : fmt::format("{:<{}}  ", row[i], widths[i]);
    print(line + "\n");
  }
}

void print_json(const Compilation& c, Date today) {
  for (const Waivers::Entry* entry : sorted(c.waivers)) {
    const ast::Waive& waive = *entry->declared->syntax;
    const LineColumn at = c.sources.position(entry->declared->declared.file, entry->declared->declared.begin);
    nlohmann::ordered_json object{{"waives", waive.what.text},
                                  {"kind", entry->declared->param != nullptr ? "risk" : "policy"},
                                  {"pattern", waive.hosts.text},
                                  {"hosts", entry->hosts}};
    object["owner"] = waive.owner ? nlohmann::ordered_json(*waive.owner) : nullptr;
    object["until"] = waive.until ? nlohmann::ordered_json(to_text(Value{*waive.until})) : nullptr;
    object["days_left"] = waive.until ? nlohmann::ordered_json(days_between(today, *waive.until)) : nullptr;
    object["expired"] = entry->ended;
    object["because"] = waive.because;
    object["file"] = c.sources.name(entry->declared->declared.file);
    object["line"] = at.line;
    print(object.dump() + "\n");
  }
}

// Whatever else is wrong with a site is shown too: of a file that cannot be read, waivers would be missing
// without a word.
int waivers(Arguments& arguments) {
  if (!arguments.site.complete()) return exit_usage_or_io;
  int status = exit_fine;
  for (const std::string& site : arguments.sites) {
    arguments.site.options.main_file = site;
    auto compilation = compile_site(arguments.site.options, DiskFileSystem());
    status = std::max(status, print_diagnostics(*compilation, MessageFormat::text));
    (arguments.format == MessageFormat::json ? print_json : print_table)(*compilation,
                                                                         *arguments.site.options.today);
  }
  return status;
}

void declare(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("waivers",
                                         "List what is waived: on which hosts, by whom, until when");
  command->add_option("site", arguments->sites, "Main files of sites")->required();
  command->add_option("--stdlib", arguments->site.options.overlay,
                      "A directory with params/*.yaml, policies/*.tune and profiles/*.tune of your own");
  command->add_option("--today", arguments->site.today, today_help);
  one_of<MessageFormat>(
      command->add_option("--format", arguments->format, "text, or json: one object a line"),
      {{"text", MessageFormat::text}, {"json", MessageFormat::json}});
  command->callback([arguments, &status] { status = waivers(*arguments); });
}

}  // namespace

extern const Command command_waivers{declare};

}  // namespace tunec
