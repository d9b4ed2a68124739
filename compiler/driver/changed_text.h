// A parted file as it was, and its text as it is now: which parts are the same, and what stands where others stood.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/parts.h"

namespace tunec {

struct Stretch {
  bool same = false;
  std::size_t first = 0, last = 0;  // parts that it was: all but the last
  std::size_t begin = 0, end = 0;   // of what it is, in the text
};

// All of the text, in order. Nothing if more than hosts' parts changed, or more than is worth finding.
std::optional<std::vector<Stretch>> stretches_of(const PartedFile& before, std::string_view now);

// A text with what is said of some hosts only. What changed is all there.
class ReducedText {
 public:
  ReducedText(const PartedFile& before, std::string_view now, const std::vector<Stretch>& stretches, const std::set<std::string>& hosts);
  const std::string& text() const { return text_; }
  // `found`: the reduced text's parts, as the compiler found them. The parts of the whole text, if those that were left are where they must
  // be and what changed is parts of hosts; else nothing. `changed`: the hosts that the changed parts are of.
  std::optional<std::vector<Part>> whole_parts(const std::vector<Part>& found, std::set<std::string>& changed) const;

 private:
  struct Kept {
    const Stretch* stretch;
    std::size_t begin, end;  // in the reduced text, of what changed
  };
  const PartedFile& before_;
  const std::vector<Stretch>& stretches_;
  std::string text_;
  std::vector<Part> left_;   // of parts that are the same, where they are now
  std::vector<Kept> changed_;
};

}  // namespace tunec
