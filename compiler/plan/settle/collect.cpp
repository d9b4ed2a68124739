// Every step is first evaluated for the first host. If the class's hosts agree in what the step read, its
// result holds for all of them.
#include "plan/settle/collect.h"

#include <algorithm>
#include <set>

#include "diagnostics/diag.h"
#include "plan/settle/make_candidate.h"

namespace tunec {
namespace {

// If a value has at least this many hosts, a class for it is cheaper than settings for each host.
constexpr std::size_t min_hosts_of_value = 64;

// Unknown facts are reported once for each host, where the walk first needs them.
class UnknownFacts {
 public:
  void report(const UnknownFact& fact, const std::vector<std::string_view>& hosts, const Platform& platform,
              Reporter& reporter) {
    std::vector<std::string_view> left;
    for (const std::string_view host : hosts) {
      if (reported_.emplace(fact.name, host).second) left.push_back(host);
    }
    if (left.empty()) return;
    Draft draft = reporter.report(fact.shown_at.value_or(fact.span), diag::fact_not_known,
                                  "host." + fact.name, std::string(left.front()));
    draft.hosts(left, platform.describe()).key(fact.name);
    if (fact.shown_at) draft.label(fact.span, "computed here");
    if (const std::string_view statement = statement_of_fact(fact.name); !statement.empty())
      draft.help(fmt::format("give it in the host's facts: `facts {{ {} }}`", statement));
  }

 private:
  std::set<std::pair<std::string, std::string_view>> reported_;
};

std::vector<std::string_view> names_of(const HostList& hosts) {
  std::vector<std::string_view> names;
  names.reserve(hosts.size());
  for (const Host* host : hosts) names.push_back(host->name);
  return names;
}

class Collector {
 public:
  Collector(HostList hosts, std::shared_ptr<const Walk> walk, const Fleet& fleet, const Catalogue& catalogue,
            FactNumbers& numbers)
      : fleet_(fleet), catalogue_(catalogue), numbers_(numbers), differences_(result_.hosts, numbers) {
    result_.hosts = std::move(hosts);
    result_.walk = std::move(walk);
    names_ = names_of(result_.hosts);
  }

  // `needless`: by number, the steps that give nothing new. This adds further ones.
  void evaluate_for_first(std::vector<bool>& needless) {
    const Walk& walk = *result_.walk;
    EvaluatedHost subject = evaluated(*result_.hosts.front());
    subject.hosts = names_;
    Reporter reports;
    std::optional<CandidateMaker> maker;
    for (std::size_t i = 0; i < walk.steps.size(); ++i) {
      if (needless[i]) continue;
      const WalkStep& step = walk.steps[i];
      if (step.is_quiet && !differences_.in(step.reads)) {
        needless[i] = true;
        continue;
      }
      if (!maker) maker.emplace(fleet_, catalogue_, subject, reports);
      Made made = perform(step, *maker);
      const bool is_varied = differences_.in(maker->trace().reads);
      if (is_varied) {
        varied_.push_back(i);
        if (std::holds_alternative<const BoundSetting*>(step.what) ||
            std::holds_alternative<PatternSetting>(step.what))
          varied_reads_.insert(maker->trace().reads.begin(), maker->trace().reads.end());
      } else {
        add_shared(i, std::move(made), maker->trace().unknown_facts, reports);
      }
      if (reports.report_count() == 0) continue;
      if (is_varied) maker.reset();  // otherwise it would not report the same mistake again in a later step
      reports = {};
    }
  }

  // The leaves that have many hosts for each value, as long as their combinations do too.
  FactReads worth_classes() {
    std::vector<std::pair<std::size_t, std::string>> counts;
    for (const std::string& leaf : varied_reads_) {
      const std::size_t values = differences_.count_values(leaf);
      if (values > 1 && values * min_hosts_of_value <= result_.hosts.size())
        counts.emplace_back(values, leaf);
    }
    std::ranges::sort(counts);
    FactReads leaves;
    for (const auto& [values, leaf] : counts) {
      leaves.insert(leaf);
      if (divided_by(leaves, result_.hosts, numbers_).size() * min_hosts_of_value > result_.hosts.size())
        leaves.erase(leaf);
    }
    return leaves;
  }

