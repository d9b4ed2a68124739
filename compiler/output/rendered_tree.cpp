#include "output/rendered_tree.h"

#include <algorithm>

#include <fmt/format.h>

#include "output/tree/paths.h"

namespace tunec {
namespace {

// Shares an artifact's bytes with the tree instead of copying them.
std::shared_ptr<const std::string> content_of(const std::shared_ptr<const Artifact>& artifact) {
  return {artifact, &artifact->content};
}

}  // namespace

RenderedTree::RenderedTree(const RenderedFleet& rendered, std::string_view version) : manifests_(version) {
  manifests_.prepare(rendered);
  subtrees_.reserve(rendered.hosts.size() + 1);
  for (const RenderedHost& host : rendered.hosts) subtrees_.push_back({host.name, &host});
  for (const auto& artifact : rendered.site) {
    const std::string_view top = top_of(artifact->path);
    auto place = std::ranges::lower_bound(subtrees_, top, {}, &Subtree::top);
    if (place == subtrees_.end() || place->top != top) place = subtrees_.insert(place, {top});
    place->site.push_back(artifact);
  }
}

std::vector<TreeFile> RenderedTree::files(std::size_t subtree) const {
  const auto& [top, host, site] = subtrees_[subtree];
  std::vector<TreeFile> files;
  files.reserve((host != nullptr ? host->artifacts.size() + 1 : 0) + site.size());
  const auto add = [&](std::string path, const std::shared_ptr<const Artifact>& artifact) {
    files.push_back(
        {std::move(path), content_of(artifact), artifact->mode, manifests_.fingerprint(*artifact)});
  };
  if (host != nullptr) {
    for (const auto& artifact : host->artifacts) add(fmt::format("{}/{}", top, artifact->path), artifact);
    files.push_back({fmt::format("{}/manifest.json", top), nullptr, 0644, manifests_.fingerprint(*host),
                     [this, of = host] { return manifests_.manifest(*of); }});
  }
  for (const auto& artifact : site) add(artifact->path, artifact);
  if (!std::ranges::is_sorted(files, path_less, &TreeFile::path))
    std::ranges::sort(files, path_less, &TreeFile::path);
  return files;
}

}  // namespace tunec
