// Each line finds its record by name, else by carrier and key, else makes one. Then each record gets the
// values on which the releases agree. Where they differ, the value of one release holds up to the next
// version. Between two releases, the values of both are accepted.
#include "catalogue/harvest.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "base/lines.h"
#include "base/regex.h"
#include "base/units.h"
#include "catalogue/harvest_kinds.h"
#include "catalogue/load.h"
#include "diagnostics/diag.h"

namespace tunec {
namespace {

constexpr std::string_view not_known = "-", computed = "~";

class Join {
 public:
  Join(std::vector<ParamInfo> records, const HarvestKinds& kinds) : kinds_(kinds.kinds), types_(kinds.types) {
    contents_.records = std::move(records);
    for (std::size_t i = 0; i < contents_.records.size(); ++i) {
      const ParamInfo& record = contents_.records[i];
      by_name_.emplace(record.name, i);
      if (!record.if_builtin.empty()) by_name_.emplace(module_name(record.name), i);
      by_key_.emplace(record.surface + ' ' + record.key, i);
      if (record.instance != InstanceForm::any) forms_.emplace(record.surface, record.instance);
    }
  }

  table::Contents made(std::vector<HarvestedTable> tables) {
    std::ranges::sort(tables, [](const HarvestedTable& a, const HarvestedTable& b) {
      return std::tie(a.release.subject, a.release.version, a.release.os) <
             std::tie(b.release.subject, b.release.version, b.release.os);
    });
    std::vector<std::size_t> releases;  // of each table
    for (const HarvestedTable& table : tables) {
      releases.push_back(release_of(table));
      for (const HarvestedRow& row : table.rows) {
        if (row.kind == "module" && row.type != "builtin") loadable_.insert(row.name);
      }
    }
    for (std::size_t i = 0; i < tables.size(); ++i) {
      for (const HarvestedRow& row : tables[i].rows) add(row, releases[i]);
    }
    note_absent_modules();
    for (std::size_t i = 0; i < tables.size(); ++i) note_packages(tables[i], releases[i]);
    share_with_members();
    for (ParamInfo& record : contents_.records) complete(record);
    note_spellings();
    return std::move(contents_);
  }

 private:
  // Tables of one release stand side by side. If one of them has all knobs of a kind, the release has been
  // read in full for it.
  std::size_t release_of(const HarvestedTable& table) {
    std::vector<Release>& releases = contents_.releases;
    const bool is_new = releases.empty() || releases.back().describe() != table.release.describe();
    if (is_new) releases.push_back(table.release);
    std::vector<std::string>& whole = releases.back().whole;
    whole.insert(whole.end(), table.release.whole.begin(), table.release.whole.end());
    std::ranges::sort(whole);
    whole.erase(std::ranges::unique(whole).begin(), whole.end());
    return releases.size() - 1;
  }

  void add(const HarvestedRow& row, std::size_t release) {
    const auto note = [&](std::map<std::string, std::string>& all, char state) {
      all.try_emplace(std::string(row.name), contents_.releases.size(), '\0').first->second[release] = state;
    };
    if (row.kind == "module")
      return note(contents_.modules,
                  static_cast<char>(row.type == "builtin" ? ModuleIn::builtin : ModuleIn::loadable));
    if (row.kind == "config")
      return note(contents_.options,
                  static_cast<char>(row.default_value == "n" ? OptionIn::off : OptionIn::on));
    const auto kind = kinds_.find(row.kind);
    if (kind == kinds_.end()) return;  // people can read it, but we do not use it yet
    if (!kind->second.left_out.empty() && fits_regex(row.name, kind->second.left_out)) return;
    for (const std::size_t record : records_for(row, kind->second)) {
      ParamInfo& param = contents_.records[record];
      param.kind = row.kind;
      param.listed_by = kind->second.listed_by;
      param.is_of_partly_read = kind->second.is_partly_read;
      if (const auto module = module_at(kind->second, row.where); param.loads.empty() && !module.empty())
        param.loads.emplace_back(module);
      param.sightings.push_back({static_cast<std::uint8_t>(release), std::string(row.seen),
                                 std::string(row.type), std::string(row.unit), std::string(row.range),
                                 std::string(row.mode), std::string(row.default_value), std::string(row.gate),
                                 std::string(row.where)});
    }
  }

