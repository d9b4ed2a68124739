// A diagnostic is data: the message, its place, other places to look at, and the hosts that it concerns. It
// does not render itself, and it does not decide whether the run failed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace tunec {

enum class Severity : std::uint8_t { note, warning, error };

// One entry of catalogue.def.
struct DiagInfo {
  std::string_view name;  // value_out_of_range
  std::string_view code;  // T0402
  Severity severity;
  std::string_view message;  // fmt text
  std::string_view help;     // may be empty; a report can add another
};

struct Label {
  Span where;
  std::string text;
  bool operator==(const Label&) const = default;
};

// A change of a file's text. The place may be known only in part when a mistake is found, such as which word
// of a statement is wrong. fixes_of() in fixes.h reads the text and makes exact edits of these.
struct Edit {
  enum class Kind : std::uint8_t {
    replace,  // `where` by `text`; an empty place is where `text` is put
    word,     // `old`, which stands in `where` once, by `text`; a shared beginning need not be written there
    value,    // the value of the setting named at `where`, or `old` among an inclusion's arguments, by `text`
    statement,  // that named at `where` is deleted, with its line if nothing else is on it
  };
  Kind kind = Kind::replace;
  Span where;
  std::string text;
  std::string old{};
  bool operator==(const Edit&) const = default;
};

// Edits that belong together. Several fixes of one diagnostic are choices, the best one first.
struct Fix {
  std::vector<Edit> edits;
  bool is_certain = false;  // it has only one meaning, and needs no judgement by a person
  std::string what;         // "did you mean `vm.swappiness`?"; if empty, the help of the diagnostic says it
  bool operator==(const Fix&) const = default;
};

struct Diagnostic {
  const DiagInfo* info = nullptr;
  Severity severity = Severity::error;
  Span where;  // primary place, in the user's file whenever there is one
  std::string message;
  std::string at;  // text beside the carets of the primary place; may be empty
  // Diagnostics with equal code, place and key become one, with the hosts of all
  std::string key;
  std::vector<Label> labels;       // other places, such as the other side of a conflict
  std::vector<std::string> notes;  // "profile `a` is included here", …
  std::vector<std::string> help;   // what to do
  std::vector<Fix> fixes;          // the same as changes of the text, where these are known
  std::vector<std::string> hosts;  // sorted, unique; empty if it concerns no host in particular
  std::string host_detail;         // "ubuntu 24.04, Linux 6.8", of the first host
  std::string policy;              // the policy that it comes from; empty if none
  std::string via;                 // "get it through profile `hypervisor`"; printed after the hosts
};

// Every entry of catalogue.def, sorted by code.
const std::vector<const DiagInfo*>& all_diagnostics();

}  // namespace tunec
