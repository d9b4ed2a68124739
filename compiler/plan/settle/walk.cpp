#include "plan/settle/walk.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/overloaded.h"
#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "syntax/print.h"

namespace tunec {
namespace {

constexpr std::size_t max_depth = 200;         // of inclusions, one in the other
constexpr std::size_t max_inclusions = 2'000;  // of one host, in all

class Walker {
 public:
  Walker(const Host& host, const Fleet& fleet)
      : fleet_(fleet),
        host_{host.facts.get(), host.name, host.groups, {host.name}, host.labels.get(), &host},
        run_(fleet, unheard_) {}

  Walk run(const Host& host) {
    std::optional<std::size_t> exact;
    for (std::size_t i = 0; i < host.by_name.size(); ++i) exact = enter_declaration(*host.by_name[i], i);
    const auto patterns = patterns_of(host);
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      const std::size_t node = enter_pattern(*patterns[i], i);
      if (exact) walk_.graph.add_edge(*exact, node);
    }
    // Pools come last: only now is it known which bodies list them. Instance types follow the pools.
    follow_templates(TemplateKind::pool);
    follow_templates(TemplateKind::instance_type);
    enter_numbers_of_site();
    walk_.graph.close();
    decide_on_repeated_profiles();
    return std::move(walk_);
  }

 private:
  struct TemplateList {
    const VisitedBody* body;
    const BoundTemplates* statement;
    std::vector<std::string> names;
  };

  VisitedBody& enter() {
    return walk_.bodies.emplace_back(VisitedBody{walk_.graph.add_node(), {}, nullptr, nullptr});
  }

  // The site's numbers act as if every body included them.
  void enter_numbers_of_site() {
    if (fleet_.numbers.empty()) return;
    const VisitedBody& body = enter();
    for (std::size_t node = 0; node < body.node; ++node) walk_.graph.add_edge(node, body.node);
    visit_all(fleet_.numbers, body);
  }

  std::size_t enter_declaration(const HostDeclaration& declaration, std::size_t number) {
    const VisitedBody& body = enter();
    std::size_t includes = 0;
    for (const BoundStatement& statement : declaration.body) {
      if (const auto* include = std::get_if<BoundInclude>(&statement)) {
        follow(*include, body, Inclusion::OwnArguments{number, includes++, parts_});
        parts_ += include->include->arguments.size();
      } else if (!is_own(statement)) {
        visit(statement, body);
      }
    }
    return body.node;
  }

  std::size_t enter_pattern(const HostDeclaration& declaration, std::size_t number) {
    const VisitedBody& body = enter();
    if (!has_settings_alone(declaration)) {
      visit_all(declaration.body, body);
      return body.node;
    }
    for (std::size_t i = 0; i < declaration.body.size(); ++i)
      walk_.steps.push_back({PatternSetting{number, i, parts_}, &body, {}, false});
    ++parts_;
    return body.node;
  }

  void visit_all(const Body& statements, const VisitedBody& body) {
    for (const BoundStatement& statement : statements) visit(statement, body);
  }

  void visit(const BoundStatement& statement, const VisitedBody& body) {
    std::visit(overloaded{
                   [&](const BoundSetting& setting) {
                     walk_.steps.push_back({&setting, &body, {}, false});
                   },
                   [&](const BoundTemplates& templates) {
                     const std::string names = decide({&templates, &body, {}, false});
                     if (names != unknown_outcome)
                       (templates.kind == TemplateKind::pool ? pools_ : types_)
                           .push_back({&body, &templates, names_in(names)});
                   },
                   [&](const BoundInclude& include) { follow(include, body); },
                   [&](const BoundWhen& when) {
                     const std::string on = decide({&when, &body, {}, false});
                     if (on != unknown_outcome) visit_all(on == "on" ? when.then : when.otherwise, body);
                   },
               },
               statement);
  }

  void follow(const BoundInclude& include, const VisitedBody& body,
              std::optional<Inclusion::OwnArguments> own = std::nullopt) {
    const Profile& profile = *include.profile;
    if (const auto open = std::ranges::find(open_, &profile); open != open_.end()) {
      std::string chain;
      for (auto at = open; at != open_.end(); ++at) chain += "`" + (*at)->name + "` → ";
      walk_.mistakes.report(include.where, diag::include_cycle, profile.name,
                            chain + "`" + profile.name + "`");
      return;
    }
    if (open_.size() == max_depth) {
      walk_.mistakes
          .report(place_to_show(body.inclusion, host_).value_or(include.where), diag::expression_too_long,
                  static_cast<int>(max_depth), "inclusions, one in the other")
          .help("include what is needed directly");
      return;
    }
    if (walk_.inclusions.size() == max_inclusions) {
      if (std::exchange(too_many_, true)) return;
      walk_.mistakes
          .report(place_to_show(body.inclusion, host_).value_or(include.where), diag::expression_too_long,
                  static_cast<int>(max_inclusions), "inclusions on one host")
          .help("include each profile where it is needed, and not once for each way to it");
      return;
    }
    Inclusion& inclusion = walk_.inclusions.emplace_back(inclusion_of(include));
    inclusion.around = body.inclusion;
    inclusion.own = own;
    if (profile.shipped) {
      const Inclusion* shown_by = body.inclusion == nullptr ? nullptr : body.inclusion->shown_by;
      inclusion.shown_by = shown_by == nullptr ? &inclusion : shown_by;
    }
    const std::size_t step = add({&inclusion, &body, {}, false});
    const std::string key = evaluate(step);
    const auto [node, is_first] = nodes_.try_emplace({&profile, key}, 0);
    if (is_first) node->second = walk_.graph.add_node();
    walk_.graph.add_edge(body.node, node->second);
    inclusions_of_[&profile].push_back({step, key});
    if (!is_first) return;
    VisitedBody& inner = walk_.bodies.emplace_back(VisitedBody{
        node->second, body.path, &inclusion, body.outermost == nullptr ? &inclusion : body.outermost});
    inner.path.via.push_back(include.where);
    inner.path.profiles.push_back(profile.name);
    open_.push_back(&profile);
    visit_all(profile.body, inner);
    open_.pop_back();
  }

