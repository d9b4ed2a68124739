// `when host.label.rloe == compute` and `computee in host.groups` hold for no host. A comparison with a name
// that no host has is a slip, or is left over from an earlier rule.
#include "site/bind/comparisons.h"

#include <algorithm>
#include <set>

#include "base/overloaded.h"
#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "syntax/walk.h"

namespace tunec {
namespace {

constexpr std::string_view label_prefix = "label.";

// "label.role" for `host.label.role`; empty for other paths.
std::string fact_of(const ast::Expr& expr) {
  const auto* path = std::get_if<ast::Path>(&expr.node);
  if (path == nullptr || path->parts.size() < 2 || path->parts.front().name.text != "host") return "";
  std::string name;
  for (std::size_t i = 1; i < path->parts.size(); ++i) {
    if (path->parts[i].arguments) return "";
    name += (i > 1 ? "." : "") + path->parts[i].name.text;
  }
  return name;
}

// The values that hosts have for the facts in comparisons. Collected when first needed.
class Stated {
 public:
  Stated(const Fleet& fleet, const Inventory& inventory, const Platforms& platforms)
      : fleet_(fleet), inventory_(inventory), platforms_(platforms) {}

  // Null for a fact that can have any value.
  const std::set<std::string>* values_of(const std::string& fact) {
    if (const auto found = values_.find(fact); found != values_.end()) return &found->second;
    std::set<std::string> values;
    if (is_label(fact)) {
      each_host([&](const Host& host) {
        if (Value value = label(*host.labels, fact); !value.poisoned()) values.insert(to_text(value));
      });
    } else if (fact == "groups") {
      for (const auto& [name, host] : inventory_) values.insert(host.groups.begin(), host.groups.end());
    } else if (fact == "os") {
      for (const std::string& name : platforms_.names()) values.insert(name.substr(0, name.find(' ')));
      each_host([&](const Host& host) { values.insert(host.facts->platform->os); });
    } else if (const auto words = words_of_fact(fact); !words.empty()) {
      values.insert(words.begin(), words.end());
    } else {
      return nullptr;
    }
    return &values_.emplace(fact, std::move(values)).first->second;
  }

  std::set<std::string> labels() const {
    std::set<std::string> names;
    each_host([&](const Host& host) {
      for (const auto& [name, value] : host.labels->by_name) names.insert(std::string(label_prefix) + name);
    });
    return names;
  }

 private:
  template <class Use>
  void each_host(const Use& use) const {
    std::ranges::for_each(fleet_.hosts, use);
    for (const TestDecl& test : fleet_.tests) std::ranges::for_each(test.hosts, use);
  }

  const Fleet& fleet_;
  const Inventory& inventory_;
  const Platforms& platforms_;
  std::map<std::string, std::set<std::string>> values_;
};

class Comparisons {
 public:
  Comparisons(const Fleet& fleet, Stated& stated, Reporter& reporter)
      : fleet_(fleet), stated_(stated), reporter_(reporter) {}

  void declaration(const ast::Declaration& declaration) {
    parameters_ = nullptr;
    std::visit(overloaded{
                   [](const ast::Site&) {},
                   [](const ast::Import&) {},
                   [](const ast::Waive&) {},
                   [&](const ast::Let& let) { expr(let.value); },
                   [&](const ast::Profile& profile) {
                     parameters_ = &profile.parameters;
                     body(profile.body);
                   },
                   [&](const ast::Host& host) { body(host.body); },
                   [&](const ast::Pool& pool) { body(pool.body); },
                   [&](const ast::InstanceType& type) { body(type.body); },
                   [&](const ast::Policy& policy) { clauses(policy); },
                   [&](const ast::Test& test) {
                     for (const ast::Host& host : test.hosts) body(host.body);
                   },
               },
               declaration.node);
  }

 private:
  void body(const std::vector<ast::Statement>& statements) {
    for (const ast::Statement& statement : statements) {
      std::visit(overloaded{
                     [](const ast::Doc&) {},
                     [&](const ast::Include& include) {
                       for (const ast::Argument& argument : include.arguments) expr(*argument.value);
                     },
                     [&](const ast::When& when) {
                       expr(when.condition);
                       body(when.then);
                       body(when.otherwise);
                     },
                     [&](const ast::Block& block) { body(block.body); },
                     [&](const ast::Assign& assign) { expr(assign.value); },
                 },
                 statement.node);
    }
  }

  void clauses(const ast::Policy& policy) {
    for (const auto* optional : {&policy.per, &policy.where, &policy.total}) {
      if (*optional) expr(**optional);
    }
    for (const ast::Let& let : policy.lets) expr(let.value);
    for (const ast::Expr& condition : policy.conditions) expr(condition);
    for (const ast::Rule& rule : policy.rules) expr(rule.value);
    for (const ast::Part& part : policy.parts) expr(part.value);
  }

