// A parameter on a platform, by the catalogue's caveats: absent, without effect, refused, harmful. Comes in:
// a record, a value and a Platform. Goes out: the caveat that holds. Reports nothing: the checks do
// (check/availability.cpp).
#pragma once

#include <optional>
#include <string>

#include "catalogue/catalogue.h"
#include "diagnostics/reporter.h"
#include "plan/plan.h"

namespace tunec {

// The first caveat that holds for this value on this machine; null if none does.
const Caveat* caveat_for(const ParamInfo& param, const Value& value, const Platform& platform);
bool works(Fate fate);  // the value is accepted and has its effect, good or bad
bool applies(const Caveat& caveat, const Value& value, const Platform& platform);

// Why a machine has no such parameter, whatever the value; decides `where available`. A wrong, refused or
// harmful value does not make a parameter unavailable. Neither does a caveat that holds on every machine:
// such a name is a mistake everywhere.
struct Unavailable {
  std::string why;
  std::string moved;  // the parameter that it became there; may be empty
};
std::optional<Unavailable> unavailable(const ParamInfo& param, const Platform& platform,
                                       const Catalogue& catalogue);

// "sysctl on Linux 6.8", "Linux 6.8", "libvirt 10.0.0": the consumer on this machine that the caveat is
// about.
std::string consumer(const Caveat& caveat, const Platform& platform);

}  // namespace tunec
