// tunec bench compare: what two measurements of `tunec-host bench` tell, before and after a change.
#include <fmt/core.h>

#include "base/file_system.h"
#include "driver/cli/command.h"
#include "driver/present/measured.h"
#include "driver/present/terminal.h"

namespace tunec {
namespace {

constexpr std::size_t max_bytes = std::size_t{1} << 26;
enum class BenchFormat { text, json };
enum class FailOn { nothing, worse };

struct Options {
  std::string before, after;
  bool other_machine = false;
  BenchFormat format = BenchFormat::text;
  FailOn fail_on = FailOn::nothing;
};

std::optional<Measurement> read(const std::string& path) {
  const auto text = DiskFileSystem().read(path, max_bytes);
  std::string fault;
  if (const auto* error = std::get_if<ReadError>(&text)) {
    fault = error->reason;
  } else {
    auto measurement = read_measurement(std::get<std::string>(text));
    if (auto* read = std::get_if<Measurement>(&measurement)) return std::move(*read);
    fault = std::get<std::string>(measurement);
  }
  say(fmt::format("tunec: {}: {}", path, fault));
  return std::nullopt;
}

int compare_files(const Options& options) {
  auto before = read(options.before), after = read(options.after);
  if (!before || !after) return exit_usage_or_io;
  ComparedFiles files{options.before, options.after, std::move(*before), std::move(*after), {}, {}};
  files.other_machine = other_machine(files.before, files.after);
  if (!files.other_machine.empty() && !options.other_machine) {
    say(fmt::format("tunec: {} and {} are of two machines; --other-machine compares them all the same",
                    options.before, options.after));
    for (const std::string& difference : files.other_machine) say("  " + difference);
    return exit_usage_or_io;
  }
  files.change = compare(files.before, files.after);
  if (files.change.metrics.empty()) {
    say("tunec: no metric was measured in the same way before and after");
    for (const MeasuredChange::Left& left : files.change.not_compared)
      say(fmt::format("  {}: {}", left.metric, left.why));
    return exit_usage_or_io;
  }
  if (options.format == BenchFormat::json) print_json(measured_json(files));
  else print_text(measured_text(files));
  const bool is_worse = std::ranges::any_of(files.change.metrics, [](const ComparedMetric& metric) {
    return metric.verdict == MetricVerdict::worse;
  });
  return options.fail_on == FailOn::worse && is_worse ? exit_found : exit_fine;
}

}  // namespace

Command command_bench() {
  const auto o = std::make_shared<Options>();
  return {
      .name = "bench",
      .summary = "Compare two measurements of a host: better, worse, or within noise",
      .details =
          "Reads two files that `tunec-host bench` wrote on one machine, before and after a change. For each "
          "metric it says whether the values became better or worse, or whether such values also come about "
          "by "
          "chance. A rank test decides (Mann-Whitney's, exact for up to 100 values), with Holm's correction "
          "for "
          "the number of metrics, and Cliff's delta has to be at least 0.474. If there are too few runs to "
          "tell "
          "anything, it says so.\n\n"
          "Measurements of two machines are refused: other CPUs or more memory are no effect of a setting. A "
          "metric that was measured in another way, or by another version of its program, is not compared.",
      .options = {{.name = "compare",
                   .help = "The word `compare`",
                   .binding = store_word_in({"compare"}, 0, [](std::size_t) {}),
                   .required = true},
                  {.name = "BEFORE",
                   .help = "What `tunec-host bench` wrote before the change",
                   .binding = store_in(o->before),
                   .required = true,
                   .completion = Completion::file},
                  {.name = "AFTER",
                   .help = "What it wrote after the change",
                   .binding = store_in(o->after),
                   .required = true,
                   .completion = Completion::file},
                  {.name = "--other-machine",
                   .help = "Compare measurements of two machines",
                   .binding = store_in(o->other_machine)},
                  {.name = "--format",
                   .help = "Text for people, or one JSON document",
                   .binding = store_in<BenchFormat>(
                       o->format, {{"text", BenchFormat::text}, {"json", BenchFormat::json}})},
                  {.name = "--fail-on",
                   .help = "With worse: exit with 3 if a metric became worse",
                   .binding = store_in<FailOn>(o->fail_on,
                                               {{"nothing", FailOn::nothing}, {"worse", FailOn::worse}})}},
      .examples = {{"tunec bench compare before.json after.json", "shows what the change did"},
                   {"tunec bench compare before.json after.json --fail-on worse",
                    "fails if anything became worse"}},
      .run = [o] { return compare_files(*o); }};
}

}  // namespace tunec
