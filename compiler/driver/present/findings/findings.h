// Diagnostics in the forms that other programs read: editors, GitHub, GitLab, scanners' dashboards.
// terminal.h has the text for people, diagnostics/render.h one JSON object a line.
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

// Shared by these functions.
std::string_view severity_name(Severity severity);  // "error"
struct FindingPlace {
  std::string path;  // relative to the repository, or to the working directory where there is none
  LineColumn begin, end;
};
// For a place in a file of the user's; nothing if the finding has none.
std::optional<FindingPlace> place_of(Span where, const Sources& sources);
// Identifies a finding as long as its line and message stay the same, even if the line moves. `nth`: which of
// several equal ones it is.
std::string fingerprint_of(const Diagnostic& diagnostic, const Sources& sources, std::size_t nth);
// A fingerprint for each diagnostic. Equal ones are numbered in their order.
std::vector<std::string> fingerprints_of(const SiteFindings& site);

// Implements --format: prints the findings of each site as they come, or all at the end.
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
