// Everything that an evaluation read on its way. It is returned beside the result.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "machine/fact_reads.h"
#include "plan/plan.h"

namespace tunec {

// A setting needs a fact that is unknown for the host. The caller decides for which hosts to report it.
struct UnknownFact {
  std::string name;
  Span span;
  std::optional<Span> shown_at;
};

struct Trace {
  FactReads reads;                        // the result depends on these facts of the host, and on no others
  std::vector<const Setting*> looked_at;  // settings that were found
  // A setting that it reads is missing because of a mistake that was reported already
  bool is_spoiled = false;
  std::vector<UnknownFact> unknown_facts;

  void add(const Trace& other);
};

}  // namespace tunec
