// Collects diagnostics. Hosts are appended as they come and sorted once, in sorted(), so that ten thousand
// hosts with one mistake cost ten thousand steps.
#include "diagnostics/reporter.h"

#include <algorithm>
#include <tuple>

namespace tunec {

namespace {

std::string identity(const Diagnostic& diagnostic) {
  const Span& where = diagnostic.where;
  return fmt::format("{}:{}:{}:{}:{}", diagnostic.info->code, where.file.index, where.begin, where.end,
                     diagnostic.key.empty() ? diagnostic.message : diagnostic.key);
}

// The host detail and the inclusions belong to the host that will be named first.
void unite_hosts(Diagnostic& into, Diagnostic& from) {
  const auto first_of_new = std::min_element(from.hosts.begin(), from.hosts.end());
  if (first_of_new == from.hosts.end()) return;
  const bool leads = into.hosts.empty() || *first_of_new < into.hosts.front();
  if (leads) {
    std::swap(*first_of_new, from.hosts.front());
    into.host_detail = std::move(from.host_detail);
    into.via = std::move(from.via);
  }
  const std::size_t old_first = into.hosts.size();
  into.hosts.insert(into.hosts.end(), from.hosts.begin(), from.hosts.end());
  if (leads) std::swap(into.hosts.front(), into.hosts[old_first]);
}

}  // namespace

Draft& Draft::at(std::string text) {
  diagnostic_.at = std::move(text);
  return *this;
}
Draft& Draft::key(std::string key) {
  diagnostic_.key = std::move(key);
  return *this;
}
Draft& Draft::label(Span where, std::string text) {
  diagnostic_.labels.push_back({where, std::move(text)});
  return *this;
}
Draft& Draft::note(std::string text) {
  diagnostic_.notes.push_back(std::move(text));
  return *this;
}
Draft& Draft::help(std::string text) {
  diagnostic_.help.push_back(std::move(text));
  return *this;
}
Draft& Draft::fix(Fix fix) {
  if (!fix.edits.empty()) diagnostic_.fixes.push_back(std::move(fix));
  return *this;
}
Draft& Draft::fix(Edit edit, Certainty certainty, std::string what) {
  diagnostic_.fixes.push_back({{std::move(edit)}, certainty == Certainty::certain, std::move(what)});
  return *this;
}
Draft& Draft::did_you_mean(const Near& near, std::string_view before, std::string_view behind,
                           std::optional<Span> place) {
  std::string what = fmt::format("did you mean `{}{}`{}?", before, near.name, behind);
  help(what);
  return fix({Edit::Kind::word, place.value_or(diagnostic_.where), near.name, near.wrong},
             near.is_certain ? Certainty::certain : Certainty::likely, std::move(what));
}
Draft& Draft::policy(std::string name) {
  diagnostic_.policy = std::move(name);
  return *this;
}
Draft& Draft::severity(Severity severity) {
  diagnostic_.severity = severity;
  return *this;
}
Draft& Draft::hosts(std::span<const std::string_view> names, std::string detail_of_first, std::string via) {
  return hosts(std::vector<std::string>(names.begin(), names.end()), std::move(detail_of_first),
               std::move(via));
}
Draft& Draft::hosts(std::vector<std::string> names, std::string detail_of_first, std::string via) {
  diagnostic_.hosts = std::move(names);
  diagnostic_.host_detail = std::move(detail_of_first);
  diagnostic_.via = std::move(via);
  return *this;
}
Draft::~Draft() {
  if (live_) reporter_.add(std::move(diagnostic_));
}

Draft Reporter::draft(Span where, const DiagInfo& info, std::string message) {
  Diagnostic diagnostic;
  diagnostic.info = &info;
  diagnostic.severity = info.severity;
  diagnostic.where = where;
  diagnostic.message = std::move(message);
  return Draft(*this, std::move(diagnostic));
}

void Reporter::add(Diagnostic diagnostic) {
  ++report_count_;
  const auto count = [this](Severity severity) -> std::size_t& {
    if (severity == Severity::error) return errors_;
    return severity == Severity::warning ? warnings_ : notes_;
  };
  const auto [entry, fresh] = index_.try_emplace(identity(diagnostic), diagnostics_.size());
  if (fresh && diagnostic.severity == Severity::error && errors_ >= max_errors) {
    ++errors_;
    index_.erase(entry);
    return;
  }
  if (fresh) {
    ++count(diagnostic.severity);
    Diagnostic& added = diagnostics_.emplace_back(std::move(diagnostic));
    // The host of the detail comes first, also before sorted() has sorted the others.
    const auto first = std::min_element(added.hosts.begin(), added.hosts.end());
    if (first != added.hosts.end()) std::swap(*first, added.hosts.front());
    return;
  }
  Diagnostic& earlier = diagnostics_[entry->second];
  unite_hosts(earlier, diagnostic);
  // If a fix is right for one host and wrong for the next, a person has to choose.
  if (earlier.fixes != diagnostic.fixes) {
    for (Fix& fix : earlier.fixes) fix.is_certain = false;
  }
  if (diagnostic.severity <= earlier.severity) return;
  // If it is an error on one host and a warning on the next, it is an error.
  --count(earlier.severity);
  earlier.severity = diagnostic.severity;
  ++count(earlier.severity);
}

bool Reporter::knows(const Diagnostic& diagnostic) const { return index_.contains(identity(diagnostic)); }

const std::set<std::string>& Reporter::hosts_with_waiver(Span waiver) const {
  static const std::set<std::string> none;
  const auto found = waiver_hosts_.find(waiver);
  return found == waiver_hosts_.end() ? none : found->second;
}

void Reporter::take(Reporter other) {
  for (Diagnostic& diagnostic : other.diagnostics_) add(std::move(diagnostic));
  for (auto& [waiver, hosts] : other.waiver_hosts_) waiver_hosts_[waiver].merge(hosts);
}

std::vector<Diagnostic> Reporter::sorted() const {
  std::vector<Diagnostic> all(diagnostics_.begin(), diagnostics_.end());
  for (Diagnostic& diagnostic : all) {
    std::vector<std::string>& hosts = diagnostic.hosts;
    std::sort(hosts.begin(), hosts.end());
    hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
  }
  std::stable_sort(all.begin(), all.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.where.file, a.where.begin, a.info->code) <
           std::tie(b.where.file, b.where.begin, b.info->code);
  });
  return all;
}

}  // namespace tunec
