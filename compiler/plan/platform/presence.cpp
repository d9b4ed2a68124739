// A release of the machine's own distribution decides first. Without one, releases of the same version
// elsewhere, or the nearest on both sides, decide by their source alone: their build options are not those of
// another kernel.
#include "plan/platform/presence.h"

#include <algorithm>

namespace tunec {
namespace {

using Kind = Presence::Kind;

const std::optional<Version>& version_of(const std::string& subject, const Platform& platform) {
  static const std::optional<Version> none;
  return subject == "linux"     ? platform.kernel
         : subject == "libvirt" ? platform.libvirt
         : subject == "systemd" ? platform.systemd
                                : none;
}

struct Neighbours {
  // own: a release of this distribution; below and above: the nearest by version, including the same version
  std::optional<std::size_t> own, below, above;
};

Neighbours neighbours_of(const std::string& subject, std::string_view kind, const Version& version,
                         const Platform& platform, const std::vector<Release>& releases) {
  Neighbours found;
  for (std::size_t i = 0; i < releases.size(); ++i) {
    const Release& release = releases[i];
    if (release.subject != subject) continue;
    const bool same = same_minor(release.version, version);
    const std::string_view os = subject == "linux" ? platform.kernel_distribution() : platform.os;
    if (same && release.os == os && (!found.own || release.os_release == platform.release)) found.own = i;
    if (!release.is_whole(kind)) continue;  // a partial list cannot tell what is absent
    if (same || release.version < version) found.below = i;
    if ((same || release.version > version) && !found.above) found.above = i;
  }
  return found;
}

const Sighting* in_release(const ParamInfo& param, std::size_t release) {
  const auto found = std::ranges::find(param.sightings, release, &Sighting::release);
  return found == param.sightings.end() ? nullptr : &*found;
}

bool seen_by(const Sighting& sighting, std::string_view letters) {
  return sighting.seen.find_first_of(letters) != std::string::npos;
}

// Whether a release has it, built or at least in its source. Documents also name what is long gone, so they
// count only if no source lists all of the kind.
bool has(const ParamInfo& param, std::size_t release) {
  const Sighting* sighting = in_release(param, release);
  return sighting != nullptr && (param.listed_by.empty() || seen_by(*sighting, "lps"));
}

// The first option of "A+B" that is off in the release.
std::string option_off(const std::string& gate, std::size_t release, const Catalogue& catalogue) {
  for (std::size_t begin = 0; begin < gate.size();) {
    const std::size_t end = std::min(gate.find('+', begin), gate.size());
    const std::string option = gate.substr(begin, end - begin);
    if (catalogue.option_in(option, release) == OptionIn::off) return option;
    begin = end + 1;
  }
  return {};
}

// If no release lists a name, a release that was read in full lacks it.
bool lacks_module(const std::string& module, std::size_t release, const Catalogue& catalogue) {
  const ModuleIn state = catalogue.module_in(module, release);
  return state == ModuleIn::absent ||
         (state == ModuleIn::unknown && catalogue.releases()[release].is_whole("module"));
}

bool is_loadable_somewhere(std::string_view module, const Catalogue& catalogue) {
  for (std::size_t i = 0; i < catalogue.releases().size(); ++i) {
    const ModuleIn state = catalogue.module_in(module, i);
    if (state == ModuleIn::loadable || state == ModuleIn::extra) return true;
  }
  return false;
}

class Question {
 public:
  Question(const ParamInfo& param, const Platform& platform, const Catalogue& catalogue)
      : param_(param), platform_(platform), catalogue_(catalogue), releases_(catalogue.releases()) {}

  Presence answer() const {
    const Presence found = by_releases();
    const bool is_there = found.kind == Kind::there || found.kind == Kind::unmeasured;
    return param_.mode == WriteMode::read_only && is_there ? Presence{Kind::read_only, found.own} : found;
  }

