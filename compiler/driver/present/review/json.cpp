#include <nlohmann/json.hpp>

#include "driver/present/review/view.h"

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;

std::string effect_json(bool is_felt, bool is_of_site, std::size_t effect, const EffectKinds& kinds) {
  return !is_felt ? "none" : is_of_site ? "site" : kinds[effect].name;
}

Json change_json(const Change& change, const EffectKinds& kinds) {
  Json object{{"parameter", change.name},
              {"before", change.added ? Json(nullptr) : Json(change.was)},
              {"after", change.removed ? Json(nullptr) : Json(change.is)},
              {"machine_before", change.was},
              {"machine_after", change.is},
              {"delta", change.delta},
              {"carriers", change.carriers},
              {"effect", effect_json(change.is_felt, change.is_of_site, change.effect, kinds)},
              {"why", change.is_of_site  ? "it stands in the site's files, and no host is touched"
                      : change.is_felt   ? change.effect_why
                      : change.is_number ? "policies read it, and no machine has it"
                                         : "the machine has that value anyway"},
              {"secret", change.is_secret},
              {"cause",
               {{"kind", cause_name(change.cause)},
                {"because", change.because},
                {"author", change.author.name},
                {"commit", change.author.commit},
                {"summary", change.author.summary}}},
              {"place_before", change.place_before},
              {"place_after", change.place_after},
              {"risk", change.risk}};
  return object;
}

Json finding_json(const FindingChange& finding) {
  return {{"code", finding.code},
          {"policy", finding.policy},
          {"message", finding.message},
          {"place", finding.place},
          {"hosts", finding.hosts}};
}

Json waiver_json(const WaiverChange& waiver) {
  return {{"waives", waiver.what},         {"kind", waiver.is_of_risk ? "risk" : "policy"},
          {"hosts", waiver.hosts_pattern}, {"owner", waiver.owner},
          {"until", waiver.until},         {"because", waiver.because},
          {"place", waiver.place}};
}

template <class List, class Make>
Json array_of(const List& list, Make make) {
  Json array = Json::array();
  for (const auto& item : list) array.push_back(make(item));
  return array;
}

Json files_array(const std::vector<FileChange>& changes) {
  return array_of(changes, [](const FileChange& change) {
    return Json{{"path", change.path},       {"effect", change.effect}, {"added", change.added},
                {"removed", change.removed}, {"diff", change.diff},     {"hosts", change.hosts}};
  });
}

}  // namespace

std::string review_json(const Review& review, const EffectKinds& kinds, const Waves& waves,
                        const ReviewView& view, const std::vector<FileChange>* files) {
  Json document{{"schema", "tunec diff 1"},
                {"site", review.site},
                {"before", view.before},
                {"after", view.after},
                {"hosts", review.hosts},
                {"hosts_with_other_facts", review.hosts_with_other_facts},
                {"errors", {{"before", view.errors_before}, {"after", view.errors_after}}},
                {"no_effect", review.is_empty()}};
  Json by_effect = Json::object();
  for (std::size_t kind = 0; kind < kinds.size(); ++kind)
    by_effect[kinds[kind].name] = review.hosts_by_effect[kind];
  document["by_effect"] = std::move(by_effect);
  document["renamed"] = array_of(review.renamed, [](const RenamedHost& host) {
    return Json{{"before", host.before}, {"after", host.after}};
  });
  document["added"] = review.added;
  document["removed"] = review.removed;
  document["groups"] = array_of(blocks_of(review, false), [&](const Block& block) {
    return Json{{"hosts", block.hosts},
                {"effect", effect_json(block.is_felt, block.is_of_site, block.effect, kinds)},
                {"odd", block.is_odd},
                {"changes", array_of(block.changes, [&](const BlockChange& change) {
                   return change_json(change.first(), kinds);
                 })}};
  });
  const Consequences& c = review.consequences;
  document["budgets"] = array_of(c.budgets, [](const BudgetChange& budget) {
    return Json{{"budget", budget.budget},         {"of", budget.of},
                {"hosts", budget.hosts},           {"tightest", budget.tightest},
                {"total", budget.total},           {"left_before", budget.left_before},
                {"left_after", budget.left_after}, {"closes", budget.closes}};
  });
  document["pools"] = array_of(review.pools, [](const PoolTotal& total) {
    return Json{
        {"pool", total.pool},   {"parameter", total.parameter},       {"before", total.before},
        {"after", total.after}, {"hosts_before", total.hosts_before}, {"hosts_after", total.hosts_after}};
  });
  document["findings"] = {{"begun", array_of(c.begun, finding_json)},
                          {"ceased", array_of(c.ceased, finding_json)}};
  document["waivers"] = {{"begun", array_of(c.waivers_begun, waiver_json)},
                         {"ended", array_of(c.waivers_ended, waiver_json)},
                         {"ending_soon", array_of(c.ending_soon, waiver_json)}};
  document["waves"] = {{"keep_percent", view.keep_percent},
                       {"pools", array_of(waves.pools,
                                          [](const PoolShare& pool) {
                                            return Json{{"pool", pool.pool},
                                                        {"of", pool.cpus_text},
                                                        {"kept_percent", pool.kept_percent},
                                                        {"kept", pool.is_kept}};
                                          })},
                       {"domains", waves.domains},
                       {"policies", waves.policies},
                       {"hosts", waves.waves}};
  document["sources"] = review.changed_files;
  if (files != nullptr) document["files"] = files_array(*files);
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string files_json(const std::vector<FileChange>& changes, const ReviewView& view) {
  const Json document{{"schema", "tunec diff 1"},
                      {"before", view.before},
                      {"after", view.after},
                      {"no_effect", changes.empty()},
                      {"written_by", {{"before", view.written_before}, {"after", view.written_after}}},
                      {"files", files_array(changes)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tunec
