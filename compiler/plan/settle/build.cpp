// The classes are found by text: the facts, and the statements of a declaration that are not its own plain
// settings.
#include "plan/settle/build.h"

#include <algorithm>
#include <span>
#include <unordered_map>

#include "base/parallel.h"
#include "diagnostics/diag.h"
#include "plan/platform/caveats.h"
#include "plan/settle/merge.h"
#include "syntax/print.h"

namespace tunec {
namespace {

// The statements that a declaration shares with others of its class.
bool is_shared(const ast::Statement& statement) {
  if (const auto* assign = std::get_if<ast::Assign>(&statement.node)) {
    return assign->path.parts.size() == 1 && assign->path.parts[0].name.text == "pools";
  }
  if (const auto* block = std::get_if<ast::Block>(&statement.node)) {
    return std::ranges::any_of(block->body, [](const ast::Statement& inner) {
      return std::holds_alternative<ast::When>(inner.node) ||
             (std::holds_alternative<ast::Block>(inner.node) && is_shared(inner));
    });
  }
  return !std::holds_alternative<ast::Doc>(statement.node);
}

std::string shared_text(const ast::Host& host) {
  ast::Host shared;
  shared.name.text = "h";
  for (const ast::Statement& statement : host.body) {
    if (is_shared(statement)) shared.body.push_back(statement);
  }
  if (shared.body.empty()) return "";
  return print(ast::File{{ast::Declaration{std::move(shared), {}}}});
}

// A host's plain settings, written as `own` ones, need no class of their own; everything else decides it.
std::string class_key(const Host& host) {
  std::string key = fmt::format("{}", static_cast<const void*>(host.facts.get()));
  // A declaration of facts alone, such as the racks of four hundred patterns, has no part in it.
  for (const HostDeclaration* declaration : host.by_pattern) {
    if (!declaration->body.empty()) key += fmt::format(" p{}", static_cast<const void*>(declaration));
  }
  for (const HostDeclaration* declaration : host.by_name) {
    if (!declaration->body.empty()) key += " n" + shared_text(*declaration->syntax);
  }
  return key;
}

// Where a setting goes on this machine, and what the target calls it.
void place(Setting& setting, const Facts& facts) {
  setting.surface = setting.param->surface;
  std::string& key = setting.key = setting.param->key;
  for (const std::string& instance : setting.instances) {
    if (const std::size_t hole = key.find("{}"); hole != std::string::npos) key.replace(hole, 2, instance);
  }
  const bool carried_elsewhere = !setting.param->if_builtin.empty() &&
                                 facts.builds_in(std::string_view(key).substr(0, key.find('.')));
  if (carried_elsewhere) setting.surface = setting.param->if_builtin;
}

std::vector<std::string> modules_needed(const Setting& setting) {
  std::vector<std::string> modules = setting.param->loads;
  const auto add_for = [&](const Value& value) {
    const Word* word = value.get_if<Word>();
    if (word == nullptr) return;
    const auto known = std::ranges::find(setting.param->values, word->text, &EnumValue::name);
    if (known != setting.param->values.end())
      modules.insert(modules.end(), known->loads.begin(), known->loads.end());
  };
  add_for(setting.value);
  if (const List* list = setting.value.get_if<List>()) std::ranges::for_each(list->items, add_for);
  return modules;
}

struct ClassPlan {
  Subject subject;
  std::vector<const Host*> hosts;
  std::shared_ptr<std::vector<Setting>> settings = std::make_shared<std::vector<Setting>>();
  std::vector<Conflict> conflicts;
  std::vector<std::string> spoiled;
};

using Conflicts = std::vector<std::pair<Conflict, Subject>>;

// Some hosts of a class, and what came of them: pieces are made in parallel and put together in order.
struct Piece {
  std::size_t index = 0;  // of the class
  std::span<const Host* const> hosts;
  std::vector<HostPlan> plans;
  std::vector<Dropped> dropped;
  Conflicts conflicts;
  Reporter reporter;
};
constexpr std::size_t hosts_of_piece = 256;

class Builder {
 public:
  Builder(const Fleet& fleet, const Catalogue& catalogue, const Sources& sources, Reporter& reporter)
      : fleet_(fleet), catalogue_(catalogue), sources_(sources), reporter_(reporter) {
    for (const std::string_view name : catalogue.names_under("modules-load.")) {
      const ParamInfo* param = catalogue.find(name);
      if (param->collects_loads) collector_ = param;
    }
  }

