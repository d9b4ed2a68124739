// A rendered fleet as the tree that is written: a directory for each host, with its files and its manifest,
// and the site's files beside them. Manifests are most of the bytes, so each is made when the writer needs
// it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output/manifest.h"
#include "output/tree/source.h"
#include "render/render.h"

namespace tunec {

class RenderedTree final : public TreeSource {
 public:
  // `rendered` must outlive this.
  RenderedTree(const RenderedFleet& rendered, std::string_view version);
  std::size_t subtrees() const override { return subtrees_.size(); }
  std::string_view top(std::size_t subtree) const override { return subtrees_[subtree].top; }
  std::vector<TreeFile> files(std::size_t subtree) const override;

 private:
  struct Subtree {
    std::string_view top;
    const RenderedHost* host = nullptr;
    std::vector<std::shared_ptr<const Artifact>> site{};  // a host may be called `site`
  };
  std::vector<Subtree> subtrees_;  // by top
  Manifests manifests_;
};

}  // namespace tunec
