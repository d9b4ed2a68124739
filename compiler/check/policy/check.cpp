// Evaluates every policy for its subjects and reports the first rule of it that does not hold. The rooms that
// this rests on, in the order in which to read them:
//
//   reads.h           which facts, labels and settings a policy reads, from its text
//   host_columns.h    what each host has of them, as numbers
//   host_groups.h     hosts that agree in them: one verdict for all
//   subjects.h        what a policy is evaluated for: a host of each group, wg0, a pair
//   evaluation.h      one evaluation, for one subject
//   uniqueness.h      `unique` and `disjoint` compare subjects with one another
//   budget.h          a budget's parts and their sum
//   explain_values.h  the values that a violation shows
#include <algorithm>
#include <atomic>
#include <set>
#include <utility>

#include "base/parallel.h"
#include "check/policy/budget.h"
#include "check/policy/evaluation.h"
#include "check/policy/explain_values.h"
#include "check/policy/uniqueness.h"
#include "diagnostics/diag.h"
#include "plan/platform/caveats.h"
#include "syntax/print.h"

namespace tunec {
namespace {

using LookedAt = std::vector<const Setting*>;

// How far a policy got towards a verdict: no subject satisfies its conditions, one does, a rule was decided.
enum class Reached { nothing, subject, verdict };

class Policies {
 public:
  Policies(const CheckInput& input, const HostColumns& columns, bool sound)
      : input_(input), subjects_(input, columns, reporter_), sound_(sound) {}

  // Returns the reports of one policy.
  Reporter check(const PolicyDecl& policy, const PolicyReads& reads) {
    policy_ = &policy;
    reached_ = Reached::nothing;
    factual_.reset();
    places_.clear();
    claims_.assign(policy.syntax->rules.size(), {});
    subjects_.each(policy, reads, [&](const PolicySubject& subject) { return ask(subject); });
    for (std::size_t i = 0; i < claims_.size(); ++i) settle(policy.syntax->rules[i], claims_[i]);
    // After an error elsewhere, the policy may apply to nothing because of that error
    const bool faulty = !sound_ || reporter_.has_errors() || policy.names_nothing;
    if (reached_ != Reached::verdict && !faulty && input_.whole_site && subjects_.any() &&
        !input_.sources.shipped(policy.declared.file)) {
      reporter_.report(policy.declared, diag::policy_matches_nothing, policy.syntax->name.text,
                       why_nothing());
    }
    return std::exchange(reporter_, {});
  }

 private:
  std::string why_nothing() const {
    if (reached_ == Reached::subject) return "nothing sets the parameters that its rules read";
    const bool narrowed = policy_->syntax->where || !policy_->syntax->conditions.empty();
    if (narrowed) return "nothing satisfies its conditions";
    if (policy_->syntax->per) return fmt::format("no host has `{}`", print(*policy_->syntax->per));
    const std::string scope = scope_of(*policy_->syntax);
    return scope == "pair" ? "the site has no two hosts" : fmt::format("the site has no {}", scope);
  }

  bool ask(const PolicySubject& subject) {
    const std::size_t reports_before = reporter_.report_count();
    return verdict(subject) || reporter_.report_count() > reports_before;
  }

  // True if the subject breaks the policy, or makes a claim: then each host of the group has to be evaluated.
  bool verdict(const PolicySubject& subject) {
    PolicyEvaluation evaluation(*policy_, subject, input_, subjects_.directory(), reporter_);
    Evaluator& evaluate = evaluation.evaluate;
    Trace& trace = evaluate.trace();
    const ast::Policy& policy = *policy_->syntax;
    if (!evaluation.applies()) return false;
    reached_ = std::max(reached_, Reached::subject);
    const LookedAt conditions_read = trace.looked_at;  // the second choice of a place
    bool claimed = false;
    for (std::size_t i = 0; i < policy.rules.size(); ++i) {
      const ast::Rule& rule = policy.rules[i];
      trace.looked_at.clear();
      if (rule.kind == ast::RuleKind::unique || rule.kind == ast::RuleKind::disjoint) {
        claimed = claim(rule, subject, evaluation, claims_[i]) || claimed;
        continue;
      }
      const auto holds = evaluate.condition(rule.value);
      if (holds) reached_ = Reached::verdict;
      if (!holds || *holds != (rule.kind == ast::RuleKind::forbid) || trace.is_spoiled) continue;
      const LookedAt seen = own_first(with(trace.looked_at, conditions_read));
      report(subject, seen, evaluation, explain_values(rule.value, evaluate, input_.fleet));
      return true;  // one mistake, one diagnostic
    }
    return (policy.budget && over_budget(subject, evaluation)) || claimed;
  }

  static LookedAt with(LookedAt seen, const LookedAt& more) {
    seen.insert(seen.end(), more.begin(), more.end());
    return seen;
  }

