// A policy names the settings that it looks at. A host whose own settings are not among them is as its class is; so a policy
// is computed once per class, and once more for each host that differs in something it looks at.
#include <algorithm>
#include <set>

#include "base/overloaded.h"
#include "diagnostics/diag.h"
#include "model/pattern.h"
#include "plan/check.h"

namespace tunec {
namespace {

// What a policy looks at: names as its text has them, without instances.
struct Outlook {
  std::set<std::string, std::less<>> names;
  bool identity = false;   // which host it is
  bool listeners = false;  // every setting that listens

  void add(const ast::Expr& expr) {
    identity = identity || mentions_identity(expr);
    std::visit(overloaded{
                   [&](const ast::Path& path) {
                     std::string name;
                     for (const ast::PathPart& part : path.parts) {
                       name += (name.empty() ? "" : ".") + part.name.text;
                       if (!part.arguments) continue;
                       for (const ast::Argument& argument : *part.arguments) {
                         add(*argument.value);
                         if (argument.each) names.insert(argument.each->text);
                       }
                     }
                     if (name == "listeners") listeners = true;
                     names.insert(name);
                   },
                   [&](const ast::Text& text) { for (const auto& hole : text.holes) add(*hole); },
                   [&](const ast::ListExpr& list) { for (const auto& item : list.items) add(*item); },
                   [&](const ast::RangeExpr& range) { add(*range.lowest); add(*range.highest); },
                   [&](const ast::Unary& unary) { add(*unary.operand); },
                   [&](const ast::Binary& binary) { add(*binary.left); add(*binary.right); },
                   [](const auto&) {},
               },
               expr.node);
  }

  bool sees(const Setting& setting) const {
    if (listeners && !setting.param->listens.empty()) return true;
    std::string bare;
    for (const char c : setting.param->name) {
      if (c != '(' && c != ')') bare += c;
    }
    return names.contains(bare) || names.contains(setting.name) || names.contains(bare.substr(0, bare.find('.')));
  }
};

class Policies {
 public:
  Policies(const CheckInput& input, Reporter& reporter) : input_(input), reporter_(reporter), waiver_used_(input.fleet.waivers.size(), false) {}

  void check(const PolicyDecl& policy, const std::vector<std::vector<const HostPlan*>>& classes) {
    policy_ = &policy;
    const Outlook outlook = outlook_of(*policy.syntax);
    for (const auto& hosts : classes) {
      std::vector<const HostPlan*> alike;
      for (const HostPlan* host : hosts) {
        const bool differs = outlook.identity || (host->storage.size() > 1 && std::ranges::any_of(*host->storage[1], [&](const Setting& s) { return outlook.sees(s); }));
        if (differs) {
          check_hosts({host});
        } else {
          alike.push_back(host);
        }
      }
      if (!alike.empty()) check_hosts(alike);
    }
  }

  void report_waivers() {
    for (std::size_t i = 0; i < waiver_used_.size(); ++i) {
      const WaiverDecl& waiver = input_.fleet.waivers[i];
      const std::string& name = waiver.syntax->policy.text;
      if (expired(waiver)) {
        reporter_.report(waiver.declared, diag::waiver_expired, name, to_text(Value{*waiver.syntax->until}));
      } else if (!waiver_used_[i] && std::ranges::any_of(input_.fleet.policies, [&](const PolicyDecl& p) { return p.syntax->name.text == name; })) {
        reporter_.report(waiver.declared, diag::waiver_unused, name);
      }
    }
  }

 private:
  static Outlook outlook_of(const ast::Policy& policy) {
    Outlook outlook;
    for (const ast::Let& let : policy.lets) outlook.add(let.value);
    for (const ast::Expr& condition : policy.conditions) outlook.add(condition);
    for (const ast::Rule& rule : policy.rules) outlook.add(rule.condition);
    if (policy.scope && policy.scope->text != "host") outlook.names.insert(policy.scope->text);
    return outlook;
  }

  void check_hosts(const std::vector<const HostPlan*>& hosts) {
    const HostPlan& host = *hosts.front();
    Subject subject{host.facts.get(), host.name, host.groups, {}, host.labels.get()};
    for (const HostPlan* one : hosts) subject.hosts.push_back(one->name);
    const ast::Policy& syntax = *policy_->syntax;
    const std::string scope = syntax.scope ? syntax.scope->text : "host";
    if (scope == "host") return check_at(subject, host, "", "");
    std::string before;
    for (const Setting* setting : host.settings) {
      if (setting->instances.empty() || !setting->param->name.starts_with(scope + "().") || setting->instances.front() == before) continue;
      before = setting->instances.front();
      check_at(subject, host, scope, before);
    }
  }