  // For lists of pools, an includer's list beats those of what it includes; all remaining lists count.
  void follow_templates(TemplateKind kind) {
    walk_.graph.close();
    const std::vector<TemplateList> lists = std::exchange(kind == TemplateKind::pool ? pools_ : types_, {});
    for (const TemplateList& list : lists) {
      const bool beaten = kind == TemplateKind::pool &&
                          std::ranges::any_of(lists, [&](const TemplateList& other) {
                            return walk_.graph.includes(other.body->node, list.body->node);
                          });
      if (beaten) continue;
      for (std::size_t i = 0; i < list.names.size(); ++i) {
        if (std::find(list.names.begin(), list.names.begin() + static_cast<std::ptrdiff_t>(i),
                      list.names[i]) == list.names.begin() + static_cast<std::ptrdiff_t>(i))
          follow_template(kind, list.names[i], list, place_of(list, i));
        else walk_.mistakes.report(place_of(list, i), diag::said_twice, list.names[i]);
      }
    }
  }

  static Span place_of(const TemplateList& list, std::size_t index) {
    const auto* items = std::get_if<ast::ListExpr>(&list.statement->value->node);
    const bool is_written_out = items != nullptr && items->items.size() == list.names.size();
    return is_written_out ? items->items[index]->span : list.statement->value->span;
  }

  void follow_template(TemplateKind kind, const std::string& name, const TemplateList& list, Span where) {
    const auto& declared = kind == TemplateKind::pool ? fleet_.pools : fleet_.instance_types;
    const std::string_view kind_name = kind == TemplateKind::pool ? "pool" : "instance type";
    const auto found = declared.find(name);
    if (found == declared.end()) {
      std::vector<std::string_view> names;
      for (const auto& [other, body] : declared) names.push_back(other);
      const auto near = nearest(name, names);
      Draft draft = walk_.mistakes.report(where, diag::unknown_name, std::string(kind_name), name);
      if (near) draft.did_you_mean(*near);
      return;
    }
    const auto [node, is_first] = template_nodes_.try_emplace(&found->second, 0);
    if (is_first) node->second = walk_.graph.add_node();
    walk_.graph.add_edge(list.body->node, node->second);
    if (!is_first) return;
    VisitedBody& inner = walk_.bodies.emplace_back(
        VisitedBody{node->second, list.body->path, nullptr, list.body->outermost});
    inner.path.via.push_back(list.statement->where);
    inner.path.profiles.push_back(fmt::format("{} {}", kind_name, name));
    visit_all(found->second.body, inner);
  }

  std::size_t add(WalkStep step) {
    walk_.steps.push_back(std::move(step));
    return walk_.steps.size() - 1;
  }

  std::string decide(WalkStep step) {
    const std::size_t index = add(std::move(step));
    return walk_.decisions.emplace_back(WalkDecision{index, evaluate(index)}).outcome;
  }

  std::string evaluate(std::size_t index) {
    WalkStep& step = walk_.steps[index];
    run_.trace = {};
    const std::size_t reports_before = unheard_.report_count();
    std::string outcome = outcome_of(step, host_, run_);
    step.reads = std::move(run_.trace.reads);
    step.is_quiet = unheard_.report_count() == reports_before && run_.trace.unknown_facts.empty();
    return outcome;
  }

  // If a profile is included only once, its arguments decide nothing.
  void decide_on_repeated_profiles() {
    for (const auto& [profile, inclusions] : inclusions_of_) {
      if (inclusions.size() < 2 || profile->syntax->parameters.empty()) continue;
      for (const auto& [step, key] : inclusions) walk_.decisions.push_back({step, key});
    }
  }

  const Fleet& fleet_;
  EvaluatedHost host_;
  Reporter unheard_;  // discards mistakes of values: they are reported when all hosts of the class are known
  Evaluation run_;
  Walk walk_;
  std::map<std::pair<const Profile*, std::string>, std::size_t> nodes_;
  std::map<const InstanceTemplate*, std::size_t> template_nodes_;
  std::vector<const Profile*> open_;
  std::vector<TemplateList> pools_, types_;
  std::map<const Profile*, std::vector<std::pair<std::size_t, std::string>>> inclusions_of_;
  std::size_t parts_ = 0;  // numbered as in declared_parts()
  bool too_many_ = false;  // too many inclusions, which was reported

