#include "catalogue/modes.h"

#include <unordered_map>

#include "base/lines.h"
#include "catalogue/param_text.h"
#include "diagnostics/diag.h"

namespace tunec {
namespace {

constexpr std::size_t columns = 5;  // kind, name, class, words, source

// A site that writes a trigger at each boot sets no value.
Caveat of_trigger() {
  Caveat caveat;
  caveat.fate = Fate::risky;
  caveat.why =
      "it is a trigger, not a setting: every boot and every reload does it once, and nothing is stored";
  caveat.instead = "delete the line";
  return caveat;
}

void add_mode(ParamInfo& param, WriteMode mode, std::string_view words) {
  if (param.mode == WriteMode::unknown) param.mode = mode;
  if (words != "-") param.mode_note = words;
  const auto holds_for_any = [](const Caveat& caveat) {
    return !caveat.value && !caveat.lowest && !caveat.highest;
  };
  if (mode == WriteMode::trigger && std::ranges::none_of(param.caveats, holds_for_any))
    param.caveats.push_back(of_trigger());
}

}  // namespace

void add_modes(std::vector<ParamInfo>& records, const HarvestKinds& kinds, FileId file,
               const Sources& sources, Reporter& reporter) {
  std::unordered_map<std::string, ParamInfo*> by_name, by_key;
  for (ParamInfo& record : records) {
    by_name.emplace(record.name, &record);
    by_key.emplace(record.surface + ' ' + record.key, &record);
  }
  const std::string_view text = sources.text(file);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    const Span where{file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    begin = end + 1;
    if (line.empty() || line.front() == '#') continue;
    const auto cells = split(line, '\t');
    const auto kind = cells.size() == columns ? kinds.kinds.find(cells[0]) : kinds.kinds.end();
    const auto mode = kind == kinds.kinds.end() ? std::nullopt : write_mode_named(cells[2]);
    if (!mode) {
      reporter.report(where, diag::bad_record, "a line is a kind, a name, a class, words and a source");
      continue;
    }
    bool is_named = false;
    for (const std::string& name : kind->second.names) {
      const auto named = by_name.find(filled(name, cells[1]));
      if (named == by_name.end()) continue;
      add_mode(*named->second, *mode, cells[3]);
      is_named = true;
    }
    if (is_named) continue;
    const std::string key = key_of(kind->second, cells[1]);
    for (const std::string& surface : kind->second.surfaces) {
      if (const auto keyed = by_key.find(surface + ' ' + key); keyed != by_key.end())
        add_mode(*keyed->second, *mode, cells[3]);
    }
  }
}

}  // namespace tunec
