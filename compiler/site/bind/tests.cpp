// Binds names in a test's expectations: a path begins with one of its hosts, and functions return what became
// of a host.
#include <algorithm>

#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "site/bind/binder.h"
#include "site/builtin_names.h"

namespace tunec {

void Binder::check_expectations(const TestDecl& test) {
  test_ = &test;
  for (const ast::Expr& expectation : test.syntax->expectations) check_names(expectation, true);
  test_ = nullptr;
}

bool Binder::check_host_of_test(std::string_view name, Span span) {
  if (std::ranges::find(test_->hosts, name, &Host::name) != test_->hosts.end()) return true;
  std::vector<std::string_view> names;
  for (const Host& host : test_->hosts) names.push_back(host.name);
  const auto near = nearest(name, names);
  auto draft = reporter_.report(span, diag::unknown_name, "host", std::string(name));
  if (near) draft.did_you_mean(*near);
  else
    draft.help(names.empty() ? "declare it in the test: `host NAME { … }`"
                             : fmt::format("the test has {}", fmt::join(names, ", ")));
  return false;
}

// `tiny.boot.hugepages`: the path after the host is bound as in a policy.
void Binder::check_setting_of(const ast::Path& path, Span span) {
  const ast::Name& host = path.parts.front().name;
  if (!check_host_of_test(host.text, host.span)) return;
  const ast::Path rest{{path.parts.begin() + 1, path.parts.end()}};
  if (is_setting(rest)) return;
  std::string name;
  for (const ast::PathPart& part : rest.parts) name += (name.empty() ? "" : ".") + part.name.text;
  if (catalogue_.improvised(name) == nullptr)
    report_unknown(name, {span.file, rest.parts.front().name.span.begin, span.end});
}

// `lines(tiny, "etc/…")`: the host's name is taken literally.
void Binder::check_question(const ast::PathPart& call, Span span) {
  if (test_ == nullptr) {
    reporter_.report(span, diag::asked_outside_test, call.name.text);
    return;
  }
  if (call.arguments->empty()) return;
  const ast::Expr& host = *call.arguments->front().value;
  if (const auto name = plain_name(host)) {
    check_host_of_test(*name, host.span);
  } else {
    reporter_
        .report(host.span, diag::bad_argument,
                fmt::format("`{}` needs the name of one of the test's hosts", call.name.text))
        .help(std::string(function_named(call.name.text)->summary));
  }
}

}  // namespace tunec
