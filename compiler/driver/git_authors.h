// Who wrote the lines that a review puts changes down to, as `git blame` knows it: for the commits between
// the two sides alone, so that a long history takes no longer than a short one.
#pragma once

#include <string>

#include "review/review.h"

namespace tunec {

// `near`: a file in the repository. `from`, `to`: revisions; an empty `to` is the working tree, of which
// lines that nobody committed have no author. Where git cannot say, the review stays as it is.
void add_authors(Review& review, const std::string& near, const std::string& from, const std::string& to);

}  // namespace tunec
