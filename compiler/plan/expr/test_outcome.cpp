// Returns the outcome of a test's hosts, as values.
#include "plan/expr/test_outcome.h"

#include <algorithm>

#include "plan/expr/parts.h"
#include "site/builtin_names.h"

namespace tunec {
namespace {

Value lines_of(std::string_view text) {
  List lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.items.push_back({std::string(text.substr(0, end))});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {std::move(lines)};
}

Value lines(const std::vector<TestOutcome::File>& files, std::string_view path) {
  const auto found = std::ranges::find(files, path, &TestOutcome::File::path);
  return found == files.end() ? list_of({}) : lines_of(found->text);
}

Value paths(const std::vector<TestOutcome::File>& files) {
  List all;
  for (const TestOutcome::File& file : files) all.items.push_back({std::string(file.path)});
  return {std::move(all)};
}

Value steps(const TestOutcome& outcome, std::string_view host) {
  List all;
  if (const auto found = outcome.steps.find(host); found != outcome.steps.end()) {
    for (const std::string_view command : found->second) all.items.push_back({std::string(command)});
  }
  return {std::move(all)};
}

// If no host is named, the diagnostics of all of them.
Value diagnostics(const std::vector<Diagnostic>& all, const std::string& host) {
  List found;
  for (const Diagnostic& diagnostic : all) {
    if (!host.empty() && std::ranges::find(diagnostic.hosts, host) == diagnostic.hosts.end()) continue;
    found.items.push_back(symbol(std::string(diagnostic.info->code)));
    if (!diagnostic.policy.empty()) found.items.push_back(symbol(diagnostic.policy));
  }
  return {std::move(found)};
}

}  // namespace

const std::vector<TestOutcome::File>& TestOutcome::files_of(std::string_view host) const {
  static const std::vector<File> none;
  const auto found = files.find(host);
  return found == files.end() ? none : found->second;
}

Value test_outcome(const ast::PathPart& call, const Scope& scope, Evaluation& run) {
  if (scope.view == nullptr || scope.view->outcome == nullptr)
    return {Poison{}};  // the binder has reported it
  const auto& arguments = *call.arguments;
  TestOutcome& outcome = *scope.view->outcome;
  TestOutcome::Question question{&call, "", "", {}};
  if (!arguments.empty()) question.host = plain_name(*arguments[0].value).value_or("");
  if (arguments.size() > 1) {
    const Value path = evaluate(*arguments[1].value, scope, run);
    if (path.poisoned()) return path;
    question.path = to_text(path);
    question.path.erase(0, std::min(question.path.find_first_not_of('/'), question.path.size()));
  }
  const std::vector<TestOutcome::File>& files = outcome.files_of(question.host);
  question.answer = call.name.text == "lines"   ? lines(files, question.path)
                    : call.name.text == "files" ? paths(files)
                    : call.name.text == "steps" ? steps(outcome, question.host)
                                                : diagnostics(outcome.diagnostics, question.host);
  outcome.questions.push_back(question);
  return question.answer;
}

}  // namespace tunec
