// `test "…" { host … expect … }`: hosts that exist only to be asked. They are planned as any other; policies do not look at them.
#include "diagnostics/diag.h"
#include "plan/check.h"
#include "syntax/print.h"

namespace tunec {
namespace {

// What the settings in a failed expectation really are.
std::string found_instead(const std::vector<const Setting*>& looked_at) {
  std::string text;
  for (const Setting* setting : looked_at) text += fmt::format("{}`{}` = {}", text.empty() ? "" : ", ", setting->name, to_source(setting->value));
  return text.empty() ? "nothing sets what it asks for" : text;
}

}  // namespace

void run_tests(const CheckInput& input, Reporter& reporter) {
  for (const TestDecl& test : input.fleet.tests) {
    const PlanWithNotes planned = build_plan(input.fleet, test.hosts, input.catalogue, input.sources, reporter);
    if (planned.plan.hosts.empty()) continue;
    const HostPlan& host = planned.plan.hosts.front();
    const Subject subject{host.facts.get(), host.name, {}, {}, host.labels.get()};
    for (const ast::Expr& expectation : test.syntax->expectations) {
      SettingsInView view{&host, &input.catalogue, &planned.plan.hosts, {}, {}, false};
      Evaluator evaluate(input.fleet, subject, reporter);
      evaluate.view = &view;
      const auto holds = evaluate.condition(expectation);
      if (holds == true || (!holds && std::holds_alternative<ast::Missing>(expectation.node))) continue;
      reporter.report(expectation.span, diag::test_failed, test.syntax->name, print(expectation)).at(found_instead(view.looked_at));
    }
  }
}

}  // namespace tunec
