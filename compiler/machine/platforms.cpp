#include "machine/platforms.h"

#include <algorithm>

namespace tunec {
namespace {

bool is_on(std::string_view text) {
  return text == "on" || text == "true" || text == "y" || text == "m" || text == "yes";
}

Platform read_platform(const yaml::Node& node) {
  Platform platform;
  platform.os = node.text("os");
  platform.kernel_of = node.text("kernel_of");
  platform.release = node.text("release");
  platform.kernel = Version::parse(node.text("kernel"));
  platform.libvirt = Version::parse(node.text("libvirt"));
  platform.systemd = Version::parse(node.text("systemd"));
  platform.grub = Version::parse(node.text("grub"));
  platform.qemu = Version::parse(node.text("qemu"));
  if (const auto config = node.find("config")) {
    for (const auto& [option, value] : config->entries)
      platform.config[option->scalar] = is_on(value->scalar);
  }
  if (const auto builtin = node.find("builtin")) {
    std::vector<std::string> modules;
    for (const auto& module : builtin->items) modules.push_back(module->scalar);
    for (std::string& module : modules) std::ranges::replace(module, '-', '_');
    std::ranges::sort(modules);
    platform.builtin = std::move(modules);
  }
  return platform;
}

template <class T>
void take_if_unknown(std::optional<T>& own, const std::optional<T>& value) {
  if (!own) own = value;
}

}  // namespace

Platforms::Platforms(const yaml::Node& file, const Catalogue& catalogue, const BootOrder& order)
    : catalogue_(&catalogue) {
  const yaml::NodePtr list = file.find("platforms");
  if (!list) return;
  for (const auto& node : list->items) {
    Platform& platform = known_.emplace_back(read_platform(*node));
    if (auto keys = order.late_keys(platform); !keys.empty())
      platform.late_keys = std::make_shared<const std::vector<std::string>>(std::move(keys));
  }
  measured_.resize(known_.size());
  if (const yaml::NodePtr drivers = file.find("drivers")) {
    auto modules = std::make_shared<std::map<std::string, std::string>>();
    for (const auto& [driver, module] : drivers->entries) modules->emplace(driver->scalar, module->scalar);
    driver_modules_ = std::move(modules);
  }
  const yaml::NodePtr systems = file.find("systems");
  if (!systems) return;
  for (const auto& node : systems->items) {
    System& system = systems_.emplace_back();
    system.boot_loader = node->text("boot_loader");
    system.initramfs = node->text("initramfs");
    system.names = node->texts("os");
    system.boot_loaders = node->texts("boot_loaders");
    system.initramfs_makers = node->texts("initramfs_makers");
  }
}

// Facts about the platform's kernel, from its record and from harvested tables.
std::shared_ptr<const KernelFacts> Platforms::measured(std::size_t platform) const {
  if (measured_[platform]) return measured_[platform];
  const Platform& own = known_[platform];
  KernelFacts all{own.builtin, own.config, catalogue_, std::nullopt, false};
  const auto& releases = catalogue_->releases();
  for (std::size_t i = 0; i < releases.size(); ++i) {
    const Release& release = releases[i];
    if (release.subject == "linux" && release.os == own.kernel_distribution() &&
        release.os_release == own.release && release.version == own.kernel) {
      all.release = i;
      all.knows_all_modules = release.is_whole("module");
      if (all.knows_all_modules && !all.builtin) all.builtin = catalogue_->builtin_modules(i);
    }
  }
  return measured_[platform] = std::make_shared<const KernelFacts>(std::move(all));
}

const Platform* Platforms::find(const std::string& os, const std::string& release) const {
  const auto found = std::ranges::find_if(known_, [&](const Platform& platform) {
    // For RHEL-like systems: a minor release stands for its major release.
    return platform.os == os && (platform.release == release || release.starts_with(platform.release + "."));
  });
  return found == known_.end() ? nullptr : &*found;
}

std::optional<std::string> Platforms::named(std::string_view text) const {
  const std::size_t between = text.find_first_of(" -");
  if (between == std::string_view::npos) return std::nullopt;
  const std::string os(text.substr(0, between)), release(text.substr(between + 1));
  return find(os, release) == nullptr ? std::nullopt : std::optional(os + " " + release);
}

bool Platforms::complete(Platform& platform) const {
  platform.driver_modules = driver_modules_;
  for (const System& system : systems_) {
    if (std::ranges::find(system.names, platform.os) == system.names.end()) continue;
    if (platform.boot_loader.empty()) platform.boot_loader = system.boot_loader;
    if (platform.initramfs.empty()) platform.initramfs = system.initramfs;
  }
  const Platform* found = find(platform.os, platform.release);
  if (found == nullptr) return false;
  // Facts about the release's own kernel do not apply to another kernel.
  const bool own_kernel = platform.kernel && found->kernel && !same_minor(*platform.kernel, *found->kernel);
  platform.stock = {found->kernel, found->libvirt, found->systemd, found->grub, found->qemu};
  take_if_unknown(platform.kernel, found->kernel);
  take_if_unknown(platform.libvirt, found->libvirt);
  take_if_unknown(platform.systemd, found->systemd);
  take_if_unknown(platform.grub, found->grub);
  take_if_unknown(platform.qemu, found->qemu);
  platform.kernel_of = found->kernel_of;
  platform.late_keys = found->late_keys;
  // A kernel of a newer release, as from backports, has the facts of that release.
  const auto of_kernel = !own_kernel ? known_.begin() + (found - known_.data())
                                     : std::ranges::find_if(known_, [&](const Platform& p) {
                                         return p.os == platform.os && p.kernel &&
                                                same_minor(*p.kernel, *platform.kernel);
                                       });
  if (of_kernel != known_.end())
    platform.measured = measured(static_cast<std::size_t>(of_kernel - known_.begin()));
  return true;
}

std::vector<std::string> Platforms::possible(const std::string& os,
                                             std::vector<std::string> System::*words) const {
  std::vector<std::string> all;
  for (const System& system : systems_) {
    if (std::ranges::find(system.names, os) != system.names.end()) return system.*words;
    for (const std::string& word : system.*words) {
      if (std::ranges::find(all, word) == all.end()) all.push_back(word);
    }
  }
  return all;
}

std::vector<std::string> Platforms::boot_loaders(const std::string& os) const {
  return possible(os, &System::boot_loaders);
}

std::vector<std::string> Platforms::initramfs_makers(const std::string& os) const {
  return possible(os, &System::initramfs_makers);
}

std::vector<std::string> Platforms::names() const {
  std::vector<std::string> names;
  for (const Platform& platform : known_) names.push_back(platform.os + " " + platform.release);
  return names;
}

}  // namespace tunec
