// Collects the diagnostics of every stage. The build checks arguments against the entry in catalogue.def. One
// mistake is one diagnostic: a report with the same code, place and key as an earlier one only adds its
// hosts.
//
//   reporter.report(span, diag::value_out_of_range, "vm.swappiness", "300")
//       .at("0..200")
//       .label(other, "set here too")
//       .help("delete the line")
//       .hosts({"kvm-01"}, "ubuntu 24.04, Linux 6.8");
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/suggest.h"
#include "diagnostics/diagnostic.h"

namespace tunec {

// Its type lists the arguments, so that report() accepts exactly these types.
template <class... Args>
struct Diag {
  const DiagInfo* info;
};

class Reporter;

enum class Certainty : std::uint8_t { likely, certain };

// Fills in a diagnostic that was just reported. Short-lived: use it in the same expression.
class Draft {
 public:
  Draft& at(std::string text);
  Draft& key(std::string key);
  Draft& label(Span where, std::string text);
  Draft& note(std::string text);
  Draft& help(std::string text);
  Draft& fix(Fix fix);
  Draft& fix(Edit edit, Certainty certainty, std::string what = {});
  // Adds a help text and the edit that it describes: for "did you mean `host.memory`?", `before` is `host.`,
  // and `memory` is the near name; `behind` follows the name. `place` is where the name stands, if not in the
  // primary place.
  Draft& did_you_mean(const Near& near, std::string_view before = {}, std::string_view behind = {},
                      std::optional<Span> place = {});
  Draft& policy(std::string name);
  Draft& severity(Severity severity);
  Draft& hosts(std::vector<std::string> names, std::string detail_of_first = {}, std::string via = {});
  Draft& hosts(std::span<const std::string_view> names, std::string detail_of_first = {},
               std::string via = {});
  Draft(Draft&& other) noexcept
      : reporter_(other.reporter_),
        diagnostic_(std::move(other.diagnostic_)),
        live_(std::exchange(other.live_, false)) {}
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft();  // hands it to the reporter

 private:
  friend class Reporter;
  Draft(Reporter& reporter, Diagnostic diagnostic)
      : reporter_(reporter), diagnostic_(std::move(diagnostic)) {}
  Reporter& reporter_;
  Diagnostic diagnostic_;
  bool live_ = true;  // false once it was moved from
};

class Reporter {
 public:
  // Errors beyond these are counted but not kept: nobody reads more.
  static constexpr std::size_t max_errors = 1000;

  template <class... Args>
  Draft report(Span where, const Diag<Args...>& diag, const std::type_identity_t<Args>&... args) {
    return draft(where, *diag.info,
                 fmt::vformat(std::string_view(diag.info->message), fmt::make_format_args(args...)));
  }

  bool has_errors() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return warnings_; }
  std::size_t notes() const { return notes_; }
  std::size_t report_count() const { return report_count_; }  // reports, repeated ones as well
  // Whether a diagnostic of the same code, place and key was reported.
  bool knows(const Diagnostic& diagnostic) const;
  // A host needs the waiver that is declared at `waiver`: without it, the host would be reported.
  void note_waiver(Span waiver, const std::string& host) { waiver_hosts_[waiver].insert(host); }
  const std::set<std::string>& hosts_with_waiver(Span waiver) const;
  // Takes over the reports of another reporter, as if they had been made here (for stages that run in
  // threads).
  void take(Reporter other);
  // By file, then position, then code; stable.
  std::vector<Diagnostic> sorted() const;

 private:
  friend class Draft;
  Draft draft(Span where, const DiagInfo& info, std::string message);
  void add(Diagnostic diagnostic);
  std::deque<Diagnostic> diagnostics_;
  std::unordered_map<std::string, std::size_t> index_;  // code, place and key → position
  std::map<Span, std::set<std::string>> waiver_hosts_;
  std::size_t errors_ = 0, warnings_ = 0, notes_ = 0, report_count_ = 0;
};

}  // namespace tunec