 private:
  Presence by_releases() const {
    if (param_.sightings.empty()) return {};
    const std::string& subject = releases_[param_.sightings.front().release].subject;
    const auto& version = version_of(subject, platform_);
    if (!version) return {};
    const Neighbours near = neighbours_of(subject, param_.kind, *version, platform_, releases_);
    if (near.own && releases_[*near.own].is_whole(param_.kind)) return of_own(*near.own, subject);
    if (near.own) {
      if (const Sighting* sighting = in_release(param_, *near.own)) return there(*sighting, *near.own);
    }
    if (near.own && lacks_its_module(*near.own)) return {Kind::no_module, &releases_[*near.own]};
    if (is_dated(subject)) return {Kind::there};  // otherwise its caveat would have matched
    return between(near, subject);
  }

  // Whether the parameter's record gives the versions between which it is absent. Such an interval is more
  // exact than two releases can show. But an interval that ends right after a release that was read, or
  // begins with one, is not more exact.
  bool is_dated(const std::string& subject) const {
    return std::ranges::any_of(param_.caveats, [&](const Caveat& caveat) {
      const auto& versions = subject == "linux"     ? caveat.linux_
                             : subject == "libvirt" ? caveat.libvirt
                                                    : caveat.systemd;
      const bool lacks = caveat.fate == Fate::absent || caveat.fate == Fate::ignored;
      if (!lacks || !versions || caveat.value || caveat.lowest || caveat.highest) return false;
      const bool looked_closer_at_end = versions->until && !ends_behind_a_release(*versions->until, subject);
      const bool looked_closer_at_begin = versions->since && !is_a_release(*versions->since, subject);
      return looked_closer_at_end || looked_closer_at_begin;
    });
  }
  bool is_a_release(const Version& version, const std::string& subject) const {
    return std::ranges::any_of(releases_, [&](const Release& release) {
      return release.subject == subject && release.is_whole(param_.kind) && release.version == version;
    });
  }
  bool ends_behind_a_release(const Version& version, const std::string& subject) const {
    return std::ranges::any_of(releases_, [&](const Release& release) {
      return release.subject == subject && release.is_whole(param_.kind) &&
             next_minor(release.version) == version;
    });
  }

  // Whether the release lacks the module of the parameter. Built-in code that is a module nowhere is in no
  // list of modules.
  bool lacks_its_module(std::size_t release) const {
    const std::string module = param_.key.substr(0, param_.key.find('.'));
    return !param_.if_builtin.empty() && releases_[release].is_whole("module") &&
           lacks_module(module, release, catalogue_) && is_loadable_somewhere(module, catalogue_);
  }

  Presence there(const Sighting& sighting, std::size_t release) const {
    const bool no_write = sighting.mode.size() == 3 && std::ranges::none_of(sighting.mode, [](char digit) {
                            return ((digit - '0') & 2) != 0;
                          });
    // If the mode depends on the machine, one machine's mode does not hold for others. And a module's
    // parameter that sysfs shows as read-only can still be set when the module is loaded.
    const bool is_told = param_.mode == WriteMode::unknown && param_.effect <= Effect::reload &&
                         param_.if_builtin.empty() && seen_by(sighting, "l");
    return {no_write && is_told ? Kind::read_only : Kind::there, &releases_[release]};
  }

  Presence of_own(std::size_t release, const std::string& subject) const {
    const Sighting* sighting = in_release(param_, release);
    const std::string& listed_by = param_.listed_by;
    if (sighting != nullptr && seen_by(*sighting, listed_by.empty() ? "lp" : listed_by + "l"))
      return there(*sighting, release);
    std::string gate = sighting == nullptr ? "" : sighting->gate;
    const bool off_elsewhere = sighting == nullptr || gate == "-";
    for (auto other = param_.sightings.begin(); off_elsewhere && other != param_.sightings.end(); ++other)
      gate += "+" + other->gate;
    if (std::string option = option_off(gate, release, catalogue_); !option.empty())
      return {Kind::gated, &releases_[release], nullptr, nullptr, std::move(option)};
    // A module's parameter exists if its module does, since packages do not list every parameter. If a
    // running kernel does not show it, the module was just not loaded.
    const std::string module = param_.key.substr(0, param_.key.find('.'));
    const bool has_module = param_.if_builtin.empty() || !lacks_module(module, release, catalogue_);
    if (sighting != nullptr && has_module && (listed_by.empty() || seen_by(*sighting, "s"))) {
      // A running kernel would show it as a file, and did not: its module was not loaded, or the machine
      // lacks something.
      const bool would_show = listed_by.empty() && param_.effect != Effect::reboot;
      return {would_show ? Kind::unmeasured : Kind::there, &releases_[release]};
    }
    if (!has_module) return {Kind::no_module, &releases_[release]};
    return missing_from(release, subject);
  }

