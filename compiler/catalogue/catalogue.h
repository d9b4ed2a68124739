// Looks parameters up, from several threads if need be. The shipped catalogue is one read-only table, made
// when tunec is built (catalogue/table.h). Opening it costs nothing: a record is decoded when it is first
// looked up. Records of an overlay directory come before it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/suggest.h"
#include "catalogue/forms.h"
#include "catalogue/param.h"
#include "catalogue/release.h"

namespace tunec {

class Catalogue {
 public:
  Catalogue() = default;
  explicit Catalogue(std::string_view table);          // bytes of a table; must outlive this
  explicit Catalogue(std::vector<ParamInfo> records);  // tests and overlays

  // Later records beat the table's of the same name.
  void overlay(std::vector<ParamInfo> records);
  bool is_overlaid(std::string_view name) const { return overlay_.contains(name); }

  // Null if there is none; the pointer stays valid. `module.vfio_pci.ids` finds `module.vfio-pci.ids`. For
  // built-in modules another surface carries the options, so `module.kvm.nested` is also `boot.kvm.nested`:
  // that record is made when it is first looked up.
  const ParamInfo* find(std::string_view name) const;
  // A parameter by the target's own name for it. Its parts are separated by dots; or by slashes, if the first
  // separator is a slash. The other character then means a dot within a part. An instance is a part of its
  // own: `sysctl.net.ipv4.conf.eth0/100.rp_filter`, `sysctl.net/ipv4/conf/eth0.100/rp_filter`.
  struct Spelt {
    const ParamInfo* param;
    std::vector<std::string> instances;
  };
  std::optional<Spelt> spelt(std::string_view name) const;
  // For suggestions: all names. A name that takes an instance gets the one that `name` has.
  std::vector<std::string> spelt_alike(std::string_view name) const;
  // The member that an instance names: `conf(all)` is `conf.all`. Null if it is an ordinary instance.
  const ParamInfo* member(const ParamInfo& param, std::string_view instance) const;
  const std::vector<std::string_view>& names() const;                 // sorted
  const std::vector<std::string_view>& names_with_instances() const;  // those with a `()`, sorted
  // The surface around an instance within an instance: `wireguard` for `peer`, as in
  // wireguard().peer().endpoint; empty if there is none.
  std::string_view surface_around(std::string_view collection) const;
  std::span<const std::string_view> names_under(std::string_view prefix) const;
  // The right name for a wrong one that people write, but that never existed; empty for other names.
  std::string_view meant_by(std::string_view misspelling) const;
  // For suggestions: the parameters of the same module, under the surface that carries them for built-in
  // modules.
  std::vector<std::string> carried_near(std::string_view name) const;
  // A record made up for `unchecked`; owned here, one per name.
  const ParamInfo* improvise(ParamInfo record) const;
  const ParamInfo* improvised(std::string_view name) const;

  const Forms& forms() const { return forms_; }
  void set_forms(Forms forms) { forms_ = std::move(forms); }

  // The harvested releases, sorted by subject and version. A release is identified by its place here.
  const std::vector<Release>& releases() const;
  ModuleIn module_in(std::string_view name, std::size_t release) const;
  OptionIn option_in(std::string_view name, std::size_t release) const;
  // Whether any release has a module of that name.
  bool knows_module(std::string_view name) const;
  // Whether a surface contains options of modules, which another surface carries for built-in code.
  bool is_carried(std::string_view surface) const;
  // The origin of a module that is part of no kernel; empty if it is unknown.
  std::string_view elsewhere(std::string_view module) const;
  // All built-in modules known of one release, sorted.
  std::vector<std::string> builtin_modules(std::size_t release) const;
  // The name most like a wrong one among the modules of a release, or of all releases.
  std::optional<Near> nearest_module(std::string_view wrong, std::optional<std::size_t> release) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
  };
  // Locks of the parts that are made when first needed: the records, and the lists. Boxed, since a catalogue
  // moves.
  struct Locks {
    std::shared_mutex records;
    std::recursive_mutex lists;
    std::mutex spelt;  // held for the map alone: a look-up takes the other locks
  };
  std::unique_ptr<Locks> locks_ = std::make_unique<Locks>();
  const ParamInfo* find_first(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& carriers() const;
  const ParamInfo* find_module_spelling(std::string_view name) const;
  const ParamInfo* find_as_written(std::string_view name) const;
  const ParamInfo* find_carried(std::string_view name) const;
  std::optional<Spelt> find_spelt(std::string_view name) const;
  std::string_view table_;
  Forms forms_;
  std::map<std::string, ParamInfo, std::less<>> overlay_;
  std::map<std::string, std::string, std::less<>> overlay_spellings_;
  mutable std::optional<std::map<std::string_view, std::string_view>> around_;
  // Results of earlier look-ups, misses included.
  mutable std::unordered_map<std::string, const ParamInfo*, Hash, std::equal_to<>> read_;
  mutable std::deque<ParamInfo> owned_;
  mutable std::vector<std::string_view> names_, with_instances_;
  mutable std::map<std::string, std::optional<Spelt>, std::less<>> spelt_;  // names looked up so far
  mutable std::optional<std::vector<Release>> releases_;
  mutable std::optional<std::vector<std::pair<std::string, std::string>>> carriers_;
};

// "wireguard.mtu" of "wireguard().mtu": as policies and waivers name a parameter, whichever the instance.
std::string without_instances(std::string_view name);

}  // namespace tunec
