// Comparisons of facts with names that no host has: labels, racks, groups and misspelt words.
#pragma once

#include <memory>
#include <vector>

#include "diagnostics/reporter.h"
#include "machine/platforms.h"
#include "site/fleet.h"
#include "site/inventory.h"

namespace tunec {

// `trees`: the site's own files. All hosts have their facts.
void check_comparisons(const std::vector<std::unique_ptr<const SyntaxTree>>& trees, Fleet& fleet,
                       const Inventory& inventory, const Platforms& platforms, Reporter& reporter);

}  // namespace tunec