  std::vector<std::size_t> records_for(const HarvestedRow& row, const HarvestKind& kind) {
    const std::string key = key_of(kind, row.name);
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < kind.surfaces.size(); ++i) {
      const std::string name = i < kind.names.size() ? filled(kind.names[i], row.name) : std::string();
      if (const auto place = by_name_.find(name); !name.empty() && place != by_name_.end()) {
        found.push_back(place->second);
        continue;
      }
      if (!name.empty() && is_parameter_of_code(kind, row.name)) {
        contents_.spellings.emplace(name, fmt::format("{}.{}", kind.if_builtin, row.name));
        return {};
      }
      const auto [first, last] = by_key_.equal_range(kind.surfaces[i] + ' ' + key);
      for (auto it = first; it != last; ++it) found.push_back(it->second);
      if (first == last && !name.empty()) found.push_back(make(name, key, i, kind));
    }
    return found;
  }

  std::size_t make(const std::string& name, const std::string& key, std::size_t surface,
                   const HarvestKind& kind) {
    ParamInfo made;
    made.name = name;
    made.surface = kind.surfaces[surface];
    made.key = key;
    made.separator = " ";
    made.if_builtin = kind.if_builtin;
    made.effect = kind.effect;
    made.is_repeated = kind.is_repeated;
    if (const auto form = forms_.find(made.surface); form != forms_.end()) made.instance = form->second;
    made.doc = kind.doc;
    made.pattern = kind.pattern, made.pattern_why = kind.pattern_why;
    made.curated = false;
    by_name_.emplace(made.name, contents_.records.size());
    contents_.records.push_back(std::move(made));
    return contents_.records.size() - 1;
  }

  // What a kernel shows of instances also holds for the members among them.
  void share_with_members() {
    for (ParamInfo& record : contents_.records) {
      const auto generic = by_name_.find(record.member_of);
      if (generic == by_name_.end() || !record.sightings.empty()) continue;
      const ParamInfo& source = contents_.records[generic->second];
      record.kind = source.kind;
      record.listed_by = source.listed_by;
      record.sightings = source.sightings;
      // The default in the tables is that of new instances
      if (record.role != MemberRole::common) continue;
      for (Sighting& sighting : record.sightings) sighting.default_value = not_known;
    }
  }

  // If no kernel has the code as a module, the record of the boot line is the only one.
  bool is_parameter_of_code(const HarvestKind& kind, std::string_view name) const {
    return !kind.if_builtin.empty() && !loadable_.contains(name.substr(0, name.find('.'))) &&
           by_name_.contains(fmt::format("{}.{}", kind.if_builtin, name));
  }

  // A parameter is found by the kernel's own spelling too.
  void note_spellings() {
    for (const ParamInfo& record : contents_.records) {
      if (record.if_builtin.empty() || record.name.find('-') == std::string::npos) continue;
      contents_.spellings.emplace(module_name(record.name), record.name);
    }
  }

  void note_packages(const HarvestedTable& table, std::size_t release) {
    if (table.packages.empty()) return;
    std::set<std::string_view> listed;
    for (const auto& [module, package] : table.packages) listed.insert(module);
    const bool lists_the_usual = !table.package_of_others.empty();
    contents_.releases[release].extra_package = lists_the_usual ? table.package_of_others
                                                                : table.packages.front().second;
    for (auto& [name, states] : contents_.modules) {
      if (states[release] == static_cast<char>(ModuleIn::loadable) &&
          listed.contains(name) != lists_the_usual)
        states[release] = static_cast<char>(ModuleIn::extra);
    }
  }

  // A release whose modules were listed has no others.
  void note_absent_modules() {
    for (std::size_t i = 0; i < contents_.releases.size(); ++i) {
      if (!contents_.releases[i].is_whole("module")) continue;
      for (auto& [name, states] : contents_.modules) {
        if (states[i] == static_cast<char>(ModuleIn::unknown))
          states[i] = static_cast<char>(ModuleIn::absent);
      }
    }
  }