  void expr(const ast::Expr& whole) {
    ast::any_within(whole, [&](const ast::Expr& within) {
      if (const auto* binary = std::get_if<ast::Binary>(&within.node)) comparison(*binary);
      return false;
    });
  }

  void comparison(const ast::Binary& binary) {
    const bool is_equality = binary.op == ast::BinaryOp::equal || binary.op == ast::BinaryOp::not_equal;
    if (!is_equality && binary.op != ast::BinaryOp::in) return;
    for (const auto& [fact_side, other] :
         {std::pair{&*binary.left, &*binary.right}, std::pair{&*binary.right, &*binary.left}}) {
      const std::string fact = fact_of(*fact_side);
      if (fact.empty()) continue;
      const std::set<std::string>* values = stated_.values_of(fact);
      if (values == nullptr) continue;
      if (values->empty() && fact.starts_with(label_prefix)) {
        report_label(fact, fact_side->span);
      } else if (const auto* list = std::get_if<ast::ListExpr>(&other->node)) {
        for (const auto& item : list->items) value(fact, *item, *values);
      } else {
        value(fact, *other, *values);
      }
    }
  }

  void report_label(const std::string& fact, Span where) {
    const std::set<std::string> labels = stated_.labels();
    Draft draft = reporter_.report(where, diag::names_nothing,
                                   fmt::format("no host has a label `{}`", fact.substr(label_prefix.size())));
    // Hosts with this label may be added later
    auto near = nearest(fact, std::vector<std::string_view>(labels.begin(), labels.end()));
    if (near) near->is_certain = false;
    if (near) draft.did_you_mean(*near, "host.");
    else if (labels.empty()) draft.help("labels are facts: `facts { labels { NAME = … } }`");
  }

  // Only literals: a parameter or constant can have any value.
  std::optional<std::string> written_out(const ast::Expr& expr) const {
    if (const auto* literal = std::get_if<ast::Literal>(&expr.node)) return to_text(literal->value);
    const auto* path = std::get_if<ast::Path>(&expr.node);
    if (path == nullptr || path->parts.size() != 1 || path->parts.front().arguments) return std::nullopt;
    const std::string& word = path->parts.front().name.text;
    const bool is_parameter = parameters_ != nullptr &&
                              std::ranges::any_of(*parameters_, [&](const ast::Parameter& parameter) {
                                return parameter.name.text == word;
                              });
    if (is_parameter || fleet_.constants.contains(word) || fleet_.quantities.contains(word))
      return std::nullopt;
    return word;
  }

  void value(const std::string& fact, const ast::Expr& other, const std::set<std::string>& values) {
    const auto text = written_out(other);
    if (!text || values.contains(*text)) return;
    const std::string message = fact == "groups" ? fmt::format("no host is in a group `{}`", *text)
                                : fact == "rack" ? fmt::format("no host has the rack `{}`", *text)
                                : fact.starts_with(label_prefix)
                                    ? fmt::format("no host has the label `{}` = `{}`",
                                                  fact.substr(label_prefix.size()), *text)
                                    : fmt::format("`host.{}` is never `{}`", fact, *text);
    Draft draft = reporter_.report(other.span, diag::names_nothing, message);
    const std::vector<std::string_view> views(values.begin(), values.end());
    constexpr std::size_t max_shown = 8;
    auto near = nearest(*text, views);
    if (near) near->is_certain = false;
    if (near) draft.did_you_mean(*near);
    else if (!views.empty() && views.size() <= max_shown)
      draft.help(fmt::format("there is {}", fmt::join(views, ", ")));
  }

  const Fleet& fleet_;
  Stated& stated_;
  Reporter& reporter_;
  const std::vector<ast::Parameter>* parameters_ = nullptr;
};

}  // namespace

void check_comparisons(const std::vector<std::unique_ptr<const SyntaxTree>>& trees, Fleet& fleet,
                       const Inventory& inventory, const Platforms& platforms, Reporter& reporter) {
  Stated stated(fleet, inventory, platforms);
  Comparisons comparisons(fleet, stated, reporter);
  std::set<const ast::Policy*> policies;
  for (const auto& tree : trees) {
    for (const ast::Declaration& declaration : tree->root.declarations) {
      const std::size_t before = reporter.report_count();
      comparisons.declaration(declaration);
      const auto* policy = std::get_if<ast::Policy>(&declaration.node);
      if (policy != nullptr && reporter.report_count() > before) policies.insert(policy);
    }
  }
  for (PolicyDecl& policy : fleet.policies) policy.names_nothing = policies.contains(policy.syntax);
}

}  // namespace tunec
