#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/units.h"
#include "driver/present/budget.h"

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;

// A number in base units; for CPUs, their count.
Json value_json(const Value& value) {
  Json number = nullptr;
  if (const auto whole = base_number(value)) number = *whole;
  if (const auto* decimal = value.get_if<Decimal>()) number = decimal->number.approximate();
  if (const auto* cpus = value.get_if<CpuSet>()) number = cpus->size();
  return {{"value", std::move(number)}, {"text", value.poisoned() ? Json(nullptr) : Json(to_text(value))}};
}

Json part_json(const SheetPart& part, const Sources& sources) {
  Json object{{"name", part.name}};
  object.update(value_json(part.value));
  object["from"] = Json::array();
  for (const Setting* setting : part.settings) {
    const Span place = user_place(setting->origin, sources);
    Json from{{"setting", setting->name},
              {"file", sources.name(place.file)},
              {"line", sources.position(place.file, place.begin).line}};
    if (std::ranges::find(object["from"], from) == object["from"].end())
      object["from"].push_back(std::move(from));
  }
  return object;
}

}  // namespace

std::string budget_json(const BudgetEntry& entry, const Sheet& sheet, const Sources& sources) {
  Json object{{"hosts", Json::array()},
              {"budget", sheet.budget->name.text},
              {"of", entry.of.empty() ? sheet.of : entry.of},
              {"doc", sheet.budget->doc},
              {"kind", type_name(sheet.total)},
              {"total", value_json(sheet.total)},
              {"parts", Json::array()}};
  for (const HostPlan* host : entry.hosts) object["hosts"].push_back(host->name);
  for (const SheetPart& part : sheet.parts) object["parts"].push_back(part_json(part, sources));
  object["promised"] = value_json(sheet.promised);
  object["left"] = value_json(sheet.left);
  object["closes"] = sheet.closes;
  object["waived"] = sheet.waived;
  object["outside"] = sheet.outside.to_string();
  object["twice"] = sheet.twice.to_string();
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace tunec