  PlanWithNotes run(const std::vector<Host>& hosts) {
    result_.plan.site = fleet_.site;
    std::unordered_map<std::string, std::size_t> classes;
    for (const Host& host : hosts) {
      const auto [known, first] = classes.try_emplace(class_key(host), classes_.size());
      if (first) classes_.emplace_back();
      classes_[known->second].hosts.push_back(&host);
    }
    for (std::size_t i = 0; i < classes_.size(); ++i) build_class(i);
    result_.plan.hosts.reserve(hosts.size());
    build_hosts(hosts.size());
    std::ranges::sort(result_.plan.hosts, {}, &HostPlan::name);
    report_conflicts();
    return std::move(result_);
  }

 private:
  static Subject subject_of(const std::vector<const Host*>& hosts) {
    Subject subject{hosts.front()->facts.get(),
                    hosts.front()->name,
                    hosts.front()->groups,
                    {},
                    hosts.front()->labels.get()};
    for (const Host* host : hosts) subject.hosts.push_back(host->name);
    return subject;
  }

  void build_class(std::size_t index) {
    ClassPlan& shared = classes_[index];
    shared.subject = subject_of(shared.hosts);
    Reporter first_look;  // what it says of all hosts counts only if they stay together
    Candidates candidates = collect_shared(*shared.hosts.front(), fleet_, catalogue_, shared.subject,
                                           first_look);
    if (split(index, candidates)) return build_class(index);
    reporter_.take(first_look);
    Merged merged = merge(std::move(candidates.all), candidates.graph);
    *shared.settings = std::move(merged.settings);
    shared.conflicts = std::move(merged.conflicts);
    result_.dropped.resize(std::max(result_.dropped.size(), index + 1));
    result_.dropped[index] = std::move(candidates.left_out.dropped);
    shared.spoiled = std::move(candidates.left_out.spoiled);
    const Facts& facts = *shared.subject.facts;
    for (Setting& setting : *shared.settings) place(setting, facts);
    add_modules(*shared.settings, facts);
  }

  void build_hosts(std::size_t hosts) {
    std::deque<Piece> pieces;
    for (std::size_t index = 0; index < classes_.size(); ++index) {
      const std::span<const Host* const> all = classes_[index].hosts;
      for (std::size_t at = 0; at < all.size(); at += hosts_of_piece) {
        pieces.emplace_back();
        pieces.back().index = index;
        pieces.back().hosts = all.subspan(at, std::min(hosts_of_piece, all.size() - at));
      }
    }
    const auto build = [&](std::size_t i) {
      for (const Host* host : pieces[i].hosts) build_host(*host, pieces[i]);
    };
    // For a few hosts threads would cost more than they save.
    if (hosts > hosts_of_piece) in_parallel(pieces.size(), build);
    else
      for (std::size_t i = 0; i < pieces.size(); ++i) build(i);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      Piece& piece = pieces[i];
      std::ranges::move(piece.plans, std::back_inserter(result_.plan.hosts));
      std::ranges::move(piece.dropped, std::back_inserter(result_.dropped[piece.index]));
      std::ranges::move(piece.conflicts, std::back_inserter(conflicts_));
      reporter_.take(std::move(piece.reporter));
      if (i + 1 == pieces.size() || pieces[i + 1].index != piece.index) keep_conflicts(piece.index);
    }
  }

