// tunec waivers: who has allowed what on which hosts, until when. For reviews, and for the pipeline that asks
// every morning.
#include <algorithm>
#include <chrono>

#include <nlohmann/json.hpp>

#include "base/table.h"
#include "driver/cli/site_arguments.h"

namespace tunec {
namespace {

struct Options {
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
  return entry.ended ? fmt::format("ended {} ago", counted(static_cast<std::size_t>(-days), "day"))
                     : fmt::format("{} left", counted(static_cast<std::size_t>(days), "day"));
}

void print_table(const Compilation& c, Date today) {
  if (c.waivers.entries().empty()) return c.reporter.has_errors() ? void() : print("nothing is waived\n");
  Table table;
  table.add({"until", "", "what", "on", "owner", "because", "at"});
  for (const Waivers::Entry* entry : sorted(c.waivers)) {
    const ast::Waive& waive = *entry->declared->syntax;
    table.add({waive.until ? to_text(Value{*waive.until}) : "no end", remaining(*entry, today),
               waive.what.text,
               fmt::format("{} ({})", waive.hosts.text, counted(entry->hosts.size(), "host")),
               waive.owner ? *waive.owner : "no owner", waive.because,
               place_text(c.sources, entry->declared->declared)});
  }
  print(table.text());
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
int waivers(Options& options) {
  if (!options.site.complete()) return exit_usage_or_io;
  int status = exit_fine;
  for (const std::string& site : options.sites) {
    options.site.options.main_file = site;
    auto compilation = compile_site(options.site.options, DiskFileSystem());
    status = std::max(status, print_diagnostics(*compilation, MessageFormat::text));
    (options.format == MessageFormat::json ? print_json : print_table)(*compilation,
                                                                       *options.site.options.today);
  }
  return status;
}

}  // namespace

Command command_waivers() {
  const auto o = std::make_shared<Options>();
  return {.name = "waivers",
          .summary = "List what is waived: on which hosts, by whom, until when",
          .details = "The waiver that expires first comes first. An expired waiver is an error.",
          .options = with_sites(o->site, o->sites, "Main files of sites",
                                {format_option(o->format, "Text, or JSON with one object a line")}),
          .run = [o] { return waivers(*o); }};
}

}  // namespace tunec
