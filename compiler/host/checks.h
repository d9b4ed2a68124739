// A check of the manifest: something on the running host that must hold, beside its files and the values that
// were written. What is looked at, and what must be there, is data; stdlib/checks.yaml says what its keys
// mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "host/evidence.h"

namespace tunec::host {

enum class Join { each, sum, count };

struct Reading {
  std::string read;  // a pattern
  std::string with;  // only files with a line that begins with this word
  std::string line;  // lines with this word; empty: the whole text
  std::size_t at = 1;
  std::vector<std::size_t> columns, out_of;
  Join join = Join::each;
  bool is_cpus = false, is_mask = false;  // a list of CPUs, or their mask
};

struct Check {
  std::string kind;    // "effect", "assumed", "floor", "load", "before", "guests", "harms"
  std::string name;    // of a setting, a fact or a number
  std::string effect;  // of a setting: when it counts
  std::string what, instead;
  std::string locked;  // a file that nobody may hold a lock on; then nothing is read
  Reading reading;
  std::optional<Reading> minus;
  std::optional<std::string> is, begins, lacks;  // the last two must not be there
  std::optional<double> least, most;
  std::vector<std::string> units{};  // of guests: if one of these stops, so do guests; patterns
};
// Whether the host is verified by it. The others are for what is done before an apply.
bool is_of_verify(const Check& check);

// Throws nlohmann's exceptions, and Refused with a text that completes "the check `NAME` …".
Check check_of(const nlohmann::json& json);

struct CheckResult {
  enum class Verdict { right, wrong, fewer, nothing_to_read } verdict = Verdict::right;
  std::string wanted, found;  // for people: "at least 5", "3"
  std::string where;          // the file that is wrong; else the pattern
};
CheckResult look_at(const Evidence& evidence, const Check& check);

// The kernel's mask of CPUs (groups of eight digits, the lowest CPUs last) as a list; nothing if it is none.
std::optional<std::string> list_of_mask(std::string_view mask);

}  // namespace tunec::host
