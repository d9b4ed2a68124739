// A platform is a Facts with only its platform part filled in.
#include "machine/platforms.h"

#include <algorithm>

namespace tunec {
namespace {

std::string text_of(const yaml::Node& node, std::string_view key) {
  const auto found = node.find(key);
  return found ? found->scalar : std::string();
}

bool is_on(std::string_view text) {
  return text == "on" || text == "true" || text == "y" || text == "m" || text == "yes";
}

Facts read_platform(const yaml::Node& node) {
  Facts facts;
  facts.os = text_of(node, "os");
  facts.release = text_of(node, "release");
  facts.kernel = Version::parse(text_of(node, "kernel"));
  facts.libvirt = Version::parse(text_of(node, "libvirt"));
  facts.systemd = Version::parse(text_of(node, "systemd"));
  facts.grub = Version::parse(text_of(node, "grub"));
  facts.qemu = Version::parse(text_of(node, "qemu"));
  facts.bls = is_on(text_of(node, "bls"));
  if (const auto config = node.find("config")) {
    for (const auto& [option, value] : config->entries) facts.config[option->scalar] = is_on(value->scalar);
  }
  if (const auto builtin = node.find("builtin")) {
    std::vector<std::string> modules;
    for (const auto& module : builtin->items) modules.push_back(module->scalar);
    for (std::string& module : modules) std::ranges::replace(module, '-', '_');
    std::ranges::sort(modules);
    facts.builtin = std::move(modules);
  }
  return facts;
}

template <class T>
void take_if_unknown(std::optional<T>& own, const std::optional<T>& known) {
  if (!own) own = known;
}

}  // namespace

Platforms::Platforms(const yaml::Node& file, const Catalogue& catalogue) : catalogue_(&catalogue) {
  const yaml::NodePtr list = file.find("platforms");
  if (!list) return;
  for (const auto& node : list->items) known_.push_back(read_platform(*node));
  measured_.resize(known_.size());
}

// What the platform's record says of its kernel, and what was harvested of it.
std::shared_ptr<const KernelFacts> Platforms::measured(std::size_t platform) const {
  if (measured_[platform]) return measured_[platform];
  const Facts& known = known_[platform];
  KernelFacts all{known.builtin, known.config};
  const auto& releases = catalogue_->releases();
  for (std::size_t i = 0; i < releases.size(); ++i) {
    const Release& release = releases[i];
    if (release.subject != "linux" || release.os != known.os || release.os_release != known.release ||
        release.version != known.kernel)
      continue;
    if (release.is_whole("module")) all.builtin = catalogue_->builtin_modules(i);
    all.config.merge(catalogue_->options(i));
  }
  return measured_[platform] = std::make_shared<const KernelFacts>(std::move(all));
}

const Facts* Platforms::find(const std::string& os, const std::string& release) const {
  const auto found = std::ranges::find_if(known_, [&](const Facts& platform) {
    // RHEL-like systems: a minor release is of its major one.
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

bool Platforms::complete(Facts& facts) const {
  const Facts* found = find(facts.os, facts.release);
  if (found == nullptr) return false;
  // What was measured of the release's own kernel says nothing of another one.
  const bool own_kernel = facts.kernel && found->kernel && !same_minor(*facts.kernel, *found->kernel);
  facts.stock = {found->kernel, found->libvirt, found->systemd, found->grub, found->qemu};
  take_if_unknown(facts.kernel, found->kernel);
  take_if_unknown(facts.libvirt, found->libvirt);
  take_if_unknown(facts.systemd, found->systemd);
  take_if_unknown(facts.grub, found->grub);
  take_if_unknown(facts.qemu, found->qemu);
  facts.bls = facts.bls || found->bls;
  // A newer release's kernel, as backports have it, is that release's.
  const auto of_kernel = !own_kernel
                             ? known_.begin() + (found - known_.data())
                             : std::ranges::find_if(known_, [&](const Facts& p) {
                                 return p.os == facts.os && p.kernel && same_minor(*p.kernel, *facts.kernel);
                               });
  if (of_kernel != known_.end())
    facts.measured = measured(static_cast<std::size_t>(of_kernel - known_.begin()));
  return true;
}

std::vector<std::string> Platforms::names() const {
  std::vector<std::string> names;
  for (const Facts& platform : known_) names.push_back(platform.os + " " + platform.release);
  return names;
}

}  // namespace tunec
