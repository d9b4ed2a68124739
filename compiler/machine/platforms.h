// stdlib/platforms.yaml: the kernel, libvirt, systemd, GRUB and QEMU of each OS release, and facts about its
// kernel.
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
  // The catalogue contains the harvested facts of their kernels, and must outlive this.
  Platforms(const yaml::Node& file, const Catalogue& catalogue, const BootOrder& order);

  // Fills in what the release implies and the platform does not give. False if the release is unknown.
  bool complete(Platform& platform) const;
  std::vector<std::string> names() const;  // "ubuntu 24.04"
  // What a system can have; for an unknown system, what any can have.
  std::vector<std::string> boot_loaders(const std::string& os) const;
  std::vector<std::string> initramfs_makers(const std::string& os) const;
  // Returns "ubuntu 24.04" for "ubuntu 24.04" and for ubuntu-24.04; nothing if there is no such platform.
  std::optional<std::string> named(std::string_view text) const;

 private:
  // What all releases of some systems have in common.
  struct System {
    std::vector<std::string> names;
    std::string boot_loader, initramfs;                       // used if a site gives none; empty: unknown
    std::vector<std::string> boot_loaders, initramfs_makers;  // that it can have
  };
  std::vector<std::string> possible(const std::string& os, std::vector<std::string> System::*words) const;
  const Platform* find(const std::string& os, const std::string& release) const;
  std::shared_ptr<const KernelFacts> measured(std::size_t platform) const;
  const Catalogue* catalogue_ = nullptr;
  std::vector<Platform> known_;
  std::vector<System> systems_;
  std::shared_ptr<const std::map<std::string, std::string>> driver_modules_;
  mutable std::vector<std::shared_ptr<const KernelFacts>> measured_;  // each is made when first needed
};

}  // namespace tunec
