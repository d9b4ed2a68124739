// A site's own records, for parameters that tunec does not know, such as those of out-of-tree modules. They
// are added to the catalogue and never replace a record of it.
#pragma once

#include <vector>

#include "catalogue/catalogue.h"
#include "catalogue/load.h"

namespace tunec {

void add_site_records(std::vector<LocatedParam> records, Catalogue& catalogue, Reporter& reporter);

}  // namespace tunec
