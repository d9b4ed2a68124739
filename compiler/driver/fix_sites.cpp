// A mistake of an early stage hides mistakes of later stages: names come before settings, settings before
// policies. So only the fixes of the earliest stage are applied together. Mistakes that they uncover are no
// reason to take them back.
#include "driver/fix_sites.h"

#include <algorithm>
#include <ranges>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "diagnostics/fixes.h"
#include "format/format.h"

namespace tunec {
namespace {

constexpr std::size_t max_runs = 400;  // of all sites; each fix needs only a few

// The files on the disk, except texts that were changed.
class ChangedFiles final : public FileSystem {
 public:
  explicit ChangedFiles(const FileSystem& files) : files_(files) {}
  std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const override {
    const auto changed = texts.find(path);
    if (changed != texts.end()) return changed->second;
    return files_.read(path, limit);
  }
  std::vector<std::string> list(const std::string& directory) const override {
    return files_.list(directory);
  }
  std::map<std::string, std::string> texts;

 private:
  const FileSystem& files_;
};

// The stage that finds a mistake, by the hundreds digit of its code. Mistakes of one stage do not hide one
// another.
std::size_t stage_of(const DiagInfo& info) {
  const char hundreds = info.code[2];
  if (hundreds <= '2') return 1;   // texts
  if (hundreds == '3') return 2;   // names
  return hundreds <= '5' ? 3 : 4;  // values; all that looks at them
}
constexpr std::size_t last_stage = 4;

struct Counts {
  std::size_t by_severity[3] = {};
  std::size_t& operator[](Severity severity) { return by_severity[static_cast<std::size_t>(severity)]; }
};

struct Candidate {
  Severity severity;
  std::vector<Edit> edits;
  std::string identity;  // stays the same after other lines have moved
};

std::string shortened(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string line;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!is_blank) line += c;
    else if (!line.empty() && line.back() != ' ') line += ' ';
  }
  if (line.ends_with(' ')) line.pop_back();
  if (line.size() <= longest) return line;
  line.resize(longest);
  while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80) line.pop_back();
  if (!line.empty() && (static_cast<unsigned char>(line.back()) & 0x80) != 0) line.pop_back();
  return line + "…";
}

class Fixer {
 public:
  Fixer(const std::vector<SiteOptions>& sites, const FileSystem& files) : sites_(sites), files_(files) {}

  FixedSites run() {
    compile_all();
    for (std::size_t together = SIZE_MAX; runs_ < max_runs;) {
      std::vector<Candidate> candidates = certain_fixes();
      if (candidates.empty()) break;
      if (candidates.size() > together) candidates.resize(together);
      if (attempt(candidates)) {
        together = SIZE_MAX;
      } else if (candidates.size() == 1) {
        refused_.insert(candidates.front().identity);
        together = SIZE_MAX;
      } else {
        together = candidates.size() / 2;
      }
    }
    format_changed();
    std::ranges::stable_sort(fixed_.changes, {},
                             [](const AppliedFix& c) { return std::tie(c.file, c.line); });
    return std::move(fixed_);
  }

 private:
  struct Text {
    std::string original, now;
    std::vector<std::uint32_t> lines;  // for each line, the number that it had
  };

  void compile_all() {
    ++runs_;
    fixed_.sites.clear();
    for (const SiteOptions& site : sites_) fixed_.sites.push_back(compile_site(site, files_));
  }

  static bool may_change(std::string_view name) { return name.ends_with(".tune"); }

  // The certain fixes of one stage of the first site that has any; none overlaps another.
  std::vector<Candidate> certain_fixes() {
    for (site_ = 0; site_ < fixed_.sites.size(); ++site_) {
      const Compilation& c = *fixed_.sites[site_];
      const std::vector<Diagnostic> all = c.reporter.sorted();
      for (stage_ = 1; stage_ <= last_stage; ++stage_) {
        std::vector<Candidate> found;
        for (const Diagnostic& diagnostic : all) {
          if (stage_of(*diagnostic.info) == stage_) add_candidate(diagnostic, c.sources, found);
        }
        if (!found.empty()) return found;
      }
    }
    return {};
  }

  void add_candidate(const Diagnostic& diagnostic, const Sources& sources, std::vector<Candidate>& into) {
    for (Fix& fix : fixes_of(diagnostic, sources)) {
      const bool is_ours = std::ranges::all_of(
          fix.edits, [&](const Edit& edit) { return may_change(sources.name(edit.where.file)); });
      if (!fix.is_certain || !is_ours) continue;
      std::string identity(diagnostic.info->code);
      for (const Edit& edit : fix.edits)
        identity += fmt::format("|{}:{}:{}>{}", sources.name(edit.where.file), line_before(edit, sources),
                                sources.text(edit.where), edit.text);
      if (refused_.contains(identity)) continue;
      if (!overlaps(fix.edits, into))
        into.push_back({diagnostic.severity, std::move(fix.edits), std::move(identity)});
      return;
    }
  }

  static bool overlaps(const std::vector<Edit>& edits, const std::vector<Candidate>& others) {
    const auto meets = [](Span a, Span b) {
      return a.file == b.file && a.begin <= b.end && b.begin <= a.end;
    };
    return std::ranges::any_of(others, [&](const Candidate& other) {
      return std::ranges::any_of(other.edits, [&](const Edit& theirs) {
        return std::ranges::any_of(edits, [&](const Edit& ours) { return meets(ours.where, theirs.where); });
      });
    });
  }

  std::uint32_t line_before(const Edit& edit, const Sources& sources) const {
    const std::uint32_t line = sources.position(edit.where.file, edit.where.begin).line;
    const auto text = texts_.find(std::string(sources.name(edit.where.file)));
    return text == texts_.end() || line > text->second.lines.size() ? line : text->second.lines[line - 1];
  }

