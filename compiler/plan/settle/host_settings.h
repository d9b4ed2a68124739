// What a class's hosts share, settled once, and what each host has beside or instead.
#pragma once

#include <optional>
#include <vector>

#include "plan/settle/collect.h"
#include "plan/settle/merge.h"
#include "plan/settle/placement.h"

namespace tunec {

// Settings that hosts have in common.
class SharedSettings {
 public:
  SharedSettings(Candidates candidates, const std::vector<ModuleList>& lists);

  const Candidates& candidates() const { return candidates_; }
  const Platform& platform() const { return *candidates_.hosts.front()->facts->platform; }
  const std::shared_ptr<std::vector<Setting>>& settings() const { return settings_; }  // sorted by name
  const std::vector<Conflict>& conflicts() const { return conflicts_; }

  // What the class's declarations give to its host of this number alone. Sorted by name.
  std::vector<Setting> settle_for(std::size_t host, std::vector<Conflict>& conflicts) const;
  // With the host's own declaration over that. What conflicts there is settled.
  std::vector<Setting> settle_over(std::vector<Setting> settings, std::vector<Candidate> own,
                                   std::vector<Conflict>& conflicts) const;

 private:
  void set_apart();
  // A list of modules, and who of the settings adds to it.
  struct Collected {
    const ModuleList* modules = nullptr;
    std::vector<std::size_t> needing;  // of the settings
    std::optional<Setting> written;    // the list before settings added theirs
  };
  void collect(Collected& list);
  void add_modules(const Collected& list, std::vector<Setting>& own) const;
  const Setting* find(std::string_view name) const;

  Candidates candidates_;
  std::vector<Candidate> contested_;  // that some host has candidates of its own for; sorted by name
  std::shared_ptr<std::vector<Setting>> settings_ = std::make_shared<std::vector<Setting>>();
  std::vector<Conflict> conflicts_;
  std::vector<Collected> lists_;
};

}  // namespace tunec
