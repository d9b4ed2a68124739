// What `tunec diff` prints: one screen for any fleet, a comment for a pull request, or all of it as JSON.
#pragma once

#include <optional>
#include <string>

#include "diagnostics/render.h"
#include "review/blocks.h"
#include "review/changed_files.h"
#include "review/review.h"
#include "review/waves.h"

namespace tunec {

struct ReviewView {
  std::string before, after;                        // what is compared: "main", "site.tune"
  bool full = false;                                // all groups, all hosts, all values
  std::size_t group = 0;                            // only this one, in full; 0: all
  std::string host{};                               // only what this host gets
  bool shows_waves = false;                         // each wave with its hosts, instead of their number
  bool without_facts = false;                       // leave out what facts and platforms cause
  int keep_percent = 75;                            // as the waves have it
  std::string written_before{}, written_after{};    // of two trees, by which tunec: "tunec 0.1.0"
  std::size_t errors_before = 0, errors_after = 0;  // of the sides: settings with errors are in no plan
};

std::string review_text(const Review& review, const EffectKinds& kinds, const Waves& waves,
                        const ReviewView& view, TextStyle style);
// For a comment, of at most 60,000 characters; the first line marks it for the pipeline that replaces it.
std::string review_markdown(const Review& review, const EffectKinds& kinds, const Waves& waves,
                            const ReviewView& view);
// One document, as stdlib/diff.schema.json describes it. Nothing is merged or left out.
// `files`: the rendered files that change; null: they were not asked for.
std::string review_json(const Review& review, const EffectKinds& kinds, const Waves& waves,
                        const ReviewView& view, const std::vector<FileChange>* files);

// Rendered files that change. The text lists them; with `full`, or for trees of which no site is at hand,
// with their lines.
std::string files_text(const std::vector<FileChange>& changes, const ReviewView& view, TextStyle style);
std::string files_markdown(const std::vector<FileChange>& changes, const ReviewView& view);
std::string files_json(const std::vector<FileChange>& changes, const ReviewView& view);

// Shared by the texts.
std::string headline(const Review& review, const EffectKinds& kinds,
                     const ReviewView& view);  // "reboot 38 hosts, live 2 hosts"
// "4096 → 8192"; of long values, unless `full`, the parts that differ; of a collection "removed (12
// settings)"
std::string change_text(const BlockChange& change, bool full);
// "kvm.tune:41", "facts, kvm.tune:41"; of several the one that most variants have
std::string cause_text(const BlockChange& change);
std::string effect_text(const Block& block, const EffectKinds& kinds);         // "reboot", "no effect"
std::string effect_text(const BlockChange& change, const EffectKinds& kinds);  // the same of one row
// A line for each pool: "gold: 8 → 7 hosts, cpus 128 → 112, memory 512GiB → 448GiB"
std::vector<std::string> pool_total_texts(const Review& review);
// "pool gold: 75 % of 128 CPUs stay up"
std::string pool_text(const PoolShare& pool, int keep_percent);
// "no two hosts of one rack go together, …"; empty if nothing keeps hosts of waves apart.
std::string apart_text(const Waves& waves);
// "new.tune has 2 errors: this is incomplete"; empty if no side has any.
std::string incomplete_text(const ReviewView& view);
// What is shown of a review: without what facts cause, or of one host only.
Review narrowed(Review review, const EffectKinds& kinds, const ReviewView& view);

}  // namespace tunec
