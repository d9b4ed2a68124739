// FactTree to Facts: the strict schema of facts, and CPUs numbered as Linux numbers them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "diagnostics/reporter.h"
#include "model/fact_tree.h"
#include "model/platforms.h"

namespace tunec {

// Mistakes are reported at their place and otherwise skipped, so there is always an answer.
std::shared_ptr<const Facts> read_facts(const FactTree& tree, std::string_view host, const Platforms& platforms, Reporter& reporter);

}  // namespace tunec
