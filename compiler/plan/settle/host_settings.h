// The settings that a class's hosts share, settled once, and those that each host has in addition or in their
// place.
#pragma once

#include <optional>
#include <vector>

#include "plan/settle/collect.h"
#include "plan/settle/merge.h"
#include "plan/settle/placement.h"

namespace tunec {

// Settings that all hosts of a class have in common.
class SharedSettings {
 public:
  SharedSettings(Candidates candidates, const std::vector<ModuleList>& lists);

  const Candidates& candidates() const { return candidates_; }
  const Platform& platform() const { return *candidates_.hosts.front()->facts->platform; }
  const std::shared_ptr<std::vector<Setting>>& settings() const { return settings_; }  // sorted by name
  const std::vector<Conflict>& conflicts() const { return conflicts_; }

  // The settings that the class's declarations give only to the host with this number. Sorted by name.
  std::vector<Setting> settle_for(std::size_t host, std::vector<Conflict>& conflicts) const;
  // Adds the host's own declaration to these. Its values settle conflicts.
  std::vector<Setting> settle_over(std::vector<Setting> settings, std::vector<Candidate> own,
                                   std::vector<Conflict>& conflicts) const;

 private:
  void set_apart();
  // A list of modules, and the settings that add to it.
  struct Collected {
    const ModuleList* modules = nullptr;
    std::vector<std::size_t> needing;  // places in the settings
    std::optional<Setting> written;    // the list before settings added theirs
  };
  void collect(Collected& list);
  void add_modules(const Collected& list, std::vector<Setting>& own) const;
  const Setting* find(std::string_view name) const;

  Candidates candidates_;
  std::vector<Candidate> contested_;  // names for which some host has its own candidates; sorted by name
  std::shared_ptr<std::vector<Setting>> settings_ = std::make_shared<std::vector<Setting>>();
  std::vector<Conflict> conflicts_;
  std::vector<Collected> lists_;
};

}  // namespace tunec
