// Two caches make rendering cheap. A view (backend, facts, settings) is emitted once; and hosts for which the same
// emissions come together get the same list of artifacts and steps. Settings are compared as pointers: hosts of a
// class share them.
#include "emit/render.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

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

// Any list of addresses as a key.
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

const Facts& facts_of(const HostPlan& host) {
  static const Facts unknown;
  return host.facts ? *host.facts : unknown;
}

bool by_path(const std::shared_ptr<const Artifact>& a, const std::shared_ptr<const Artifact>& b) { return a->path < b->path; }

Emission take(Output& output) {
  Emission emission;
  for (Artifact& artifact : output.take_artifacts()) {
    emission.artifacts.push_back(std::make_shared<const Artifact>(std::move(artifact)));
  }
  emission.steps = output.take_steps();
  return emission;
}

// The plan has them by name; what must stand in another order within its file says so.
std::vector<const Setting*> in_order(std::vector<const Setting*> settings) {
  const auto order = [](const Setting* setting) { return setting->param->order; };
  if (!std::ranges::is_sorted(settings, {}, order)) std::ranges::stable_sort(settings, {}, order);
  return settings;
}

class Renderer {
 public:
  explicit Renderer(std::span<const Backend* const> backends) : backends_(backends) {
    for (std::size_t i = 0; i < backends.size(); ++i) {
      for (const std::string_view surface : backends[i]->surfaces) by_surface_[std::string(surface)].push_back(i);
    }
  }

  RenderedHost render(const HostPlan& host) {
    split(host);
    Key members;
    for (std::size_t i = 0; i < backends_.size(); ++i) {
      if (backends_[i]->emit != nullptr) members.push_back(&emission(*backends_[i], facts_of(host), views_[i]));
    }
    const Group& group = this->group(members);
    return {host.name, facts_of(host).describe(), group.artifacts, group.steps};
  }

  // The view of one backend, for emit_fleet.
  HostView view(const HostPlan& host, std::size_t backend) {
    split(host);
    return {facts_of(host), in_order(std::move(views_[backend]))};
  }

 private:
  // Each of the host's settings to the backends that write its surface.
  void split(const HostPlan& host) {
    views_.assign(backends_.size(), {});
    for (const Setting* setting : host.settings) {
      const auto [known, made] = writers_.try_emplace(setting, nullptr);
      if (made) {
        const auto found = by_surface_.find(setting->surface);
        known->second = found == by_surface_.end() ? &nobody_ : &found->second;
      }
      for (const std::size_t backend : *known->second) views_[backend].push_back(setting);
    }
  }

  const Emission& emission(const Backend& backend, const Facts& facts, std::vector<const Setting*>& settings) {
    Key key{&backend, &facts};
    key.insert(key.end(), settings.begin(), settings.end());
    const auto [known, made] = emissions_.try_emplace(std::move(key));
    if (made) {
      Output output;
      backend.emit({facts, in_order(std::move(settings))}, output);
      known->second = take(output);
    }
    return known->second;
  }

  const Group& group(const Key& members) {
    const auto [known, made] = groups_.try_emplace(members);
    if (!made) return known->second;
    std::vector<Step> steps;
    for (const void* member : members) {
      const auto& emission = *static_cast<const Emission*>(member);
      known->second.artifacts.insert(known->second.artifacts.end(), emission.artifacts.begin(), emission.artifacts.end());
      steps.insert(steps.end(), emission.steps.begin(), emission.steps.end());
    }
    std::ranges::stable_sort(known->second.artifacts, by_path);
    tidy(steps);
    known->second.steps = std::make_shared<const std::vector<Step>>(std::move(steps));
    return known->second;
  }

  std::span<const Backend* const> backends_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_surface_;
  const std::vector<std::size_t> nobody_;
  std::unordered_map<const Setting*, const std::vector<std::size_t>*> writers_;
  std::unordered_map<Key, Emission, KeyHash> emissions_;  // its elements do not move
  std::unordered_map<Key, Group, KeyHash> groups_;
  std::vector<std::vector<const Setting*>> views_;        // of the host at hand, one for each backend
};

void add_to(RenderedHost& host, Emission emission) {
  if (!emission.steps.empty()) {
    std::vector<Step> steps = *host.steps;
    steps.insert(steps.end(), emission.steps.begin(), emission.steps.end());
    tidy(steps);
    host.steps = std::make_shared<const std::vector<Step>>(std::move(steps));
  }
  std::ranges::move(emission.artifacts, std::back_inserter(host.artifacts));
  std::ranges::stable_sort(host.artifacts, by_path);
}

void render_fleet(const Plan& plan, const Backend& backend, std::size_t index, Renderer& renderer, RenderedFleet& result) {
  std::vector<FleetHost> fleet;
  fleet.reserve(plan.hosts.size());
  for (const HostPlan& host : plan.hosts) fleet.push_back({host, renderer.view(host, index)});
  FleetOutput output;
  backend.emit_fleet(fleet, output);
  // Both by name.
  auto host = result.hosts.begin();
  for (auto& [name, files] : output.hosts()) {
    while (host != result.hosts.end() && host->name < name) ++host;
    if (host != result.hosts.end() && host->name == name) add_to(*host, take(files));
  }
  Emission site = take(output.site());
  std::ranges::move(site.artifacts, std::back_inserter(result.site));
  std::ranges::move(site.steps, std::back_inserter(result.site_steps));
}

}  // namespace

std::vector<const Setting*> HostView::on(std::string_view surface) const {
  std::vector<const Setting*> result;
  std::ranges::copy_if(settings, std::back_inserter(result),
                       [surface](const Setting* setting) { return setting->surface == surface; });
  return result;
}

RenderedFleet render(const Plan& plan, std::span<const Backend* const> backends) {
  Renderer renderer(backends);
  RenderedFleet result;
  result.hosts.reserve(plan.hosts.size());
  for (const HostPlan& host : plan.hosts) result.hosts.push_back(renderer.render(host));
  for (std::size_t i = 0; i < backends.size(); ++i) {
    if (backends[i]->emit_fleet != nullptr) render_fleet(plan, *backends[i], i, renderer, result);
  }
  std::ranges::stable_sort(result.site, by_path);
  tidy(result.site_steps);
  return result;
}

}  // namespace tunec
