#include "check/waivers.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "diagnostics/diag.h"
#include "machine/host_pattern.h"

namespace tunec {
namespace {

bool blank(const std::string& text) { return text.find_first_not_of(" \t") == std::string::npos; }

// The parts that this waiver lacks: a reason, and an owner and an end if it takes a risk.
std::vector<std::string_view> missing_parts(const ast::Waive& waive, bool is_of_risk) {
  std::vector<std::string_view> missing;
  if (waive.broken) return missing;  // reported
  if (is_of_risk && (!waive.owner || blank(*waive.owner))) missing.push_back("an owner");
  if (is_of_risk && !waive.until) missing.push_back("an end");
  if (blank(waive.because)) missing.push_back("a reason");
  return missing;
}

std::string complete(const ast::Waive& waive) {
  const auto text_or_gap = [](const std::string& text) {
    return blank(text) ? "\"…\"" : to_source(Value{text});
  };
  return fmt::format("waive {} on host {} owner {} until {} because {}", without_instances(waive.what.text),
                     waive.hosts.text, text_or_gap(waive.owner ? *waive.owner : ""),
                     waive.until ? to_text(Value{*waive.until}) : "DATE", text_or_gap(waive.because));
}

// kvm-[03..17] for kvm-03 and kvm-17; empty if they differ in more than one number.
std::string numbers_between(std::string_view low, std::string_view high) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  auto begin = std::ranges::mismatch(low, high).in1;
  while (begin != low.begin() && digit(begin[-1])) --begin;
  const auto end = std::find_if_not(begin, low.end(), digit);
  const auto stem = static_cast<std::size_t>(begin - low.begin()),
             width = static_cast<std::size_t>(end - begin);
  const std::string_view rest = low.substr(stem + width);
  if (width == 0 || high.size() != low.size() || high.substr(stem + width) != rest ||
      !std::ranges::all_of(high.substr(stem, width), digit))
    return "";
  return fmt::format("{}[{}..{}]{}", low.substr(0, stem), low.substr(stem, width), high.substr(stem, width),
                     rest);
}

}  // namespace

Waivers::Waivers(const Fleet& fleet, std::optional<Date> today) {
  for (const WaiverDecl& waiver : fleet.waivers) {
    const auto& until = waiver.syntax->until;
    by_name_[waiver.param != nullptr ? waiver.param->name : waiver.syntax->what.text].push_back(
        entries_.size());
    entries_.push_back({&waiver, today && until && *until < *today});
  }
}

// A waiver that has ended allows nothing. Its hosts are noted all the same.
bool Waivers::allow(std::string_view name, const std::string& host, Reporter& reporter) const {
  const auto waivers = by_name_.find(name);
  if (waivers == by_name_.end()) return false;
  for (const std::size_t i : waivers->second) {
    const Entry& entry = entries_[i];
    // Reported already: which hosts it is meant for is unknown
    if (entry.declared->names_no_host) return true;
    if (!matches_pattern(entry.declared->syntax->hosts.text, host)) continue;
    reporter.note_waiver(entry.declared->declared, host);
    if (!entry.ended) return true;
  }
  return false;
}

void Waivers::report(Reporter& reporter) const {
  for (const Entry& entry : entries_) {
    const ast::Waive& syntax = *entry.declared->syntax;
    const std::string& name = syntax.what.text;
    if (!entry.declared->names_something || entry.declared->names_no_host) continue;  // reported already
    const auto missing = missing_parts(syntax, entry.declared->param != nullptr);
    if (entry.ended) {
      reporter.report(entry.declared->declared, diag::waiver_expired, name, to_text(Value{*syntax.until}));
    } else if (reporter.hosts_with_waiver(entry.declared->declared).empty() && !blank(syntax.because)) {
      // The breach that it allows may be missing because of an error
      if (reporter.has_errors()) continue;
      reporter.report(entry.declared->declared, diag::waiver_unused, name)
          .fix({Edit::Kind::statement, entry.declared->declared, ""}, Certainty::certain);
    } else if (!missing.empty()) {
      reporter
          .report(entry.declared->declared, diag::waiver_incomplete, name,
                  fmt::format("{}", fmt::join(missing, " and ")))
          .help(fmt::format("write `{}`", complete(syntax)));
    }
  }
}

std::optional<std::string> pattern_of(const std::vector<std::string>& hosts, const Fleet& fleet) {
  if (hosts.empty()) return std::nullopt;
  if (hosts.size() == 1) return hosts.front();
  const auto fits = [&](const std::string& pattern) {
    const auto matches = [&](const std::string& name) { return matches_pattern(pattern, name); };
    if (!matches(hosts.front()) || !std::ranges::all_of(hosts, matches)) return false;
    return std::ranges::count_if(fleet.hosts, [&](const Host& host) { return matches(host.name); }) ==
           std::ssize(hosts);
  };
  if (fits("*")) return "*";
  for (const auto& declaration : fleet.declarations) {
    if (declaration->syntax->many && fits(declaration->syntax->name.text))
      return declaration->syntax->name.text;
  }
  // The hosts are sorted, so a prefix of the first and the last is a prefix of all
  const std::string& first = hosts.front();
  const std::string prefix(first.begin(), std::ranges::mismatch(first, hosts.back()).in1);
  if (!prefix.empty() && fits(prefix + "*")) return prefix + "*";
  if (const std::string numbered = numbers_between(first, hosts.back()); !numbered.empty() && fits(numbered))
    return numbered;
  return std::nullopt;
}

}  // namespace tunec
