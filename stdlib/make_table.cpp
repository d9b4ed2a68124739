// tunec-make-table OUT KINDS FILE…: the build step that checks every record (*.yaml), joins the harvested
// tables (*.tsv) as KINDS says, and writes the catalogue's table. Mistakes in a record stop the build, with
// the place.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>

#include "base/file_system.h"
#include "catalogue/elsewhere.h"
#include "catalogue/harvest.h"
#include "catalogue/load.h"
#include "catalogue/modes.h"
#include "catalogue/table.h"
#include "diagnostics/diag.h"
#include "diagnostics/render.h"

int main(int argc, char** argv) {
  using namespace tunec;
  if (argc < 3) return 2;
  Sources sources;
  Reporter reporter;
  std::vector<ParamInfo> all;
  std::vector<HarvestedTable> tables;
  std::map<std::string, Span> seen;
  std::map<std::string, std::string> elsewhere;
  FileId kinds{};
  std::optional<FileId> modes;
  for (int i = 2; i < argc; ++i) {
    auto text = DiskFileSystem().read(argv[i], std::size_t{64} << 20);
    if (const auto* error = std::get_if<ReadError>(&text)) {
      std::cerr << argv[i] << ": " << error->reason << '\n';
      return 2;
    }
    const FileId file = sources.add(argv[i], std::get<std::string>(std::move(text)));
    if (i == 2) {
      kinds = file;
      continue;
    }
    if (std::string_view(argv[i]).ends_with("/modes.tsv")) {
      modes = file;
      continue;
    }
    if (std::string_view(argv[i]).ends_with(".tsv")) {
      tables.push_back(load_harvest(file, sources, reporter));
      continue;
    }
    elsewhere.merge(load_elsewhere(file, sources, reporter));
    for (ParamInfo& param : load_params(file, sources, reporter)) {
      if (const auto [known, first] = seen.emplace(param.name, Span{file, 0, 0}); !first) {
        reporter.report(Span{file, 0, 0}, diag::declared_twice, "parameter", param.name)
            .label(known->second, "first declared here");
        continue;
      }
      all.push_back(std::move(param));
    }
  }
  table::Contents contents = join_harvest(std::move(all), std::move(tables), kinds, sources, reporter);
  contents.elsewhere = std::move(elsewhere);
  if (modes) add_modes(contents.records, HarvestKinds(kinds, sources, reporter), *modes, sources, reporter);
  for (const Diagnostic& diagnostic : reporter.sorted())
    std::cerr << render_text(diagnostic, sources, {}) << '\n';
  if (reporter.has_errors()) return 1;
  const std::string table = table::write(std::move(contents));
  std::ofstream out(argv[1], std::ios::binary);
  out.write(table.data(), static_cast<std::streamsize>(table.size()));
  return out.good() ? 0 : 2;
}
