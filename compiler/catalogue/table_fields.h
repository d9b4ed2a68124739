// How the parts of a record become bytes and back: one list of fields, which a writer and a reader both walk,
// so they cannot differ. Only catalogue/table.cpp includes this.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "base/overloaded.h"
#include "catalogue/param.h"
#include "catalogue/release.h"

namespace tunec::table {

// Every text once, however many records say it: releases mostly agree, and so do records of a family.
class Pool {
 public:
  std::uint32_t place_of(const std::string& text) {
    const auto [place, is_new] = places_.emplace(text, static_cast<std::uint32_t>(texts_.size()));
    if (is_new) texts_.push_back(text);
    return place->second;
  }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::unordered_map<std::string, std::uint32_t> places_;
  std::vector<std::string> texts_;
};

std::string_view pooled(std::string_view table, std::uint32_t place);

struct TableWriter {
  Pool& pool;
  std::string bytes{};
  void raw(const void* data, std::size_t count) { bytes.append(static_cast<const char*>(data), count); }
};

struct TableReader {
  std::string_view table, bytes;
  void raw(void* data, std::size_t count) {
    std::memcpy(data, bytes.data(), count);
    bytes.remove_prefix(count);
  }
};

template <class T>
concept Plain = std::is_arithmetic_v<T> || std::is_enum_v<T>;

inline void field(TableWriter& out, const Value& value);
inline void field(TableReader& in, Value& value);

template <Plain T>
void field(TableWriter& out, const T& value) {
  out.raw(&value, sizeof value);
}
template <Plain T>
void field(TableReader& in, T& value) {
  in.raw(&value, sizeof value);
}

inline void field(TableWriter& out, const std::string& text) { field(out, out.pool.place_of(text)); }
inline void field(TableReader& in, std::string& text) {
  std::uint32_t place = 0;
  field(in, place);
  text.assign(pooled(in.table, place));
}

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
  field(archive, state.item);
}
inline void field(TableWriter& out, const StateOf& state) { state_field(out, state); }
inline void field(TableReader& in, StateOf& state) { state_field(in, state); }

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
  field(a, caveat.value);
  field(a, caveat.lowest);
  field(a, caveat.highest);
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

// The part of a value beside its kind.
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
  field(a, p.separator);
  field(a, p.unit);
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
  field(a, p.collects_loads);
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
  field(a, p.sightings);
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
