// Hosts share lists of artifacts. Each combination of lists is looked at once, for all hosts that have it.
#include "output/check_paths.h"

#include <algorithm>
#include <set>

#include "diagnostics/diag.h"
#include "output/tree/paths.h"

namespace tunec {
namespace {

constexpr std::size_t max_part = 255;  // NAME_MAX

using PathsOfHost = std::vector<const Artifact*>;

bool has_long_part(std::string_view path) {
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (end - at > max_part) return true;
    at = end + 1;
  }
  return false;
}

class PathCheck {
 public:
  PathCheck(const Sources& sources, Reporter& reporter) : sources_(sources), reporter_(reporter) {}

  void check(const std::string& host, const Artifacts& artifacts) {
    PathsOfHost paths;
    for (const auto& artifact : artifacts) paths.push_back(artifact.get());
    std::ranges::stable_sort(paths, path_less, &Artifact::path);
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (has_long_part(paths[i]->path))
        report(host, *paths[i], nullptr, "a part of its path is longer than 255 bytes");
      else if (const char* fault = path_fault(paths[i]->path))
        report(host, *paths[i], nullptr, fmt::format("its path {}", fault));
      if (i == 0) continue;
      if (paths[i]->path == paths[i - 1]->path)
        report(host, *paths[i], paths[i - 1], "two parts of the site make it");
      else if (inside(paths[i]->path, paths[i - 1]->path))
        report(host, *paths[i], paths[i - 1],
               fmt::format("`{}` is a file, not a directory", paths[i - 1]->path));
    }
  }

 private:
  void report(const std::string& host, const Artifact& artifact, const Artifact* other, std::string why) {
    if (!reported_.emplace(&artifact, other).second) return;
    Draft draft = reporter_.report(place_of(artifact), diag::bad_path, artifact.path, host, std::move(why));
    if (other != nullptr) draft.label(place_of(*other), "made here too");
  }
  Span place_of(const Artifact& artifact) const {
    return user_place(artifact.lines.front().settings.front()->origin, sources_);
  }

  const Sources& sources_;
  Reporter& reporter_;
  std::set<std::pair<const Artifact*, const Artifact*>> reported_;
};

}  // namespace

void check_paths(const RenderedFleet& rendered, const Sources& sources, Reporter& reporter) {
  PathCheck paths(sources, reporter);
  for (const RenderedHost& host : rendered.hosts) paths.check(std::string(host.name), host.artifacts);
  paths.check("site", rendered.site);
}

}  // namespace tunec
