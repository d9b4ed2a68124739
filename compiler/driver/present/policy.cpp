#include "driver/present/policy.h"

#include <algorithm>
#include <set>

#include "site/bind/numbers.h"
#include "site/bind/resolve.h"
#include "syntax/walk.h"

namespace tunec {
namespace {

// Collects the numbers that expressions read, directly or through a quantity.
class NumbersRead {
 public:
  explicit NumbersRead(const Fleet& fleet) : fleet_(fleet) {}

  void add(const ast::Expr& expr) {
    ast::any_within(expr, [&](const ast::Expr& within) {
      const auto* path = std::get_if<ast::Path>(&within.node);
      if (path == nullptr || path->parts.size() > 1 || path->parts.front().arguments) return false;
      const std::string& name = path->parts.front().name.text;
      const auto found = fleet_.quantities.find(name);
      if (found == fleet_.quantities.end() || !seen_.insert(name).second) return false;
      if (found->second.number != nullptr) numbers_.insert(name);
      else add(found->second.syntax->value);
      return false;
    });
  }
  void add(const ast::Policy& policy) {
    for (const ast::Let& let : policy.lets) add(let.value);
    for (const auto* part : {&policy.per, &policy.where, &policy.total}) {
      if (*part) add(**part);
    }
    for (const ast::Expr& condition : policy.conditions) add(condition);
    for (const ast::Rule& rule : policy.rules) add(rule.value);
    for (const ast::Part& part : policy.parts) add(part.value);
  }
  const std::set<std::string>& names() const { return numbers_; }

 private:
  const Fleet& fleet_;
  std::set<std::string> seen_, numbers_;
};

std::string default_of(const Fleet& fleet, const std::string& number) {
  return to_source(number_named(fleet, number)->defaults.front().value);
}

std::string text_of(const ast::Policy& policy, const Fleet& fleet) {
  std::string text = fmt::format("{} {}\n\n{}\n", policy.budget ? "budget" : "policy", policy.name.text,
                                 policy.doc);
  const std::string severity = policy.severity.empty() ? "error" : policy.severity;
  text += fmt::format("\n  reports   {} {}\n  for       {}\n", policy.budget ? "T0604" : "T0600", severity,
                      policy.scope ? policy.scope->text : "host");
  NumbersRead read(fleet);
  read.add(policy);
  for (const std::string& number : read.names()) {
    text += fmt::format("  number    let {} = {}   (the default, for the site, a profile or a host)\n",
                        number, default_of(fleet, number));
  }
  return text;
}

std::string text_of_number(const std::string& number, const Fleet& fleet) {
  std::vector<std::string> readers;
  for (const PolicyDecl& policy : fleet.policies) {
    NumbersRead read(fleet);
    read.add(*policy.syntax);
    if (read.names().contains(number)) readers.push_back(policy.syntax->name.text);
  }
  return fmt::format(
      "{0}\n\nA number that policies read. A site that knows it better writes `let {0} = …`, for all of its "
      "hosts, in a "
      "profile or in a host.\n\n  default   {1}\n  policies  {2}\n",
      number, default_of(fleet, number), fmt::join(readers, ", "));
}

}  // namespace

std::optional<std::string> policy_text(Compilation& knowledge, const std::string& name,
                                       std::vector<std::string>& names) {
  const Knowledge parts{knowledge.catalogue, knowledge.library, knowledge.platforms, ""};
  const Fleet fleet = resolve(LoadedFiles{}, parts, knowledge.sources, knowledge.reporter);
  for (const PolicyDecl& policy : fleet.policies) {
    if (policy.syntax->name.text == name) return text_of(*policy.syntax, fleet);
    names.push_back(policy.syntax->name.text);
  }
  for (const std::string_view number : names_of_numbers(fleet)) {
    if (number == name) return text_of_number(name, fleet);
    names.emplace_back(number);
  }
  return std::nullopt;
}

}  // namespace tunec
