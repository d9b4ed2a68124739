// The tests of a site. Each test's hosts are a fleet of their own: planned, checked and rendered as any
// other, by themselves.
#pragma once

#include <functional>
#include <vector>

#include "driver/pipeline.h"

namespace tunec {

struct TestResult {
  const TestDecl* test = nullptr;
  Reporter failures;                   // expectations that do not hold
  std::vector<Diagnostic> unexpected;  // errors that no expectation names
  bool passed() const { return !failures.has_errors() && unexpected.empty(); }
};

// In the order in which they stand. `wanted` picks by name.
std::vector<TestResult> run_tests(const Compilation& compilation,
                                  const std::function<bool(const std::string& name)>& wanted);

// What failed in one test, or in all of them: then an error that was reported of the site itself is not said
// again, and what several tests meet is said once.
void report_test(const TestResult& result, Reporter& reporter);
void report_tests(const std::vector<TestResult>& results, Reporter& reporter);

}  // namespace tunec
