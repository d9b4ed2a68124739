// `test "…" { host … expect … }`: the report of an expectation that fails, and the errors that a test does
// not expect.
#include "check/policy/expectations.h"

#include <algorithm>
#include <set>

#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "site/builtin_names.h"
#include "syntax/operators.h"
#include "syntax/print.h"
#include "syntax/walk.h"

namespace tunec {
namespace {

// The X of `X in CALL`.
const ast::Expr* wanted_in(const ast::Expr& expectation, const ast::PathPart& call) {
  const ast::Expr* wanted = nullptr;
  ast::any_within(expectation, [&](const ast::Expr& expr) {
    const auto* binary = std::get_if<ast::Binary>(&expr.node);
    if (binary == nullptr || binary->op != ast::BinaryOp::in) return false;
    const auto* path = std::get_if<ast::Path>(&binary->right->node);
    if (path != nullptr && &path->parts.front() == &call) wanted = &*binary->left;
    return wanted != nullptr;
  });
  return wanted;
}

// The values that were found instead of the expected ones, clause by clause.
class Findings {
 public:
  Findings(const ast::Expr& expectation, Evaluator& evaluate)
      : expectation_(expectation), evaluate_(evaluate) {}

  std::string text(const TestOutcome& outcome) {
    for (const Setting* setting : evaluate_.trace().looked_at)
      add(fmt::format("`{}` = {}", setting->name, to_source(setting->value)));
    const std::vector<TestOutcome::Question> questions =
        outcome.questions;  // evaluating the other side may add to it
    for (const TestOutcome::Question& question : questions) {
      if (question.call->name.text == "lines") {
        add(line(question, outcome.files_of(question.host)));
      } else {
        const std::string call = fmt::format("{}({})", question.call->name.text, question.host);
        add(question.answer.as<List>().items.empty()
                ? fmt::format("{} is empty", call)
                : fmt::format("{} = {}", call, to_source(question.answer)));
      }
    }
    if (text_.empty()) add(compared());
    return text_;
  }

 private:
  void add(const std::string& clause) {
    if (text_.find(clause) == std::string::npos) text_ += (text_.empty() ? "" : ", ") + clause;
  }

  std::string line(const TestOutcome::Question& question, const std::vector<TestOutcome::File>& files) {
    if (std::ranges::find(files, question.path, &TestOutcome::File::path) == files.end()) {
      std::vector<std::string_view> paths;
      for (const TestOutcome::File& file : files) paths.push_back(file.path);
      const auto near = nearest(question.path, paths);
      return fmt::format(
          "`{}` has no file `{}`{}", question.host, question.path,
          near ? fmt::format("; the closest is `{}`", near->name)
               : fmt::format("; it has {}", paths.empty() ? "none" : fmt::to_string(fmt::join(paths, ", "))));
    }
    std::vector<std::string> lines;
    for (const Value& item : question.answer.as<List>().items) lines.push_back(to_text(item));
    const ast::Expr* expr = wanted_in(expectation_, *question.call);
    const Value wanted = expr != nullptr ? evaluate_(*expr) : Value{Poison{}};
    if (wanted.poisoned()) return fmt::format("`{}` has {} lines", question.path, lines.size());
    const std::string text = to_text(wanted);
    if (const auto found = std::ranges::find(lines, text); found != lines.end())
      return fmt::format("it is line {}", found - lines.begin() + 1);
    const std::string closest = closest_line(text, lines);
    return closest.empty() ? fmt::format("no line of `{}` is like it", question.path)
                           : fmt::format("the closest line is `{}`", closest);
  }

  // For an expectation over constants alone.
  std::string compared() {
    const auto* binary = std::get_if<ast::Binary>(&expectation_.node);
    const Value left = binary != nullptr ? evaluate_(*binary->left) : Value{Poison{}},
                right = binary != nullptr ? evaluate_(*binary->right) : Value{Poison{}};
    if (left.poisoned() || right.poisoned()) return "nothing sets what it asks for";
    return fmt::format("it is {} {} {}", to_source(left), syntax::infix(binary->op).text, to_source(right));
  }

