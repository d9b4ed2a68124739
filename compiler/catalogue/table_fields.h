// How the parts of a record become bytes, and back. Writer and reader walk one list of fields, so they cannot
// differ. Only catalogue/table.cpp includes this.
#pragma once

#include <string>
#include <vector>

#include "base/overloaded.h"
#include "catalogue/param.h"
#include "catalogue/release.h"
#include "catalogue/table_archive.h"

namespace tunec::table {

template <class Archive, class V>
void version_field(Archive& archive, V& version) {
  field(archive, version.text);
  field(archive, version.parts);
}

template <class T>
void field(TableWriter& out, const std::vector<T>& items);
template <class T>
void field(TableReader& in, std::vector<T>& items);
template <class T>
void field(TableWriter& out, const std::optional<T>& value);
template <class T>
void field(TableReader& in, std::optional<T>& value);

inline void field(TableWriter& out, const Version& version) { version_field(out, version); }
inline void field(TableReader& in, Version& version) { version_field(in, version); }

template <class Archive, class I>
void interval_field(Archive& archive, I& interval) {
  field(archive, interval.since);
  field(archive, interval.until);
}
inline void field(TableWriter& out, const VersionInterval& interval) { interval_field(out, interval); }
inline void field(TableReader& in, VersionInterval& interval) { interval_field(in, interval); }

template <class Archive, class B>
void bounds_field(Archive& archive, B& bounds) {
  field(archive, bounds.linux_);
  field(archive, bounds.os);
  field(archive, bounds.lowest);
  field(archive, bounds.highest);
}
inline void field(TableWriter& out, const Bounds& bounds) { bounds_field(out, bounds); }
inline void field(TableReader& in, Bounds& bounds) { bounds_field(in, bounds); }

template <class Archive, class E>
void enum_value_field(Archive& archive, E& value) {
  field(archive, value.name);
  field(archive, value.spell);
  field(archive, value.loads);
  field(archive, value.early);
}
inline void field(TableWriter& out, const EnumValue& value) { enum_value_field(out, value); }
inline void field(TableReader& in, EnumValue& value) { enum_value_field(in, value); }

template <class Archive, class S>
void default_value_field(Archive& archive, S& default_value) {
  field(archive, default_value.linux_);
  field(archive, default_value.os);
  field(archive, default_value.value);
}
inline void field(TableWriter& out, const DefaultValue& default_value) {
  default_value_field(out, default_value);
}
inline void field(TableReader& in, DefaultValue& default_value) { default_value_field(in, default_value); }

template <class Archive, class S>
void sighting_field(Archive& a, S& s) {
  field(a, s.release);
  field(a, s.seen);
  field(a, s.type);
  field(a, s.unit);
  field(a, s.range);
  field(a, s.mode);
  field(a, s.default_value);
  field(a, s.gate);
  field(a, s.where);
}
inline void field(TableWriter& out, const Sighting& sighting) { sighting_field(out, sighting); }
inline void field(TableReader& in, Sighting& sighting) { sighting_field(in, sighting); }

template <class Archive, class S>
void state_value_field(Archive& archive, S& value) {
  field(archive, value.own);
  field(archive, value.common);
}
inline void field(TableWriter& out, const StateValue& value) { state_value_field(out, value); }
inline void field(TableReader& in, StateValue& value) { state_value_field(in, value); }

template <class Archive, class S>
void state_field(Archive& archive, S& state) {
  field(archive, state.name);
  field(archive, state.values);
  field(archive, state.is_passing);
  field(archive, state.item);
}
inline void field(TableWriter& out, const StateOf& state) { state_field(out, state); }
inline void field(TableReader& in, StateOf& state) { state_field(in, state); }

template <class Archive, class M>
void member_field(Archive& archive, M& member) {
  field(archive, member.instance);
  field(archive, member.role);
}
inline void field(TableWriter& out, const Member& member) { member_field(out, member); }
inline void field(TableReader& in, Member& member) { member_field(in, member); }

template <class Archive, class C>
void combination_field(Archive& archive, C& combination) {
  field(archive, combination.linux_);
  field(archive, combination.where);
  field(archive, combination.rule);
}
inline void field(TableWriter& out, const Combination& combination) { combination_field(out, combination); }
inline void field(TableReader& in, Combination& combination) { combination_field(in, combination); }

template <class Archive, class B>
void ordinary_field(Archive& a, B& bound) {
  field(a, bound.linux_);
  field(a, bound.systemd);
  field(a, bound.value);
  field(a, bound.bytes_for_one);
  field(a, bound.power_of_two);
  field(a, bound.least);
  field(a, bound.most);
  field(a, bound.above);
}
inline void field(TableWriter& out, const OrdinaryBound& bound) { ordinary_field(out, bound); }
inline void field(TableReader& in, OrdinaryBound& bound) { ordinary_field(in, bound); }
template <class Archive, class I>
void instance_type_field(Archive& archive, I& instance) {
  field(archive, instance.type);
  field(archive, instance.unit);
  field(archive, instance.item);
}
inline void field(TableWriter& out, const InstanceType& instance) { instance_type_field(out, instance); }
inline void field(TableReader& in, InstanceType& instance) { instance_type_field(in, instance); }

template <class Archive, class C>
void caveat_field(Archive& a, C& caveat) {
  field(a, caveat.linux_);
  field(a, caveat.libvirt);
  field(a, caveat.systemd);
  field(a, caveat.qemu);
  field(a, caveat.config);
  field(a, caveat.os);
  field(a, caveat.cpu);
  field(a, caveat.builtin);
  field(a, caveat.initramfs);
  field(a, caveat.value);
  field(a, caveat.lowest);
  field(a, caveat.highest);
  field(a, caveat.by_node);
  field(a, caveat.fate);
  field(a, caveat.severity);
  field(a, caveat.why);
  field(a, caveat.instead);
  field(a, caveat.moved);
}
inline void field(TableWriter& out, const Caveat& caveat) { caveat_field(out, caveat); }
inline void field(TableReader& in, Caveat& caveat) { caveat_field(in, caveat); }

template <class T>
void field(TableWriter& out, const std::vector<T>& items) {
  field(out, static_cast<std::uint32_t>(items.size()));
  for (const T& item : items) field(out, item);
}
template <class T>
void field(TableReader& in, std::vector<T>& items) {
  std::uint32_t count = 0;
  field(in, count);
  items.resize(count);
  for (T& item : items) field(in, item);
}
template <class T>
void field(TableWriter& out, const std::optional<T>& value) {
  field(out, value.has_value());
  if (value) field(out, *value);
}
template <class T>
void field(TableReader& in, std::optional<T>& value) {
  bool there = false;
  field(in, there);
  if (there) field(in, value.emplace());
}

inline void field(TableWriter& out, const Fraction& number) {
  field(out, number.whole().has_value());
  if (const auto whole = number.whole()) field(out, *whole);
  else field(out, number.text());
}
inline void field(TableReader& in, Fraction& number) {
  bool is_whole = false;
  field(in, is_whole);
  if (is_whole) {
    std::int64_t whole = 0;
    field(in, whole);
    number = Fraction(whole);
  } else {
    std::string text;
    field(in, text);
    number = Fraction::parse(text).value_or(Fraction());
  }
}

// The contents of a value, without its kind.
template <class Archive, class T>
void payload(Archive& archive, T& value) {
  using Kind = std::remove_const_t<T>;
  if constexpr (Plain<Kind> || std::is_same_v<Kind, std::string> || std::is_same_v<Kind, Version>) {
    field(archive, value);
  } else if constexpr (std::is_same_v<Kind, Decimal>) {
    field(archive, value.number);
    field(archive, value.text);
  } else if constexpr (std::is_same_v<Kind, Bytes>) {
    field(archive, value.count);
  } else if constexpr (std::is_same_v<Kind, Duration>) {
    field(archive, value.nanoseconds);
  } else if constexpr (std::is_same_v<Kind, Bandwidth>) {
    field(archive, value.bits_per_second);
  } else if constexpr (std::is_same_v<Kind, Percent>) {
    field(archive, value.of_hundred);
  } else if constexpr (std::is_same_v<Kind, Ratio>) {
    field(archive, value.times);
  } else if constexpr (std::is_same_v<Kind, Word>) {
    field(archive, value.kind);
    field(archive, value.text);
  } else if constexpr (std::is_same_v<Kind, Date>) {
    field(archive, value.year);
    field(archive, value.month);
    field(archive, value.day);
  } else if constexpr (std::is_same_v<Kind, Range>) {
    field(archive, value.ends);
  } else if constexpr (std::is_same_v<Kind, List>) {
    field(archive, value.items);
  }
}

inline void field(TableWriter& out, const Value& value) {
  field(out, static_cast<std::uint8_t>(value.v.index()));
  std::visit(overloaded{
                 [&](const Poison&) {},
                 [&](const CpuSet& set) { field(out, set.to_string()); },
                 [&](const auto& other) { payload(out, other); },
             },
             value.v);
}

template <std::size_t I = 0>
void make_alternative(Value& value, std::size_t index) {
  if constexpr (I < std::variant_size_v<ValueAlternatives>) {
    if (index == I) {
      value.v.emplace<I>();
    } else {
      make_alternative<I + 1>(value, index);
    }
  }
}

inline void field(TableReader& in, Value& value) {
  std::uint8_t index = 0;
  field(in, index);
  make_alternative(value, index);
  std::visit(overloaded{
                 [&](Poison&) {},
                 [&](CpuSet& set) {
                   std::string text;
                   field(in, text);
                   set = CpuSet::parse(text).value_or(CpuSet{});
                 },
                 [&](auto& other) { payload(in, other); },
             },
             value.v);
}

template <class Archive, class P>
void param_field(Archive& a, P& p) {
  field(a, p.name);
  field(a, p.surface);
  field(a, p.key);
  field(a, p.type);
  field(a, p.element);
  field(a, p.min_items);
  field(a, p.max_items);
  field(a, p.ordered);
  field(a, p.required);
  field(a, p.separator);
  field(a, p.unit);
  field(a, p.by_node);
  field(a, p.instance_types);
  field(a, p.aliases);
  field(a, p.bounds);
  field(a, p.values);
  field(a, p.spell_off);
  field(a, p.spell_on);
  field(a, p.pattern);
  field(a, p.pattern_why);
  field(a, p.merge);
  field(a, p.effect);
  field(a, p.defaults);
  field(a, p.caveats);
  field(a, p.loads);
  field(a, p.early);
  field(a, p.collects);
  field(a, p.instance);
  field(a, p.if_builtin);
  field(a, p.states);
  field(a, p.listens);
  field(a, p.other_end);
  field(a, p.repeats);
  field(a, p.within_memory);
  field(a, p.names);
  field(a, p.instance_names);
  field(a, p.misspelt);
  field(a, p.curated);
  field(a, p.kind);
  field(a, p.listed_by);
  field(a, p.is_of_partly_read);
  field(a, p.sightings);
  field(a, p.members);
  field(a, p.member_of);
  field(a, p.role);
  field(a, p.combines);
  field(a, p.slash);
  field(a, p.is_repeated);
  field(a, p.words);
  field(a, p.ordinary);
  field(a, p.mode);
  field(a, p.mode_note);
  field(a, p.order);
  field(a, p.status);
  field(a, p.doc);
  field(a, p.source);
}

template <class Archive, class R>
void release_field(Archive& a, R& r) {
  field(a, r.subject);
  field(a, r.version);
  field(a, r.os);
  field(a, r.os_release);
  field(a, r.whole);
  field(a, r.extra_package);
}
inline void field(TableWriter& out, const Release& release) { release_field(out, release); }
inline void field(TableReader& in, Release& release) { release_field(in, release); }

}  // namespace tunec::table