  // A host's own line is nearer to the mistake than the line of a profile that it includes. Numbers for
  // policies are what it is compared with.
  static LookedAt own_first(LookedAt seen) {
    std::ranges::stable_sort(seen, {}, [](const Setting* setting) {
      return std::pair(is_number(*setting), !setting->origin.via.empty());
    });
    return seen;
  }

  bool over_budget(const PolicySubject& subject, PolicyEvaluation& evaluation) {
    const auto sheet = sheet_of(*policy_->syntax, subject, evaluation.evaluate, reporter_);
    if (!sheet) return false;
    reached_ = Reached::verdict;
    if (sheet->closes || evaluation.evaluate.trace().is_spoiled) return false;
    evaluation.extra_names.merge(sheet->message_names());
    // First the settings of the largest parts, or of those that clash: they are the ones to change.
    std::vector<const SheetPart*> parts;
    for (const SheetPart& part : sheet->parts) {
      if (!part.settings.empty()) parts.push_back(&part);
    }
    const auto amiss = [&](const SheetPart* part) {
      const auto* cpus = part->value.get_if<CpuSet>();
      return cpus == nullptr ? 0 : (*cpus & (sheet->outside | sheet->twice)).size();
    };
    std::ranges::stable_sort(parts, [&](const SheetPart* a, const SheetPart* b) {
      return sheet->of_cpus() ? amiss(a) > amiss(b) : compare(a->value, b->value).value_or(0) > 0;
    });
    LookedAt seen;
    for (const SheetPart* part : parts) seen = with(std::move(seen), own_first(part->settings));
    report(subject, seen, evaluation, sheet->sum());
    return true;
  }

  bool claim(const ast::Rule& rule, const PolicySubject& subject, PolicyEvaluation& evaluation,
             std::vector<Claim>& claims) {
    Value value = evaluation.evaluate(rule.value);
    if (value.poisoned() || evaluation.evaluate.trace().is_spoiled) return false;
    const Value per = rule.per ? evaluation.evaluate(*rule.per) : Value{std::string()};
    if (per.poisoned()) return false;
    reached_ = Reached::verdict;
    claims.push_back({std::move(value), to_text(per), subject, evaluation.evaluate.trace().looked_at});
    return true;
  }

  void settle(const ast::Rule& rule, const std::vector<Claim>& claims) {
    if (claims.empty()) return;
    for (const Clash& clash :
         rule.kind == ast::RuleKind::unique ? repeated_claims(claims) : overlapping_claims(claims)) {
      PolicySubject all{{}, nullptr, {}, {}};
      LookedAt seen;
      for (const Claim* claim : clash.claims) {
        all.hosts.insert(all.hosts.end(), claim->subject.hosts.begin(), claim->subject.hosts.end());
        if (!claim->looked_at.empty()) seen.push_back(claim->looked_at.front());
      }
      std::ranges::sort(all.hosts, {}, [](const HostPlan* host) { return host->name; });
      all.hosts.erase(std::ranges::unique(all.hosts).begin(), all.hosts.end());
      PolicySubject first = clash.claims.front()->subject;
      first.extra_names["value"] = clash.value;
      std::vector<Value> names;
      for (const HostPlan* host : all.hosts) names.push_back(symbol(host->name));
      first.extra_names["hosts"] = list_of(std::move(names));
      PolicyEvaluation evaluation(*policy_, first, input_, subjects_.directory(), reporter_);
      report(all, seen, evaluation, "");
    }
  }

  // A setting that is refused for its risk needs no second report; policies follow once a waiver takes the
  // risk.
  bool is_untaken_risk(const Setting& setting, const PolicySubject& subject) {
    const bool unsafe = std::ranges::any_of(setting.param->caveats, [&](const Caveat& caveat) {
      return caveat.fate == Fate::unsafe &&
             applies(caveat, setting.value, *subject.hosts.front()->facts->platform);
    });
    return unsafe && std::ranges::none_of(subject.hosts, [&](const HostPlan* host) {
             return input_.waivers.allow_risk(*setting.param, host->name, reporter_);
           });
  }

  // If ten thousand hosts make one mistake, each on a line of its own, the first few lines are shown; the
  // last of these reports then lists the other hosts.
  Span place_of(const Setting& setting) {
    constexpr std::size_t max_places = 8;
    const Span where = user_place(setting.origin, input_.sources);
    std::vector<Span>& places = places_[setting.param];
    if (std::ranges::find(places, where) != places.end()) return where;
    if (places.size() == max_places) return places.back();
    return places.emplace_back(where);
  }

  struct ValueToWrite {
    std::string help, value, old;
  };
  // A help that ends in "write {…}" gives the value for the setting that is shown, if it is of its type.
  static std::optional<ValueToWrite> value_to_write(const ast::Expr& help, const LookedAt& seen,
                                                    Evaluator& evaluate) {
    const auto* text = std::get_if<ast::Text>(&help.node);
    if (text == nullptr || seen.empty() || text->holes.size() != 1 || !text->pieces.back().empty() ||
        !text->pieces.front().ends_with("write "))
      return std::nullopt;
    const Value value = evaluate(*text->holes.front()), &old = seen.front()->value;
    if (value.poisoned() || std::string_view(type_name(value)) != type_name(old)) return std::nullopt;
    const std::string written = to_source(value);
    return ValueToWrite{fmt::format("{}`{}`", text->pieces.front(), written), written, to_source(old)};
  }