  // The nearest text by its letters. If no text is near, the one that begins alike.
  static std::string closest_line(const std::string& wanted, const std::vector<std::string>& lines) {
    if (const auto near = nearest(wanted, std::vector<std::string_view>(lines.begin(), lines.end())))
      return near->name;
    std::string_view best;
    std::size_t longest = wanted.size() / 3;
    for (const std::string& line : lines) {
      const auto length = static_cast<std::size_t>(std::ranges::mismatch(wanted, line).in1 - wanted.begin());
      if (length > longest) best = line, longest = length;
    }
    return std::string(best);
  }

  const ast::Expr& expectation_;
  Evaluator& evaluate_;
  std::string text_;
};

}  // namespace

void check_expectations(const TestDecl& test, const Plan& plan, TestOutcome& outcome, const CheckInput& input,
                        Reporter& reporter) {
  static const Facts nothing;
  const HostPlan none;
  const HostPlan& host = plan.hosts.empty() ? none : plan.hosts.front();
  const EvaluatedHost subject{host.facts ? host.facts.get() : &nothing, host.name, {}, {}, host.labels.get()};
  for (const ast::Expr& expectation : test.syntax->expectations) {
    if (std::holds_alternative<ast::Missing>(expectation.node)) continue;  // the parser has reported it
    outcome.questions.clear();
    PolicyView view;
    view.catalogue = &input.catalogue;
    view.boot_state = &input.boot_state;
    view.named = &plan.hosts;
    view.outcome = &outcome;
    Scope scope;
    scope.host = &subject;
    scope.view = &view;
    scope.plan = &host;
    Evaluator evaluate(input.fleet, scope, reporter);
    const std::size_t before = reporter.errors();
    // An expectation that cannot be evaluated was reported already
    if (evaluate.condition(expectation) == true || reporter.errors() > before) continue;
    reporter.report(expectation.span, diag::test_failed, test.syntax->name.text, print(expectation))
        .at(Findings(expectation, evaluate).text(outcome));
  }
}

std::vector<Diagnostic> unexpected(const TestDecl& test, const TestOutcome& outcome) {
  std::set<std::string, std::less<>> named;
  for (const ast::Expr& expectation : test.syntax->expectations) {
    ast::any_within(expectation, [&](const ast::Expr& expr) {
      if (auto name = plain_name(expr)) named.insert(std::move(*name));
      return false;
    });
  }
  std::vector<Diagnostic> errors;
  for (const Diagnostic& diagnostic : outcome.diagnostics) {
    const bool expected = named.contains(diagnostic.info->code) ||
                          (!diagnostic.policy.empty() && named.contains(diagnostic.policy));
    if (diagnostic.severity == Severity::error && !expected) errors.push_back(diagnostic);
  }
  return errors;
}

void report_unexpected(const TestDecl& test, const Diagnostic& error, std::size_t also_in,
                       Reporter& reporter) {
  const std::string& what = error.policy.empty() ? std::string(error.info->code) : error.policy;
  Draft draft = reporter.report(test.syntax->name.span, diag::test_unexpected, test.syntax->name.text,
                                error.message);
  draft.key(fmt::format("{} {} {}", what, error.where.file.index, error.where.begin))
      .policy(error.policy)
      .hosts(error.hosts, error.host_detail, error.via);
  if (error.where != nowhere)
    draft.label(error.where, error.at.empty() ? std::string(error.info->code)
                                              : fmt::format("{}: {}", error.info->code, error.at));
  for (const Label& label : error.labels) draft.label(label.where, label.text);
  for (const std::string& note : error.notes) draft.note(note);
  if (also_in > 0)
    draft.note(fmt::format("{} other test{} the same", also_in, also_in == 1 ? " meets" : "s meet"));
  for (const std::string& help : error.help) draft.help(help);
  if (error.help.empty() && !error.info->help.empty()) draft.help(std::string(error.info->help));
  const std::string host = error.hosts.empty() ? "" : error.hosts.front();
  draft.help(fmt::format("if the test is about it, write `expect {} in diagnostics({})`", what, host));
}

}  // namespace tunec
