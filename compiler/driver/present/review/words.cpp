// The phrases that the text and the Markdown share.
#include <algorithm>
#include <map>

#include <fmt/ranges.h>

#include "base/table.h"
#include "driver/present/review/view.h"

namespace tunec {

std::string headline(const Review& review, const EffectKinds& kinds, const ReviewView& view) {
  const std::string without = view.without_facts ? " (without what the facts and platforms cause)" : "";
  std::vector<std::string> parts;
  std::size_t touched = 0;
  const auto of_site = static_cast<std::size_t>(
      std::ranges::count(review.changes, true, &Change::is_of_site));
  const std::string also = of_site == 0 ? "" : "the site's files: " + counted(of_site, "change");
  for (std::size_t kind = kinds.size(); kind-- > 0;) {
    const std::size_t hosts = review.hosts_by_effect[kind].size();
    if (hosts == 0) continue;
    if (!view.host.empty()) return fmt::format("{}: {}{}", view.host, kinds[kind].name, without);
    parts.push_back(fmt::format("{}: {}", kinds[kind].name, counted(hosts, "host")));
    touched += hosts;
  }
  if (!view.host.empty()) return fmt::format("no effect on {}{}", view.host, without);
  if (!review.added.empty()) parts.push_back("new: " + counted(review.added.size(), "host"));
  if (!review.removed.empty()) parts.push_back("gone: " + counted(review.removed.size(), "host"));
  if (parts.empty()) parts.emplace_back("no effect on any host");
  else if (touched < review.hosts)
    parts.push_back(fmt::format("no effect: {}", counted(review.hosts - touched, "host")));
  if (!also.empty()) parts.push_back(also);
  return fmt::format("{}{}", fmt::join(parts, ", "), without);
}

std::vector<std::string> pool_total_texts(const Review& review) {
  std::vector<std::string> lines;
  std::string pool;
  for (const PoolTotal& total : review.pools) {
    if (lines.empty() || total.pool != pool) {
      pool = total.pool;
      lines.push_back(pool + ":");
      if (total.hosts_before != total.hosts_after)
        lines.back() += fmt::format(" {} → {},", total.hosts_before, counted(total.hosts_after, "host"));
    }
    const std::string name = total.parameter.substr(total.parameter.rfind('.') + 1);
    lines.back() += fmt::format(" {} {} → {},", name, total.before, total.after);
  }
  for (std::string& line : lines) line.pop_back();
  return lines;
}

std::string pool_text(const PoolShare& pool, int keep_percent) {
  const std::string name = pool.pool.empty() ? "the hosts in no pool" : fmt::format("pool {}", pool.pool);
  return fmt::format(
      "{}: {} % of {} stay up{}", name, pool.kept_percent, pool.cpus_text,
      pool.is_kept ? "" : fmt::format("; not {} %, for one host is more than may go", keep_percent));
}

std::string apart_text(const Waves& waves) {
  if (waves.waves.size() < 2) return "";
  std::vector<std::string> policies;
  for (const std::string& policy : waves.policies) policies.push_back(fmt::format("`{}`", policy));
  const std::string kept = fmt::format("two that policy {} keeps apart", fmt::join(policies, " or "));
  if (waves.domains.empty()) return policies.empty() ? "" : fmt::format("no {} go together", kept);
  const std::string domains = fmt::format("no two hosts of one {} go together",
                                          fmt::join(waves.domains, " or "));
  return policies.empty() ? domains : fmt::format("{}, nor {}", domains, kept);
}

std::string incomplete_text(const ReviewView& view) {
  std::string text;
  for (const auto& [name, errors] :
       {std::pair{view.before, view.errors_before}, {view.after, view.errors_after}}) {
    if (errors > 0)
      text += fmt::format("{}{} has {}", text.empty() ? "" : ", and ", name, counted(errors, "error"));
  }
  return text.empty() ? "" : text + ": this is incomplete";
}

namespace {

constexpr std::size_t long_value = 48;  // bytes
constexpr std::string_view cut_mark = "…";

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

// Two long values as the parts of them that differ, with a little around these.
std::pair<std::string, std::string> differing_parts(const std::string& was, const std::string& is) {
  constexpr std::size_t around = 10;
  std::size_t head = static_cast<std::size_t>(std::ranges::mismatch(was, is).in1 - was.begin());
  std::size_t tail = 0;
  while (tail < std::min(was.size(), is.size()) - head &&
         was[was.size() - 1 - tail] == is[is.size() - 1 - tail])
    ++tail;
  head = head > around ? head - around : 0;
  tail = tail > around ? tail - around : 0;
  while (head > 0 && !begins_character(was[head])) --head;
  const auto part = [&](const std::string& text) {
    std::size_t end = text.size() - tail;
    while (end < text.size() && !begins_character(text[end])) ++end;
    std::string middle = text.substr(head, end - head);
    if (middle.size() > 2 * long_value) {
      std::size_t cut = long_value;
      while (!begins_character(middle[cut])) --cut;
      middle = middle.substr(0, cut) + std::string(cut_mark);
    }
    return fmt::format("{}{}{}", head > 0 ? cut_mark : "", middle, end < text.size() ? cut_mark : "");
  };
  return {part(was), part(is)};
}

}  // namespace

std::string change_text(const BlockChange& shown, bool full) {
  const Change& change = shown.first();
  if (!shown.collection.empty())
    return fmt::format("{} ({})", change.added ? "added" : "removed", counted(shown.settings(), "setting"));
  std::string text;
  if (change.is_file) text = change.is;
  else if (change.is_secret && !change.added && !change.removed) text = "(a secret, changed)";
  else if (change.was == change.is) text = change.is;
  else if (!full && !change.delta.empty() && change.was.size() + change.is.size() > 60) text = change.delta;
  else {
    const bool cut = !full && std::max(change.was.size(), change.is.size()) > long_value;
    const auto [was, is] = cut ? differing_parts(change.was, change.is) : std::pair(change.was, change.is);
    text = fmt::format("{} → {}", was, is);
    if (!change.delta.empty()) text += fmt::format("  ({})", change.delta);
  }
  if (!change.carriers.empty()) text += fmt::format("  ({})", change.carriers);
  if (shown.variants.size() > 1)
    text += fmt::format("  on {}, and {} other values", change.hosts.front(), shown.variants.size() - 1);
  return text;
}

std::string effect_text(const Block& block, const EffectKinds& kinds) {
  if (!block.is_felt) return "no effect";
  return block.is_of_site ? "the site's files" : kinds[block.effect].name;
}

std::string effect_text(const BlockChange& change, const EffectKinds& kinds) {
  if (!change.is_felt) return "no effect";
  return change.first().is_of_site ? "the site's files" : kinds[change.effect].name;
}

namespace {

std::string cause_text(const Change& change) {
  const std::string& place = change.place_after.empty() ? change.place_before : change.place_after;
  std::string why;
  switch (change.cause) {
    case Cause::source: break;
    case Cause::constant: why = change.because; break;
    case Cause::platform: why = "the platform"; break;
    case Cause::facts: why = "the facts"; break;
    case Cause::labels: why = "what it reads"; break;
    case Cause::elsewhere: why = "another host's settings"; break;
  }
  const std::string where = change.removed ? "was at " + place : place;
  if (change.is_file) return why;
  return why.empty() ? where : fmt::format("{}, {}", where, why);
}

}  // namespace

std::string cause_text(const BlockChange& change) {
  if (change.collection.empty()) return cause_text(change.first());
  std::map<std::string, std::size_t> settings;
  std::string most;
  for (const Change* variant : change.variants) {
    const std::string cause = cause_text(*variant);
    if (++settings[cause] > settings[most]) most = cause;
  }
  return most;
}

Review narrowed(Review review, const EffectKinds& kinds, const ReviewView& view) {
  if (view.without_facts) {
    std::erase_if(review.changes, [](const Change& change) {
      return change.cause == Cause::facts || change.cause == Cause::platform;
    });
  }
  if (!view.host.empty()) {
    for (Change& change : review.changes)
      std::erase_if(change.hosts, [&](const std::string& host) { return host != view.host; });
    std::erase_if(review.changes, [](const Change& change) { return change.hosts.empty(); });
    const auto concerns_another = [&](const FindingChange& finding) {
      return std::ranges::find(finding.hosts, view.host) == finding.hosts.end();
    };
    std::erase_if(review.consequences.begun, concerns_another);
    std::erase_if(review.consequences.ceased, concerns_another);
    review.pools.clear();
    std::erase_if(review.consequences.budgets,
                  [&](const BudgetChange& budget) { return budget.tightest != view.host; });
  }
  if (view.without_facts || !view.host.empty()) count_hosts(review, kinds);
  return review;
}

}  // namespace tunec
