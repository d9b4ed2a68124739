#include "catalogue/site_records.h"

#include <map>

#include "diagnostics/diag.h"

namespace tunec {

void add_site_records(std::vector<LocatedParam> records, Catalogue& catalogue, Reporter& reporter) {
  std::map<std::string, Span> places;
  std::vector<ParamInfo> fresh;
  for (const LocatedParam& record : records) {
    const std::string& name = record.param.name;
    // A site may know more than we do about modules that are not the kernel's own
    const ParamInfo* shipped = catalogue.find(name);
    const bool is_from_elsewhere =
        shipped != nullptr && shipped->sightings.empty() && !shipped->if_builtin.empty() &&
        !catalogue.elsewhere(shipped->key.substr(0, shipped->key.find('.'))).empty();
    if (shipped != nullptr && !is_from_elsewhere) {
      reporter.report(record.where, diag::parameter_known, name)
          .note(fmt::format("it is: {} ({})", shipped->doc, shipped->source));
    } else if (const auto [first, added] = places.emplace(name, record.where); !added) {
      reporter.report(record.where, diag::declared_twice, "parameter", name)
          .label(first->second, "first declared here");
    } else {
      fresh.push_back(record.param);
    }
  }
  catalogue.overlay(std::move(fresh));
  for (const LocatedParam& record : records) {
    for (const Caveat& caveat : record.param.caveats) {
      if (caveat.moved.empty() || catalogue.find(caveat.moved) != nullptr) continue;
      reporter.report(
          record.where, diag::bad_record,
          fmt::format("`{}` moved to `{}`, and there is no such parameter", record.param.name, caveat.moved));
    }
  }
}

}  // namespace tunec
