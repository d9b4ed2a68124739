// One screen for any fleet: groups beyond the first few are counted, and each can be opened.
//
//   fra1: main → working tree
//   reboot: 38 hosts, live: 2 hosts, no effect: 9,960 hosts
//
//   1  38 hosts  kvm-[01..38]                                  reboot
//        boot.hugepages  4096 → 8192                           kvm.tune:41
#include <algorithm>
#include <map>

#include <fmt/ranges.h>

#include "base/table.h"
#include "driver/present/review/view.h"
#include "driver/present/terminal.h"
#include "machine/host_names.h"

namespace tunec {
namespace {

constexpr std::size_t max_blocks = 8, max_changes = 6, max_lines = 5, max_name_parts = 4;

class TextReview {
 public:
  TextReview(const Review& review, const EffectKinds& kinds, const Waves& waves, const ReviewView& view,
             TextStyle style)
      : review_(review), kinds_(kinds), waves_(waves), view_(view), style_(style) {}

  std::string write() {
    text_ = fmt::format("{}: {} → {}\n", review_.site, view_.before, view_.after);
    if (const std::string incomplete = incomplete_text(view_); !incomplete.empty())
      text_ += painted(incomplete, "1;31") + "\n";
    text_ += bold(headline(review_, kinds_, view_)) + "\n";
    if (view_.group != 0) {
      blocks();
      return std::move(text_);
    }
    hosts();
    blocks();
    risks();
    consequences();
    waves();
    quiet_sources();
    return std::move(text_);
  }

 private:
  bool cuts() const { return !view_.full && view_.group == 0; }

  std::string painted(std::string_view text, std::string_view colour) const {
    return style_.colour ? in_colour(text, colour) : std::string(text);
  }
  std::string bold(std::string_view text) const { return painted(text, "1"); }

  std::string names(const std::vector<std::string>& hosts) const {
    return compact_names(hosts, cuts() ? max_name_parts : 0);
  }

  void hosts() {
    for (const RenamedHost& host : review_.renamed)
      lines_.push_back(fmt::format("  {} is now {}", host.before, host.after));
    flush_lines("renamed, with the same facts and settings but for the name", "renamed hosts");
    if (!review_.added.empty()) text_ += fmt::format("\nnew hosts: {}\n", names(review_.added));
    if (!review_.removed.empty()) text_ += fmt::format("\nhosts that are gone: {}\n", names(review_.removed));
  }

  void blocks() {
    const std::vector<Block> all = blocks_of(review_, !view_.full);
    std::size_t number = 0, left_out = 0, unfelt = 0;
    std::size_t hosts_left_out = 0;
    for (const Block& block : all) {
      if (!block.is_felt && cuts()) {
        unfelt += static_cast<std::size_t>(std::ranges::count_if(
            block.changes, [](const BlockChange& change) { return !change.first().is_number; }));
        continue;
      }
      ++number;
      if (view_.group != 0 && number != view_.group) continue;
      if (cuts() && number > max_blocks) {
        ++left_out;
        hosts_left_out += block.hosts.size();
        continue;
      }
      write_block(block, number);
    }
    if (view_.group > number)
      text_ += fmt::format("\nthere is no group {}; the last one is {}\n", view_.group, number);
    if (left_out > 0)
      text_ += fmt::format("\n… and {} with {}: `--group N` opens one, `--full` all\n",
                           counted(left_out, "more group"), counted(hosts_left_out, "host"));
    if (unfelt > 0)
      text_ += fmt::format("\n{} of the site without effect: the machine has that value anyway (`--full`)\n",
                           counted(unfelt, "change"));
  }

  void write_block(const Block& block, std::size_t number) {
    const std::string effect = effect_text(block, kinds_);
    const std::string which = names(block.hosts);
    const bool one = block.hosts.size() == 1;
    const bool disturbs = block.is_felt && !block.is_of_site && kinds_[block.effect].disturbs;
    text_ += fmt::format("\n{}  {}  {}{}\n", number,
                         one ? which : fmt::format("{}  {}", counted(block.hosts.size(), "host"), which),
                         painted(effect, disturbs ? "1;33" : "1"),
                         block.is_odd ? "  (differs from the others)" : "");
    Table table({}, 5);
    std::size_t shown = 0;
    std::vector<BlockChange> changes = block.changes;
    if (cuts()) std::erase_if(changes, [](const BlockChange& change) { return change.first().is_number; });
    for (const BlockChange& change : changes) {
      if (cuts() && shown == max_changes) break;
      ++shown;
      if (cuts()) add_row(table, change, "");
      else {
        for (const Change* variant : change.variants)
          add_row(table, {{variant}, "", variant->effect, variant->is_felt},
                  variant->hosts.size() < block.hosts.size() ? names(variant->hosts) : "");
      }
    }
    text_ += table.text();
    if (!cuts()) authors(block);
    if (shown < changes.size())
      text_ += fmt::format("     … and {}: `--group {}`\n", counted(changes.size() - shown, "more change"),
                           number);
    for (const std::string_view why : reasons_of(block)) text_ += fmt::format("     {}: {}\n", effect, why);
  }

  // Of the lines at the right, each once.
  void authors(const Block& block) {
    std::map<std::string, std::string> by_place;
    for (const BlockChange& change : block.changes) {
      for (const Change* variant : change.variants) {
        const LineAuthor& author = variant->author;
        constexpr std::size_t short_id = 10;
        if (!author.commit.empty())
          by_place[variant->place_after] = fmt::format("{}, {}: {}", author.name,
                                                       author.commit.substr(0, short_id), author.summary);
      }
    }
    for (const auto& [place, author] : by_place) text_ += fmt::format("     {} is of {}\n", place, author);
  }

