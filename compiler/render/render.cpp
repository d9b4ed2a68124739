// Two caches make rendering cheap. A view (backend, platform, settings) is emitted once. Hosts with the same
// combination of emissions get the same list of artifacts and steps. Settings are compared as pointers, since
// hosts of a class share them.
#include "render/render.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/parallel.h"

namespace tunec {
namespace {

struct Emission {
  Artifacts artifacts;
  std::vector<Step> steps;
};

struct Group {
  Artifacts artifacts;
  std::shared_ptr<const std::vector<Step>> steps;
};

// A list of addresses, as a key.
using Key = std::vector<const void*>;
struct KeyHash {
  std::size_t operator()(const Key& key) const {
    std::uint64_t hash = key.size();
    for (const void* part : key) {
      hash ^= reinterpret_cast<std::uintptr_t>(part) >> 4U;
      hash *= 0x9E3779B97F4A7C15U;
      hash ^= hash >> 32U;
    }
    return static_cast<std::size_t>(hash);
  }
};

const Platform& platform_of(const HostPlan& host) {
  static const Platform unknown;
  return host.facts ? *host.facts->platform : unknown;
}

bool by_path(const std::shared_ptr<const Artifact>& a, const std::shared_ptr<const Artifact>& b) {
  return a->path < b->path;
}

// A step is for the files of its backend. If it starts a unit and there are files of that unit, it is for
// these only.
void name_files(const Artifacts& artifacts, Step& step) {
  if (step.command.empty()) return;
  const auto is_of_unit = [&](const std::string& path) {
    return path.ends_with("/" + step.unit) || path.find("/" + step.unit + ".d/") != std::string::npos;
  };
  std::vector<std::string> of_unit;
  for (const auto& artifact : artifacts) {
    step.files.push_back(artifact->path);
    if (!step.unit.empty() && is_of_unit(artifact->path)) of_unit.push_back(artifact->path);
  }
  if (!of_unit.empty()) step.files = std::move(of_unit);
}

Emission take(Output& output) {
  Emission emission;
  for (Artifact& artifact : output.take_artifacts()) {
    emission.artifacts.push_back(std::make_shared<const Artifact>(std::move(artifact)));
  }
  emission.steps = output.take_steps();
  for (Step& step : emission.steps) name_files(emission.artifacts, step);
  return emission;
}

// The plan is sorted by name. The `order` of a record moves its settings to another place.
Settings in_order(Settings settings) {
  const auto order = [](const Setting* setting) { return setting->param->order; };
  if (!std::ranges::is_sorted(settings, {}, order)) std::ranges::stable_sort(settings, {}, order);
  return settings;
}

class Renderer {
 public:
  explicit Renderer(const Backends& backends)
      : backends_(backends),
        views_(backends.of_host.size() + backends.of_fleet.size()),
        fleets_(backends.of_fleet.size()) {
    std::size_t view = 0;
    const auto add = [&](const auto* backend) {
      for (const std::string_view surface : backend->surfaces)
        by_surface_[std::string(surface)].push_back(view);
      ++view;
    };
    std::ranges::for_each(backends.of_host, add);
    std::ranges::for_each(backends.of_fleet, add);
  }

  RenderedHost render(const HostPlan& host) {
    split(host);
    const Platform& platform = platform_of(host);
    members_.clear();
    const std::size_t of_host = backends_.of_host.size();
    for (std::size_t i = 0; i < of_host; ++i)
      members_.push_back(&emission(*backends_.of_host[i], platform, views_[i]));
    for (std::size_t i = 0; i < fleets_.size(); ++i)
      fleets_[i].push_back({host.name, {platform, in_order(views_[of_host + i])}});
    const auto [description, made] = descriptions_.try_emplace(&platform);
    if (made) description->second = platform.describe();
    const Group& group = this->group(members_);
    return {host.name, description->second, group.artifacts, group.steps};
  }

  // For one of Backends::of_fleet, all hosts that were rendered.
  std::vector<FleetHost>& fleet(std::size_t backend) { return fleets_[backend]; }

 private:
  // Sorts the host's settings by the backends that write their surfaces.
  void split(const HostPlan& host) {
    for (auto& view : views_) view.clear();
    for (const Setting* setting : host.settings) {
      const auto [writers, is_new] = writers_.try_emplace(setting, nullptr);
      if (is_new) {
        const auto found = by_surface_.find(setting->surface);
        writers->second = found == by_surface_.end() ? &no_writers_ : &found->second;
      }
      for (const std::size_t backend : *writers->second) views_[backend].push_back(setting);
    }
  }

  const Emission& emission(const Backend& backend, const Platform& platform, const Settings& settings) {
    key_.assign({&backend, &platform});
    key_.insert(key_.end(), settings.begin(), settings.end());
    const auto found = emissions_.find(key_);
    if (found != emissions_.end()) return found->second;
    Output output;
    backend.emit({platform, in_order(settings)}, output);
    return emissions_.emplace(key_, take(output)).first->second;
  }

