// The outcome of a test's hosts: files, steps and diagnostics. Expectations read it by `lines(tiny,
// "etc/…")`, `files(tiny)`, `steps(tiny)` and `diagnostics(tiny)`. The test runner fills it in, because files
// are rendered after expressions are evaluated.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diagnostic.h"
#include "plan/expr/evaluate.h"

namespace tunec {

struct TestOutcome {
  struct File {
    std::string_view path, text;
  };
  // A call of an expectation and its result, for the message if the expectation does not hold.
  struct Question {
    const ast::PathPart* call = nullptr;
    std::string host, path;
    Value answer;
  };
  std::map<std::string, std::vector<File>, std::less<>> files;  // by host; each host's sorted by path
  std::map<std::string, std::vector<std::string_view>, std::less<>> steps;  // commands, by host
  std::vector<Diagnostic> diagnostics;
  std::vector<Question> questions;  // filled in by the evaluator

  const std::vector<File>& files_of(std::string_view host) const;
};

}  // namespace tunec
