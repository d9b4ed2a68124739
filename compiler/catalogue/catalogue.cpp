// Look-ups decode a record once and keep it: pointers handed out stay valid as long as the catalogue.
#include "catalogue/catalogue.h"

#include <algorithm>

#include "base/suggest.h"
#include "catalogue/table.h"

namespace tunec {

Catalogue::Catalogue(std::string_view table) : table_(table) {}

Catalogue::Catalogue(std::vector<ParamInfo> records) { overlay(std::move(records)); }

void Catalogue::overlay(std::vector<ParamInfo> records) {
  for (ParamInfo& record : records) {
    std::string name = record.name;
    if (!record.if_builtin.empty()) overlay_spellings_.insert_or_assign(module_name(name), name);
    overlay_.insert_or_assign(std::move(name), std::move(record));
  }
  names_.clear();
  with_instances_.clear();
  around_.reset();
  spelt_.clear();
  read_.clear();
}

// Finds a name with other dashes and underscores than its record's, and the name of code that is never a
// module.
const ParamInfo* Catalogue::find_module_spelling(std::string_view name) const {
  const std::string plain = module_name(name);
  if (plain != name) {
    const ParamInfo* same = find_as_written(plain);
    if (same != nullptr && !same->if_builtin.empty()) return same;
  }
  if (const auto own = overlay_spellings_.find(plain); own != overlay_spellings_.end())
    return find_first(own->second);
  const auto at = table::find(table_, table::Section::spellings, plain);
  return at ? find_first(table::text_at(table_, table::Section::spellings, *at)) : nullptr;
}

const ParamInfo* Catalogue::find_as_written(std::string_view name) const {
  if (auto own = overlay_.find(name); own != overlay_.end()) return &own->second;
  if (const auto at = table::find(table_, table::Section::records, name))
    return &owned_.emplace_back(table::record(table_, *at));
  return nullptr;
}

// Makes `boot.kvm.nested` from `module.kvm.nested`. What the record says also holds on the command line,
// except what holds only for modprobe's file: a built-in module never reads that file.
const ParamInfo* Catalogue::find_carried(std::string_view name) const {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || name.find('.', dot + 1) == std::string_view::npos) return nullptr;
  for (const auto& [carrier, surface] : carriers()) {
    if (name.substr(0, dot) != carrier) continue;
    const ParamInfo* carried = find_first(surface + std::string(name.substr(dot)));
    if (carried != nullptr && carried->surface == carrier) return carried;
    if (carried == nullptr || carried->if_builtin != carrier) return nullptr;
    std::string spelt = carrier + carried->name.substr(surface.size());
    if (spelt != name) return find_first(spelt);
    ParamInfo own = *carried;
    own.name = name;
    own.surface = carrier;
    own.key = name.substr(dot + 1);
    own.if_builtin.clear();
    own.effect = Effect::reboot;
    std::erase_if(own.caveats, [](const Caveat& caveat) { return !caveat.builtin.empty(); });
    return &owned_.emplace_back(std::move(own));
  }
  return nullptr;
}

std::vector<std::string> Catalogue::carried_near(std::string_view name) const {
  std::vector<std::string> names;
  const std::size_t dot = name.find('.'),
                    next = dot == std::string_view::npos ? dot : name.find('.', dot + 1);
  if (next == std::string_view::npos) return names;
  for (const auto& [carrier, surface] : carriers()) {
    if (name.substr(0, dot) != carrier) continue;
    for (const std::string_view found : names_under(surface + std::string(name.substr(dot, next + 1 - dot))))
      names.push_back(carrier + std::string(found.substr(surface.size())));
  }
  return names;
}

const std::vector<std::pair<std::string, std::string>>& Catalogue::carriers() const {
  const std::scoped_lock lock(locks_->lists);
  if (!carriers_) carriers_ = table::carriers(table_);
  return *carriers_;
}

const ParamInfo* Catalogue::find(std::string_view name) const {
  {
    const std::shared_lock lock(locks_->records);
    if (auto found = read_.find(name); found != read_.end()) return found->second;
  }
  const std::unique_lock lock(locks_->records);
  return find_first(name);
}

const ParamInfo* Catalogue::find_first(std::string_view name) const {
  if (auto found = read_.find(name); found != read_.end()) return found->second;
  const ParamInfo* found = find_as_written(name);
  if (found == nullptr) found = find_module_spelling(name);
  if (found == nullptr) {
    if (const auto at = table::find(table_, table::Section::aliases, name))
      found = find_first(table::text_at(table_, table::Section::aliases, *at));
  }
  if (found == nullptr) found = find_carried(name);
  read_.emplace(std::string(name), found);
  return found;
}

// The sorted names of table and overlay together. Made when first needed, since few runs need them.
const std::vector<std::string_view>& Catalogue::names() const {
  const std::scoped_lock lock(locks_->lists);
  if (!names_.empty()) return names_;
  const std::size_t count = table::size(table_, table::Section::records);
  names_.reserve(count + overlay_.size());
  for (std::size_t i = 0; i < count; ++i)
    names_.push_back(table::name_at(table_, table::Section::records, i));
  for (const auto& [name, record] : overlay_) names_.push_back(name);
  const auto added = names_.begin() + static_cast<std::ptrdiff_t>(count);
  std::ranges::inplace_merge(names_, added);
  names_.erase(std::ranges::unique(names_).begin(), names_.end());
  return names_;
}

