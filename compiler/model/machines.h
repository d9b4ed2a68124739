// What is known of each host's machine: the facts of files, beaten by what the host's declarations state.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/facts.h"
#include "model/fleet.h"
#include "model/load.h"
#include "model/platforms.h"

namespace tunec {

class Machines {
 public:
  using Known = std::pair<std::shared_ptr<const Facts>, std::shared_ptr<const Labels>>;

  Machines(const LoadedFiles& files, const Platforms& platforms, Reporter& reporter) : files_(files), platforms_(platforms), reporter_(reporter) {}

  // Hosts of which the same is known share one object.
  // `as`: the platform that they are taken to run, as in "debian 13"; empty: their own.
  Known of(const Host& host, const std::string& as);
  bool missing() const { return missing_; }  // of some host that was asked for, nothing is known
  // Hosts that the imported files name, for patterns with `*`.
  const std::vector<std::string>& known_names();

 private:
  Known nothing_of(const Host& host);
  const FactTree* stated(const std::string& name);
  void index_stated();
  const FactTree* inline_facts(const HostDeclaration* declaration);

  const LoadedFiles& files_;
  const Platforms& platforms_;
  Reporter& reporter_;
  bool missing_ = false, indexed_ = false;
  std::vector<std::string> known_names_;
  std::unordered_map<std::string, const StatedFacts*> stated_by_name_;
  std::vector<const StatedFacts*> stated_patterns_;
  std::unordered_map<const HostDeclaration*, std::unique_ptr<FactTree>> inline_facts_;
  std::unordered_map<std::string, Known> by_source_;
  std::unordered_map<std::string, std::shared_ptr<const Facts>> facts_by_text_;
  std::unordered_map<std::string, std::shared_ptr<const Labels>> labels_by_text_;
};

}  // namespace tunec
