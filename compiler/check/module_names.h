// The kernel modules that settings name: in lists of modules, in texts, as instances, and as owners of
// options. Each item is looked up by itself, and a finding is shown at its item.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "check/checks.h"
#include "check/idle_lines.h"
#include "check/item_places.h"
#include "plan/platform/presence.h"

namespace tunec {

class ModuleNames {
 public:
  ModuleNames(const CheckInput& input, IdleLines& lines, Reporter& reporter)
      : input_(input), lines_(lines), reporter_(reporter), places_(input.fleet) {}

  // Checks what the value and the instance name.
  void check(const Setting& setting, const HostPlans& hosts);
  // Notes options of a module if it is unknown whether that module is built in.
  void note_unknown_owner(const Setting& setting, const HostPlans& hosts);
  // Notes options of a module that is part of no kernel, if the facts do not say that the host has it.
  void note_owner_from_elsewhere(const Setting& setting, const HostPlans& hosts);
  // Reports an option of a module that the release lacks.
  void report_missing_owner(const Setting& setting, const Presence& found, const HostPlans& hosts);

 private:
  void check_name(const Setting& setting, const Value& item, ModuleUse use, const HostPlans& hosts);
  bool check_form(const Setting& setting, const Value& item, const HostPlans& hosts);
  // False if the name is an alias, and needs no further check.
  bool check_alias(const Setting& setting, const Value& item, ModuleUse use, const HostPlans& hosts);
  bool check_caveats(const Setting& setting, const Value& item, const HostPlans& hosts);
  void check_loaded(const Setting& setting, const Value& item, const HostPlans& hosts);
  void check_known(const Setting& setting, const Value& item, const HostPlans& hosts);
  Draft report_missing(const Setting& setting, Span where, const std::string& module, const Presence& found,
                       const HostPlans& hosts);
  void report_built_in(const Setting& setting, const Value& item, const HostPlans& hosts);
  static bool is_loaded_by_list(std::string_view module, const HostPlan& host);
  HostPlans not_yet_told(const char* what, std::string_view module, const HostPlans& hosts);
  Span place_of(const Setting& setting, const Value& item);

  const CheckInput& input_;
  IdleLines& lines_;
  Reporter& reporter_;
  ItemPlaces places_;
  // One module is one finding on each host, however many of its options are set.
  std::set<std::tuple<std::string, std::string, std::string>> told_;
};

}  // namespace tunec
