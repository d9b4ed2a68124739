// Loaded files to a Fleet: collects declarations, expands patterns into hosts, reads facts, binds every
// statement.
#pragma once

#include "catalogue/catalogue.h"
#include "machine/platforms.h"
#include "site/fleet.h"
#include "site/library.h"
#include "site/load.h"

namespace tunec {

struct Knowledge {
  const Catalogue& catalogue;
  const Library& library;
  const Platforms& platforms;
  std::string as;           // the platform that the site's hosts are assumed to run; empty: their own
  bool needs_site = false;  // a library of profiles and policies is not enough
};

Fleet resolve(LoadedFiles files, const Knowledge& knowledge, Sources& sources, Reporter& reporter);

}  // namespace tunec