  // Other releases that have it, nearest first. If an older one has it, it is gone; if a newer one has it, it
  // is still to come.
  Presence missing_from(std::size_t release, const std::string& subject) const {
    Presence presence{Kind::never, &releases_[release]};
    for (std::size_t i = release + 1; i < releases_.size() && releases_[i].subject == subject; ++i) {
      if (!has(param_, i) || releases_[i].version == releases_[release].version) continue;
      presence.kind = Kind::not_yet;
      presence.with = &releases_[i];
      break;
    }
    for (std::size_t i = release; i-- > 0 && releases_[i].subject == subject;) {
      if (!has(param_, i) || releases_[i].version == releases_[release].version) continue;
      presence.kind = Kind::gone;
      presence.with = &releases_[i];
      break;
    }
    return presence;
  }

  Presence between(const Neighbours& near, const std::string& subject) const {
    if (!near.below && !near.above) return {};
    const bool below = near.below && has(param_, *near.below), above = near.above && has(param_, *near.above);
    if (!near.below) return above ? Presence{} : missing(*near.above, subject);
    if (!near.above) return below ? Presence{Kind::there} : missing(*near.below, subject);
    if (below && above) return {Kind::there};
    if (!below && !above) return missing(*near.below, subject);
    return {Kind::between, nullptr, &releases_[below ? *near.below : *near.above],
            &releases_[below ? *near.above : *near.below]};
  }

  Presence missing(std::size_t release, const std::string& subject) const {
    Presence presence = missing_from(release, subject);
    presence.without = presence.own;
    presence.own = nullptr;
    return presence;
  }

  const ParamInfo& param_;
  const Platform& platform_;
  const Catalogue& catalogue_;
  const std::vector<Release>& releases_;
};

}  // namespace

Presence presence(const ParamInfo& param, const Platform& platform, const Catalogue& catalogue) {
  return Question(param, platform, catalogue).answer();
}

Presence presence_of_module(std::string_view module, const Platform& platform, const Catalogue& catalogue) {
  if (platform.builds_in(module).value_or(false) || platform.has_installed(module)) return {Kind::there};
  if (catalogue.releases().empty()) return {};
  if (!catalogue.knows_module(module)) return {Kind::never};
  if (!platform.kernel) return {};
  const auto& releases = catalogue.releases();
  const Neighbours near = neighbours_of("linux", "module", *platform.kernel, platform, releases);
  if (!near.own || !releases[*near.own].is_whole("module")) return {};
  const Release& own = releases[*near.own];
  if (is_there(catalogue.module_in(module, *near.own))) return {Kind::there, &own};
  Presence found{Kind::no_module, &own};
  for (std::size_t i = 0; i < releases.size(); ++i) {
    if (!is_there(catalogue.module_in(module, i))) continue;
    // A release of the same distribution, whose kernels are similar; else the newest
    if (found.with == nullptr || releases[i].os == own.os || found.with->os != own.os)
      found.with = &releases[i];
  }
  return found;
}

std::string why_missing(const Presence& presence) {
  switch (presence.kind) {
    case Kind::gone: return presence.with->describe() + " is the last that was seen with it";
    case Kind::not_yet: return presence.with->describe() + " is the first that was seen with it";
    case Kind::gated: return "the kernel was built without CONFIG_" + presence.option;
    case Kind::no_module:
      if (presence.with == nullptr) return "no package of this release contains it";
      return presence.with->describe() + " has it";
    default: return "no release that was read has it";
  }
}

bool is_missing(Kind kind) {
  return kind == Kind::never || kind == Kind::gone || kind == Kind::not_yet || kind == Kind::gated ||
         kind == Kind::no_module;
}

}  // namespace tunec
