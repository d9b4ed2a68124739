// The stage after rendering: what the hosts will look at on their running machines goes into their manifests,
// so that they need no knowledge of their own. Every path to files goes through it; that of shards too.
#pragma once

#include "driver/pipeline.h"

namespace tunec {

void add_host_checks(Compilation& compilation);

}  // namespace tunec
