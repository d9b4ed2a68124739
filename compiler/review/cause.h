// Why a value differs: its statement was changed, or something that the statement reads.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>

#include "review/changed_settings.h"
#include "review/review.h"

namespace tunec {

class Causes {
 public:
  Causes(const Side& before, const Side& after);

  struct Found {
    Cause cause;
    std::string because;        // "let pages"
    std::optional<Span> place;  // of the new side: the line that was changed, if it is not the statement
  };
  Found of(const SettingPair& settings, const HostPair& hosts);
  // Of a file that differs by none of the host's own settings.
  Cause of_file(const HostPair& hosts);

  struct Differences {
    bool platform, machine;
    bool any() const { return platform || machine; }
    bool operator==(const Differences&) const = default;
  };
  Differences facts(const HostPair& hosts);

 private:
  // What the texts tell of two settings, whatever hosts have them.
  struct Statements {
    bool are_same = false;
    std::string constant;      // that they read and that has changed
    bool are_in_both = false;  // both sides have the statements of both settings
    std::optional<Span> changed;
  };
  const Statements& statements_of(const SettingPair& settings);
  std::string changed_constant_in(const Origin& origin) const;
  std::optional<Span> changed_place(const Origin& now, const Origin* old) const;

  // The lines of each file without blanks, by the file's name from the main one on.
  using Lines = std::map<std::string, std::unordered_set<std::string>>;
  static Lines lines_of(const Side& side);
  static bool has(const Lines& lines, const Origin& origin, const Side& its_own);

  const Side& before_;
  const Side& after_;
  const Lines lines_before_, lines_after_;
  std::set<std::string, std::less<>> changed_constants_;
  std::map<std::pair<const Setting*, const Setting*>, Statements> statements_;
  std::map<std::pair<const Facts*, const Facts*>, Differences> facts_;
  std::map<std::pair<const Platform*, const Platform*>, bool> platforms_;  // whether they differ
};

// The user's line of a setting: "kvm.tune:12"
std::string user_line(const Setting& setting, const Sources& sources);

}  // namespace tunec
