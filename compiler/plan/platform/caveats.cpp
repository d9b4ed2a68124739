// A condition on an unknown property of the machine does not hold: tunec does not guess.
#include "plan/platform/caveats.h"

#include "plan/platform/presence.h"

#include <algorithm>

namespace tunec {
namespace {

bool in_versions(const std::optional<VersionInterval>& interval, const std::optional<Version>& version) {
  return !interval || (version && interval->contains(*version));
}

bool config_is(const std::string& condition, const Platform& platform) {
  if (condition.empty()) return true;
  const bool wants_off = condition.front() == '!';
  const auto option = platform.option(wants_off ? condition.substr(1) : condition);
  return option && *option != wants_off;
}

bool os_is(const std::string& condition, const Platform& platform) {
  return condition.empty() || condition == platform.os || condition == platform.os + " " + platform.release;
}

// `off` is read as a condition, and 660 as a number, before the parameter shows that a word or a text is
// meant.
bool is_item(const Value& condition, const Value& value) {
  if (same(condition, value)) return true;
  const auto wordy = [](const Value& v) {
    return v.is<bool>() || v.is<Word>() || v.is<std::string>() || v.is<std::int64_t>();
  };
  return wordy(condition) && wordy(value) && to_text(condition) == to_text(value);
}

bool value_is(const std::optional<Value>& condition, const Value& value) {
  if (!condition || is_item(*condition, value)) return true;
  const List* list = value.get_if<List>();
  return list != nullptr &&
         std::ranges::any_of(list->items, [&](const Value& item) { return is_item(*condition, item); });
}

bool value_within(const Caveat& caveat, const Value& value) {
  if (!caveat.lowest && !caveat.highest) return true;
  const auto below = caveat.lowest ? compare(*caveat.lowest, value) : std::optional(0);
  const auto above = caveat.highest ? compare(value, *caveat.highest) : std::optional(0);
  return below && above && *below <= 0 && *above <= 0;
}

bool of_any_value(const Caveat& caveat) {
  return !caveat.value && !caveat.lowest && !caveat.highest && !caveat.by_node;
}

bool of_some_machines(const Caveat& caveat) {
  return caveat.linux_ || caveat.libvirt || caveat.systemd || caveat.qemu || !caveat.config.empty() ||
         !caveat.os.empty() || !caveat.cpu.empty() || !caveat.builtin.empty() || !caveat.initramfs.empty();
}

}  // namespace

bool applies(const Caveat& caveat, const Value& value, const Platform& platform) {
  return in_versions(caveat.linux_, platform.kernel) && in_versions(caveat.libvirt, platform.libvirt) &&
         in_versions(caveat.systemd, platform.systemd) && in_versions(caveat.qemu, platform.qemu) &&
         config_is(caveat.config, platform) && os_is(caveat.os, platform) &&
         (caveat.cpu.empty() || caveat.cpu == platform.cpu_vendor) &&
         (caveat.initramfs.empty() || caveat.initramfs == platform.initramfs) &&
         (caveat.builtin.empty() || platform.builds_in(caveat.builtin).value_or(false)) &&
         value_is(caveat.value, value) && value_within(caveat, value) &&
         (!caveat.by_node || value.is<List>());
}

const Caveat* caveat_for(const ParamInfo& param, const Value& value, const Platform& platform) {
  const auto found = std::ranges::find_if(
      param.caveats, [&](const Caveat& caveat) { return applies(caveat, value, platform); });
  return found == param.caveats.end() ? nullptr : &*found;
}

std::optional<Unavailable> unavailable(const ParamInfo& param, const Platform& platform,
                                       const Catalogue& catalogue) {
  for (const Caveat& caveat : param.caveats) {
    const bool lacking = caveat.fate == Fate::absent || caveat.fate == Fate::ignored;
    if (lacking && of_any_value(caveat) && of_some_machines(caveat) &&
        applies(caveat, Value{Poison{}}, platform))
      return Unavailable{caveat.why, caveat.moved};
  }
  // A name that no release has is a mistake, which `where available` must not hide.
  const Presence found = presence(param, platform, catalogue);
  if (is_missing(found.kind) && found.kind != Presence::Kind::never)
    return Unavailable{why_missing(found), ""};
  return std::nullopt;
}

bool works(Fate fate) { return fate == Fate::risky || fate == Fate::unsafe; }

std::string consumer(const Caveat& caveat, const Platform& platform) {
  if (caveat.libvirt && platform.libvirt) return "libvirt " + platform.libvirt->text;
  if (caveat.systemd && platform.systemd) return "systemd " + platform.systemd->text;
  if (caveat.qemu && platform.qemu) return "QEMU " + platform.qemu->text;
  if (!caveat.cpu.empty()) return caveat.cpu == "intel" ? "an Intel host" : "an AMD host";
  if (!caveat.initramfs.empty()) return "a host with " + caveat.initramfs;
  if (!caveat.os.empty()) return platform.os + (platform.release.empty() ? "" : " " + platform.release);
  if (caveat.linux_ || !caveat.config.empty() || !caveat.builtin.empty())
    return "Linux " + platform.kernel.value_or(Version{}).text;
  return caveat.fate == Fate::absent ? "any host" : "every host";
}

}  // namespace tunec
