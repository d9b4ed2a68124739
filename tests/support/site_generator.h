// Site models at random, and what they shrink to: the same site with less in it, until what is left cannot be
// left out.
#pragma once

#include <rapidcheck.h>

#include "support/site_model.h"

namespace tunec::test {

rc::Gen<SiteModel> any_site_model();
// Without any setting of the site's own, for mutations: nothing but what they break stands in their way.
rc::Gen<SiteModel> plain_site_model();

}  // namespace tunec::test
