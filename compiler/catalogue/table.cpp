// One list of fields, walked by a writer and by a reader: what is written is what is read.
#include "catalogue/table.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <unordered_map>

#include "base/overloaded.h"

namespace tunec::table {
namespace {

// Every text once, however many records say it: releases mostly agree, and so do records of a family.
class Pool {
 public:
  std::uint32_t place_of(const std::string& text) {
    const auto [known, is_new] = places_.emplace(text, static_cast<std::uint32_t>(texts_.size()));
    if (is_new) texts_.push_back(text);
    return known->second;
  }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::unordered_map<std::string, std::uint32_t> places_;
  std::vector<std::string> texts_;
};

std::string_view pooled(std::string_view table, std::uint32_t place);

struct Writer {
  Pool& pool;
  std::string bytes{};
  void raw(const void* data, std::size_t count) { bytes.append(static_cast<const char*>(data), count); }
};

struct Reader {
  std::string_view table, bytes;
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

void field(Writer& out, const std::string& text) { field(out, out.pool.place_of(text)); }
void field(Reader& in, std::string& text) {
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
void standard_field(Archive& archive, S& standard) {
  field(archive, standard.linux_);
  field(archive, standard.value);
}
void field(Writer& out, const Standard& standard) { standard_field(out, standard); }
void field(Reader& in, Standard& standard) { standard_field(in, standard); }

template <class Archive, class S>
void sighting_field(Archive& a, S& s) {
  field(a, s.release); field(a, s.seen); field(a, s.type); field(a, s.unit); field(a, s.range); field(a, s.mode);
  field(a, s.standard); field(a, s.gate); field(a, s.where);
}
void field(Writer& out, const Sighting& sighting) { sighting_field(out, sighting); }
void field(Reader& in, Sighting& sighting) { sighting_field(in, sighting); }

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
  field(a, p.pattern_why); field(a, p.merge); field(a, p.effect); field(a, p.standards); field(a, p.caveats);
  field(a, p.loads); field(a, p.collects_loads); field(a, p.if_builtin); field(a, p.states); field(a, p.listens);
  field(a, p.other_end); field(a, p.repeats); field(a, p.within_memory); field(a, p.names_modules); field(a, p.loadable_only);
  field(a, p.misspelt); field(a, p.curated); field(a, p.kind); field(a, p.listed_by); field(a, p.sightings);
  field(a, p.order); field(a, p.status); field(a, p.doc); field(a, p.source);
}

template <class Archive, class R>
void release_field(Archive& a, R& r) {
  field(a, r.subject); field(a, r.version); field(a, r.os); field(a, r.os_release); field(a, r.whole); field(a, r.provenance);
}
void field(Writer& out, const Release& release) { release_field(out, release); }
void field(Reader& in, Release& release) { release_field(in, release); }

// The table begins with where each section's index stands and how long it is, and where the releases do.
struct Place {
  std::uint32_t at, count;
};
constexpr std::size_t sections = 4;
struct Head {
  Place index[sections];
  std::uint32_t releases, carriers;
  Place pool;  // of Texts
};
struct Text {
  std::uint32_t at, size;
};
struct Entry {
  std::uint32_t name, name_size, payload, payload_size;
};

Head head_of(std::string_view table) {
  Head head{};
  if (table.size() >= sizeof head) std::memcpy(&head, table.data(), sizeof head);
  return head;
}

Entry entry_at(std::string_view table, Section section, std::size_t index) {
  Entry entry{};
  std::memcpy(&entry, table.data() + head_of(table).index[static_cast<std::size_t>(section)].at + index * sizeof(Entry), sizeof entry);
  return entry;
}

std::string_view pooled(std::string_view table, std::uint32_t place) {
  Text text{};
  std::memcpy(&text, table.data() + head_of(table).pool.at + place * sizeof text, sizeof text);
  return table.substr(text.at, text.size);
}

// What an index names, encoded: name and bytes, sorted by name.
using Items = std::vector<std::pair<std::string, std::string>>;

Items encoded(std::vector<ParamInfo>& records, Pool& pool) {
  std::ranges::sort(records, {}, &ParamInfo::name);
  Items items;
  for (const ParamInfo& record : records) {
    Writer bytes{pool};
    param_field(bytes, record);
    items.emplace_back(record.name, std::move(bytes.bytes));
  }
  return items;
}

Items misspellings_of(const std::vector<ParamInfo>& records) {
  std::map<std::string, std::string> right;
  for (const ParamInfo& record : records) {
    for (const std::string& wrong : record.misspelt) right.emplace(wrong, record.name);
  }
  return {right.begin(), right.end()};
}

}  // namespace

std::string write(Contents contents) {
  Pool pool;
  const Items items[sections] = {encoded(contents.records, pool), {contents.modules.begin(), contents.modules.end()},
                                 {contents.options.begin(), contents.options.end()}, misspellings_of(contents.records)};
  Head head{};
  std::size_t entries = 0;
  for (std::size_t i = 0; i < sections; ++i) {
    head.index[i] = {static_cast<std::uint32_t>(sizeof head + entries * sizeof(Entry)), static_cast<std::uint32_t>(items[i].size())};
    entries += items[i].size();
  }
  const std::size_t start = sizeof head + entries * sizeof(Entry);
  Writer index{pool}, body{pool};
  const auto put = [&](const std::string& bytes) {
    const auto at = static_cast<std::uint32_t>(start + body.bytes.size());
    body.bytes += bytes;
    return at;
  };
  for (const Items& section : items) {
    for (const auto& [name, payload] : section) {
      const std::uint32_t name_at = put(name), payload_at = put(payload);
      const Entry entry{name_at, static_cast<std::uint32_t>(name.size()), payload_at, static_cast<std::uint32_t>(payload.size())};
      index.raw(&entry, sizeof entry);
    }
  }
  Writer releases_bytes{pool}, carriers_bytes{pool}, first{pool}, texts{pool};
  field(releases_bytes, contents.releases);
  head.releases = put(releases_bytes.bytes);
  std::map<std::string, std::string> carriers;
  for (const ParamInfo& record : contents.records) {
    if (!record.if_builtin.empty()) carriers.emplace(record.if_builtin, record.surface);
  }
  field(carriers_bytes, static_cast<std::uint32_t>(carriers.size()));
  for (const auto& [carrier, surface] : carriers) field(carriers_bytes, carrier), field(carriers_bytes, surface);
  head.carriers = put(carriers_bytes.bytes);
  for (const std::string& text : pool.texts()) {
    const Text entry{put(text), static_cast<std::uint32_t>(text.size())};
    texts.raw(&entry, sizeof entry);
  }
  head.pool = {put(texts.bytes), static_cast<std::uint32_t>(pool.texts().size())};
  first.raw(&head, sizeof head);
  return first.bytes + index.bytes + body.bytes;
}

std::size_t size(std::string_view table, Section section) { return head_of(table).index[static_cast<std::size_t>(section)].count; }

std::string_view name_at(std::string_view table, Section section, std::size_t index) {
  const Entry entry = entry_at(table, section, index);
  return table.substr(entry.name, entry.name_size);
}

std::size_t lower_bound(std::string_view table, Section section, std::string_view name) {
  std::size_t low = 0, high = size(table, section);
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (name_at(table, section, middle) < name) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::optional<std::size_t> find(std::string_view table, Section section, std::string_view name) {
  const std::size_t at = lower_bound(table, section, name);
  if (at == size(table, section) || name_at(table, section, at) != name) return std::nullopt;
  return at;
}

ParamInfo record(std::string_view table, std::size_t index) {
  Reader in{table, text_at(table, Section::records, index)};
  ParamInfo param;
  param_field(in, param);
  return param;
}

std::vector<Release> releases(std::string_view table) {
  std::vector<Release> all;
  if (table.empty()) return all;
  Reader in{table, table.substr(head_of(table).releases)};
  field(in, all);
  return all;
}

std::vector<std::pair<std::string, std::string>> carriers(std::string_view table) {
  std::vector<std::pair<std::string, std::string>> all;
  if (table.empty()) return all;
  Reader in{table, table.substr(head_of(table).carriers)};
  std::uint32_t count = 0;
  field(in, count);
  all.resize(count);
  for (auto& [carrier, surface] : all) field(in, carrier), field(in, surface);
  return all;
}

std::string_view text_at(std::string_view table, Section section, std::size_t index) {
  const Entry entry = entry_at(table, section, index);
  return table.substr(entry.payload, entry.payload_size);
}

}  // namespace tunec::table
