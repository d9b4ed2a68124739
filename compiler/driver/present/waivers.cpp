#include "driver/present/waivers.h"

#include <algorithm>
#include <tuple>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/table.h"

namespace tunec {
namespace {

// Sorted by expiry, those without one last; then by name and hosts.
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

}  // namespace

std::string waivers_text(const Waivers& waivers, const Reporter& reporter, const Sources& sources,
                         Date today) {
  Table table;
  table.add({"until", "", "what", "on", "owner", "because", "at"});
  for (const Waivers::Entry* entry : sorted(waivers)) {
    const ast::Waive& waive = *entry->declared->syntax;
    table.add({waive.until ? to_text(Value{*waive.until}) : "no end", remaining(*entry, today),
               waive.what.text,
               fmt::format("{} ({})", waive.hosts.text,
                           counted(reporter.hosts_with_waiver(entry->declared->declared).size(), "host")),
               waive.owner ? *waive.owner : "no owner", waive.because,
               sources.line_place(entry->declared->declared)});
  }
  return table.text();
}

std::string waivers_json(const Waivers& waivers, const Reporter& reporter, const Sources& sources,
                         Date today) {
  std::string lines;
  for (const Waivers::Entry* entry : sorted(waivers)) {
    const ast::Waive& waive = *entry->declared->syntax;
    const LineColumn at = sources.position(entry->declared->declared.file, entry->declared->declared.begin);
    nlohmann::ordered_json object{{"waives", waive.what.text},
                                  {"kind", entry->declared->param != nullptr ? "risk" : "policy"},
                                  {"pattern", waive.hosts.text},
                                  {"hosts", reporter.hosts_with_waiver(entry->declared->declared)}};
    object["owner"] = waive.owner ? nlohmann::ordered_json(*waive.owner) : nullptr;
    object["until"] = waive.until ? nlohmann::ordered_json(to_text(Value{*waive.until})) : nullptr;
    object["days_left"] = waive.until ? nlohmann::ordered_json(days_between(today, *waive.until)) : nullptr;
    object["expired"] = entry->ended;
    object["because"] = waive.because;
    object["file"] = sources.name(entry->declared->declared.file);
    object["line"] = at.line;
    lines += object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }
  return lines;
}

}  // namespace tunec
