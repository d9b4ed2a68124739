// The fields of catalogue/table_fields.h are written to and read from these: plain bytes, and texts by their
// place in a pool. Numbers have the machine's byte order, since the table is built with the program that
// reads it.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "base/value.h"

namespace tunec::table {

// Every text once, however many records contain it: releases mostly agree, and so do records of a family.
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

}  // namespace tunec::table