  // Counts the diagnostics of the stages up to the current one.
  Counts counts(const Compilation& c) const {
    Counts counts;
    for (const Diagnostic& diagnostic : c.reporter.sorted()) {
      if (stage_of(*diagnostic.info) <= stage_) ++counts[diagnostic.severity];
    }
    return counts;
  }

  // Applies all candidates. Keeps the result if each fix removes its diagnostic, and no site gets a new
  // error.
  bool attempt(const std::vector<Candidate>& candidates) {
    std::vector<Counts> before;
    for (const auto& site : fixed_.sites) before.push_back(counts(*site));
    Counts promised;
    for (const Candidate& candidate : candidates) ++promised[candidate.severity];
    auto old_sites = std::move(fixed_.sites);
    const auto old_texts = texts_;
    const auto old_files = files_.texts;
    const std::size_t old_changes = fixed_.changes.size();
    apply(candidates, old_sites[site_]->sources);
    compile_all();
    bool is_better = true;
    for (std::size_t i = 0; i < before.size(); ++i) {
      Counts after = counts(*fixed_.sites[i]);
      if (i != site_) {
        is_better = is_better && after[Severity::error] <= before[i][Severity::error];
        continue;
      }
      for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
        is_better = is_better && after[severity] + promised[severity] <= before[i][severity];
        if (promised[severity] > 0) break;  // a less severe one may appear in place of the one that was fixed
      }
    }
    if (is_better) return true;
    fixed_.sites = std::move(old_sites);
    texts_ = old_texts;
    files_.texts = old_files;
    fixed_.changes.resize(old_changes);
    return false;
  }

  void apply(const std::vector<Candidate>& candidates, const Sources& sources) {
    std::map<FileId, std::vector<Edit>> by_file;
    for (const Candidate& candidate : candidates) {
      for (const Edit& edit : candidate.edits) by_file[edit.where.file].push_back(edit);
    }
    for (auto& [file, edits] : by_file) {
      std::ranges::sort(edits, {}, &Edit::where);
      const std::string name(sources.name(file));
      const auto [entry, is_first] = texts_.try_emplace(name);
      Text& text = entry->second;
      if (is_first) {
        text.original = text.now = sources.text(file);
        const auto lines = std::ranges::count(text.now, '\n') + 1;
        for (std::uint32_t line = 1; line <= lines; ++line) text.lines.push_back(line);
      }
      for (AppliedFix& change : changes_of(edits, sources)) {
        change.line = text.lines[change.line - 1];
        fixed_.changes.push_back(std::move(change));
      }
      for (const Edit& edit : edits | std::views::reverse) move_lines(edit, sources, text.lines);
      text.now = edited(text.now, edits);
      files_.texts[name] = text.now;
    }
  }

  // Lines after an edit keep their old numbers.
  static void move_lines(const Edit& edit, const Sources& sources, std::vector<std::uint32_t>& lines) {
    const auto first = static_cast<std::ptrdiff_t>(sources.position(edit.where.file, edit.where.begin).line);
    const auto gone = std::ranges::count(sources.text(edit.where), '\n'),
               added = std::ranges::count(edit.text, '\n');
    // Of whole lines that go, the first goes as well, and not the one behind them
    const bool from_its_begin = added == 0 && sources.text(edit.where).ends_with('\n') &&
                                sources.text(edit.where.file).substr(0, edit.where.begin).ends_with('\n');
    const auto begin = lines.begin() + first - (from_its_begin ? 1 : 0);
    lines.erase(begin, begin + gone);
    lines.insert(lines.begin() + first, static_cast<std::size_t>(added),
                 lines[static_cast<std::size_t>(first) - 1]);
  }

  // A declaration that was formatted stays formatted. By the formatter's law of locality, only lines near a
  // changed line move.
  void format_changed() {
    bool is_formatted = false;
    for (auto& [name, text] : texts_) {
      if (format_source(text.original).text == text.original) {
        std::string formatted = format_source(text.now).text;
        is_formatted = is_formatted || formatted != text.now;
        text.now = std::move(formatted);
        files_.texts[name] = text.now;
      }
      if (text.now != text.original) fixed_.files[name] = {text.original, text.now};
    }
    if (is_formatted) compile_all();
  }

  const std::vector<SiteOptions>& sites_;
  ChangedFiles files_;
  std::map<std::string, Text> texts_;  // texts that were changed
  std::set<std::string> refused_;
  std::size_t runs_ = 0, site_ = 0, stage_ = 1;
  FixedSites fixed_;
};

}  // namespace

FixedSites fix_sites(const std::vector<SiteOptions>& sites, const FileSystem& files) {
  return Fixer(sites, files).run();
}

std::vector<AppliedFix> changes_of(const std::vector<Edit>& edits, const Sources& sources) {
  std::vector<AppliedFix> changes;
  for (const Edit& edit : edits)
    changes.push_back({std::string(sources.name(edit.where.file)),
                       sources.position(edit.where.file, edit.where.begin).line,
                       shortened(sources.text(edit.where)), shortened(edit.text)});
  return changes;
}

namespace {

std::string described(const AppliedFix& change, std::string_view added, std::string_view deleted) {
  const std::string place = fmt::format("{}:{}: ", change.file, change.line);
  if (change.before.empty()) return fmt::format("{}{} `{}`", place, added, change.after);
  if (change.after.empty()) return fmt::format("{}{} `{}`", place, deleted, change.before);
  return fmt::format("{}{} → {}", place, change.before, change.after);
}

}  // namespace

std::string described(const AppliedFix& change) { return described(change, "added", "deleted"); }
std::string proposed(const AppliedFix& change) { return described(change, "add", "delete"); }

}  // namespace tunec