  Candidates finish(Reporter& reporter) {
    if (!varied_.empty()) evaluate_for_each();
    std::ranges::stable_sort(unknown_, {}, &Unknown::step);
    const Platform& platform = *result_.hosts.front()->facts->platform;
    UnknownFacts facts;
    for (const Unknown& unknown : unknown_) {
      for (const UnknownFact& fact : unknown.facts) facts.report(fact, unknown.hosts, platform, reporter_);
    }
    reporter.take(std::move(reporter_));
    return std::move(result_);
  }

 private:
  struct Unknown {
    std::size_t step;
    std::vector<UnknownFact> facts;
    std::vector<std::string_view> hosts;
  };
  // What a step reports, and for which hosts.
  struct Reported {
    std::vector<UnknownFact> unknown_facts;
    bool has_mistakes = false;
    HostList hosts;
  };

  static Made perform(const WalkStep& step, CandidateMaker& maker) {
    maker.trace() = {};
    if (const auto* setting = std::get_if<const BoundSetting*>(&step.what))
      return maker.make(**setting, *step.body);
    if (const auto* setting = std::get_if<PatternSetting>(&step.what))
      return maker.make(*setting, *step.body);
    maker.evaluate_decision(step);
    return {};
  }

  void add_shared(std::size_t step, Made made, std::vector<UnknownFact>& unknown_facts, Reporter& reports) {
    if (made.candidate) result_.shared.push_back(std::move(*made.candidate));
    std::ranges::move(made.excluded.dropped, std::back_inserter(result_.excluded.dropped));
    std::ranges::move(made.excluded.failed_settings, std::back_inserter(result_.excluded.failed_settings));
    if (!unknown_facts.empty()) unknown_.push_back({step, std::move(unknown_facts), names_});
    if (reports.report_count() > 0) reporter_.take(std::move(reports));
  }

  void evaluate_for_each() {
    for (std::size_t at = 0; at < varied_.size(); ++at) result_.made.emplace_back(numbers_);
    reported_.resize(varied_.size());
    std::vector<std::vector<const Made*>> made_for;  // for each host: the results of the varied steps
    for (const Host* host : result_.hosts) made_for.push_back(evaluate_for(*host));
    for (std::size_t at = 0; at < varied_.size(); ++at) {
      for (auto& [made, reported] : reported_[at]) report(varied_[at], reported);
    }
    std::vector<bool> is_shared;
    for (SharedResults<Made>& made : result_.made) is_shared.push_back(share_if_all_agree(made.all()));
    result_.own.resize(result_.hosts.size());
    for (std::size_t i = 0; i < result_.hosts.size(); ++i) {
      for (std::size_t at = 0; at < varied_.size(); ++at) {
        const Made* made = made_for[i][at];
        if (!is_shared[at] && (made->candidate || !made->excluded.is_empty())) result_.own[i].push_back(made);
      }
    }
  }

  // Hosts may read different facts and still get the same result.
  bool share_if_all_agree(const std::deque<Made>& all) {
    const Made& first = all.front();
    const auto same_text = [](const Value& a, const Value& b) {
      return a.v.index() == b.v.index() && to_source(a) == to_source(b);
    };
    const bool agree = std::ranges::all_of(all, [&](const Made& made) {
      return made.candidate && made.excluded.is_empty() && made.candidate->name == first.candidate->name &&
             made.candidate->origin.where == first.candidate->origin.where &&
             same_text(made.candidate->value, first.candidate->value);
    });
    if (agree) result_.shared.push_back(*first.candidate);
    return agree;
  }

