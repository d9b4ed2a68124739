// Runs the tests of a site. The hosts of each test are a fleet of their own, which is planned, checked and
// rendered apart.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/value.h"
#include "catalogue/catalogue.h"
#include "diagnostics/reporter.h"
#include "machine/boot_order.h"
#include "site/fleet.h"

namespace tunec {

struct TestResult {
  const TestDecl* test = nullptr;
  Reporter failures;                   // expectations that do not hold
  std::vector<Diagnostic> unexpected;  // errors that no expectation names
  bool passed() const { return !failures.has_errors() && unexpected.empty(); }
};

// A site whose names are bound. Tests need only this much of it.
struct TestedSite {
  const Fleet& fleet;
  const Catalogue& catalogue;
  const Sources& sources;
  const BootOrder& boot_order;
  std::optional<Date> today;
};
// In the order of the source. `wanted` picks tests by name; empty: all.
std::vector<TestResult> run_tests(const TestedSite& site,
                                  const std::function<bool(const std::string& name)>& wanted = {});

// Reports the failures of one test, or of all tests. For all: an error that several tests meet is reported
// once, and an error that the site itself has is not repeated.
void report_test(const TestResult& result, Reporter& reporter);
void report_tests(const std::vector<TestResult>& results, Reporter& reporter);

}  // namespace tunec
