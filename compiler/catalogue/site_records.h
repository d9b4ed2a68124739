// A site's own records: parameters that tunec does not know, such as those of modules from outside the
// kernel. They join the catalogue, and take nobody's place in it.
#pragma once

#include <vector>

#include "catalogue/catalogue.h"
#include "catalogue/load.h"

namespace tunec {

void add_site_records(std::vector<LocatedParam> records, Catalogue& catalogue, Reporter& reporter);

}  // namespace tunec
