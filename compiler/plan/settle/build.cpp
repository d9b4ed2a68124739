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

// Some hosts of a class, and their plans. Pieces are made in parallel and joined in order.
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
      : fleet_(fleet),
        catalogue_(catalogue),
        sources_(sources),
        reporter_(reporter),
        module_lists_(module_lists(catalogue)) {}

  PlanWithNotes run(const std::vector<Host>& hosts) {
    result_.plan.site = fleet_.site;
    FactNumbers numbers;
    for (const HostClass& some : classes_of(hosts, fleet_, numbers)) {
      for (Candidates& candidates : collect(some, fleet_, catalogue_, numbers, reporter_)) {
        result_.dropped.push_back(std::move(candidates.excluded.dropped));
        classes_.emplace_back(std::move(candidates), module_lists_);
      }
    }
    result_.plan.hosts.reserve(hosts.size());
    build_hosts(hosts.size());
    std::ranges::sort(result_.plan.hosts, {}, &HostPlan::name);
    report_conflicts();
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
    // For a few hosts, threads cost more than they save.
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
    for (Conflict& conflict : conflicts) {
      plan.failed_settings.push_back(conflict.name);
      piece.conflicts.push_back({std::move(conflict), {host.name}, host.facts->platform.get()});
    }
    std::ranges::move(excluded.failed_settings, std::back_inserter(plan.failed_settings));
    for (Dropped& dropped : excluded.dropped) {
      dropped.host = host.name;
      piece.dropped.push_back(std::move(dropped));
    }
    plan.own = std::move(settings);
    put_together(plan);
    piece.plans.push_back(std::move(plan));
  }

  // Joins the shared settings and the host's own, which replace those of the same name.
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

  // A host's own value settles a conflict among its inclusions. The other hosts of the class still have the
  // conflict.
  void add_shared_conflicts(std::size_t index) {
    const SharedSettings& shared = classes_[index];
    const HostList& hosts = shared.candidates().hosts;
    // The hosts of this class were planned last, in the same order.
    const std::size_t first = result_.plan.hosts.size() - hosts.size();
    for (const Conflict& conflict : shared.conflicts()) {
      ConflictOfHosts unsettled{conflict, {}, &shared.platform()};
      for (std::size_t i = 0; i < hosts.size(); ++i) {
        HostPlan& plan = result_.plan.hosts[first + i];
        if (plan.find(conflict.name) != nullptr) continue;
        plan.failed_settings.push_back(conflict.name);
        unsettled.hosts.push_back(hosts[i]->name);
      }
      if (!unsettled.hosts.empty()) conflicts_.push_back(std::move(unsettled));
    }
  }

  // Two different inclusions of one profile are one mistake, however many settings they affect.
  struct Inclusions {
    struct Place {
      Span where;
      std::string included;  // the profile that is included there: this one, or one that includes it
      auto operator<=>(const Place&) const = default;
    };
    std::string profile;
    std::vector<Place> places;
    std::vector<const ConflictOfHosts*> conflicts;
  };

  void report_conflicts() {
    std::vector<Inclusions> all;
    for (const ConflictOfHosts& found : conflicts_) {
      Inclusions inclusions = inclusions_of(found.conflict);
      if (inclusions.places.size() < 2) {
        report(found);
        continue;
      }
      const auto same = std::ranges::find_if(all, [&](const Inclusions& other) {
        return other.profile == inclusions.profile && other.places == inclusions.places;
      });
      (same == all.end() ? all.emplace_back(std::move(inclusions)) : *same).conflicts.push_back(&found);
    }
    for (const Inclusions& inclusions : all) report(inclusions);
  }

  // If all sides come from one profile, the places where it is included; otherwise no places.
  Inclusions inclusions_of(const Conflict& conflict) const {
    Inclusions inclusions;
    for (const Candidate& side : conflict.sides) {
      const Origin& origin = side.origin;
      if (origin.profiles.empty() || origin.profiles.size() != origin.via.size()) return {};
      if (inclusions.profile.empty()) inclusions.profile = origin.profiles.back();
      if (origin.profiles.back() != inclusions.profile) return {};
      std::size_t innermost = origin.via.size() - 1;  // the innermost inclusion that the user wrote
      while (innermost > 0 && sources_.shipped(origin.via[innermost].file)) --innermost;
      Inclusions::Place place{origin.via[innermost], origin.profiles[innermost]};
      if (std::ranges::find(inclusions.places, place) == inclusions.places.end())
        inclusions.places.push_back(std::move(place));
    }
    std::ranges::sort(inclusions.places);
    return inclusions;
  }

  void report(const Inclusions& inclusions) {
    std::vector<std::string> names, hosts;
    for (const ConflictOfHosts* found : inclusions.conflicts) {
      const std::string name = fmt::format("`{}`", found->conflict.name);
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
      hosts.insert(hosts.end(), found->hosts.begin(), found->hosts.end());
    }
    std::ranges::sort(hosts);
    hosts.erase(std::ranges::unique(hosts).begin(), hosts.end());
    constexpr std::size_t max_names = 4;
    const std::size_t others = names.size() - std::min(names.size(), max_names);
    names.resize(names.size() - others);
    Draft draft = reporter_.report(inclusions.places.front().where, diag::conflict,
                                   fmt::format("two inclusions of `{}` differ", inclusions.profile));
    draft.key(inclusions.profile)
        .at(how_included(inclusions, 0))
        .hosts(std::move(hosts), inclusions.conflicts.front()->platform->describe())
        .note(fmt::format("they differ in {}{}", fmt::join(names, ", "),
                          others == 0 ? "" : fmt::format(" and {} more", others)))
        .help("leave one of them out, or pass the same arguments to both");
    for (std::size_t i = 1; i < inclusions.places.size(); ++i)
      draft.label(inclusions.places[i].where, how_included(inclusions, i));
  }

  static std::string how_included(const Inclusions& inclusions, std::size_t i) {
    const std::string& included = inclusions.places[i].included;
    return included == inclusions.profile ? fmt::format("`{}` is included here", included)
                                          : fmt::format("`{}` includes `{}`", included, inclusions.profile);
  }

  void report(const ConflictOfHosts& found) {
    const Conflict& conflict = found.conflict;
    const Candidate& first = conflict.sides.front();
    Draft draft = reporter_.report(user_place(first.origin, sources_), diag::conflict,
                                   fmt::format("two values for `{}`", conflict.name));
    draft.key(conflict.name)
        .at(to_source(first.value) + whose(first.origin))
        .hosts(found.hosts, found.platform->describe());
    for (std::size_t i = 1; i < conflict.sides.size(); ++i) {
      const Candidate& side = conflict.sides[i];
      draft.label(user_place(side.origin, sources_), to_source(side.value) + whose(side.origin));
    }
    const bool one_body = std::ranges::all_of(conflict.sides, [&](const Candidate& side) {
      return side.node == first.node && side.origin.profiles == first.origin.profiles;
    });
    // A number for policies has no `override`.
    if (first.param->surface.empty())
      draft.help(fmt::format("write `let {} = …` in what includes both", conflict.name));
    else if (one_body) draft.help("delete one of the two");
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
  std::vector<ModuleList> module_lists_;
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