  void report(const PolicySubject& subject, const LookedAt& seen, PolicyEvaluation& evaluation,
              const std::string& values) {
    Evaluator& evaluate = evaluation.evaluate;
    std::vector<std::string> hosts;
    for (const HostPlan* host : subject.hosts) hosts.push_back(host->name);
    std::erase_if(hosts, [&](const std::string& name) {
      return input_.waivers.allow_breach(policy_->syntax->name.text, name, reporter_);
    });
    const ast::Policy& policy = *policy_->syntax;
    const bool of_two = scope_of(policy) == "pair";
    if (hosts.size() < (of_two ? 2U : 1U) || (!seen.empty() && is_untaken_risk(*seen.front(), subject)))
      return;
    std::string message = policy.message ? to_text(evaluate(*policy.message)) : "";
    if (message.empty())
      message = fmt::format("{} `{}` does not {}", policy.budget ? "budget" : "policy", policy.name.text,
                            policy.budget ? "close" : "hold");
    const HostPlan& host = *subject.hosts.front();
    // A violation by facts alone has no line of its own: the first such host stands for all.
    if (seen.empty() && !factual_) factual_ = host.declared;
    const Span where = seen.empty() ? *factual_ : place_of(*seen.front());
    Draft draft = policy.budget ? reporter_.report(where, diag::budget_open, message)
                                : reporter_.report(where, diag::policy_violated, message);
    draft.key(policy.name.text)
        .policy(policy.name.text)
        .hosts(hosts, host.facts->platform->describe(), seen.empty() ? "" : through(seen.front()->origin));
    draft.severity(policy.severity == "warning" ? Severity::warning
                   : policy.severity == "note"  ? Severity::note
                                                : Severity::error);
    if (!seen.empty()) draft.at(fmt::format("`{}` = {}", seen.front()->name, to_source(seen.front()->value)));
    std::vector<Span> shown{where};
    for (std::size_t i = 1; i < seen.size() && shown.size() < 4; ++i) {
      const Span other = user_place(seen[i]->origin, input_.sources);
      if (std::ranges::find(shown, other) != shown.end()) continue;
      shown.push_back(other);
      draft.label(other, fmt::format("`{}` = {}", seen[i]->name, to_source(seen[i]->value)));
    }
    if (!values.empty()) draft.note(values);
    const std::string kind = policy.budget ? "budget" : "policy";
    draft.note(policy.doc.empty() ? fmt::format("{} `{}`", kind, policy.name.text)
                                  : fmt::format("{} `{}`: {}", kind, policy.name.text, policy.doc));
    if (!policy.help) return;
    const auto meant = value_to_write(*policy.help, seen, evaluate);
    draft.help(meant ? meant->help : to_text(evaluate(*policy.help)));
    if (meant) draft.fix(Edit{Edit::Kind::value, where, meant->value, meant->old}, Certainty::likely);
  }

  const CheckInput& input_;
  Reporter reporter_;  // of the policy at hand
  Subjects subjects_;
  bool sound_;  // no error was reported before the policies
  const PolicyDecl* policy_ = nullptr;
  Reached reached_ = Reached::nothing;
  std::map<const ParamInfo*, std::vector<Span>> places_;  // where the policy's violations were reported
  std::optional<Span> factual_;             // where the policy's first violation by facts alone was reported
  std::vector<std::vector<Claim>> claims_;  // of each rule
};

}  // namespace

// Policies are independent of one another, so each processor takes the next one. Caches (other writers of a
// state, the index of lookup()) are not shared between threads.
void check_policies(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  constexpr std::size_t worth_threads = 200;
  const std::vector<PolicyDecl>& policies = input.fleet.policies;
  std::vector<PolicyReads> reads;
  PolicyReads all;
  for (const PolicyDecl& policy : policies) {
    reads.emplace_back(*policy.syntax, input.fleet, input.boot_state);
    all.add(reads.back());
  }
  const HostColumns columns(plan, all, input.boot_state);
  const bool sound = !reporter.has_errors();
  const std::size_t workers = plan.hosts.size() < worth_threads ? 1 : processors();
  std::vector<Reporter> verdicts(policies.size());
  std::atomic<std::size_t> next = 0;
  in_parallel(workers, [&](std::size_t) {
    const BootState boot_state = input.boot_state.afresh();
    const CheckInput own{input.fleet,   input.catalogue, input.sources,
                         input.waivers, boot_state,      input.whole_site};
    Policies checker(own, columns, sound);
    for (std::size_t i = next++; i < policies.size(); i = next++)
      verdicts[i] = checker.check(policies[i], reads[i]);
  });
  for (Reporter& verdict : verdicts) reporter.take(std::move(verdict));
}

}  // namespace tunec
