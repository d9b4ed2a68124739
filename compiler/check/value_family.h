// The value that counts for an instance may consist of two: its own, and one that the kernel reads beside it
// (`combines` of a record). A ValueFamily is one such key on one host. It has both values with their writers,
// including files of the distribution, and finds the site's settings that the kernel ignores. An ordinary
// instance, which no line names, has the value of the line for each instance, or else the initial one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.h"
#include "plan/plan.h"
#include "plan/platform/boot_state.h"

namespace tunec {

class ValueFamily {
 public:
  // `settings`: the host's settings of this key.
  ValueFamily(const ParamInfo& generic, std::vector<const Setting*> settings, const HostPlan& host,
              const Catalogue& catalogue, const BootState& boot_state);

  // One of the values that are combined, and its writer.
  struct Part {
    std::string name;
    Value value;
    std::optional<Write> writer{};  // nothing: the kernel's default
  };
  struct Void {
    std::vector<const Setting*> settings;  // of one role
    Part other;
    std::string instead;  // the parameter that would have to agree
  };
  // The settings that the kernel ignores, if there are any.
  std::optional<Void> find() const;

  // The value that is read beside the setting's, and what both together make for an ordinary instance.
  struct Beside {
    Part other;
    Value counts;
  };
  std::optional<Beside> beside(const Setting& setting) const;

  std::string_view rule_in_words() const;  // "the higher one counts"; valid only after find() found something

 private:
  std::optional<CombineRule> find_rule() const;
  bool is_on(const std::string& name) const;
  std::string name_of(MemberRole role) const;
  std::optional<Part> part_of(MemberRole role) const;
  const Setting* setting_of(MemberRole role) const;
  bool is_met_by_name(const Setting& common) const;
  bool holds(const Setting& setting, const Value& common, const Value& own) const;

  const ParamInfo& generic_;
  std::vector<const Setting*> settings_;
  const HostPlan& host_;
  const Catalogue& catalogue_;
  const BootState& boot_state_;
  std::optional<CombineRule> rule_;
  std::optional<Part> common_, each_, initial_;
};

// Whether a setting is of such a key, and the record that all settings of the key share.
bool takes_part(const Setting& setting);
const std::string& family_of(const ParamInfo& param);

}  // namespace tunec
