// Reads one map of facts, field by field. When it ends, it reports the fields that nothing read as unknown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "diagnostics/diag.h"
#include "machine/raw_facts.h"

namespace tunec {

class MapReader {
 public:
  static constexpr std::size_t max_items = 4096;  // of a list: more than any machine has

  MapReader(const RawFacts& tree, std::string_view subject, Reporter& reporter);
  ~MapReader();
  MapReader(const MapReader&) = delete;
  MapReader& operator=(const MapReader&) = delete;

  const RawFacts* find(std::string_view key);
  template <class T>
  std::optional<T> take(std::string_view key, std::string_view wants) {
    const RawFacts* found = find(key);
    if (found == nullptr || (found->kind == RawFacts::Kind::scalar && found->value.poisoned()))
      return std::nullopt;
    if (found->kind == RawFacts::Kind::scalar) {
      if (const T* value = found->value.get_if<T>()) return *value;
      const Value inside = unquoted(found->value);
      if (const T* value = inside.get_if<T>()) return *value;
    }
    bad(found->span,
        fmt::format("`{}` is {}, not {}", key, wants,
                    found->kind == RawFacts::Kind::scalar ? to_source(found->value) : "a list or map"));
    return std::nullopt;
  }
  std::string text(std::string_view key);
  enum class Zero { refused, taken };
  std::int64_t bytes(std::string_view key, Zero zero = Zero::refused);
  int count(std::string_view key, int otherwise, int most);
  std::optional<Version> version(std::string_view key);
  const std::vector<RawFactsPtr>& list(std::string_view key, std::size_t most = max_items);
  // Sorted, each once; nothing if it is not given.
  std::optional<std::vector<std::string>> words(std::string_view key);

  bool states(std::string_view key) const { return tree_.find(key) != nullptr; }
  Span place(std::string_view key) const { return states(key) ? tree_.find(key)->span : tree_.span; }
  Span span() const { return tree_.span; }
  void bad(Span span, std::string reason) { reporter_.report(span, diag::bad_facts, reason); }

  // JSON can write 64GiB only in quotes.
  static Value unquoted(const Value& value);

 private:
  const RawFacts& tree_;
  std::string_view subject_;
  Reporter& reporter_;
  std::vector<std::string_view> asked_;
};

}  // namespace tunec
