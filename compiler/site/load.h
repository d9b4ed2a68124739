// Reads a site's main file and everything it imports, each file once. A cycle of imports is reported with its
// path.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "catalogue/load.h"
#include "diagnostics/reporter.h"
#include "machine/raw_facts.h"
#include "site/inventory.h"
#include "source/sources.h"
#include "syntax/parse.h"

namespace tunec {

struct ImportedFacts {
  std::string pattern;  // a host's name, or a pattern of names
  Span where;
  RawFactsPtr tree;  // of this machine, or of an earlier one with the same text
  Shift shift;       // from that text to this one
};

struct LoadedFiles {
  std::vector<std::unique_ptr<const SyntaxTree>> trees;  // the main file first
  std::vector<ImportedFacts> facts;
  Inventory inventory;
  std::vector<LocatedParam> params;  // of the site's own
  bool incomplete = false;  // a file could not be read, so a missing declaration is not necessarily a mistake
  bool main_read = false;
};

LoadedFiles load_files(const std::string& main_file, const FileSystem& files, Sources& sources,
                       Reporter& reporter);

// Adds a shipped file, or a given text, as a source and parses it.
std::unique_ptr<const SyntaxTree> parse_text(std::string name, std::string text, bool shipped,
                                             Sources& sources, Reporter& reporter);

}  // namespace tunec
