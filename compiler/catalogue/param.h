// A parameter: one record of stdlib/params/*.yaml as data. stdlib/README.md describes the keys of records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/value.h"
#include "base/version.h"
#include "diagnostics/diagnostic.h"

namespace tunec {

enum class ValueType : std::uint8_t {
  any,
  flag,
  boolean,
  integer,
  decimal,
  string,
  enumeration,
  size,
  duration,
  percent,
  ratio,
  bandwidth,
  range,
  cpuset,
  list,
  address,
  prefix,
  pci_id,
  pci_address,
  mac,
  version,
  date,
  module,
};

// How a parameter uses the kernel modules that it names.
enum class ModuleUse : std::uint8_t {
  none,
  loaded,     // the kernel must have it: a missing module is a failure
  kept_out,   // the kernel must be able to leave it out: a built-in module is a mistake
  mentioned,  // it may come from anywhere, or never
};

// How several values that do not beat one another become one value.
enum class MergePolicy : std::uint8_t { replace, max, min, union_ };

// What must happen until a new value counts, the least first.
enum class Effect : std::uint8_t { live, reload, restart, reboot };

// What happens to a setting on a host that a caveat applies to.
enum class Fate : std::uint8_t {
  absent,    // the kernel or daemon has no such thing: never had, not yet, or no more
  ignored,   // accepted, but without effect there
  rejected,  // refused; the consumer fails
  risky,     // works, but does harm
  unsafe,    // works, but gives security away: an error until a waiver takes the risk
};

// Where a caveat applies: every given condition must hold. An unknown property of a host never matches.
struct Caveat {
  std::optional<VersionInterval> linux_, libvirt, systemd, qemu;
  std::string config;                    // kernel option: "NO_HZ_FULL", or "!NO_HZ_FULL" if it must be off
  std::string os;                        // "ubuntu", "rhel", or with its release "ubuntu 20.04"
  std::string cpu;                       // "intel", "amd"
  std::string builtin;                   // a module that is built in there
  std::string initramfs;                 // what makes the initramfs there: "dracut", "initramfs-tools"
  std::optional<Value> value;            // only for this value (of a list: if it has this item)
  std::optional<Value> lowest, highest;  // only for values within; both ends belong to it
  bool by_node = false;                  // only for numbers that are given by NUMA node
  Fate fate = Fate::absent;
  std::optional<Severity> severity;  // if it differs from the fate's own
  std::string why;                   // completes "… on this host: WHY"
  std::string instead;               // what to write or do; may be empty
  std::string moved;  // the parameter that it became, if it is absent or ignored because of that
  bool operator==(const Caveat&) const = default;
};

// All bounds that match the host hold together: a distribution's may be narrower than its kernel version's
// (two timer ticks are 8 ms with CONFIG_HZ=250).
struct Bounds {
  std::optional<VersionInterval> linux_;  // where they hold; everywhere if absent
  std::string os;                         // only on this distribution, "ubuntu"; on all if empty
  std::optional<Value> lowest, highest;   // of the type's dimension
  bool operator==(const Bounds&) const = default;
};

// What the target does if nothing is set.
struct DefaultValue {
  std::optional<VersionInterval> linux_;  // where it holds; everywhere if absent
  std::string os;                         // only on this distribution, "ubuntu"; on all if empty
  Value value;
  bool operator==(const DefaultValue&) const = default;
};

// What one release has under a parameter's name: a line of a table in stdlib/harvested
// (stdlib/harvest/README.md describes the columns). Texts are as they were read; "-" is unknown.
struct Sighting {
  std::uint8_t release = 0;  // its place among Catalogue::releases()
  std::string seen, type, unit, range, mode, default_value, gate, where;
  bool operator==(const Sighting&) const = default;
};

struct EnumValue {
  std::string name;                // in .tune files
  std::string spell;               // in the artifact
  std::vector<std::string> loads;  // modules that must be loaded for it
  std::vector<std::string> early;  // modules that the initramfs must hold for it
  bool operator==(const EnumValue&) const = default;
};

// One thing in the running kernel that this parameter sets. Other parameters may set it too.
struct StateValue {
  Value own, common;  // this parameter's word for a value, and the state's word for it
  bool operator==(const StateValue&) const = default;
};
struct StateOf {
  std::string name;  // often that of the parameter that sets only this
  // Other values leave the state alone; if the list is empty, the words are the same
  std::vector<StateValue> values;
  bool is_passing = false;  // meant for the time until another writer sets the state
  std::uint32_t item = 0;   // of a list: the item that counts, from 1; 0: the whole value
  bool operator==(const StateOf&) const = default;
};

// What an instance stands for: most stand for one thing each.
enum class MemberRole : std::uint8_t {
  one,      // an ordinary instance
  common,   // a value that the kernel reads beside each instance's own
  initial,  // what new instances begin with
  each,     // every instance that no other line names
};
struct Member {
  std::string instance;
  MemberRole role = MemberRole::one;
  bool operator==(const Member&) const = default;
};

// How the value that counts for an instance follows from the common value and its own.
enum class CombineRule : std::uint8_t {
  either,  // on if one of them is
  both,    // on if both are
  max,
  min,
  common_if_set,  // the common one unless it is 0
  copied,         // its own; but a write of the common value sets all of them
  own,
  initial,  // what new instances begin with counts for all
  nothing,  // the kernel reads none of them
};
struct Combination {
  std::optional<VersionInterval> linux_;  // where it holds; everywhere if absent
  std::string where;                      // only if this parameter is on; empty: always
  CombineRule rule = CombineRule::own;
  bool operator==(const Combination&) const = default;
};

// The value of a limit that a host has by itself, depending on its memory: a lower setting takes something
// away.
struct OrdinaryBound {
  std::optional<VersionInterval> linux_, systemd;  // where it holds; everywhere if absent
  std::optional<Value> value;                      // a number for all hosts; nothing: the record's default
  std::int64_t bytes_for_one = 0;                  // else one unit for so many bytes of memory
  bool power_of_two = false;                       // rounded up
  std::int64_t least = 0, most = 0;                // most 0: any number
  std::int64_t above = 0;                          // only on hosts with more memory
  bool operator==(const OrdinaryBound&) const = default;
};

// What a write of a knob does on any machine (stdlib/modes.tsv). The mode that one machine shows may be its
// own.
enum class WriteMode : std::uint8_t {
  unknown,
  writable,
  read_only,   // on every machine
  hardware,    // writable only if the machine has the hardware
  capability,  // writable for the host's root, whatever mode is shown
  trigger,     // a write does something once; nothing is stored
  one_way,     // a write cannot be taken back before a reboot
  no_effect,   // a write is accepted, but does nothing on some releases
};

// What the name of an instance is, if it can be spelt in several ways.
enum class InstanceForm : std::uint8_t { any, path };

// What a list gets from the other settings of its host, besides the site's own items.
enum class Collects : std::uint8_t { nothing, loads, early };

// What the text in the parentheses of a name is: `node(0)`, `hugepages(1GiB)`.
struct InstanceType {
  ValueType type = ValueType::any;  // integer, size, or any text
  std::string unit;                 // of a size, as the key in the file has it: "kB", "kmg"
  std::string item;                 // the facts' collection that has it: "node"; empty: none
  bool operator==(const InstanceType&) const = default;
};

struct ParamInfo {
  std::string name;     // "sysctl.vm.swappiness"; "wireguard().mtu" where an instance is named
  std::string surface;  // which backend writes it: "sysctl"; empty: none, as it is a number for policies
  std::string key;      // the target's own name; "{}" stands for each instance in turn
  ValueType type = ValueType::string;
  ValueType element = ValueType::any;  // of a list; or of a range's ends, if they are no whole numbers
  std::uint32_t min_items = 0, max_items = 0;  // of a list; max 0: any number
  bool ordered = false;                        // the list's numbers must ascend
  bool required = false;                       // each instance of which anything is set must have it
  std::string separator;                       // between a list's items in the artifact
  std::string unit;      // of bare numbers and of the number written: "KiB", "page", "ms"; "" is 1
  bool by_node = false;  // a number, or a list with a number for each NUMA node: 0:8,1:32
  std::vector<InstanceType> instance_types;  // of each () in turn; if there are none, any text
  std::vector<std::string> aliases;          // other names that are taken for it
  std::vector<Bounds> bounds;
  // Of an enumeration; for other types, words taken beside the type's own values
  std::vector<EnumValue> values;
  std::string spell_off = "0", spell_on = "1";  // of a boolean
  std::string pattern;                          // of a string: a regular expression it must match whole
  std::string pattern_why;                      // what messages say if it does not match
  MergePolicy merge = MergePolicy::replace;
  Effect effect = Effect::live;
  std::vector<DefaultValue> defaults;  // the first that holds counts
  std::vector<Caveat> caveats;
  std::vector<std::string> loads;  // modules that must be loaded for it to exist
  std::vector<std::string> early;  // modules that the initramfs must hold for it to have an effect
  Collects collects = Collects::nothing;
  InstanceForm instance = InstanceForm::any;
  // The surface that carries it if its module (the key's first part) is built in
  std::string if_builtin;
  std::vector<StateOf> states;  // if there are none: one of its own
  std::string listens;          // "tcp" or "udp" if the value is a port (or a range) the host listens on
  std::string other_end;        // of a range of ports: the parameter that is its other end
  std::string repeats;          // the parameter that describes the same listener to another program
  bool within_memory = false;   // an amount that cannot exceed the host's memory
  // What the value names: the value itself, each item of a list, or each word of a text that does not end in
  // a colon. And what the name of the instance names
  ModuleUse names = ModuleUse::none, instance_names = ModuleUse::none;
  std::vector<std::string> misspelt;  // names that people write for it and that never existed
  bool curated = true;                // a person wrote the record; false: it consists of harvested data alone
  std::string kind;                   // of its lines in the harvested tables; empty if there are none
  // A letter of `seen`: the source that lists all of its kind. A release read in full has what this source
  // lists
  std::string listed_by;
  bool is_of_partly_read = false;  // its surface has more knobs than any release was read for
  // By release. A release without an entry does not have it, or was not read in full
  std::vector<Sighting> sightings;
  std::vector<Member> members;        // of a parameter with instances: the members among them
  std::string member_of;              // the parameter with instances that this is a member of
  MemberRole role = MemberRole::one;  // of a member
  std::vector<Combination> combines;  // the first that holds counts
  std::string slash;                  // what a `/` in the name of an instance stands for; empty: itself
  bool is_repeated = false;           // the consumer takes the key once for each item of a list
  // Of text, or of the items of a list: the words that the consumer reads; one that ends in `=` has a value.
  // Others are accepted, and reported
  std::vector<std::string> words;
  std::vector<OrdinaryBound> ordinary;  // the first that holds counts
  WriteMode mode = WriteMode::unknown;
  std::string mode_note;   // what the mode depends on, or when a new value counts
  std::int32_t order = 0;  // place within the artifact; then by name
  std::string status;      // Formation keys: "documented" or "consumed"
  std::string doc, source;
  bool operator==(const ParamInfo&) const = default;

  // The value without a setting, on this kernel of this distribution; null if it is unknown.
  const Value* default_value(const std::optional<Version>& kernel, std::string_view os) const;
};

// Whether bounds or a default hold on this kernel of this distribution.
template <class T>
bool holds_on(const T& entry, const std::optional<Version>& kernel, std::string_view os) {
  return (entry.os.empty() || entry.os == os) &&
         (!entry.linux_ || (kernel && entry.linux_->contains(*kernel)));
}

// The first that does; null if none does.
template <class T>
const T* first_on(const std::vector<T>& all, const std::optional<Version>& kernel, std::string_view os) {
  for (const T& entry : all) {
    if (holds_on(entry, kernel, os)) return &entry;
  }
  return nullptr;
}

inline const Value* ParamInfo::default_value(const std::optional<Version>& kernel,
                                             std::string_view os) const {
  const DefaultValue* entry = first_on(defaults, kernel, os);
  return entry == nullptr ? nullptr : &entry->value;
}

}  // namespace tunec
