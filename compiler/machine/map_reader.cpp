#include "machine/map_reader.h"

#include <algorithm>

#include "base/suggest.h"

namespace tunec {

MapReader::MapReader(const RawFacts& tree, std::string_view subject, Reporter& reporter)
    : tree_(tree), subject_(subject), reporter_(reporter) {
  if (tree.kind != RawFacts::Kind::map) bad(tree.span, fmt::format("{} is a map of facts", subject));
}

MapReader::~MapReader() {
  for (const auto& entry : tree_.entries) {
    if (std::ranges::find(asked_, entry.key) != asked_.end()) continue;
    const auto near = nearest(entry.key, asked_);
    Draft draft = reporter_.report(entry.span, diag::unknown_fact, entry.key);
    if (near) draft.did_you_mean(*near);
    else draft.help(fmt::format("facts of {} are {}", subject_, fmt::join(asked_, ", ")));
  }
}

const RawFacts* MapReader::find(std::string_view key) {
  asked_.push_back(key);
  return tree_.find(key);
}

Value MapReader::unquoted(const Value& value) {
  const auto* quoted = value.get_if<std::string>();
  return quoted != nullptr ? scalar_from_text(*quoted) : value;
}

std::string MapReader::text(std::string_view key) {
  const RawFacts* found = find(key);
  if (found == nullptr || found->kind == RawFacts::Kind::scalar)
    return found == nullptr || found->value.poisoned() ? "" : to_text(found->value);
  bad(found->span, fmt::format("`{}` is one word or text", key));
  return "";
}

std::int64_t MapReader::bytes(std::string_view key, Zero zero) {
  if (const RawFacts* found = tree_.find(key); found != nullptr && found->value.is<std::int64_t>()) {
    asked_.push_back(key);
    reporter_
        .report(found->span, diag::bad_facts,
                fmt::format("`{}` is a size such as 64GiB, not {}", key, to_source(found->value)))
        .help("write its unit: B, KiB, MiB, GiB or TiB");
    return 0;
  }
  const auto size = take<Bytes>(key, "a size such as 64GiB");
  if (!size || size->count > 0) return size ? size->count : 0;
  if (size->count < 0 || zero == Zero::refused)
    bad(place(key), fmt::format("`{}` is a size such as 64GiB, not {}", key, to_source(Value{*size})));
  return 0;
}

int MapReader::count(std::string_view key, int otherwise, int most) {
  const auto number = take<std::int64_t>(key, "a whole number");
  if (!number) return otherwise;
  if (*number >= 1 && *number <= most) return static_cast<int>(*number);
  bad(place(key), fmt::format("`{}` is between 1 and {}, not {}", key, most, *number));
  return otherwise;
}

std::optional<Version> MapReader::version(std::string_view key) {
  const std::string written = text(key);
  if (written.empty()) return std::nullopt;
  auto version = Version::parse(written);
  if (!version) bad(place(key), fmt::format("`{}` is a version such as 6.8, not {}", key, written));
  return version;
}

const std::vector<RawFactsPtr>& MapReader::list(std::string_view key, std::size_t most) {
  static const std::vector<RawFactsPtr> none;
  const RawFacts* found = find(key);
  if (found == nullptr) return none;
  if (found->kind != RawFacts::Kind::list) bad(found->span, fmt::format("`{}` is a list", key));
  if (found->items.size() <= most) return found->items;
  bad(found->span, fmt::format("`{}` has at most {} items, not {}", key, most, found->items.size()));
  return none;
}

std::optional<std::vector<std::string>> MapReader::words(std::string_view key) {
  const std::vector<RawFactsPtr>& items = list(key);
  if (!states(key)) return std::nullopt;
  std::vector<std::string> words;
  for (const RawFactsPtr& item : items) {
    if (item->kind == RawFacts::Kind::scalar && !item->value.is<Range>()) {
      if (!item->value.poisoned()) words.push_back(to_text(item->value));
    } else {
      bad(item->span, fmt::format("`{}` is a list of words", key));
    }
  }
  std::ranges::sort(words);
  words.erase(std::ranges::unique(words).begin(), words.end());
  return words;
}

}  // namespace tunec
