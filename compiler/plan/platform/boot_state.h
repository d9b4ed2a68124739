// The values that a machine has after boot. A state is one value in the running kernel. Several writers may
// set it: settings, under the names of all parameters that share the state, and files of the distribution.
// They write in boot order (stdlib/boot_order.yaml), and the last one counts.
//
//   boot.numa_balancing = enable            the kernel command line      1
//   sysctl.kernel.numa_balancing = 0        sysctl.d/90-tunec.conf       0: the machine has this value
//
// Comes in: a plan, the catalogue, the boot order. Goes out: the writers of a state on a host, first to last.
// The names of the settings that write a state are found once for the plan. Most states have only one writer.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <unordered_map>

#include "catalogue/catalogue.h"
#include "machine/boot_order.h"
#include "plan/plan.h"

namespace tunec {

struct Write {
  std::string state;
  Value value;                       // in the state's words; Poison: this value does not touch the state
  const Setting* setting = nullptr;  // null: a file of the distribution writes it
  const DistributionFile* file = nullptr;
  const ParamInfo* param = nullptr;  // null: the file has a key without a record
  std::string name;                  // of the parameter, with instances
  Value own;                         // in the parameter's words
  std::size_t turn = 0;
  // Our file, or the distribution's, where files are applied by name
  std::string_view within;
  bool is_passing = false;  // meant only for the time until another writer comes

  // "sysctl.d/90-tunec.conf", "the kernel command line".
  std::string by(const BootOrder& order) const;
};

class BootState {
 public:
  // `plan` must outlive it.
  BootState(const Plan& plan, const Catalogue& catalogue, const BootOrder& order);

  // A copy for another thread: results are cached, so only one thread at a time may use one object.
  BootState afresh() const { return {settings_by_state_, catalogue_, order_}; }

  const BootOrder& order() const { return order_; }
  // All writers of a state on that host, the first one first.
  std::vector<Write> chain(const HostPlan& host, std::string_view state) const;
  // The writers of the first of these states that has any.
  std::vector<Write> chain_of_first(const HostPlan& host, const std::vector<std::string>& states) const;
  // The states that several settings, or a setting and a file, may write on hosts like this one, with the
  // names of these settings, sorted.
  using SettingsByState = std::map<std::string, std::vector<std::string>, std::less<>>;
  std::vector<const SettingsByState::value_type*> contested(const HostPlan& host) const;

  // Whether settings of several names write the state, on any hosts of the plan.
  bool has_several_names(std::string_view state) const;

  // The value that a parameter has on a host that does not set it under that name, and the setting that gives
  // the value (null: the distribution). Nothing if nobody sets its state, or if the parameter has no word for
  // the value.
  struct Found {
    Value value;
    const Setting* setting;
  };
  std::optional<Found> stand_in(const HostPlan& host, const ParamInfo& param, std::string_view name) const;

  std::vector<std::string> states_of(const ParamInfo& param, std::string_view name) const;
  std::vector<std::string> states_of(const Setting& setting, const Platform& platform) const;
  // For parameters as a policy names them, without instances.
  std::set<std::string, std::less<>> states_of(const std::set<std::string, std::less<>>& names) const;

 private:
  BootState(std::shared_ptr<const SettingsByState> settings, const Catalogue& catalogue,
            const BootOrder& order)
      : catalogue_(catalogue), order_(order), settings_by_state_(std::move(settings)) {}

  std::vector<Write> writes(const Setting& setting, const Platform& platform) const;
  std::vector<Write> writes(const DistributionFile& file, const Platform& platform) const;

  const Catalogue& catalogue_;
  const BootOrder& order_;
  std::shared_ptr<const SettingsByState> settings_by_state_;
  using Writes = std::map<std::string, std::vector<Write>, std::less<>>;  // by state
  const Writes& of_files(const Platform& platform) const;
  mutable std::unordered_map<const Platform*, Writes> of_platform_;  // of the distribution's files
  // By the name of the parameter that was looked up
  mutable std::map<std::string, std::vector<StateOf>, std::less<>> states_;
};

// Whether the kernel cannot distinguish two values: `on` is on, whether it was read as a word or as a
// condition.
bool agree(const Value& a, const Value& b);
// Whether the user accepts that a later writer beats it: a known parameter, set `unchecked`.
bool may_lose(const Setting& setting);

}  // namespace tunec