  const Group& group(const Key& members) {
    const auto [entry, is_new] = groups_.try_emplace(members);
    Group& group = entry->second;
    if (!is_new) return group;
    std::vector<Step> steps;
    for (const void* member : members) {
      const auto& emission = *static_cast<const Emission*>(member);
      group.artifacts.insert(group.artifacts.end(), emission.artifacts.begin(), emission.artifacts.end());
      steps.insert(steps.end(), emission.steps.begin(), emission.steps.end());
    }
    std::ranges::stable_sort(group.artifacts, by_path);
    tidy(steps);
    group.steps = std::make_shared<const std::vector<Step>>(std::move(steps));
    return group;
  }

  const Backends& backends_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_surface_;
  const std::vector<std::size_t> no_writers_;
  std::unordered_map<const Setting*, const std::vector<std::size_t>*> writers_;
  std::unordered_map<Key, Emission, KeyHash> emissions_;  // its elements do not move
  std::unordered_map<Key, Group, KeyHash> groups_;
  std::unordered_map<const Platform*, std::string> descriptions_;
  // For the current host: one for each of Backends::of_host, then one for each of Backends::of_fleet
  std::vector<Settings> views_;
  std::vector<std::vector<FleetHost>> fleets_;  // one for each of Backends::of_fleet
  Key members_, key_;                           // of the current host
};

// Adds what a FleetBackend wrote to the hosts. Many hosts get the same steps, so they share the list.
class Additions {
 public:
  void add(RenderedHost& host, Emission emission) {
    if (!emission.steps.empty()) host.steps = joined(host.steps, std::move(emission.steps));
    std::ranges::move(emission.artifacts, std::back_inserter(host.artifacts));
    std::ranges::stable_sort(host.artifacts, by_path);
  }

 private:
  using Steps = std::shared_ptr<const std::vector<Step>>;
  struct Joined {
    std::vector<Step> added;
    Steps before, joined;
  };
  Steps joined(const Steps& before, std::vector<Step> added) {
    Joined& last = last_[before.get()];
    if (last.joined && last.added == added) return last.joined;
    std::vector<Step> steps = *before;
    steps.insert(steps.end(), added.begin(), added.end());
    tidy(steps);
    last = {std::move(added), before, std::make_shared<const std::vector<Step>>(std::move(steps))};
    return last.joined;
  }
  std::unordered_map<const void*, Joined> last_;  // by the previous list
};

void render_fleet(const FleetBackend& backend, std::span<const FleetHost> fleet, RenderedFleet& result) {
  FleetOutput output;
  backend.emit(fleet, output);
  const auto concerned = [](const FleetHost& host) { return !host.view.settings.empty(); };
  if (backend.joins_hosts && std::ranges::any_of(fleet, concerned)) result.joins_hosts = true;
  Additions additions;
  // Both are sorted by name.
  auto host = result.hosts.begin();
  for (auto& [name, files] : output.hosts()) {
    while (host != result.hosts.end() && host->name < name) ++host;
    if (host != result.hosts.end() && host->name == name) additions.add(*host, take(files));
  }
  Emission site = take(output.site());
  std::ranges::move(site.artifacts, std::back_inserter(result.site));
  std::ranges::move(site.steps, std::back_inserter(result.site_steps));
}

}  // namespace

Settings HostView::on(std::string_view surface) const {
  Settings result;
  std::ranges::copy_if(settings, std::back_inserter(result),
                       [surface](const Setting* setting) { return setting->surface == surface; });
  return result;
}

// Each thread renders a range of hosts with its own caches, so each thread renders a view at most once.
RenderedFleet render(const Plan& plan, const Backends& backends) {
  constexpr std::size_t worth_threads = 500;
  const std::size_t hosts = plan.hosts.size(), runs = hosts < worth_threads ? 1 : processors();
  std::deque<Renderer> renderers;
  for (std::size_t i = 0; i < runs; ++i) renderers.emplace_back(backends);
  RenderedFleet result;
  result.hosts.resize(hosts);
  in_parallel(runs, [&](std::size_t run) {
    for (std::size_t i = run * hosts / runs; i < (run + 1) * hosts / runs; ++i)
      result.hosts[i] = renderers[run].render(plan.hosts[i]);
  });
  for (std::size_t i = 0; i < backends.of_fleet.size(); ++i) {
    std::vector<FleetHost> fleet = std::move(renderers.front().fleet(i));
    for (std::size_t run = 1; run < runs; ++run)
      std::ranges::move(renderers[run].fleet(i), std::back_inserter(fleet));
    render_fleet(*backends.of_fleet[i], fleet, result);
  }
  for (const Backend* backend : backends.of_host)
    result.reads.insert(result.reads.end(), backend->reads.begin(), backend->reads.end());
  std::ranges::stable_sort(result.site, by_path);
  tidy(result.site_steps);
  return result;
}

}  // namespace tunec
