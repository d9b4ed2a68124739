#include "measure/measurement.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reason.h"

namespace tunec {
namespace {

using Json = nlohmann::json;
constexpr std::string_view schema = "tunec bench 1";
constexpr std::size_t most_values = 1000;

MeasuredMetric metric_of(const Json& json) {
  MeasuredMetric metric;
  metric.name = json.at("name");
  metric.what = json.at("what");
  metric.unit = json.at("unit");
  metric.higher_is_better = json.at("better").get<std::string>() == "higher";
  metric.command = json.at("command");
  metric.version = json.at("version");
  metric.values = json.at("values").get<std::vector<double>>();
  return metric;
}

}  // namespace

std::variant<Measurement, std::string> read_measurement(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    if (const std::string found = json.is_object() ? json.value("schema", "") : ""; found != schema)
      return found.empty() ? std::string("is nothing that `tunec-host bench` wrote")
                           : fmt::format("is `{}`, but this tunec reads `{}`", found, schema);
    Measurement measurement;
    const Json &machine = json.at("machine"), &system = json.at("system"),
               &generation = system.at("generation");
    measurement.machine = {machine.at("host"), machine.at("cpu"), machine.at("cpus"), machine.at("memory")};
    measurement.system = {system.at("os"), system.at("kernel"), system.at("boot"),
                          generation.is_null() ? "" : std::to_string(generation.get<int>())};
    for (const Json& entry : json.at("metrics")) {
      measurement.metrics.push_back(metric_of(entry));
      const MeasuredMetric& metric = measurement.metrics.back();
      if (metric.values.empty() || metric.values.size() > most_values)
        return fmt::format("{} has {} values; 1 to {} are read", metric.name, metric.values.size(),
                           most_values);
    }
    return measurement;
  } catch (const Json::exception& error) {
    return fmt::format("is nothing that `tunec-host bench` wrote: {}", json_reason(error));
  }
}

}  // namespace tunec
