#include "driver/present/invariants.h"

#include <algorithm>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "source/yaml.h"

namespace tunec {
namespace {

struct Invariant {
  std::string number, severity, rule, source, note;
  std::vector<std::string> by;  // policies, budgets, codes, or `construction`
};

std::string text_of(const yaml::Node& row, std::string_view key) {
  const auto found = row.find(key);
  return found ? found->scalar : std::string();
}

std::vector<Invariant> read(Compilation& compilation) {
  constexpr std::string_view path = "stdlib/invariants.yaml";
  const ShippedFile* file = compilation.library.find(path);
  if (file == nullptr) return {};
  const FileId id = compilation.sources.add(fmt::format("tunec:{}", path), std::string(file->text), true);
  const yaml::Document document = yaml::parse(id, compilation.sources);
  const auto rows = document.root ? document.root->find("invariants") : nullptr;
  std::vector<Invariant> all;
  for (const auto& row : rows ? rows->items : std::vector<yaml::NodePtr>()) {
    Invariant& one = all.emplace_back(Invariant{text_of(*row, "number"),
                                                text_of(*row, "severity"),
                                                text_of(*row, "rule"),
                                                text_of(*row, "source"),
                                                text_of(*row, "note"),
                                                {}});
    if (const auto by = row->find("by")) {
      for (const auto& item : by->items) one.by.push_back(item->scalar);
    }
  }
  return all;
}

std::string table_row(const Invariant& one) {
  return fmt::format("{:>3}  {:<7}  {}\n              by {}\n", one.number, one.severity, one.rule,
                     fmt::join(one.by, ", "));
}

std::string in_full(const Invariant& one) {
  std::string text = fmt::format("invariant {}: {}\n\n", one.number, one.rule);
  const auto row = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {:<9} {}\n", name, value);
  };
  row("severity", one.severity);
  row("by", fmt::format("{}", fmt::join(one.by, ", ")));
  row("note", one.note);
  row("source", one.source);
  return text + fmt::format(
                    "\nIts tests are `invariant {} broken: …` and `invariant {} kept: …` in stdlib/tests/.\n",
                    one.number, one.number);
}

std::string as_json(const Invariant& one) {
  nlohmann::ordered_json object{{"number", std::stoi(one.number)},
                                {"severity", one.severity},
                                {"rule", one.rule},
                                {"by", one.by},
                                {"source", one.source}};
  object["note"] = one.note.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(one.note);
  return object.dump() + "\n";
}

}  // namespace

int explain_invariants(Compilation& compilation, const std::string& number, MessageFormat format) {
  const std::vector<Invariant> all = read(compilation);
  if (!number.empty() && std::ranges::find(all, number, &Invariant::number) == all.end()) {
    say(fmt::format("tunec: there is no invariant {}: they are 1 to {}", number, all.size()));
    return exit_usage_or_io;
  }
  for (const Invariant& one : all) {
    if (!number.empty() && one.number != number) continue;
    print(format == MessageFormat::json ? as_json(one) : number.empty() ? table_row(one) : in_full(one));
  }
  return exit_fine;
}

}  // namespace tunec
