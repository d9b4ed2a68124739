// Diagnostics in the forms that other programs read: editors, GitHub, GitLab, scanners' dashboards. The text
// for people is in terminal.h, one JSON object a line in diagnostics/render.h.
#pragma once

#include <string>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "driver/present/terminal.h"
#include "site/library.h"
#include "source/sources.h"

namespace tunec {

struct SiteFindings {
  std::string site;  // as the user named it
  const Sources* sources = nullptr;
  std::vector<Diagnostic> diagnostics;
  const Library* library = nullptr;  // whose pages have the titles of the rules
};

// A line each: "site.tune:4:12: error[T0401]: …"
std::string findings_short(const SiteFindings& site);
// Commands of a GitHub workflow, a line each: "::error file=site.tune,line=4,…"
std::string findings_github(const SiteFindings& site);
// Documents for all sites of a run.
std::string findings_sarif(const std::vector<SiteFindings>& sites);   // SARIF 2.1.0
std::string findings_gitlab(const std::vector<SiteFindings>& sites);  // code quality
std::string findings_junit(const std::vector<SiteFindings>& sites);   // a failed test for each finding

// Shared by these.
std::string_view severity_name(Severity severity);  // "error"
struct FindingPlace {
  std::string path;  // relative to the repository, or to the working directory where there is none
  LineColumn begin, end;
};
// Of a place in a file of the user's; nothing if the finding has none.
std::optional<FindingPlace> place_of(Span where, const Sources& sources);
// The same for one finding as long as its line and what it says stay: moved lines keep it. `nth` of its kind.
std::string fingerprint_of(const Diagnostic& diagnostic, const Sources& sources, std::size_t nth);
// For each diagnostic, how many before it have the same fingerprint but for that.
std::vector<std::string> fingerprints_of(const SiteFindings& site);

// What a command with --format does: prints the findings of each site as it comes, or of all at the end.
class FindingsPrinter {
 public:
  explicit FindingsPrinter(MessageFormat format) : format_(format) {}
  // Returns the exit code of this site.
  int print_site(const Compilation& compilation, const std::string& site);
  void finish();

 private:
  MessageFormat format_;
  std::vector<SiteFindings> sites_;
};

}  // namespace tunec
