#include "driver/tests.h"

#include <algorithm>
#include <tuple>

#include "check/policy/expectations.h"
#include "driver/stages.h"
#include "plan/platform/boot_state.h"
#include "plan/settle/build.h"

namespace tunec {
namespace {

TestResult run(const TestDecl& test, const TestedSite& site, const Waivers& waivers,
               const Backends& backends) {
  TestResult result{&test, {}, {}};
  Reporter reporter;
  const PlanWithNotes planned = build_plan(site.fleet, test.hosts, site.catalogue, site.sources, reporter);
  const BootState boot_state(planned.plan, site.catalogue, site.boot_order);
  const CheckInput input{site.fleet, site.catalogue, site.sources, waivers, boot_state, false};
  check_plan(planned.plan, input, reporter);
  const RenderedFleet rendered = render_plan(planned.plan, backends, site.catalogue.forms(), site.sources,
                                             reporter);
  TestOutcome outcome;
  for (const RenderedHost& host : rendered.hosts) {
    auto& files = outcome.files[std::string(host.name)];
    for (const auto& artifact : host.artifacts) files.push_back({artifact->path, artifact->content});
    auto& steps = outcome.steps[std::string(host.name)];
    for (const Step& step : *host.steps) {
      if (!step.command.empty()) steps.push_back(step.command);
    }
  }
  outcome.diagnostics = reporter.sorted();
  check_expectations(test, planned.plan, outcome, input, result.failures);
  result.unexpected = unexpected(test, outcome);
  return result;
}

}  // namespace

std::vector<TestResult> run_tests(const TestedSite& site,
                                  const std::function<bool(const std::string& name)>& wanted) {
  const Waivers waivers(site.fleet, site.today);  // no report: a test need not use any
  const Backends backends = default_backends();
  std::vector<TestResult> results;
  for (const TestDecl& test : site.fleet.tests) {
    if (!wanted || wanted(test.syntax->name.text)) results.push_back(run(test, site, waivers, backends));
  }
  return results;
}

void report_test(const TestResult& result, Reporter& reporter) {
  reporter.take(result.failures);
  for (const Diagnostic& error : result.unexpected) report_unexpected(*result.test, error, 0, reporter);
}

void report_tests(const std::vector<TestResult>& results, Reporter& reporter) {
  struct Met {
    const TestDecl* first;
    const Diagnostic* error;
    std::size_t others;
  };
  std::vector<Met> met;
  std::map<std::tuple<std::string_view, Span, std::string_view>, std::size_t> numbers;
  for (const TestResult& result : results) {
    for (const Diagnostic& error : result.unexpected) {
      if (reporter.knows(error)) continue;
      const auto [entry, fresh] = numbers.try_emplace(
          {error.info->code, error.where, error.key.empty() ? error.message : error.key}, met.size());
      if (fresh) met.push_back({result.test, &error, 0});
      else ++met[entry->second].others;
    }
  }
  for (const TestResult& result : results) reporter.take(result.failures);
  for (const Met& mistake : met) report_unexpected(*mistake.first, *mistake.error, mistake.others, reporter);
}

}  // namespace tunec
