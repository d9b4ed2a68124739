// The binary format of caches and of tables that are part of the program: numbers of fixed size and texts,
// one after the other, without names or types. They must be read in the order in which they were written.
// Numbers have this machine's byte order, since a cache is read where it was written, and a table by the
// program that it is part of.
//
//   ArchiveWriter out;                       ArchiveReader in(bytes);
//   out.number(std::uint32_t{7});            const auto seven = in.number<std::uint32_t>();
//   out.text("wg0");                         const std::string_view name = in.text();
//
// A reader never reads outside its bytes. If bytes are missing, the reader has failed: from then on it
// returns zeros and empty texts. Check complete() at the end, and check a count before you allocate for it.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tunec {

// Takes numbers, and structures of numbers. These must have no padding, since its bytes would be arbitrary.
template <class T>
concept FixedSize = std::is_arithmetic_v<T> || std::is_enum_v<T> ||
    (std::is_trivially_copyable_v<T>&& std::has_unique_object_representations_v<T>);

class ArchiveWriter {
 public:
  template <FixedSize T>
  void number(const T& number) {
    raw({reinterpret_cast<const char*>(&number), sizeof number});
  }
  void text(std::string_view text) {
    number(static_cast<std::uint32_t>(text.size()));
    raw(text);
  }
  void raw(std::string_view bytes) { bytes_ += bytes; }
  template <FixedSize T>
  void array(std::span<const T> items) {
    raw({reinterpret_cast<const char*>(items.data()), items.size_bytes()});
  }
  void reserve(std::size_t size) { bytes_.reserve(size); }
  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class ArchiveReader {
 public:
  explicit ArchiveReader(std::string_view bytes) : bytes_(bytes) {}

  template <FixedSize T>
  T number() {
    T number{};
    array(std::span<T>(&number, 1));
    return number;
  }
  std::string_view text() { return raw(number<std::uint32_t>()); }
  std::string_view raw(std::size_t size) {
    if (size > bytes_.size()) fail();
    const std::string_view result = bytes_.substr(0, failed_ ? 0 : size);
    bytes_.remove_prefix(result.size());
    return result;
  }
  template <FixedSize T>
  void array(std::span<T> items) {
    const std::string_view from = raw(items.size_bytes());
    if (!failed_ && !items.empty()) std::memcpy(items.data(), from.data(), from.size());
  }

  std::size_t left() const { return bytes_.size(); }
  bool failed() const { return failed_; }
  bool complete() const { return !failed_ && bytes_.empty(); }

 private:
  void fail() {
    failed_ = true;
    bytes_ = {};
  }
  std::string_view bytes_;
  bool failed_ = false;
};

}  // namespace tunec
