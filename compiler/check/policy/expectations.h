// Compares the expectations of a test with the plan, the files and the diagnostics of its hosts.
#pragma once

#include <vector>

#include "check/checks.h"
#include "plan/expr/test_outcome.h"

namespace tunec {

// Reports every expectation that does not hold, with the values that were found instead.
void check_expectations(const TestDecl& test, const Plan& plan, TestOutcome& outcome, const CheckInput& input,
                        Reporter& reporter);

// Reports the errors that no expectation names by code or policy. They fail the test too.
std::vector<Diagnostic> unexpected(const TestDecl& test, const TestOutcome& outcome);
// `also_in`: how many other tests meet the same error.
void report_unexpected(const TestDecl& test, const Diagnostic& error, std::size_t also_in,
                       Reporter& reporter);

}  // namespace tunec
