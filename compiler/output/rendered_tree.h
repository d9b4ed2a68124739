// What was rendered as the tree that is written: each host's files and its manifest in a directory of its
// name, the site's beside them. Manifests are the most of it, and are made when their host's turn comes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output/manifest.h"
#include "output/tree/writer.h"
#include "render/render.h"

namespace tunec {

class RenderedTree final : public TreeSource {
 public:
  // `rendered` must outlive this.
  RenderedTree(const RenderedFleet& rendered, std::string_view version);
  std::size_t pieces() const override { return pieces_.size(); }
  std::string_view top(std::size_t piece) const override { return pieces_[piece].top; }
  std::vector<TreeFile> files(std::size_t piece) const override;

 private:
  struct Piece {
    std::string_view top;
    const RenderedHost* host = nullptr;
    std::vector<std::shared_ptr<const Artifact>> site{};  // a host may be called `site`
  };
  std::vector<Piece> pieces_;  // by name
  Manifests manifests_;
};

}  // namespace tunec
