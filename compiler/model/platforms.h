// stdlib/platforms.yaml: which kernel, libvirt, systemd, GRUB and QEMU an OS release has, and what was measured of its kernel.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/reporter.h"
#include "model/facts.h"
#include "source/sources.h"

namespace tunec {

class Platforms {
 public:
  Platforms() = default;
  Platforms(FileId file, const Sources& sources, Reporter& reporter);

  // Fills in what the release implies, where the facts do not say otherwise. False if the release is not known.
  bool complete(Facts& facts) const;
  std::vector<std::string> names() const;  // "ubuntu 24.04"

 private:
  std::vector<Facts> known_;
};

}  // namespace tunec
