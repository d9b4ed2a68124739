// Random site models, and how they shrink: the same site with parts left out, until every remaining part is
// needed.
#pragma once

#include <rapidcheck.h>

#include "support/site_model.h"

namespace tunec::test {

rc::Gen<SiteModel> any_site_model();
// Without settings of the site's own, for mutations: nothing may interfere with the change they make.
rc::Gen<SiteModel> plain_site_model();

}  // namespace tunec::test
