// RawFacts → Facts: the strict schema of facts. CPUs are numbered as on Linux.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "diagnostics/reporter.h"
#include "machine/facts.h"
#include "machine/platforms.h"
#include "machine/raw_facts.h"

namespace tunec {

// `facts { … }` in a host's body.
bool is_facts_block(const ast::Statement& statement);
// Whether a statement is meant as a fact, by its name, wherever it stands: `memory = 64GiB`, `cpu { … }`.
bool is_fact(const ast::Statement& statement);

// Takes the host's place and role out of the tree. The rest of the tree is about its machine.
RawFacts take_labels(RawFacts& tree);
std::shared_ptr<const Labels> read_labels(const RawFacts& taken, Reporter& reporter);

// The same machine on another platform: what the release `os` implies replaces what the tree says about the
// platform.
RawFacts on_platform(RawFacts tree, const std::string& os);

// Mistakes are reported at their place and otherwise skipped, so there is always a result. `tree` has no
// labels any more.
std::shared_ptr<const Facts> read_facts(const RawFacts& tree, std::string_view host,
                                        const Platforms& platforms, DistinctPlatforms& distinct,
                                        Reporter& reporter);

}  // namespace tunec
