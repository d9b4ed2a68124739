#include "host/bench/benchmarks.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reason.h"
#include "host/machine.h"

namespace tunec::host {
namespace {

using Json = nlohmann::json;
constexpr std::string_view schema = "tunec benchmarks 1";

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t begin = text.find_first_not_of(' '); begin != text.npos;) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(' ', end);
  }
  return words;
}

Metric metric_of(const Json& json) {
  Metric metric;
  metric.name = json.at("name");
  metric.what = json.at("what");
  metric.after = json.value("after", "");
  metric.pointer = json.value("pointer", "");
  metric.scale = json.value("scale", 1.0);
  metric.unit = json.at("unit");
  metric.better = json.at("better");
  const int places = (metric.after.empty() ? 0 : 1) + (metric.pointer.empty() ? 0 : 1) +
                     (json.value("elapsed", false) ? 1 : 0);
  if (places != 1) throw Refused{metric.name + ": needs one of `after`, `pointer` and `elapsed: true`"};
  if (metric.better != "higher" && metric.better != "lower")
    throw Refused{
        fmt::format("{}: `better` is `{}`, but has to be higher or lower", metric.name, metric.better)};
  return metric;
}

Benchmark benchmark_of(const Json& json) {
  Benchmark benchmark;
  benchmark.name = json.at("name");
  benchmark.command = split(json.at("command").get<std::string>());
  if (benchmark.command.empty()) throw Refused{benchmark.name + ": has an empty command"};
  benchmark.version = split(json.value("version", ""));
  benchmark.full = json.at("full").get<std::map<std::string, std::string>>();
  benchmark.quick = json.at("quick").get<std::map<std::string, std::string>>();
  if (json.contains("needs")) benchmark.needs = json.at("needs").get<std::vector<std::string>>();
  if (json.contains("space")) {
    benchmark.full_space = json.at("space").at("full");
    benchmark.quick_space = json.at("space").at("quick");
  }
  benchmark.limit = json.at("limit");
  for (const Json& metric : json.at("metrics")) benchmark.metrics.push_back(metric_of(metric));
  return benchmark;
}

std::optional<double> leading_number(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data() + begin, text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  return number;
}

std::optional<double> number_at(std::string_view output, const std::string& pointer) {
  const Json json = Json::parse(output, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  try {
    const Json& found = json.at(Json::json_pointer(pointer));
    return found.is_number() ? std::optional(found.get<double>()) : std::nullopt;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::vector<Benchmark> read_benchmarks(std::string_view text, const std::string& shown) {
  try {
    const Json json = Json::parse(text);
    if (const std::string found = json.value("schema", ""); found != schema)
      throw Refused{fmt::format("its schema is `{}`, but has to be `{}`", found, schema)};
    std::vector<Benchmark> benchmarks;
    for (const Json& entry : json.at("benchmarks")) benchmarks.push_back(benchmark_of(entry));
    return benchmarks;
  } catch (const Json::exception& error) {
    throw Refused{fmt::format("{}: is no list of benchmarks: {}", shown, json_reason(error))};
  } catch (const Refused& refused) {
    throw Refused{fmt::format("{}: {}", shown, refused.text)};
  }
}

std::optional<std::string> filled(std::string word, const std::map<std::string, std::string>& values) {
  for (std::size_t begin = word.find('{'); begin != word.npos; begin = word.find('{', begin)) {
    const std::size_t end = word.find('}', begin);
    if (end == word.npos) return word;
    const auto value = values.find(word.substr(begin + 1, end - begin - 1));
    if (value == values.end()) return std::nullopt;
    word.replace(begin, end - begin + 1, value->second);
    begin += value->second.size();
  }
  return word;
}

std::optional<double> number_in(std::string_view output, double elapsed_seconds, const Metric& metric) {
  std::optional<double> number = elapsed_seconds;
  if (!metric.pointer.empty()) number = number_at(output, metric.pointer);
  if (!metric.after.empty()) {
    const std::size_t at = output.find(metric.after);
    number = at == output.npos ? std::nullopt : leading_number(output.substr(at + metric.after.size()));
  }
  if (!number || !std::isfinite(*number)) return std::nullopt;
  return *number * metric.scale;
}

}  // namespace tunec::host
