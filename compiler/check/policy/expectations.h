// The expectations of a test, compared with the plan, the files and the diagnostics of its hosts.
#pragma once

#include <vector>

#include "check/checks.h"
#include "plan/expr/test_outcome.h"

namespace tunec {

// Reports every expectation that does not hold, with what was found instead.
void check_expectations(const TestDecl& test, const Plan& plan, TestOutcome& outcome, const CheckInput& input,
                        Reporter& reporter);

// The errors that no expectation names, by code or by policy: they fail the test too.
std::vector<Diagnostic> unexpected(const TestDecl& test, const TestOutcome& outcome);
// `also_in`: how many other tests meet the same error.
void report_unexpected(const TestDecl& test, const Diagnostic& error, std::size_t also_in,
                       Reporter& reporter);

}  // namespace tunec
