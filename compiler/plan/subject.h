// The host that an expression is computed for. It may stand for all hosts that agree with it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "machine/fact_reads.h"

namespace tunec {

struct Host;

struct EvaluatedHost {
  const Facts* facts = nullptr;
  std::string_view name;
  std::span<const std::string> groups;
  std::vector<std::string_view> hosts;  // all hosts that it stands for; diagnostics name them
  const Labels* labels = nullptr;
  const Host* declared = nullptr;  // null where nothing depends on the host's declarations: in policies

  HostRecord record() const { return {facts, labels, name, groups}; }
};

}  // namespace tunec
