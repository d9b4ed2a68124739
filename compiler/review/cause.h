// Why a value differs: its statement was changed, or something that the statement reads.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

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
  // Of a file that differs by none of the host's own settings.
  Found of_file(const HostPair& hosts);
  Found of(const SettingPair& settings, const HostPair& hosts);
  bool other_facts(const HostPair& hosts);  // another machine, or another platform

 private:
  struct Differences {
    bool platform, machine;
  };
  Differences differences(const HostPair& hosts);
  std::optional<Span> changed_place(const Origin& now, const Origin* old) const;
  std::string changed_constant_in(const Origin& origin) const;

  const Side& before_;
  const Side& after_;
  std::set<std::string, std::less<>> changed_constants_;
  std::map<std::pair<const Facts*, const Facts*>, Differences> facts_;
  std::map<std::pair<const Platform*, const Platform*>, bool> platforms_;  // whether they differ
};

// The user's line of a setting: "kvm.tune:12"
std::string line_of(Span where, const Sources& sources);
std::string user_line(const Setting& setting, const Sources& sources);

}  // namespace tunec
