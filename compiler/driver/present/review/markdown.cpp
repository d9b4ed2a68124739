// A comment for a pull request. What a reviewer must see stands above the fold; groups are folded, and those
// in the middle are left out first, so that the summary and the last word are always there.
#include <algorithm>

#include "base/table.h"
#include "diagnostics/snippet.h"
#include "driver/present/review/view.h"
#include "machine/host_names.h"

namespace tunec {
namespace {

constexpr std::size_t max_characters = 60'000;
constexpr std::size_t max_names = 8;

// What would steer a reader's eyes is shown; a line's end is a blank.
std::string shown(std::string_view text) {
  std::string flat(text);
  std::ranges::replace(flat, '\n', ' ');
  return printable(flat);
}

// Nothing of a site becomes markup of the comment.
std::string escaped(std::string_view raw) {
  std::string safe;
  const std::string text = shown(raw);
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      safe += ' ';
      continue;
    }
    if (std::string_view("\\`*_{}[]<>#|!~&@").find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return safe;
}

// As code: a text with backticks in it gets a longer fence.
std::string code(std::string_view raw) {
  const std::string text = shown(raw);
  std::string fence = "`";
  while (text.find(fence) != text.npos) fence += '`';
  const std::string pad = fence.size() > 1 ? " " : "";
  std::string flat(text);
  std::ranges::replace(flat, '\n', ' ');
  std::string cell;
  for (const char c : flat) cell += c == '|' ? std::string("\\|") : std::string(1, c);
  return fmt::format("{}{}{}{}{}", fence, pad, cell, pad, fence);
}

std::string block_text(const Block& block, std::size_t number, const EffectKinds& kinds) {
  const std::string effect = effect_text(block, kinds);
  std::string text = fmt::format(
      "<details{}><summary>{}. {}: <b>{}</b>{}</summary>\n\n| parameter | change | effect | cause |\n| --- | "
      "--- | --- | --- |\n",
      number == 1 ? " open" : "", number,
      escaped(
          fmt::format("{}, {}", counted(block.hosts.size(), "host"), compact_names(block.hosts, max_names))),
      effect, block.is_odd ? " (differs from the others)" : "");
  constexpr std::size_t max_rows = 40;
  for (std::size_t i = 0; i < std::min(block.changes.size(), max_rows); ++i) {
    const BlockChange& change = block.changes[i];
    if (change.first().is_number) continue;
    text += fmt::format("| {} | {} | {} | {} |\n", code(change.name()), code(change_text(change, false)),
                        effect_text(change, kinds), escaped(cause_text(change)));
  }
  if (block.changes.size() > max_rows)
    text += fmt::format("\n… and {}\n", counted(block.changes.size() - max_rows, "more change"));
  for (const std::string_view why : reasons_of(block))
    text += fmt::format("\n{}: {}\n", effect, escaped(why));
  return text + "\n</details>\n";
}

std::string section(std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  constexpr std::size_t most = 20;
  std::string text = fmt::format("\n**{}**\n\n", title);
  for (std::size_t i = 0; i < std::min(lines.size(), most); ++i) text += fmt::format("- {}\n", lines[i]);
  if (lines.size() > most) text += fmt::format("- … and {} more\n", lines.size() - most);
  return text;
}

std::string on(const std::vector<std::string>& hosts) {
  return hosts.empty() ? "" : " on " + escaped(compact_names(hosts, max_names));
}

std::string risks(const Review& review) {
  std::vector<std::string> lines;
  for (const Change& change : review.changes) {
    if (!change.risk.empty())
      lines.push_back(fmt::format("{}{}: {}", code(fmt::format("{} = {}", change.name, change.is)),
                                  on(change.hosts), escaped(change.risk)));
  }
  for (const WaiverChange& waiver : review.consequences.waivers_begun)
    lines.push_back(
        fmt::format("{} is waived on {}{}{}: {}", code(waiver.what), escaped(waiver.hosts_pattern),
                    waiver.owner.empty() ? "" : " by " + escaped(waiver.owner),
                    waiver.until.empty() ? "" : " until " + waiver.until, escaped(waiver.because)));
  std::vector<std::string> found;
  for (const FindingChange& finding : review.consequences.begun) {
    const std::string what = !finding.policy.empty() ? finding.policy
                             : finding.is_risk()     ? "risk"
                                                     : finding.code;
    (finding.is_risk() ? lines : found)
        .push_back(fmt::format("{}{}: {}", code(what), on(finding.hosts), escaped(finding.message)));
  }
  return section("Risk widened", lines) + section("Newly found", found);
}

std::string consequences(const Review& review) {
  std::vector<std::string> budgets, ceased, ended, soon;
  for (const BudgetChange& budget : review.consequences.budgets)
    budgets.push_back(fmt::format(
        "{}{}: {} left{}{}", code(budget.budget), budget.of.empty() ? "" : " of " + escaped(budget.of),
        budget.left_before.empty() ? budget.left_after
                                   : fmt::format("{} → {}", budget.left_before, budget.left_after),
        budget.tightest.empty() ? ""
                                : fmt::format("; least on {}, of {}", escaped(budget.tightest), budget.total),
        budget.closes ? "" : "; **does not close**"));
  for (const FindingChange& finding : review.consequences.ceased)
    ceased.push_back(fmt::format(
        "{}{}: {}",
        code(finding.policy.empty() ? (finding.code.empty() ? "risk" : finding.code) : finding.policy),
        on(finding.hosts), escaped(finding.message)));
  for (const WaiverChange& waiver : review.consequences.waivers_ended)
    ended.push_back(fmt::format("{} on {}: {}", code(waiver.what), escaped(waiver.hosts_pattern),
                                escaped(waiver.because)));
  for (const WaiverChange& waiver : review.consequences.ending_soon)
    soon.push_back(fmt::format("{} on {}: {} left", code(waiver.what), escaped(waiver.hosts_pattern),
                               counted(waiver.days_left, "day")));
  std::vector<std::string> pools;
  for (const std::string& total : pool_total_texts(review)) pools.push_back(escaped(total));
  return section("Budgets", budgets) + section("Pools of the fleet", pools) +
         section("No longer found", ceased) + section("Waivers that went", ended) +
         section("Waivers that end soon", soon);
}

std::string wave_text(const Waves& waves, int keep_percent) {
  if (waves.waves.empty()) return "";
  std::size_t hosts = 0;
  for (const auto& wave : waves.waves) hosts += wave.size();
  std::string text = fmt::format("\n<details><summary>{} for {}</summary>\n\n",
                                 counted(waves.waves.size(), "wave"), counted(hosts, "host"));
  constexpr std::size_t most = 50;
  for (std::size_t i = 0; i < std::min(waves.waves.size(), most); ++i)
    text += fmt::format("{}. {}\n", i + 1, escaped(compact_names(waves.waves[i], max_names)));
  if (waves.waves.size() > most) text += fmt::format("\n… and {} more\n", waves.waves.size() - most);
  text += '\n';
  for (const PoolShare& pool : waves.pools)
    text += fmt::format("- {}\n", escaped(pool_text(pool, keep_percent)));
  if (const std::string apart = apart_text(waves); !apart.empty())
    text += fmt::format("- {}\n", escaped(apart));
  return text + "\n</details>\n";
}

}  // namespace

std::string review_markdown(const Review& review, const EffectKinds& kinds, const Waves& waves,
                            const ReviewView& view) {
  std::string head = fmt::format("<!-- tunec diff {} -->\n### tunec: {}\n\n{} → {}: **{}**\n",
                                 escaped(review.site), escaped(review.site), code(view.before),
                                 code(view.after), escaped(headline(review, kinds, view)));
  if (const std::string incomplete = incomplete_text(view); !incomplete.empty())
    head += fmt::format("\n**{}**\n", escaped(incomplete));
  std::vector<std::string> renamed;
  for (const RenamedHost& host : review.renamed)
    renamed.push_back(fmt::format("{} is now {}", escaped(host.before), escaped(host.after)));
  head += section("Renamed hosts, with the same facts and settings but for the name", renamed);
  if (!review.added.empty())
    head += fmt::format("\nNew hosts: {}\n", escaped(compact_names(review.added, max_names)));
  if (!review.removed.empty())
    head += fmt::format("\nHosts that are gone: {}\n", escaped(compact_names(review.removed, max_names)));
  head += risks(review) + "\n";
  std::string tail = consequences(review) + wave_text(waves, view.keep_percent);
  if (!review.changed_files.empty())
    tail += fmt::format("\n{} of the site changed; what is not listed has no effect{}.\n",
                        counted(review.changed_files.size(), "file"),
                        view.host.empty() ? " on any host" : " on " + escaped(view.host));
  std::string middle;
  std::size_t number = 0, left_out = 0;
  const std::size_t room = max_characters -
                           std::min(max_characters, characters(head) + characters(tail) + 200);
  for (const Block& block : blocks_of(review, true)) {
    if (!block.is_felt) continue;
    const std::string text = block_text(block, ++number, kinds);
    if (left_out > 0 || characters(middle) + characters(text) > room) ++left_out;
    else middle += text;
  }
  if (left_out > 0)
    middle += fmt::format("\n… and {}, for which there is no room here: `tunec diff --full` shows them.\n",
                          counted(left_out, "more group"));
  return head + middle + tail;
}

}  // namespace tunec
