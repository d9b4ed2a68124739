#include "review/changed_by_others.h"

#include <algorithm>
#include <map>

#include "base/lines.h"

namespace tunec {
namespace {

const RenderedHost& files_of(const Side& side, const HostPlan& host) {
  return side.rendered->hosts[static_cast<std::size_t>(&host - side.plan.hosts.data())];
}

Settings settings_on(const Artifact& artifact) {
  Settings all;
  for (const ArtifactLine& line : artifact.lines)
    all.insert(all.end(), line.settings.begin(), line.settings.end());
  return all;
}

std::multiset<std::string_view> lines_of(std::string_view text) {
  std::multiset<std::string_view> lines;
  while (!text.empty()) lines.insert(next_line(text));
  return lines;
}

std::size_t lines_only_in(const std::multiset<std::string_view>& in,
                          const std::multiset<std::string_view>& other) {
  std::vector<std::string_view> only;
  std::ranges::set_difference(in, other, std::back_inserter(only));
  return only.size();
}

std::string difference(const Artifact* before, const Artifact* after) {
  if (before == nullptr) return "new";
  if (after == nullptr) return "no longer written";
  const auto old = lines_of(before->content), now = lines_of(after->content);
  const std::size_t come = lines_only_in(now, old), gone = lines_only_in(old, now);
  return come + gone == 0 ? "lines in another order" : fmt::format("+{} -{} lines", come, gone);
}

}  // namespace

std::vector<ChangedFile> files_changed_by_others(const Side& before, const Side& after,
                                                 const HostPairs& pairs, const IsChanged& changed) {
  std::vector<ChangedFile> found;
  if (before.rendered == nullptr || after.rendered == nullptr) return found;
  std::map<std::pair<const Artifact*, const Artifact*>, bool> equal;  // hosts share most files
  const auto add = [&](const HostPair& pair, const Artifact* old, const Artifact* now) {
    const auto explains = [&](const Artifact* artifact) {
      if (artifact == nullptr) return false;
      const Settings settings = settings_on(*artifact);
      return std::ranges::any_of(
          settings, [&](const Setting* setting) { return changed(pair.after->name, setting->name); });
    };
    if (explains(old) || explains(now)) return;
    const Artifact& any = now != nullptr ? *now : *old;
    found.push_back({pair, any.path, difference(old, now), settings_on(any)});
  };
  for (const HostPair& pair : pairs) {
    const Artifacts &old = files_of(before, *pair.before).artifacts,
                    &now = files_of(after, *pair.after).artifacts;
    auto a = old.begin();
    auto b = now.begin();
    while (a != old.end() || b != now.end()) {
      const int order = a == old.end() ? 1 : b == now.end() ? -1 : (*a)->path.compare((*b)->path);
      if (order == 0) {
        const auto [same, is_new] = equal.try_emplace({a->get(), b->get()});
        if (is_new) same->second = (*a)->content == (*b)->content;
        if (!same->second) add(pair, a->get(), b->get());
      } else {
        add(pair, order < 0 ? a->get() : nullptr, order > 0 ? b->get() : nullptr);
      }
      if (order <= 0) ++a;
      if (order >= 0) ++b;
    }
  }
  return found;
}

}  // namespace tunec
