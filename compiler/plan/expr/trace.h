// What an evaluation met on its way: a value that comes up with the result.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "machine/fact_reads.h"
#include "plan/plan.h"

namespace tunec {

// A setting needs a fact that is unknown of the host. Whoever evaluates decides for which hosts to report it.
struct UnknownFact {
  std::string name;
  Span span;
  std::optional<Span> shown_at;
};

struct Trace {
  FactReads reads;                        // the result depends on these, and on nothing else of the host
  std::vector<const Setting*> looked_at;  // settings that were found
  bool is_spoiled = false;  // a setting that was asked for is missing because of a mistake, reported already
  std::vector<UnknownFact> unknown_facts;

  void add(const Trace& other);
};

}  // namespace tunec