  // Something depends on which host it is: each is a class of its own. Or on labels: hosts stay together that
  // are alike in those.
  bool split(std::size_t index, const Candidates& candidates) {
    if (!candidates.used_identity && candidates.used_labels.empty()) return false;
    std::vector<std::vector<const Host*>> parts;
    std::unordered_map<std::string, std::size_t> part_of;
    for (const Host* host : classes_[index].hosts) {
      std::string key;
      for (const std::string& name : candidates.used_labels) {
        const Value value = label(*host->labels, name);
        key += (value.poisoned() ? "" : to_source(value)) + '\n';
      }
      const auto [known, first] = part_of.try_emplace(std::move(key), parts.size());
      if (first || candidates.used_identity) parts.emplace_back().push_back(host);
      else parts[known->second].push_back(host);
    }
    classes_[index].hosts = std::move(parts.front());
    for (std::size_t i = 1; i < parts.size(); ++i) classes_.emplace_back().hosts = std::move(parts[i]);
    return parts.size() > 1;
  }

  // The modules that settings need join the list that says which to load.
  void add_modules(std::vector<Setting>& settings, const Facts& facts) const {
    if (collector_ == nullptr) return;
    const auto by_name = [](const Setting& a, std::string_view name) { return a.name < name; };
    auto list = std::lower_bound(settings.begin(), settings.end(), collector_->name, by_name);
    std::optional<Setting> collected;
    if (list != settings.end() && list->name == collector_->name) collected = *list;
    for (const Setting& setting : settings) add_modules_of(setting, facts, collected);
    if (!collected) return;
    if (list != settings.end() && list->name == collector_->name) {
      *list = std::move(*collected);
    } else {
      settings.insert(list, std::move(*collected));
    }
  }

  void add_modules_of(const Setting& setting, const Facts& facts, std::optional<Setting>& collected) const {
    for (std::string& module : modules_needed(setting)) {
      if (facts.builds_in(module)) continue;
      if (!collected) {
        collected.emplace();
        collected->param = collector_;
        collected->name = collector_->name;
        collected->origin = setting.origin;
        // That is said of the setting, and no longer a question
        collected->origin.only_where_available = false;
        collected->value = list_of({});
        place(*collected, facts);
      } else {
        collected->agreeing.push_back(setting.origin);
        collected->agreeing.back().only_where_available = false;
      }
      auto& items = std::get<List>(collected->value.v).items;
      const auto known = [&](const Value& item) { return to_text(item) == module; };
      if (std::ranges::none_of(items, known)) items.push_back(symbol(module));
      std::ranges::sort(items, {}, [](const Value& item) { return to_text(item); });
    }
  }

  void build_host(const Host& host, Piece& piece) const {
    const ClassPlan& shared = classes_[piece.index];
    HostPlan plan;
    plan.name = host.name;
    plan.declared = host.declared;
    plan.groups = host.groups;
    plan.facts = host.facts;
    plan.labels = host.labels;
    plan.host_class = piece.index;
    plan.shared = shared.settings;
    plan.spoiled = shared.spoiled;
    const Subject subject{host.facts.get(), host.name, host.groups, {host.name}, host.labels.get()};
    LeftOut left_out;
    std::vector<Candidate> candidates = collect_own(host, fleet_, catalogue_, subject, left_out,
                                                    piece.reporter);
    plan.spoiled.insert(plan.spoiled.end(), left_out.spoiled.begin(), left_out.spoiled.end());
    for (Dropped& dropped : left_out.dropped) {
      dropped.host = host.name;
      piece.dropped.push_back(std::move(dropped));
    }
    plan.own = settle(std::move(candidates), *shared.settings, subject, piece.conflicts);
    std::vector<const Setting*>& settings = plan.settings;
    settings.reserve(shared.settings->size() + plan.own.size());
    auto own = plan.own.cbegin();
    for (const Setting& setting : *shared.settings) {
      while (own != plan.own.cend() && own->name < setting.name) settings.push_back(&*own++);
      if (own != plan.own.cend() && own->name == setting.name) {
        settings.push_back(&*own++);
      } else {
        settings.push_back(&setting);
      }
    }
    while (own != plan.own.cend()) settings.push_back(&*own++);
    piece.plans.push_back(std::move(plan));
  }

