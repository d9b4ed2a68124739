// Look-ups decode a record once and keep it: pointers handed out stay valid as long as the catalogue.
#include "catalogue/catalogue.h"

#include <algorithm>

#include "catalogue/table.h"

namespace tunec {

Catalogue::Catalogue(std::string_view table) : table_(table) {}

Catalogue::Catalogue(std::vector<ParamInfo> records) { overlay(std::move(records)); }

void Catalogue::overlay(std::vector<ParamInfo> records) {
  for (ParamInfo& record : records) {
    std::string name = record.name;
    overlay_.insert_or_assign(std::move(name), std::move(record));
  }
  names_.clear();
  read_.clear();
}

const ParamInfo* Catalogue::find(std::string_view name) const {
  if (auto known = read_.find(name); known != read_.end()) return known->second;
  const ParamInfo* found = nullptr;
  if (auto own = overlay_.find(name); own != overlay_.end()) {
    found = &own->second;
  } else if (const std::size_t at = table::lower_bound(table_, name);
             at < table::size(table_) && table::name_at(table_, at) == name) {
    found = &owned_.emplace_back(table::read(table_, at));
  }
  read_.emplace(std::string(name), found);
  return found;
}

// The sorted names of table and overlay together; made at the first question, since few runs ask.
const std::vector<std::string_view>& Catalogue::names() const {
  if (names_.empty()) {
    for (std::size_t i = 0; i < table::size(table_); ++i) names_.push_back(table::name_at(table_, i));
    for (const auto& [name, record] : overlay_) names_.push_back(name);
    std::ranges::sort(names_);
    names_.erase(std::ranges::unique(names_).begin(), names_.end());
  }
  return names_;
}

std::span<const std::string_view> Catalogue::names_under(std::string_view prefix) const {
  const auto& all = names();
  const auto first = std::ranges::lower_bound(all, prefix);
  auto last = first;
  while (last != all.end() && last->starts_with(prefix)) ++last;
  return {first, last};
}

namespace {

std::string improvised_name(std::string_view name) { return std::string(name) + " = unchecked"; }  // no record can have such a name

}  // namespace

const ParamInfo* Catalogue::improvised(std::string_view name) const {
  const auto known = read_.find(improvised_name(name));
  return known == read_.end() ? nullptr : known->second;
}

std::string without_instances(std::string_view name) {
  std::string bare(name);
  std::erase_if(bare, [](char c) { return c == '(' || c == ')'; });
  return bare;
}

const ParamInfo* Catalogue::improvise(ParamInfo record) const {
  if (const ParamInfo* known = improvised(record.name)) return known;
  const ParamInfo* made = &owned_.emplace_back(std::move(record));
  read_.emplace(improvised_name(made->name), made);
  return made;
}

}  // namespace tunec
