// Finds the imported facts of a host by its name, without trying every pattern.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "diagnostics/reporter.h"
#include "site/load.h"

namespace tunec {

class ImportedFactsIndex {
 public:
  // Points into `facts`. Reports machines that are given twice.
  ImportedFactsIndex(const std::vector<ImportedFacts>& facts, Reporter& reporter);
  // The facts of exactly this name, or else of the first pattern that matches; null if there are none.
  const ImportedFacts* find(const std::string& name) const;

 private:
  std::unordered_map<std::string_view, const ImportedFacts*> by_name_;
  std::unordered_map<std::string, const ImportedFacts*> expanded_;  // of patterns without `*`
  // Other patterns, by the text that they begin with
  std::unordered_map<std::string_view, std::vector<const ImportedFacts*>> tried_;
};

// All names, for patterns that select among them.
class HostNames {
 public:
  explicit HostNames(const LoadedFiles& files);
  explicit HostNames(std::vector<std::string> names);
  const std::vector<std::string>& sorted() const { return names_; }
  std::vector<std::string> matching(std::string_view pattern);  // sorted

 private:
  std::vector<std::string> names_;
  // Places in names_, sorted by the names read backwards; made when first needed
  std::vector<std::size_t> by_end_;
};

}  // namespace tunec