  std::vector<Setting> settle(std::vector<Candidate> candidates, const std::vector<Setting>& shared,
                              const Subject& subject, Conflicts& conflicts) const {
    std::map<std::string, std::vector<Candidate>> by_name;
    for (Candidate& candidate : candidates) by_name[candidate.name].push_back(std::move(candidate));
    std::vector<Setting> own;
    std::optional<Setting> collected;
    const auto shared_of = [&](std::string_view name) -> const Setting* {
      const auto found = std::ranges::lower_bound(shared, name, {}, &Setting::name);
      return found != shared.end() && found->name == name ? &*found : nullptr;
    };
    for (auto& [name, group] : by_name) {
      std::vector<Conflict> found;
      own.push_back(settle_own(std::move(group), shared_of(name), found));
      place(own.back(), *subject.facts);
      for (Conflict& conflict : found) conflicts.emplace_back(std::move(conflict), subject);
    }
    if (collector_ == nullptr) return own;
    const Setting* shared_list = shared_of(collector_->name);
    const auto own_list = std::ranges::find(own, collector_->name, &Setting::name);
    if (own_list != own.end()) collected = *own_list;
    else if (shared_list != nullptr) collected = *shared_list;
    const std::size_t before = collected ? collected->value.as<List>().items.size() : 0;
    for (const Setting& setting : own) add_modules_of(setting, *subject.facts, collected);
    if (!collected || collected->value.as<List>().items.size() == before) return own;
    if (own_list != own.end()) {
      *own_list = std::move(*collected);
    } else {
      own.insert(std::ranges::lower_bound(own, collector_->name, {}, &Setting::name), std::move(*collected));
    }
    return own;
  }

  // A host's own value settles a conflict among what it includes; the others of the class still have it.
  void keep_conflicts(std::size_t index) {
    const ClassPlan& shared = classes_[index];
    // The class's hosts were planned last, in this order.
    const std::size_t first = result_.plan.hosts.size() - shared.hosts.size();
    for (const Conflict& conflict : shared.conflicts) {
      Subject unsettled = shared.subject;
      unsettled.hosts.clear();
      for (std::size_t i = 0; i < shared.hosts.size(); ++i) {
        if (result_.plan.hosts[first + i].find(conflict.name) == nullptr)
          unsettled.hosts.push_back(shared.hosts[i]->name);
      }
      if (!unsettled.hosts.empty()) conflicts_.emplace_back(conflict, unsettled);
    }
  }

  void report_conflicts() {
    for (const auto& [conflict, subject] : conflicts_) {
      const Candidate& first = conflict.sides.front();
      Draft draft = reporter_.report(user_place(first.origin, sources_), diag::conflict, conflict.name);
      draft.key(conflict.name)
          .at(to_source(first.value) + whose(first.origin))
          .hosts(subject.hosts, subject.facts->describe());
      for (std::size_t i = 1; i < conflict.sides.size(); ++i) {
        const Candidate& side = conflict.sides[i];
        draft.label(user_place(side.origin, sources_), to_source(side.value) + whose(side.origin));
      }
      draft.help(fmt::format("write `{} = …` in what includes both, or `override {} = … because \"…\"`",
                             conflict.name, conflict.name));
    }
  }

  static std::string whose(const Origin& origin) {
    return origin.profiles.empty() ? " here" : fmt::format(" from profile `{}`", origin.profiles.back());
  }

  const Fleet& fleet_;
  const Catalogue& catalogue_;
  const Sources& sources_;
  Reporter& reporter_;
  const ParamInfo* collector_ = nullptr;
  std::deque<ClassPlan> classes_;
  Conflicts conflicts_;
  PlanWithNotes result_;
};

}  // namespace

PlanWithNotes build_plan(const Fleet& fleet, const std::vector<Host>& hosts, const Catalogue& catalogue,
                         const Sources& sources, Reporter& reporter) {
  return Builder(fleet, catalogue, sources, reporter).run(hosts);
}

}  // namespace tunec