  static constexpr std::string_view unknown_outcome = "?";
  // The inverse of how outcome_of() joins names.
  static std::vector<std::string> names_in(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
      const std::size_t length = std::stoul(std::string(text.substr(0, text.find(':'))));
      names.emplace_back(text.substr(text.find(':') + 1, length));
      text.remove_prefix(text.find(':') + 1 + length);
    }
    return names;
  }
};

std::string names_text(const Value& value) {
  std::string text;
  const std::vector<Value> items = value.is<List>() ? value.as<List>().items : std::vector<Value>{value};
  for (const Value& item : items) {
    const std::string name = to_text(item);
    text += fmt::format("{}:{}", name.size(), name);
  }
  return text;
}

}  // namespace

bool is_own(const BoundStatement& statement) { return std::holds_alternative<BoundSetting>(statement); }

std::vector<const HostDeclaration*> patterns_of(const Host& host) {
  std::vector<const HostDeclaration*> patterns;
  std::ranges::copy_if(host.by_pattern, std::back_inserter(patterns),
                       [](const HostDeclaration* declaration) { return !declaration->body.empty(); });
  return patterns;
}

bool has_settings_alone(const HostDeclaration& declaration) {
  return std::ranges::all_of(declaration.body, is_own);
}

std::vector<std::string> declared_parts(const Host& host) {
  std::vector<std::string> parts;
  for (const HostDeclaration* declaration : host.by_name) {
    for (const BoundStatement& statement : declaration->body) {
      const auto* include = std::get_if<BoundInclude>(&statement);
      if (include == nullptr) continue;
      for (const ast::Argument& argument : include->include->arguments)
        parts.push_back(print(*argument.value));
    }
  }
  for (const HostDeclaration* declaration : patterns_of(host)) {
    if (has_settings_alone(*declaration))
      parts.push_back(fmt::format("{}", static_cast<const void*>(declaration)));
  }
  return parts;
}

Walk walk(const Host& host, const Fleet& fleet) { return Walker(host, fleet).run(host); }

Origin path_to(const VisitedBody& body, const EvaluatedHost& host) {
  Origin path = body.path;
  if (body.outermost != nullptr && body.outermost->own)
    path.via.front() = body.outermost->as_written_by(host).where;
  return path;
}

Scope scope_in(const VisitedBody& body, const EvaluatedHost& host) {
  Scope scope;
  scope.host = &host;
  scope.inclusion = body.inclusion;
  scope.shown_at = place_to_show(body.inclusion, host);
  return scope;
}

std::string outcome_of(const WalkStep& step, const EvaluatedHost& host, Evaluation& run) {
  const Scope scope = scope_in(*step.body, host);
  return std::visit(overloaded{
                        [](const BoundSetting*) { return std::string(); },
                        [](const PatternSetting&) { return std::string(); },
                        [&](const BoundWhen* when) {
                          const auto on = decision(*when->condition, scope, run);
                          return std::string(!on ? "?" : *on ? "on" : "off");
                        },
                        [&](const Inclusion* inclusion) { return parameters_text(*inclusion, scope, run); },
                        [&](const BoundTemplates* templates) {
                          const Value value = evaluate(*templates->value, scope, run);
                          return value.poisoned() ? "?" : names_text(value);
                        },
                    },
                    step.what);
}

std::string outcomes_of(const Walk& walk, const std::vector<std::string>& outcomes) {
  std::string text;
  // For each profile: the arguments of its inclusions so far
  std::map<std::pair<const Profile*, std::string>, std::size_t> met;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const WalkStep& step = walk.steps[walk.decisions[i].step];
    if (const auto* inclusion = std::get_if<const Inclusion*>(&step.what)) {
      const auto [index, is_first] = met.try_emplace({&(*inclusion)->profile(), outcomes[i]}, met.size());
      text += fmt::format("{};", index->second);
    } else {
      text += fmt::format("{}:{}", outcomes[i].size(), outcomes[i]);
    }
  }
  return text;
}

std::size_t InclusionGraph::add_node() {
  includers_.emplace_back();
  return includers_.size() - 1;
}

void InclusionGraph::close() {
  const std::size_t count = includers_.size();
  above_.assign(count, std::vector<bool>(count, false));
  for (std::size_t node = 0; node < count; ++node) {
    std::vector<std::size_t> waiting = includers_[node];
    while (!waiting.empty()) {
      const std::size_t above = waiting.back();
      waiting.pop_back();
      if (above_[node][above]) continue;
      above_[node][above] = true;
      waiting.insert(waiting.end(), includers_[above].begin(), includers_[above].end());
    }
  }
}

bool InclusionGraph::includes(std::size_t a, std::size_t b) const {
  return a < above_.size() && b < above_.size() && above_[b][a];
}

}  // namespace tunec
