// One list of fields, walked by a writer and by a reader: what is written is what is read.
#include "catalogue/table.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "base/overloaded.h"

namespace tunec::table {
namespace {

struct Writer {
  std::string bytes;
  void raw(const void* data, std::size_t count) { bytes.append(static_cast<const char*>(data), count); }
};

struct Reader {
  std::string_view bytes;
  void raw(void* data, std::size_t count) {
    std::memcpy(data, bytes.data(), count);
    bytes.remove_prefix(count);
  }
};

template <class T>
concept Plain = std::is_arithmetic_v<T> || std::is_enum_v<T>;

void field(Writer& out, const Value& value);
void field(Reader& in, Value& value);

template <Plain T>
void field(Writer& out, const T& value) { out.raw(&value, sizeof value); }
template <Plain T>
void field(Reader& in, T& value) { in.raw(&value, sizeof value); }

void field(Writer& out, const std::string& text) {
  field(out, static_cast<std::uint32_t>(text.size()));
  out.raw(text.data(), text.size());
}
void field(Reader& in, std::string& text) {
  std::uint32_t count = 0;
  field(in, count);
  text.assign(in.bytes.substr(0, count));
  in.bytes.remove_prefix(count);
}

template <class Archive, class V>
void version_field(Archive& archive, V& version) {
  field(archive, version.text);
  field(archive, version.parts);
}

template <class T>
void field(Writer& out, const std::vector<T>& items);
template <class T>
void field(Reader& in, std::vector<T>& items);
template <class T>
void field(Writer& out, const std::optional<T>& value);
template <class T>
void field(Reader& in, std::optional<T>& value);

void field(Writer& out, const Version& version) { version_field(out, version); }
void field(Reader& in, Version& version) { version_field(in, version); }

template <class Archive, class I>
void interval_field(Archive& archive, I& interval) {
  field(archive, interval.since);
  field(archive, interval.until);
}
void field(Writer& out, const VersionInterval& interval) { interval_field(out, interval); }
void field(Reader& in, VersionInterval& interval) { interval_field(in, interval); }

template <class Archive, class B>
void bounds_field(Archive& archive, B& bounds) {
  field(archive, bounds.linux_);
  field(archive, bounds.lowest);
  field(archive, bounds.highest);
}
void field(Writer& out, const Bounds& bounds) { bounds_field(out, bounds); }
void field(Reader& in, Bounds& bounds) { bounds_field(in, bounds); }

template <class Archive, class E>
void enum_value_field(Archive& archive, E& value) {
  field(archive, value.name);
  field(archive, value.spell);
  field(archive, value.loads);
}
void field(Writer& out, const EnumValue& value) { enum_value_field(out, value); }
void field(Reader& in, EnumValue& value) { enum_value_field(in, value); }

template <class Archive, class S>
void state_value_field(Archive& archive, S& value) {
  field(archive, value.own);
  field(archive, value.common);
}
void field(Writer& out, const StateValue& value) { state_value_field(out, value); }
void field(Reader& in, StateValue& value) { state_value_field(in, value); }

template <class Archive, class S>
void state_field(Archive& archive, S& state) {
  field(archive, state.name);
  field(archive, state.values);
  field(archive, state.item);
}
void field(Writer& out, const StateOf& state) { state_field(out, state); }
void field(Reader& in, StateOf& state) { state_field(in, state); }

template <class Archive, class C>
void caveat_field(Archive& a, C& caveat) {
  field(a, caveat.linux_); field(a, caveat.libvirt); field(a, caveat.systemd); field(a, caveat.qemu);
  field(a, caveat.config); field(a, caveat.os); field(a, caveat.cpu); field(a, caveat.builtin);
  field(a, caveat.value); field(a, caveat.lowest); field(a, caveat.highest); field(a, caveat.fate); field(a, caveat.severity); field(a, caveat.why);
  field(a, caveat.instead); field(a, caveat.moved);
}
void field(Writer& out, const Caveat& caveat) { caveat_field(out, caveat); }
void field(Reader& in, Caveat& caveat) { caveat_field(in, caveat); }

template <class T>
void field(Writer& out, const std::vector<T>& items) {
  field(out, static_cast<std::uint32_t>(items.size()));
  for (const T& item : items) field(out, item);
}
template <class T>
void field(Reader& in, std::vector<T>& items) {
  std::uint32_t count = 0;
  field(in, count);
  items.resize(count);
  for (T& item : items) field(in, item);
}
template <class T>
void field(Writer& out, const std::optional<T>& value) {
  field(out, value.has_value());
  if (value) field(out, *value);
}
template <class T>
void field(Reader& in, std::optional<T>& value) {
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

void field(Writer& out, const Value& value) {
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
  if constexpr (I < std::variant_size_v<decltype(value.v)>) {
    if (index == I) {
      value.v.emplace<I>();
    } else {
      make_alternative<I + 1>(value, index);
    }
  }
}

void field(Reader& in, Value& value) {
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
  field(a, p.name); field(a, p.surface); field(a, p.key); field(a, p.type); field(a, p.element);
  field(a, p.min_items); field(a, p.max_items); field(a, p.ordered); field(a, p.separator); field(a, p.unit);
  field(a, p.bounds); field(a, p.values); field(a, p.spell_off); field(a, p.spell_on); field(a, p.pattern);
  field(a, p.pattern_why); field(a, p.merge); field(a, p.effect); field(a, p.standard); field(a, p.caveats);
  field(a, p.loads); field(a, p.collects_loads); field(a, p.if_builtin); field(a, p.states); field(a, p.listens);
  field(a, p.other_end); field(a, p.repeats);
  field(a, p.order); field(a, p.status); field(a, p.doc); field(a, p.source);
}

struct Entry {
  std::uint32_t name, name_size, record;
};

Entry entry_at(std::string_view table, std::size_t index) {
  Entry entry{};
  std::memcpy(&entry, table.data() + sizeof(std::uint32_t) + index * sizeof(Entry), sizeof entry);
  return entry;
}

}  // namespace

std::string write(std::vector<ParamInfo> records) {
  std::ranges::sort(records, {}, &ParamInfo::name);
  const auto start = static_cast<std::uint32_t>(sizeof(std::uint32_t) + records.size() * sizeof(Entry));
  Writer index, body;
  field(index, static_cast<std::uint32_t>(records.size()));
  for (const ParamInfo& record : records) {
    Entry entry{};
    entry.record = start + static_cast<std::uint32_t>(body.bytes.size());
    entry.name = entry.record + static_cast<std::uint32_t>(sizeof(std::uint32_t));  // the record begins with its name
    entry.name_size = static_cast<std::uint32_t>(record.name.size());
    index.raw(&entry, sizeof entry);
    param_field(body, record);
  }
  return index.bytes + body.bytes;
}

std::size_t size(std::string_view table) {
  std::uint32_t count = 0;
  if (table.size() >= sizeof count) std::memcpy(&count, table.data(), sizeof count);
  return count;
}

std::string_view name_at(std::string_view table, std::size_t index) {
  const Entry entry = entry_at(table, index);
  return table.substr(entry.name, entry.name_size);
}

std::size_t lower_bound(std::string_view table, std::string_view name) {
  std::size_t low = 0, high = size(table);
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (name_at(table, middle) < name) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

ParamInfo read(std::string_view table, std::size_t index) {
  Reader in{table.substr(entry_at(table, index).record)};
  ParamInfo param;
  param_field(in, param);
  return param;
}

}  // namespace tunec::table
