// What is known of each host's machine: the facts of files, beaten by what the host's declarations state.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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

  // Hosts of which the same is known share one object.
  // `as`: the platform that they are taken to run, as in "debian 13"; empty: their own.
  Known of(const Host& host, const std::string& as);
  bool missing() const { return missing_; }  // of some host that was asked for, nothing is known
  // Whether the imported files say anything of this host's machine.
  bool stated(const std::string& name) { return find_stated(name) != nullptr; }
  // The hosts that the imported files name and a pattern with `*` fits, sorted.
  std::vector<std::string> matching(const std::string& pattern) { return known_names().matching(pattern); }

 private:
  // Facts of one text, and how far from there a host's own text is.
  struct Source {
    FactPtr tree;
    Shift shift;
  };
  // What was read of trees that say the same.
  template <class T>
  class ByContent {
   public:
    std::shared_ptr<const T>& of(const FactTree& tree) {
      auto& alike = found_[content_of(tree)];
      for (auto& [known, value] : alike) {
        if (same_content(known, tree)) return value;
      }
      return alike.emplace_back(tree, nullptr).second;
    }

   private:
    std::unordered_map<std::size_t, std::deque<std::pair<FactTree, std::shared_ptr<const T>>>> found_;
  };

  Known read(const Host& host, const std::string& as, const StatedFacts* imported,
             const std::vector<Source>& own);
  Known nothing_of(const Host& host);
  const StatedFacts* find_stated(const std::string& name);
  KnownNames& known_names();
  const Source& inline_facts(const HostDeclaration* declaration);
  Source read_inline(const ast::Statement& statement, const ast::Block& block);

  const LoadedFiles& files_;
  const Platforms& platforms_;
  const Sources& sources_;
  Reporter& reporter_;
  bool missing_ = false;
  std::optional<StatedIndex> stated_;
  std::optional<KnownNames> known_names_;
  std::unordered_map<const HostDeclaration*, Source> inline_facts_;
  std::unordered_map<std::string_view, Source> inline_by_text_;
  // By platform; of trees that the above hold
  std::map<std::string, std::map<std::vector<const FactTree*>, Known>> by_source_;
  ByContent<Facts> facts_;
  ByContent<Labels> labels_;
};

}  // namespace tunec