  // "array of int", "int[3]", "uint"
  const TypeWord* word_of(std::string_view text, bool& list, std::uint32_t& items) const {
    constexpr std::string_view array = "array of ";
    list = text.starts_with(array);
    if (list) text.remove_prefix(array.size());
    if (const std::size_t bracket = text.find('[');
        bracket != std::string_view::npos && text.ends_with(']')) {
      list = true;
      const std::string count(text.substr(bracket + 1, text.size() - bracket - 2));
      items = static_cast<std::uint32_t>(std::atoi(count.c_str()));
      text = text.substr(0, bracket);
    }
    const auto found = types_.find(text);
    return found == types_.end() ? nullptr : &found->second;
  }

  void complete(ParamInfo& param) {
    std::ranges::stable_sort(param.sightings, {}, &Sighting::release);
    if (param.sightings.empty()) return;
    if (!param.curated) describe(param);
    const bool numbers = is_numeric(param.type == ValueType::list ? param.element : param.type);
    if (param.bounds.empty() && numbers) param.bounds = bounds_of(param);
    const bool says_default = !param.defaults.empty() ||
                              std::ranges::any_of(param.sightings, [](const Sighting& s) {
                                return s.default_value == computed;
                              });
    if (!says_default) param.defaults = defaults_of(param);
    add_own_standards(param);
  }

  // A distribution that was only seen running may prefer another default than its kernel's version.
  void add_own_standards(ParamInfo& param) const {
    for (const Sighting& sighting : param.sightings) {
      const Release& release = contents_.releases[sighting.release];
      const Value* common = param.default_value(release.version, "");
      auto value = release.is_whole(param.kind) ? std::nullopt : default_in(param, sighting);
      if (value && common != nullptr && !same(*value, *common))
        param.defaults.insert(param.defaults.begin(), {just(release.version), release.os, std::move(*value)});
    }
  }

  static bool is_numeric(ValueType type) {
    return type == ValueType::integer || type == ValueType::size || type == ValueType::duration;
  }

  // The newest release that shows a type decides it for all; a unit makes it a quantity.
  void describe(ParamInfo& param) {
    param.type = ValueType::any;
    for (auto sighting = param.sightings.rbegin(); sighting != param.sightings.rend(); ++sighting) {
      bool list = false;
      std::uint32_t items = 0;
      const TypeWord* word = word_of(sighting->type, list, items);
      if (word == nullptr) continue;
      param.type = word->type;
      param.element = word->element;
      if (!word->separator.empty()) param.separator = word->separator;
      if (list) {
        param.element = word->type;
        param.type = ValueType::list;
        param.min_items = param.max_items = items;
        if (sighting->type.starts_with("array of")) param.separator = ",", param.min_items = 1;
      }
      break;
    }
    for (const Sighting& sighting : param.sightings) {
      ValueType& number = param.type == ValueType::list ? param.element : param.type;
      const auto unit = unit_named(sighting.unit);
      if (sighting.unit == not_known || !unit || number != ValueType::integer) continue;
      param.unit = sighting.unit;
      if (unit->dimension == Dimension::duration) number = ValueType::duration;
      if (unit->dimension == Dimension::size) number = ValueType::size;
    }
    const Sighting& newest = param.sightings.back();
    param.source = contents_.releases[newest.release].describe() +
                   (newest.where == not_known ? "" : ", " + newest.where);
  }

  std::optional<Bounds> bounds_in(const ParamInfo& param, const Sighting& sighting) const {
    bool list = false;
    std::uint32_t items = 0;
    const TypeWord* word = word_of(sighting.type, list, items);
    if (word == nullptr) return std::nullopt;
    const std::string_view range = sighting.range != not_known ? std::string_view(sighting.range)
                                                               : std::string_view(word->range);
    if (range.empty()) return std::nullopt;
    auto bounds = bounds_from(range, param);
    if (bounds && word->range.starts_with("0..") && !bounds->lowest)
      bounds->lowest = value_in_unit("0", param);
    return bounds;
  }

  bool of_linux(const Sighting& sighting) const {
    return contents_.releases[sighting.release].subject == "linux";
  }

  static VersionInterval just(const Version& version) { return {version, next_minor(version)}; }