  std::vector<const Made*> evaluate_for(const Host& host) {
    const EvaluatedHost subject = evaluated(host);
    const HostRecord record = subject.record();
    Reporter reports;
    std::optional<CandidateMaker> maker;
    std::vector<const Made*> all;
    for (std::size_t at = 0; at < varied_.size(); ++at) {
      const Made* made = result_.made[at].find(record);
      if (made == nullptr) {
        if (!maker) maker.emplace(fleet_, catalogue_, subject, reports);
        const std::size_t before = reports.report_count();
        Made computed = perform(result_.walk->steps[varied_[at]], *maker);
        made = &result_.made[at].add(maker->trace().reads, record, std::move(computed));
        const bool has_mistakes = reports.report_count() > before;
        if (has_mistakes || !maker->trace().unknown_facts.empty())
          reported_[at].emplace(made, Reported{std::move(maker->trace().unknown_facts), has_mistakes, {}});
        // Otherwise it would not report the same mistake again in a later step.
        if (has_mistakes) maker.reset();
      }
      if (const auto reported = reported_[at].find(made); reported != reported_[at].end())
        reported->second.hosts.push_back(&host);
      all.push_back(made);
    }
    return all;
  }

  // Reports after all hosts, when it is known which of them share a mistake.
  void report(std::size_t step, Reported& reported) {
    EvaluatedHost subject = evaluated(*reported.hosts.front());
    subject.hosts = names_of(reported.hosts);
    if (reported.has_mistakes) {
      CandidateMaker maker(fleet_, catalogue_, subject, reporter_);
      perform(result_.walk->steps[step], maker);
    }
    unknown_.push_back({step, std::move(reported.unknown_facts), std::move(subject.hosts)});
  }

  const Fleet& fleet_;
  const Catalogue& catalogue_;
  FactNumbers& numbers_;
  Candidates result_;
  Differences differences_;
  std::vector<std::string_view> names_;
  Reporter reporter_;
  std::vector<std::size_t> varied_;  // steps in whose facts hosts differ
  FactReads varied_reads_;           // the facts that the settings among these steps read
  std::vector<std::map<const Made*, Reported>> reported_;  // for each varied step
  std::vector<Unknown> unknown_;
};

void collect_into(std::vector<Candidates>& all, const HostClass& some, std::vector<bool> needless,
                  const Fleet& fleet, const Catalogue& catalogue, FactNumbers& numbers, Reporter& reporter) {
  Collector collector(some.hosts, some.walk, fleet, catalogue, numbers);
  collector.evaluate_for_first(needless);
  const FactReads leaves = collector.worth_classes();
  if (leaves.empty()) {
    all.push_back(collector.finish(reporter));
    return;
  }
  for (HostList& hosts : divided_by(leaves, some.hosts, numbers))
    collect_into(all, {std::move(hosts), some.walk}, needless, fleet, catalogue, numbers, reporter);
}

}  // namespace

std::vector<Candidates> collect(const HostClass& some, const Fleet& fleet, const Catalogue& catalogue,
                                FactNumbers& numbers, Reporter& reporter) {
  std::vector<Candidates> all;
  reporter.take(some.walk->mistakes);
  collect_into(all, some, std::vector<bool>(some.walk->steps.size()), fleet, catalogue, numbers, reporter);
  return all;
}

std::vector<Candidate> collect_own(const Host& host, const Fleet& fleet, const Catalogue& catalogue,
                                   Excluded& excluded, Reporter& reporter) {
  std::vector<Candidate> own;
  const EvaluatedHost subject = evaluated(host);
  CandidateMaker maker(fleet, catalogue, subject, reporter);
  const VisitedBody own_body;
  for (const HostDeclaration* declaration : host.by_name) {
    for (const BoundStatement& statement : declaration->body) {
      if (!is_own(statement)) continue;
      Made made = maker.make(std::get<BoundSetting>(statement), own_body);
      if (made.candidate) own.push_back(std::move(*made.candidate));
      std::ranges::move(made.excluded.dropped, std::back_inserter(excluded.dropped));
      std::ranges::move(made.excluded.failed_settings, std::back_inserter(excluded.failed_settings));
    }
  }
  UnknownFacts facts;
  for (const UnknownFact& fact : maker.trace().unknown_facts)
    facts.report(fact, subject.hosts, *subject.facts->platform, reporter);
  return own;
}

}  // namespace tunec