  void check_at(const Subject& subject, const HostPlan& host, const std::string& scope, const std::string& instance) {
    SettingsInView view{&host, &input_.catalogue, nullptr, {}, {}, false};
    if (!scope.empty()) view.scopes.push_back({scope, instance});
    Evaluator evaluate(input_.fleet, subject, reporter_);
    evaluate.view = &view;
    evaluate.shipped_policy = input_.sources.shipped(policy_->declared.file);
    const ast::Policy& policy = *policy_->syntax;
    evaluate.lets = &policy.lets;
    for (const ast::Expr& condition : policy.conditions) {
      if (evaluate.condition(condition) != true) return;
    }
    const std::vector<const Setting*> asked = view.looked_at;  // by the conditions: second best as a place
    for (const ast::Rule& rule : policy.rules) {
      view.looked_at.clear();
      const auto holds = evaluate.condition(rule.condition);
      if (!holds || *holds != rule.forbid || view.spoiled) continue;
      std::vector<const Setting*> seen = view.looked_at;
      seen.insert(seen.end(), asked.begin(), asked.end());
      report(subject, host, seen, evaluate);
      return;  // one mistake, one diagnostic
    }
  }

  void report(const Subject& subject, const HostPlan& host, const std::vector<const Setting*>& seen, Evaluator& evaluate) {
    std::vector<std::string> hosts = subject.hosts;
    std::erase_if(hosts, [&](const std::string& name) { return waived(name); });
    if (hosts.empty()) return;
    const ast::Policy& policy = *policy_->syntax;
    std::string message = policy.message ? to_text(evaluate(*policy.message)) : "";
    if (message.empty()) message = fmt::format("policy `{}` does not hold", policy.name.text);
    const Span where = seen.empty() ? host.declared : user_place(seen.front()->origin, input_.sources);
    Draft draft = reporter_.report(where, diag::policy_violated, message);
    draft.key(policy.name.text).hosts(hosts, host.facts->describe(), seen.empty() ? "" : through(seen.front()->origin));
    draft.severity(policy.severity == "warning" ? Severity::warning : policy.severity == "note" ? Severity::note : Severity::error);
    if (!seen.empty()) draft.at(fmt::format("`{}` = {}", seen.front()->name, to_source(seen.front()->value)));
    std::vector<Span> shown{where};
    for (std::size_t i = 1; i < seen.size() && shown.size() < 4; ++i) {
      const Span other = user_place(seen[i]->origin, input_.sources);
      if (std::ranges::find(shown, other) != shown.end()) continue;
      shown.push_back(other);
      draft.label(other, fmt::format("`{}` = {}", seen[i]->name, to_source(seen[i]->value)));
    }
    draft.note(policy.doc.empty() ? fmt::format("policy `{}`", policy.name.text) : fmt::format("policy `{}`: {}", policy.name.text, policy.doc));
    if (policy.help) draft.help(to_text(evaluate(*policy.help)));
  }

  bool expired(const WaiverDecl& waiver) const { return input_.today && waiver.syntax->until && *waiver.syntax->until < *input_.today; }

  bool waived(const std::string& host) {
    for (std::size_t i = 0; i < input_.fleet.waivers.size(); ++i) {
      const WaiverDecl& waiver = input_.fleet.waivers[i];
      if (waiver.syntax->policy.text != policy_->syntax->name.text || expired(waiver)) continue;
      if (!matches_pattern(waiver.syntax->hosts.text, host)) continue;
      waiver_used_[i] = true;
      return true;
    }
    return false;
  }

  const CheckInput& input_;
  Reporter& reporter_;
  const PolicyDecl* policy_ = nullptr;
  std::vector<bool> waiver_used_;
};

}  // namespace

void check_policies(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  const auto classes = hosts_by_class(plan);
  Policies policies(input, reporter);
  for (const PolicyDecl& policy : input.fleet.policies) policies.check(policy, classes);
  policies.report_waivers();
}

}  // namespace tunec
