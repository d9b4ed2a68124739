// stdlib/platforms.yaml: which kernel, libvirt, systemd, GRUB and QEMU an OS release has, and what was
// measured of its kernel.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.h"
#include "machine/boot_order.h"
#include "machine/platform.h"
#include "source/yaml.h"

namespace tunec {

class Platforms {
 public:
  Platforms() = default;
  // The catalogue knows what was harvested of their kernels, and outlives this.
  Platforms(const yaml::Node& file, const Catalogue& catalogue, const BootOrder& order);

  // Fills in what the release implies, where the platform does not say otherwise. False if the release is not
  // known.
  bool complete(Platform& platform) const;
  std::vector<std::string> names() const;  // "ubuntu 24.04"
  // What a system can have, or any system if it is unknown.
  std::vector<std::string> boot_loaders(const std::string& os) const;
  std::vector<std::string> initramfs_makers(const std::string& os) const;
  // "ubuntu 24.04" of that or of ubuntu-24.04; nothing if there is no such platform.
  std::optional<std::string> named(std::string_view text) const;

 private:
  // What all releases of some systems have in common.
  struct System {
    std::vector<std::string> names;
    std::string boot_loader, initramfs;                       // if nothing is said; empty: unknown
    std::vector<std::string> boot_loaders, initramfs_makers;  // that it can have
  };
  std::vector<std::string> possible(const std::string& os, std::vector<std::string> System::*words) const;
  const Platform* find(const std::string& os, const std::string& release) const;
  std::shared_ptr<const KernelFacts> measured(std::size_t platform) const;
  const Catalogue* catalogue_ = nullptr;
  std::vector<Platform> known_;
  std::vector<System> systems_;
  std::shared_ptr<const std::map<std::string, std::string>> driver_modules_;
  mutable std::vector<std::shared_ptr<const KernelFacts>> measured_;  // made when first asked for
};

}  // namespace tunec
