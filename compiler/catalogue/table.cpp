#include "catalogue/table.h"

#include <algorithm>

#include "catalogue/table_fields.h"

namespace tunec::table {
namespace {

// The table begins with the place and length of each section's index, and of the releases.
struct RecordPlace {
  std::uint32_t at, count;
};
constexpr std::size_t sections = 7;
struct Head {
  RecordPlace index[sections];
  std::uint32_t releases, carriers;
  RecordPlace pool;  // of Texts
};
struct Text {
  std::uint32_t at, size;
};
struct IndexEntry {
  std::uint32_t name, name_size, payload, payload_size;
};

Head head_of(std::string_view table) {
  Head head{};
  if (table.size() >= sizeof head) std::memcpy(&head, table.data(), sizeof head);
  return head;
}

IndexEntry entry_at(std::string_view table, Section section, std::size_t index) {
  IndexEntry entry{};
  std::memcpy(
      &entry,
      table.data() + head_of(table).index[static_cast<std::size_t>(section)].at + index * sizeof(IndexEntry),
      sizeof entry);
  return entry;
}

// The contents of an index, encoded: name and bytes, sorted by name.
using Items = std::vector<std::pair<std::string, std::string>>;

Items encoded(std::vector<ParamInfo>& records, Pool& pool) {
  std::ranges::sort(records, {}, &ParamInfo::name);
  Items items;
  for (const ParamInfo& record : records) {
    TableWriter bytes{pool};
    param_field(bytes, record);
    items.emplace_back(record.name, std::move(bytes.bytes));
  }
  return items;
}

Items right_names(const std::vector<ParamInfo>& records, std::vector<std::string> ParamInfo::*others) {
  std::map<std::string, std::string> right;
  for (const ParamInfo& record : records) {
    for (const std::string& other : record.*others) right.emplace(other, record.name);
  }
  return {right.begin(), right.end()};
}

}  // namespace

std::string_view pooled(std::string_view table, std::uint32_t place) {
  Text text{};
  std::memcpy(&text, table.data() + head_of(table).pool.at + place * sizeof text, sizeof text);
  return table.substr(text.at, text.size);
}

std::string write(Contents contents) {
  Pool pool;
  const Items items[sections] = {encoded(contents.records, pool),
                                 {contents.modules.begin(), contents.modules.end()},
                                 {contents.options.begin(), contents.options.end()},
                                 right_names(contents.records, &ParamInfo::misspelt),
                                 right_names(contents.records, &ParamInfo::aliases),
                                 {contents.spellings.begin(), contents.spellings.end()},
                                 {contents.elsewhere.begin(), contents.elsewhere.end()}};
  Head head{};
  std::size_t entries = 0;
  for (std::size_t i = 0; i < sections; ++i) {
    head.index[i] = {static_cast<std::uint32_t>(sizeof head + entries * sizeof(IndexEntry)),
                     static_cast<std::uint32_t>(items[i].size())};
    entries += items[i].size();
  }
  const std::size_t start = sizeof head + entries * sizeof(IndexEntry);
  TableWriter index{pool}, body{pool};
  const auto put = [&](const std::string& bytes) {
    const auto at = static_cast<std::uint32_t>(start + body.bytes.size());
    body.bytes += bytes;
    return at;
  };
  for (const Items& section : items) {
    for (const auto& [name, payload] : section) {
      const std::uint32_t name_at = put(name), payload_at = put(payload);
      const IndexEntry entry{name_at, static_cast<std::uint32_t>(name.size()), payload_at,
                             static_cast<std::uint32_t>(payload.size())};
      index.raw(&entry, sizeof entry);
    }
  }
  TableWriter releases_bytes{pool}, carriers_bytes{pool}, first{pool}, texts{pool};
  field(releases_bytes, contents.releases);
  head.releases = put(releases_bytes.bytes);
  std::map<std::string, std::string> carriers;
  for (const ParamInfo& record : contents.records) {
    if (!record.if_builtin.empty()) carriers.emplace(record.if_builtin, record.surface);
  }
  field(carriers_bytes, static_cast<std::uint32_t>(carriers.size()));
  for (const auto& [carrier, surface] : carriers)
    field(carriers_bytes, carrier), field(carriers_bytes, surface);
  head.carriers = put(carriers_bytes.bytes);
  for (const std::string& text : pool.texts()) {
    const Text entry{put(text), static_cast<std::uint32_t>(text.size())};
    texts.raw(&entry, sizeof entry);
  }
  head.pool = {put(texts.bytes), static_cast<std::uint32_t>(pool.texts().size())};
  first.raw(&head, sizeof head);
  return first.bytes + index.bytes + body.bytes;
}

std::size_t size(std::string_view table, Section section) {
  return head_of(table).index[static_cast<std::size_t>(section)].count;
}

std::string_view name_at(std::string_view table, Section section, std::size_t index) {
  const IndexEntry entry = entry_at(table, section, index);
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
  TableReader in{table, text_at(table, Section::records, index)};
  ParamInfo param;
  param_field(in, param);
  return param;
}

std::vector<Release> releases(std::string_view table) {
  std::vector<Release> all;
  if (table.empty()) return all;
  TableReader in{table, table.substr(head_of(table).releases)};
  field(in, all);
  return all;
}

std::vector<std::pair<std::string, std::string>> carriers(std::string_view table) {
  std::vector<std::pair<std::string, std::string>> all;
  if (table.empty()) return all;
  TableReader in{table, table.substr(head_of(table).carriers)};
  std::uint32_t count = 0;
  field(in, count);
  all.resize(count);
  for (auto& [carrier, surface] : all) field(in, carrier), field(in, surface);
  return all;
}

std::string_view text_at(std::string_view table, Section section, std::size_t index) {
  const IndexEntry entry = entry_at(table, section, index);
  return table.substr(entry.payload, entry.payload_size);
}

}  // namespace tunec::table
