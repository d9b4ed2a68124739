// Statements are compared by their text: a line that was moved, or whose profile has another name, is the
// same.
#include "review/cause.h"

#include <algorithm>

#include "base/lines.h"
#include "review/host_pairs.h"

namespace tunec {
namespace {

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

// Whether a text has the name as a word of its own.
bool mentions(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool begins = at == 0 || !is_name_character(text[at - 1]);
    if (begins && (end == text.size() || !is_name_character(text[end]))) return true;
  }
  return false;
}

std::string without_blanks(std::string_view text) {
  std::string packed;
  for (const char c : text) {
    if (c != ' ' && c != '\t') packed += c;
  }
  return packed;
}

// The line of the statement; a longer statement begins there.
std::string statement(Span where, const Sources& sources) {
  return without_blanks(sources.line(where.file, sources.position(where.file, where.begin).line));
}

// The statement and the inclusions that led to it.
std::string statements(const Origin& origin, const Sources& sources) {
  std::string text = statement(origin.where, sources);
  for (const Span via : origin.via) text += "\n" + statement(via, sources);
  return text;
}

std::map<std::string, std::string> constants_of(const Side& side) {
  std::map<std::string, std::string> texts;
  for (const auto& [name, constant] : side.input.fleet.constants)
    texts[name] = without_blanks(side.input.sources.text(constant.syntax->value.span));
  return texts;
}

}  // namespace

std::string user_line(const Setting& setting, const Sources& sources) {
  return sources.line_place(user_place(setting.origin, sources));
}

Causes::Causes(const Side& before, const Side& after)
    : before_(before), after_(after), lines_before_(lines_of(before)), lines_after_(lines_of(after)) {
  const auto old = constants_of(before), now = constants_of(after);
  for (const auto& [name, text] : now) {
    const auto was = old.find(name);
    if (was == old.end() || was->second != text) changed_constants_.insert(name);
  }
  // A constant that reads a changed one has changed too
  for (bool more = true; more;) {
    more = false;
    for (const auto& [name, text] : now) {
      if (changed_constants_.contains(name)) continue;
      const auto reads = [&](const std::string& changed) { return mentions(text, changed); };
      if (std::ranges::any_of(changed_constants_, reads)) more = changed_constants_.insert(name).second;
    }
  }
}

std::string Causes::changed_constant_in(const Origin& origin) const {
  const Sources& sources = after_.input.sources;
  std::vector<Span> places{origin.where};
  places.insert(places.end(), origin.via.begin(), origin.via.end());
  for (const Span where : places) {
    const std::string_view line = sources.line(where.file, sources.position(where.file, where.begin).line);
    for (const std::string& name : changed_constants_) {
      if (mentions(line, name)) return "let " + name;
    }
  }
  return "";
}

Causes::Lines Causes::lines_of(const Side& side) {
  const Sources& sources = side.input.sources;
  Lines all;
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    std::unordered_set<std::string>& lines = all[name_from_main(side, FileId{i})];
    for (std::string_view rest = sources.text(FileId{i}); !rest.empty();)
      lines.insert(without_blanks(next_line(rest)));
  }
  return all;
}

bool Causes::has(const Lines& lines, const Origin& origin, const Side& its_own) {
  const auto has_line = [&](Span where) {
    const auto file = lines.find(name_from_main(its_own, where.file));
    return file != lines.end() && file->second.contains(statement(where, its_own.input.sources));
  };
  return has_line(origin.where) && std::ranges::all_of(origin.via, has_line);
}

Causes::Differences Causes::facts(const HostPair& hosts) {
  const Facts *before = hosts.before->facts.get(), *after = hosts.after->facts.get();
  const auto [entry, is_new] = facts_.try_emplace({before, after});
  if (!is_new) return entry->second;
  const auto [platform,
              is_new_platform] = platforms_.try_emplace({before->platform.get(), after->platform.get()});
  if (is_new_platform) platform->second = !same_platform(*hosts.before, *hosts.after);
  return entry->second = {platform->second, !same_machine(*hosts.before, *hosts.after)};
}

const Causes::Statements& Causes::statements_of(const SettingPair& settings) {
  const auto [entry, is_new] = statements_.try_emplace({settings.before, settings.after});
  Statements& found = entry->second;
  if (!is_new) return found;
  const Origin* old = settings.before != nullptr ? &settings.before->origin : nullptr;
  const Origin* now = settings.after != nullptr ? &settings.after->origin : nullptr;
  const Sources &old_sources = before_.input.sources, &new_sources = after_.input.sources;
  found.are_same = old != nullptr && now != nullptr &&
                   statements(*old, old_sources) == statements(*now, new_sources);
  if (found.are_same) {
    found.constant = changed_constant_in(*now);
    return found;
  }
  found.are_in_both = (old == nullptr || has(lines_after_, *old, before_)) &&
                      (now == nullptr || has(lines_before_, *now, after_));
  if (now != nullptr) found.changed = changed_place(*now, old);
  return found;
}

Causes::Found Causes::of(const SettingPair& settings, const HostPair& hosts) {
  const Differences differences = facts(hosts);
  const Cause by_facts = differences.platform ? Cause::platform : Cause::facts;
  const Statements& found = statements_of(settings);
  if (!found.constant.empty()) return {Cause::constant, found.constant, std::nullopt};
  if (found.are_same) return {differences.any() ? by_facts : Cause::labels, "", std::nullopt};
  // A condition may hold on the new machine only
  if (differences.any() && found.are_in_both) return {by_facts, "", std::nullopt};
  return {Cause::source, "", found.changed};
}

Cause Causes::of_file(const HostPair& hosts) {
  const Differences differences = facts(hosts);
  if (differences.platform) return Cause::platform;
  return differences.machine ? Cause::facts : Cause::elsewhere;
}

// The statement or the innermost inclusion whose text the old origin does not have.
std::optional<Span> Causes::changed_place(const Origin& now, const Origin* old) const {
  std::set<std::string> known;
  if (old != nullptr) {
    known.insert(statement(old->where, before_.input.sources));
    for (const Span via : old->via) known.insert(statement(via, before_.input.sources));
  }
  std::vector<Span> places{now.where};
  places.insert(places.end(), now.via.rbegin(), now.via.rend());
  for (const Span place : places) {
    if (!after_.input.sources.shipped(place.file) && !known.contains(statement(place, after_.input.sources)))
      return place;
  }
  return std::nullopt;
}

}  // namespace tunec
