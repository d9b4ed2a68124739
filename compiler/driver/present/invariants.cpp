#include "driver/present/invariants.h"

#include <algorithm>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "source/yaml.h"

namespace tunec {
std::vector<Invariant> read_invariants(Compilation& compilation) {
  constexpr std::string_view path = "stdlib/invariants.yaml";
  const ShippedFile* file = compilation.library.find(path);
  if (file == nullptr) return {};
  const FileId id = compilation.sources.add(fmt::format("tunec:{}", path), std::string(file->text), true);
  const yaml::Document document = yaml::parse(id, compilation.sources);
  const auto rows = document.root ? document.root->find("invariants") : nullptr;
  std::vector<Invariant> all;
  for (const auto& row : rows ? rows->items : std::vector<yaml::NodePtr>()) {
    Invariant& invariant = all.emplace_back(Invariant{row->text("number"),
                                                      row->text("severity"),
                                                      row->text("rule"),
                                                      row->text("source"),
                                                      row->text("note"),
                                                      {}});
    invariant.by = row->texts("by");
  }
  return all;
}

std::string invariant_row(const Invariant& invariant) {
  return fmt::format("{:>3}  {:<7}  {}\n              by {}\n", invariant.number, invariant.severity,
                     invariant.rule, fmt::join(invariant.by, ", "));
}

std::string invariant_text(const Invariant& invariant) {
  std::string text = fmt::format("invariant {}: {}\n\n", invariant.number, invariant.rule);
  const auto row = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {:<9} {}\n", name, value);
  };
  row("severity", invariant.severity);
  row("by", fmt::format("{}", fmt::join(invariant.by, ", ")));
  row("note", invariant.note);
  row("source", invariant.source);
  return text + fmt::format(
                    "\nIts tests are `invariant {} broken: …` and `invariant {} kept: …` in stdlib/tests/.\n",
                    invariant.number, invariant.number);
}

std::string invariant_json(const Invariant& invariant) {
  nlohmann::ordered_json object{{"number", std::stoi(invariant.number)},
                                {"severity", invariant.severity},
                                {"rule", invariant.rule},
                                {"by", invariant.by},
                                {"source", invariant.source}};
  object["note"] = invariant.note.empty() ? nlohmann::ordered_json(nullptr)
                                          : nlohmann::ordered_json(invariant.note);
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace tunec