  std::vector<Bounds> bounds_of(const ParamInfo& param) const {
    std::vector<std::pair<const Release*, Bounds>> seen;
    for (const Sighting& sighting : param.sightings) {
      const auto bounds = bounds_in(param, sighting);
      if (!bounds) return {};  // a release that shows no bounds may take more
      seen.emplace_back(&contents_.releases[sighting.release], *bounds);
    }
    const bool agree = std::ranges::all_of(
        seen, [&](const auto& release) { return release.second == seen.front().second; });
    if (agree) return {seen.front().second};
    if (!of_linux(param.sightings.front())) return {};
    std::vector<Bounds> all;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      Bounds own = seen[i].second;
      own.linux_ = just(seen[i].first->version);
      if (i == 0) own.linux_->since.reset();
      if (i + 1 == seen.size()) own.linux_->until.reset();
      if (i > 0) {
        Bounds between = wider(seen[i - 1].second, seen[i].second);
        between.linux_ = VersionInterval{just(seen[i - 1].first->version).until, seen[i].first->version};
        if (between.linux_->since < between.linux_->until) all.push_back(std::move(between));
      }
      all.push_back(std::move(own));
    }
    return all;
  }

  static Bounds wider(const Bounds& a, const Bounds& b) {
    Bounds both;
    if (a.lowest && b.lowest)
      both.lowest = compare(*a.lowest, *b.lowest).value_or(0) < 0 ? a.lowest : b.lowest;
    if (a.highest && b.highest)
      both.highest = compare(*a.highest, *b.highest).value_or(0) < 0 ? b.highest : a.highest;
    return both;
  }

  std::optional<Value> default_in(const ParamInfo& param, const Sighting& sighting) const {
    const std::string& text = sighting.default_value;
    if (text == not_known || text == computed) return std::nullopt;
    const auto parse = [&](ValueType type, std::string_view item) -> std::optional<Value> {
      if (type == ValueType::string) return Value{std::string(item)};
      if (type == ValueType::boolean) {
        if (item == "Y" || item == "1" || item == "on") return Value{true};
        if (item == "N" || item == "0" || item == "off") return Value{false};
        return std::nullopt;
      }
      if (!is_numeric(type)) return std::nullopt;
      Value value = value_in_unit(item, param);
      const bool fits = value.is<std::int64_t>() || value.is<Bytes>() || value.is<Duration>();
      return fits ? std::optional(std::move(value)) : std::nullopt;
    };
    if (param.type != ValueType::list) return parse(param.type, text);
    std::vector<Value> items;
    for (const std::string_view item : split(text, text.find(',') == std::string::npos ? ' ' : ',')) {
      auto value = parse(param.element, item);
      if (!value) return std::nullopt;
      items.push_back(std::move(*value));
    }
    return list_of(std::move(items));
  }

  // A release that shows no value leaves a gap.
  std::vector<DefaultValue> defaults_of(const ParamInfo& param) const {
    std::vector<std::pair<const Release*, Value>> seen;
    for (const Sighting& sighting : param.sightings) {
      if (!contents_.releases[sighting.release].is_whole(param.kind)) continue;
      if (auto value = default_in(param, sighting))
        seen.emplace_back(&contents_.releases[sighting.release], std::move(*value));
    }
    if (seen.empty()) return {};
    if (std::ranges::all_of(seen, [&](const auto& release) { return release.second == seen.front().second; }))
      return {{std::nullopt, "", seen.front().second}};
    if (!of_linux(param.sightings.front())) return {};
    std::vector<DefaultValue> all;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      VersionInterval interval = just(seen[i].first->version);
      if (i + 1 == seen.size()) interval.until.reset();
      if (i > 0 && seen[i - 1].second == seen[i].second) {
        // If both sides of a gap agree, so do the versions between them
        all.back().linux_->until = interval.until;
        continue;
      }
      all.push_back({interval, "", seen[i].second});
    }
    return all;
  }

  table::Contents contents_;
  const std::map<std::string, HarvestKind, std::less<>>& kinds_;
  const std::map<std::string, TypeWord, std::less<>>& types_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::set<std::string_view> loadable_;  // modules of any release
  std::unordered_multimap<std::string, std::size_t> by_key_;
  std::map<std::string, InstanceForm, std::less<>> forms_;  // by surface, as the records have them
};

}  // namespace

table::Contents join_harvest(std::vector<ParamInfo> records, std::vector<HarvestedTable> tables, FileId kinds,
                             const Sources& sources, Reporter& reporter) {
  return Join(std::move(records), HarvestKinds(kinds, sources, reporter)).made(std::move(tables));
}

}  // namespace tunec
