#include "plan/settle/build.h"

#include <algorithm>
#include <iterator>

#include "base/parallel.h"
#include "diagnostics/diag.h"
#include "plan/settle/host_settings.h"

namespace tunec {
namespace {

struct ConflictOfHosts {
  Conflict conflict;
  std::vector<std::string> hosts;
  const Platform* platform;
};

// Some hosts of a class, and their plans: pieces are made in parallel and put together in order.
struct Piece {
  std::size_t index = 0;  // of the class
  std::size_t first = 0, count = 0;
  std::vector<HostPlan> plans;
  std::vector<Dropped> dropped;
  std::vector<ConflictOfHosts> conflicts;
  Reporter reporter;
};
constexpr std::size_t hosts_of_piece = 256;

class Builder {
 public:
  Builder(const Fleet& fleet, const Catalogue& catalogue, const Sources& sources, Reporter& reporter)
      : fleet_(fleet), catalogue_(catalogue), sources_(sources), reporter_(reporter), modules_(catalogue) {}

  PlanWithNotes run(const std::vector<Host>& hosts) {
    result_.plan.site = fleet_.site;
    FactNumbers numbers;
    for (const HostClass& some : classes_of(hosts, fleet_, numbers)) {
      for (Candidates& candidates : collect(some, fleet_, catalogue_, numbers, reporter_)) {
        result_.dropped.push_back(std::move(candidates.excluded.dropped));
        classes_.emplace_back(std::move(candidates), modules_);
      }
    }
    result_.plan.hosts.reserve(hosts.size());
    build_hosts(hosts.size());
    std::ranges::sort(result_.plan.hosts, {}, &HostPlan::name);
    for (const ConflictOfHosts& conflict : conflicts_) report(conflict);
    return std::move(result_);
  }

 private:
  void build_hosts(std::size_t hosts) {
    std::deque<Piece> pieces;
    for (std::size_t index = 0; index < classes_.size(); ++index) {
      const std::size_t count = classes_[index].candidates().hosts.size();
      for (std::size_t at = 0; at < count; at += hosts_of_piece) {
        Piece& piece = pieces.emplace_back();
        piece.index = index;
        piece.first = at;
        piece.count = std::min(hosts_of_piece, count - at);
      }
    }
    const auto build = [&](std::size_t i) {
      for (std::size_t at = 0; at < pieces[i].count; ++at) build_host(pieces[i].first + at, pieces[i]);
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
      if (i + 1 == pieces.size() || pieces[i + 1].index != piece.index) add_shared_conflicts(piece.index);
    }
  }

  void build_host(std::size_t number, Piece& piece) const {
    const SharedSettings& shared = classes_[piece.index];
    const Host& host = *shared.candidates().hosts[number];
    HostPlan plan;
    plan.name = host.name;
    plan.declared = host.declared;
    plan.groups = host.groups;
    plan.facts = host.facts;
    plan.labels = host.labels;
    plan.host_class = piece.index;
    plan.shared = shared.settings();
    plan.failed_settings = shared.candidates().excluded.failed_settings;
    Excluded excluded;
    if (!shared.candidates().own.empty()) {
      for (const Made* made : shared.candidates().own[number]) {
        std::ranges::copy(made->excluded.dropped, std::back_inserter(excluded.dropped));
        std::ranges::copy(made->excluded.failed_settings, std::back_inserter(excluded.failed_settings));
      }
    }
    std::vector<Conflict> conflicts;
    std::vector<Setting> settings = shared.settle_for(number, conflicts);
    std::vector<Candidate> own = collect_own(host, fleet_, catalogue_, excluded, piece.reporter);
    if (!own.empty()) settings = shared.settle_over(std::move(settings), std::move(own), conflicts);
    for (Conflict& conflict : conflicts)
      piece.conflicts.push_back({std::move(conflict), {host.name}, host.facts->platform.get()});
    std::ranges::move(excluded.failed_settings, std::back_inserter(plan.failed_settings));
    for (Dropped& dropped : excluded.dropped) {
      dropped.host = host.name;
      piece.dropped.push_back(std::move(dropped));
    }
    plan.own = std::move(settings);
    put_together(plan);
    piece.plans.push_back(std::move(plan));
  }

  // The shared settings, with the host's own in the place of those of the same name.
  static void put_together(HostPlan& plan) {
    plan.settings.reserve(plan.shared->size() + plan.own.size());
    auto next = plan.own.begin();
    for (const Setting& setting : *plan.shared) {
      while (next != plan.own.end() && next->name < setting.name) plan.settings.push_back(&*next++);
      const bool is_replaced = next != plan.own.end() && next->name == setting.name;
      plan.settings.push_back(is_replaced ? &*next++ : &setting);
    }
    while (next != plan.own.end()) plan.settings.push_back(&*next++);
  }

  // A host's own value settles a conflict among what it includes; the others of the class still have it.
  void add_shared_conflicts(std::size_t index) {
    const SharedSettings& shared = classes_[index];
    const HostList& hosts = shared.candidates().hosts;
    // The class's hosts were planned last, in this order.
    const std::size_t first = result_.plan.hosts.size() - hosts.size();
    for (const Conflict& conflict : shared.conflicts()) {
      ConflictOfHosts unsettled{conflict, {}, &shared.platform()};
      for (std::size_t i = 0; i < hosts.size(); ++i) {
        if (result_.plan.hosts[first + i].find(conflict.name) == nullptr)
          unsettled.hosts.push_back(hosts[i]->name);
      }
      if (!unsettled.hosts.empty()) conflicts_.push_back(std::move(unsettled));
    }
  }

  void report(const ConflictOfHosts& found) {
    const Conflict& conflict = found.conflict;
    const Candidate& first = conflict.sides.front();
    Draft draft = reporter_.report(user_place(first.origin, sources_), diag::conflict, conflict.name);
    draft.key(conflict.name)
        .at(to_source(first.value) + whose(first.origin))
        .hosts(found.hosts, found.platform->describe());
    for (std::size_t i = 1; i < conflict.sides.size(); ++i) {
      const Candidate& side = conflict.sides[i];
      draft.label(user_place(side.origin, sources_), to_source(side.value) + whose(side.origin));
    }
    // A number for policies has no `override`.
    if (first.param->surface.empty())
      draft.help(fmt::format("write `let {} = …` in what includes both", conflict.name));
    else
      draft.help(fmt::format("write `{} = …` in what includes both, or `override {} = … because \"…\"`",
                             conflict.name, conflict.name));
  }

  static std::string whose(const Origin& origin) {
    return origin.profiles.empty() ? " here" : fmt::format(" from profile `{}`", origin.profiles.back());
  }

  const Fleet& fleet_;
  const Catalogue& catalogue_;
  const Sources& sources_;
  Reporter& reporter_;
  ModuleList modules_;
  std::deque<SharedSettings> classes_;
  std::vector<ConflictOfHosts> conflicts_;
  PlanWithNotes result_;
};

}  // namespace

PlanWithNotes build_plan(const Fleet& fleet, const std::vector<Host>& hosts, const Catalogue& catalogue,
                         const Sources& sources, Reporter& reporter) {
  return Builder(fleet, catalogue, sources, reporter).run(hosts);
}

}  // namespace tunec
