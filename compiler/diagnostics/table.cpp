// catalogue.def as a table, for `tunec explain`, the documentation and the coverage test.
#include <algorithm>

#include "diagnostics/diag.h"

namespace tunec {

const std::vector<const DiagInfo*>& all_diagnostics() {
  static const std::vector<const DiagInfo*> table = [] {
    std::vector<const DiagInfo*> all = {
#define TUNEC_DIAG(name, ...) &diag::info::name,
#include "diagnostics/catalogue.def"
#undef TUNEC_DIAG
    };
    std::sort(all.begin(), all.end(), [](const DiagInfo* a, const DiagInfo* b) { return a->code < b->code; });
    return all;
  }();
  return table;
}

}  // namespace tunec
