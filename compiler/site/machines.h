// The facts of each host: those of imported files, overridden by those of the host's declarations.
#pragma once

#include <concepts>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "machine/facts.h"
#include "machine/platforms.h"
#include "site/facts_index.h"
#include "site/fleet.h"
#include "site/load.h"

namespace tunec {

class Machines {
 public:
  using Known = std::pair<std::shared_ptr<const Facts>, std::shared_ptr<const Labels>>;

  Machines(const LoadedFiles& files, const Platforms& platforms, const Sources& sources, Reporter& reporter)
      : files_(files), platforms_(platforms), sources_(sources), reporter_(reporter) {}

  // Hosts with the same facts share one object. `as`: the platform that they are assumed to run, as in
  // "debian 13"; empty: their own.
  Known of(const Host& host, const std::string& as);
  bool missing() const { return missing_; }  // some requested host has no facts at all
  // Whether the imported files give facts of this host's machine.
  bool has_imported_facts(const std::string& name) { return find_imported(name) != nullptr; }
  // The hosts that the imported files name and that a pattern with `*` matches, sorted.
  std::vector<std::string> matching(const std::string& pattern) { return host_names().matching(pattern); }

 private:
  // The facts of one text, and the shift from there to a host's own text.
  struct Source {
    RawFactsPtr tree;
    Shift shift;
  };
  // Results of reading trees, by their contents. A tree is kept when it occurs a second time, so nothing is
  // kept of a fleet in which all machines differ. A tree with mistakes is kept at once, so that each mistake
  // is reported where it occurs first.
  template <class T>
  class ByContent {
   public:
    template <class Read>
    std::shared_ptr<const T> of(const RawFacts& tree, const Reporter& reporter, const Read& read) {
      auto& entries = found_[content_hash(tree)];
      for (const Entry& entry : entries) {
        if (entry.tree && same_content(*entry.tree, tree)) return entry.value;
      }
      const std::size_t reports = reporter.report_count();
      std::shared_ptr<const T> value = read();
      if constexpr (std::equality_comparable<T>) {
        if (reporter.report_count() == reports) {
          for (Entry& entry : entries) {
            if (entry.tree || !(*entry.value == *value)) continue;
            entry.tree = tree;
            return entry.value;
          }
          entries.push_back({std::nullopt, value});
          return value;
        }
      }
      entries.push_back({tree, value});
      return value;
    }

   private:
    struct Entry {
      std::optional<RawFacts> tree;
      std::shared_ptr<const T> value;
    };
    std::unordered_map<std::size_t, std::vector<Entry>> found_;
  };

  Known read(const Host& host, const std::string& as, const ImportedFacts* imported,
             const std::vector<Source>& own);
  Known nothing_of(const Host& host);
  const ImportedFacts* find_imported(const std::string& name);
  HostNames& host_names();
  Source inline_facts(const HostDeclaration* declaration);
  Source read_inline(const ast::Statement& statement);
  Source read_several(const StatementList& blocks, StatementList statements);

  const LoadedFiles& files_;
  const Platforms& platforms_;
  DistinctPlatforms distinct_platforms_;
  const Sources& sources_;
  Reporter& reporter_;
  bool missing_ = false;
  std::optional<ImportedFactsIndex> stated_;
  std::optional<HostNames> host_names_;
  std::unordered_map<const HostDeclaration*, Source> inline_facts_;  // of declarations of several hosts
  std::unordered_set<std::size_t> read_once_;                        // hashes of texts
  std::unordered_map<std::string_view, Source> inline_by_text_;      // texts that were read twice
  // By platform, and then by trees that the members above or the imported files own
  std::map<std::string, std::map<std::vector<const RawFacts*>, Known>> by_source_;
  ByContent<Facts> facts_;
  ByContent<Labels> labels_;
};

}  // namespace tunec
