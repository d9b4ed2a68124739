// The phrases that the text and the Markdown share.
#include <algorithm>

#include <fmt/ranges.h>

#include "base/table.h"
#include "driver/present/review/view.h"

namespace tunec {

std::string headline(const Review& review, const EffectKinds& kinds) {
  std::vector<std::string> parts;
  std::size_t touched = 0;
  for (std::size_t kind = kinds.size(); kind-- > 0;) {
    const std::size_t hosts = review.hosts_by_effect[kind].size();
    touched += hosts;
    if (hosts > 0) parts.push_back(fmt::format("{}: {}", kinds[kind].name, counted(hosts, "host")));
  }
  if (!review.added.empty()) parts.push_back("new: " + counted(review.added.size(), "host"));
  if (!review.removed.empty()) parts.push_back("gone: " + counted(review.removed.size(), "host"));
  if (parts.empty()) return "no effect on any host";
  if (touched < review.hosts)
    parts.push_back(fmt::format("no effect: {}", counted(review.hosts - touched, "host")));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string change_text(const BlockChange& shown) {
  const Change& change = *shown.change;
  std::string text;
  if (change.is_secret && !change.added && !change.removed) text = "(a secret, changed)";
  else if (change.was == change.is) text = change.is;
  else if (!change.delta.empty() && change.was.size() + change.is.size() > 60) text = change.delta;
  else {
    text = fmt::format("{} → {}", change.was, change.is);
    if (!change.delta.empty()) text += fmt::format("  ({})", change.delta);
  }
  if (!change.carriers.empty()) text += fmt::format("  ({})", change.carriers);
  if (shown.variants > 1)
    text += fmt::format("  on {}, and {} other values", change.hosts.front(), shown.variants - 1);
  return text;
}

std::string cause_text(const Change& change) {
  const std::string& place = change.place_after.empty() ? change.place_before : change.place_after;
  std::string why;
  switch (change.cause) {
    case Cause::source: break;
    case Cause::constant: why = change.because; break;
    case Cause::platform: why = "the platform"; break;
    case Cause::facts: why = "the facts"; break;
    case Cause::labels: why = "what it reads"; break;
  }
  std::string text = why.empty() ? place : fmt::format("{}, {}", place, why);
  if (change.removed) text += " before";
  return text;
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
  }
  if (view.without_facts || !view.host.empty()) count_hosts(review, kinds);
  return review;
}

}  // namespace tunec
