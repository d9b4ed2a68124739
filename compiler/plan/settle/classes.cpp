#include "plan/settle/classes.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>

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

// Hosts whose shared statements print alike are of one class: nothing else in the text decides this.
std::string shared_text(const ast::Host& host) {
  ast::Host shared;
  shared.name.text = "h";
  for (const ast::Statement& statement : host.body) {
    if (!is_shared(statement)) continue;
    shared.body.push_back(statement);
    // The class does not depend on the arguments: see declared_parts().
    if (auto* include = std::get_if<ast::Include>(&shared.body.back().node)) {
      for (ast::Argument& argument : include->arguments) argument.value = ast::Expr{ast::Missing{}, {}};
    }
  }
  if (shared.body.empty()) return "";
  return print(ast::File{{ast::Declaration{std::move(shared), {}}}});
}

std::string declarations_key(const Host& host) {
  std::string key = fmt::format("{}", static_cast<const void*>(host.facts->platform.get()));
  // A declaration of facts alone does not count, such as the racks of four hundred patterns.
  for (const HostDeclaration* declaration : patterns_of(host)) {
    key += has_settings_alone(*declaration) ? fmt::format(" s{}", declaration->body.size())
                                            : fmt::format(" p{}", static_cast<const void*>(declaration));
  }
  for (const HostDeclaration* declaration : host.by_name) {
    if (!declaration->body.empty()) key += " n" + shared_text(*declaration->syntax);
  }
  return key;
}

class Division {
 public:
  Division(const Fleet& fleet, FactNumbers& numbers) : fleet_(fleet), numbers_(numbers) {}

  // Walks the way of the first host, and separates the hosts that take another way.
  void divide(HostList hosts) {
    auto way = std::make_shared<Walk>(walk(*hosts.front(), fleet_));
    Differences differences(hosts, numbers_);
    FactReads reads;  // read by decisions whose outcome may differ
    for (const WalkDecision& decision : way->decisions) {
      const FactReads& read = way->steps[decision.step].reads;
      if (differences.in(read)) reads.insert(read.begin(), read.end());
    }
    std::vector<HostList> ways;
    if (!reads.empty()) ways = divided_by_outcomes(hosts, *way, std::move(reads));
    if (ways.size() < 2) {
      classes.push_back({std::move(hosts), std::move(way)});
      return;
    }
    classes.push_back({std::move(ways.front()), std::move(way)});
    for (std::size_t i = 1; i < ways.size(); ++i) divide(std::move(ways[i]));
  }

  std::vector<HostClass> classes;

 private:
  // Groups hosts by the outcomes of the first host's decisions. An outcome counts for all hosts that agree in
  // what was read for it. The evaluation for another host may read more than the first host's (`a or b` stops
  // at a true `a`). So the hosts are divided by all reads, until no evaluation reads anything new. Test:
  // ClassLaws.
  std::vector<HostList> divided_by_outcomes(const HostList& all, const Walk& way, FactReads reads) {
    std::vector<SharedResults<std::string>> results;
    for (const WalkDecision& decision : way.decisions) {
      results.emplace_back(numbers_);
      results.back().add(way.steps[decision.step].reads, record_of(*all.front()), decision.outcome);
    }
    std::vector<HostList> ways;
    for (std::size_t known_reads = 0; known_reads != reads.size();) {
      known_reads = reads.size();
      ways.clear();
      std::unordered_map<std::string, std::size_t> way_of;
      for (const HostList& hosts : divided_by(reads, all, numbers_)) {
        const auto [index, is_first] = way_of.try_emplace(outcomes(*hosts.front(), way, results, reads),
                                                          ways.size());
        if (is_first) ways.emplace_back();
        HostList& joined = ways[index->second];
        joined.insert(joined.end(), hosts.begin(), hosts.end());
      }
    }
    for (HostList& hosts : ways)
      std::ranges::sort(
          hosts, {}, [](const Host* host) -> auto& { return host->name; });
    return ways;
  }

  // Adds the facts that it reads to `reads`.
  std::string outcomes(const Host& host, const Walk& way, std::vector<SharedResults<std::string>>& results,
                       FactReads& reads) {
    const EvaluatedHost subject = evaluated(host);
    const HostRecord record = subject.record();
    Reporter unheard;
    Evaluation run(fleet_, unheard);
    std::vector<std::string> found;
    for (std::size_t i = 0; i < way.decisions.size(); ++i) {
      const std::string* outcome = results[i].find(record);
      if (outcome == nullptr) {
        run.trace = {};
        std::string computed = outcome_of(way.steps[way.decisions[i].step], subject, run);
        reads.insert(run.trace.reads.begin(), run.trace.reads.end());
        outcome = &results[i].add(run.trace.reads, record, std::move(computed));
      }
      found.push_back(*outcome);
    }
    return outcomes_of(way, found);
  }

  const Fleet& fleet_;
  FactNumbers& numbers_;
};

}  // namespace

bool Differences::in(const FactReads& reads) {
  return std::ranges::any_of(reads, [&](const std::string& leaf) { return count_values(leaf) > 1; });
}

std::size_t Differences::count_values(const std::string& leaf) {
  const auto [count, is_first] = counted_.try_emplace(leaf, 1);
  if (!is_first || hosts_.size() == 1) return count->second;
  std::unordered_set<std::uint32_t> values;
  for (const Host* host : hosts_) values.insert(numbers_.number(leaf, record_of(*host)));
  return count->second = values.size();
}

std::vector<HostList> divided_by(const FactReads& reads, const HostList& hosts, FactNumbers& numbers) {
  std::vector<HostList> parts;
  std::map<FactNumbers::Projection, std::size_t> part_of;
  for (const Host* host : hosts) {
    const auto [part, is_first] = part_of.try_emplace(numbers.project(reads, record_of(*host)), parts.size());
    if (is_first) parts.emplace_back();
    parts[part->second].push_back(host);
  }
  return parts;
}

std::vector<HostClass> classes_of(const std::vector<Host>& hosts, const Fleet& fleet, FactNumbers& numbers) {
  std::unordered_map<std::string, std::size_t> index_of;
  std::vector<HostList> declared_alike;
  for (const Host& host : hosts) {
    numbers.set_declared(host.name, declared_parts(host));
    const auto [index, is_first] = index_of.try_emplace(declarations_key(host), declared_alike.size());
    if (is_first) declared_alike.emplace_back();
    declared_alike[index->second].push_back(&host);
  }
  Division division(fleet, numbers);
  for (HostList& alike : declared_alike) division.divide(std::move(alike));
  std::ranges::stable_sort(
      division.classes, {}, [](const HostClass& some) -> auto& { return some.hosts.front()->name; });
  return std::move(division.classes);
}

HostRecord record_of(const Host& host) {
  return {host.facts.get(), host.labels.get(), host.name, host.groups};
}

EvaluatedHost evaluated(const Host& host) {
  return {host.facts.get(), host.name, host.groups, {host.name}, host.labels.get(), &host};
}

}  // namespace tunec