const std::vector<std::string_view>& Catalogue::names_with_instances() const {
  const std::scoped_lock lock(locks_->lists);
  if (with_instances_.empty()) {
    for (const std::string_view name : names()) {
      if (name.find("()") != std::string_view::npos) with_instances_.push_back(name);
    }
  }
  return with_instances_;
}

std::string_view Catalogue::surface_around(std::string_view collection) const {
  constexpr std::string_view open = "().", close = "()";
  const std::scoped_lock lock(locks_->lists);
  if (!around_) {
    around_.emplace();
    for (const std::string_view name : names_with_instances()) {
      const std::size_t outer = name.find(open),
                        inner = outer == std::string_view::npos ? outer : outer + open.size();
      if (inner == std::string_view::npos) continue;
      const std::size_t end = name.find(close, inner);
      if (end == std::string_view::npos || name.substr(end).size() <= close.size()) continue;
      around_->emplace(name.substr(inner, end - inner), name.substr(0, outer));
    }
  }
  const auto found = around_->find(collection);
  return found == around_->end() ? std::string_view{} : found->second;
}

std::string_view Catalogue::meant_by(std::string_view misspelling) const {
  const auto at = table::find(table_, table::Section::misspellings, misspelling);
  return at ? table::text_at(table_, table::Section::misspellings, *at) : std::string_view{};
}

const std::vector<Release>& Catalogue::releases() const {
  const std::scoped_lock lock(locks_->lists);
  if (!releases_) releases_ = table::releases(table_);
  return *releases_;
}

namespace {

// The byte of one release for a module or option; 0 (unknown) if the table lacks the name.
template <class State>
State state_in(std::string_view table, table::Section section, std::string_view name, std::size_t release) {
  const auto at = table::find(table, section, name);
  if (!at) return State::unknown;
  return static_cast<State>(table::text_at(table, section, *at)[release]);
}

}  // namespace

ModuleIn Catalogue::module_in(std::string_view name, std::size_t release) const {
  return state_in<ModuleIn>(table_, table::Section::modules, module_name(name), release);
}

OptionIn Catalogue::option_in(std::string_view name, std::size_t release) const {
  return state_in<OptionIn>(table_, table::Section::options, name, release);
}

std::vector<std::string> Catalogue::builtin_modules(std::size_t release) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < table::size(table_, table::Section::modules); ++i) {
    const auto state = static_cast<ModuleIn>(table::text_at(table_, table::Section::modules, i)[release]);
    if (state == ModuleIn::builtin) names.emplace_back(table::name_at(table_, table::Section::modules, i));
  }
  return names;
}

bool Catalogue::knows_module(std::string_view name) const {
  return table::find(table_, table::Section::modules, module_name(name)).has_value();
}

bool Catalogue::is_carried(std::string_view surface) const {
  return std::ranges::any_of(carriers(), [&](const auto& carrier) { return carrier.second == surface; });
}

std::string_view Catalogue::elsewhere(std::string_view module) const {
  const auto at = table::find(table_, table::Section::elsewhere, module_name(module));
  return at ? table::text_at(table_, table::Section::elsewhere, *at) : std::string_view{};
}

std::optional<Near> Catalogue::nearest_module(std::string_view wrong,
                                              std::optional<std::size_t> release) const {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < table::size(table_, table::Section::modules); ++i) {
    const auto state = [&] {
      return static_cast<ModuleIn>(table::text_at(table_, table::Section::modules, i)[*release]);
    };
    if (!release || is_there(state())) names.push_back(table::name_at(table_, table::Section::modules, i));
  }
  for (std::size_t i = 0; i < table::size(table_, table::Section::elsewhere); ++i)
    names.push_back(table::name_at(table_, table::Section::elsewhere, i));
  constexpr std::size_t max_slips = 2;
  auto near = nearest(module_name(wrong), names);
  if (near && edit_distance(module_name(wrong), near->name, max_slips) > max_slips) near.reset();
  if (near) near->wrong = wrong;  // with its `-`
  return near;
}

std::span<const std::string_view> Catalogue::names_under(std::string_view prefix) const {
  const auto& all = names();
  const auto first = std::ranges::lower_bound(all, prefix);
  auto last = first;
  while (last != all.end() && last->starts_with(prefix)) ++last;
  return {first, last};
}

namespace {

// No record can have such a name
std::string improvised_name(std::string_view name) { return std::string(name) + " = unchecked"; }

}  // namespace

const ParamInfo* Catalogue::improvised(std::string_view name) const {
  const std::shared_lock lock(locks_->records);
  const auto found = read_.find(improvised_name(name));
  return found == read_.end() ? nullptr : found->second;
}

std::string without_instances(std::string_view name) {
  std::string bare(name);
  std::erase_if(bare, [](char c) { return c == '(' || c == ')'; });
  return bare;
}

const ParamInfo* Catalogue::improvise(ParamInfo record) const {
  if (const ParamInfo* found = improvised(record.name)) return found;
  const std::unique_lock lock(locks_->records);
  if (const auto found = read_.find(improvised_name(record.name)); found != read_.end()) return found->second;
  const ParamInfo* made = &owned_.emplace_back(std::move(record));
  read_.emplace(improvised_name(made->name), made);
  return made;
}

}  // namespace tunec