  // `hosts`: of one value among several; may be empty.
  void add_row(Table& table, const BlockChange& change, const std::string& hosts) const {
    std::string values = change_text(change, !cuts());
    if (!hosts.empty()) values += "  on " + hosts;
    table.add({change.name(), std::move(values), effect_text(change, kinds_), cause_text(change)});
  }

  // The lines collected, under a heading.
  void flush_lines(std::string_view heading, std::string_view what) {
    if (lines_.empty()) return;
    text_ += fmt::format("\n{}\n", bold(heading));
    const std::size_t shown = cuts() ? std::min(lines_.size(), max_lines) : lines_.size();
    for (std::size_t i = 0; i < shown; ++i) text_ += lines_[i] + "\n";
    if (shown < lines_.size())
      text_ += fmt::format("  … and {} more {} (`--full`)\n", lines_.size() - shown, what);
    lines_.clear();
  }

  void risks() {
    for (const Change& change : review_.changes) {
      if (change.risk.empty()) continue;
      lines_.push_back(
          fmt::format("  {} = {} on {}: {}", change.name, change.is, names(change.hosts), change.risk));
    }
    for (const WaiverChange& waiver : review_.consequences.waivers_begun)
      lines_.push_back("  " + waiver_text(waiver, "waived"));
    for (const FindingChange& finding : review_.consequences.begun) {
      if (finding.is_risk()) lines_.push_back("  " + finding_text(finding));
    }
    flush_lines("RISK WIDENED", "risks");
    for (const FindingChange& finding : review_.consequences.begun) {
      if (!finding.is_risk()) lines_.push_back("  " + finding_text(finding));
    }
    flush_lines("newly found", "findings");
  }

  std::string finding_text(const FindingChange& finding) const {
    const std::string what = finding.policy.empty() ? finding.code
                                                    : fmt::format("{} `{}`", finding.code, finding.policy);
    if (what.empty()) return fmt::format("{}: {}", names(finding.hosts), finding.message);
    const std::string on = finding.hosts.empty() ? "" : " on " + names(finding.hosts);
    return fmt::format("{}{}: {}", what, on, finding.message);
  }

  static std::string waiver_text(const WaiverChange& waiver, std::string_view verb) {
    return fmt::format("{} {} on {}{}{}: {}", waiver.what, verb, waiver.hosts_pattern,
                       waiver.owner.empty() ? "" : " by " + waiver.owner,
                       waiver.until.empty() ? "" : " until " + waiver.until, waiver.because);
  }

  void consequences() {
    const Consequences& c = review_.consequences;
    for (const BudgetChange& budget : c.budgets) {
      const std::string of = budget.of.empty() ? "" : fmt::format(" of {}", budget.of);
      const std::string where = budget.tightest.empty()
                                    ? ""
                                    : fmt::format("; least on {}, of {}", budget.tightest, budget.total);
      lines_.push_back(fmt::format("  {}{}: {} left{}{}", budget.budget, of,
                                   budget.left_before.empty()
                                       ? budget.left_after
                                       : fmt::format("{} → {}", budget.left_before, budget.left_after),
                                   where, budget.closes ? "" : "; DOES NOT CLOSE"));
    }
    flush_lines("budgets", "budgets");
    for (const std::string& total : pool_total_texts(review_)) lines_.push_back("  " + total);
    flush_lines("pools of the fleet", "pools");
    for (const FindingChange& finding : c.ceased) lines_.push_back("  " + finding_text(finding));
    flush_lines("no longer found", "findings");
    for (const WaiverChange& waiver : c.waivers_ended)
      lines_.push_back("  " + waiver_text(waiver, "no longer waived"));
    flush_lines("waivers that went", "waivers");
    for (const WaiverChange& waiver : c.ending_soon)
      lines_.push_back(
          fmt::format("  {} ({} left)", waiver_text(waiver, "waived"), counted(waiver.days_left, "day")));
    flush_lines("waivers that end soon", "waivers");
  }

  void waves() {
    if (waves_.waves.empty()) return;
    std::size_t hosts = 0, most = 0;
    for (const auto& wave : waves_.waves) {
      hosts += wave.size();
      most = std::max(most, wave.size());
    }
    text_ += fmt::format("\n{}: {} for {}, at most {} at a time\n", bold("waves"), waves_.waves.size(),
                         counted(hosts, "host"), most);
    for (const PoolShare& pool : waves_.pools)
      text_ += fmt::format("  {}\n", pool_text(pool, view_.keep_percent));
    if (const std::string apart = apart_text(waves_); !apart.empty()) text_ += fmt::format("  {}\n", apart);
    if (!view_.shows_waves) return;
    for (std::size_t i = 0; i < waves_.waves.size(); ++i)
      text_ += fmt::format("  {}  {}\n", i + 1, compact_names(waves_.waves[i]));
  }

  void quiet_sources() {
    if (review_.changed_files.empty()) return;
    const std::string files = counted(review_.changed_files.size(), "file");
    text_ += review_.is_empty() ? fmt::format("\n{} of the site changed, without effect on {}\n", files,
                                              view_.host.empty() ? "any host" : view_.host)
                                : fmt::format("\n{} of the site changed; nothing else in {} has an effect\n",
                                              files, review_.changed_files.size() == 1 ? "it" : "them");
  }

  const Review& review_;
  const EffectKinds& kinds_;
  const Waves& waves_;
  const ReviewView& view_;
  TextStyle style_;
  std::string text_;
  std::vector<std::string> lines_;
};

}  // namespace

std::string review_text(const Review& review, const EffectKinds& kinds, const Waves& waves,
                        const ReviewView& view, TextStyle style) {
  return TextReview(review, kinds, waves, view, style).write();
}

}  // namespace tunec
