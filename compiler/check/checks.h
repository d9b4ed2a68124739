// The checks of a plan. Each takes the plan and what it is checked against (check/input.h), and reports; none
// changes the plan. A setting that many hosts share is checked once for all of them
// (for_each_distinct_setting in plan/plan.h), and a policy once for hosts that it cannot tell apart
// (check/policy/host_groups.h).
#pragma once

#include "check/input.h"

namespace tunec {

void check_availability(const Plan& plan, const CheckInput& input, Reporter& reporter);
// Instances that name a part of the machine that its facts do not list.
void check_machine_items(const Plan& plan, const CheckInput& input, Reporter& reporter);
// Two writers that set one thing in the kernel to different values.
void check_conflicting_writers(const Plan& plan, const CheckInput& input, Reporter& reporter);
// Words of a text that its consumer does not know.
void check_words(const Plan& plan, const CheckInput& input, Reporter& reporter);
// Limits that are set lower than the value that the host has by itself.
void check_lowered_limits(const Plan& plan, const CheckInput& input, Reporter& reporter);
// Values that the kernel ignores, since it combines them with another value.
void check_combined_values(const Plan& plan, const CheckInput& input, Reporter& reporter);
// Instances that lack what their consumer requires; pools and instance types that nothing lists.
void check_required_settings(const Plan& plan, const CheckInput& input, Reporter& reporter);
// Lines that can be deleted without effect.
void check_redundant_settings(const Plan& plan, const CheckInput& input, Reporter& reporter);
void check_policies(const Plan& plan, const CheckInput& input, Reporter& reporter);

}  // namespace tunec
