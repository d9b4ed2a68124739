// verify, list and status: the commands that only look.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "host/commands.h"
#include "host/generations.h"
#include "host/live.h"
#include "host/plan.h"

namespace tunec::host {
namespace {

using Json = nlohmann::ordered_json;

struct Finding {
  std::string name, where, status, expected, shown;
  bool is_file = false;
};

constexpr const char* equal = "equal";
constexpr const char* differs = "differs";
constexpr const char* not_there = "not there";
constexpr const char* next_boot = "at the next boot";
constexpr const char* next_load = "at the next load";

Finding look_at(const Files& files, const GenerationFile& file) {
  const State now = files.read(file.path);
  const std::string status = !now ? not_there : same(now, file.after) ? equal : differs;
  return {"/" + file.path, "", status, "", "", true};
}

// In the boot that it was applied in, a setting that counts from the next boot cannot count yet.
Finding look_at(const Machine& machine, const Setting& setting, bool same_boot) {
  const std::optional<std::string> shown = read_value(machine, setting.read);
  Finding finding{setting.name, setting.read, equal, setting.expect, shown.value_or(""), false};
  if (!shown) finding.status = not_there;
  else if (shows(setting.read, *shown, setting.expect)) finding.status = equal;
  else if (setting.effect == "reboot" && same_boot) finding.status = next_boot;
  else if (!setting.write && same_boot) finding.status = setting.effect == "live" ? next_boot : next_load;
  else finding.status = differs;
  return finding;
}

std::vector<Finding> look(const Machine& machine, const Generation& generation) {
  std::vector<Finding> findings;
  const Files files(machine.root);
  for (const GenerationFile& file : generation.files) {
    if (file.after) findings.push_back(look_at(files, file));
  }
  const std::string boot = boot_id(machine);
  if (!machine.live) return findings;
  for (const Setting& setting : generation.manifest.settings)
    findings.push_back(look_at(machine, setting, boot == generation.boot_id));
  return findings;
}

// A parameter of a module can be hidden, or its module not loaded: that it is not there is no fault.
int exit_code_of(const std::vector<Finding>& findings, const Generation& generation) {
  int code = exit_as_wanted;
  for (const Finding& finding : findings) {
    const auto setting = std::ranges::find(generation.manifest.settings, finding.name, &Setting::name);
    const bool may_be_hidden = !finding.is_file && setting != generation.manifest.settings.end() &&
                               !setting->write;
    if (finding.status == differs || (finding.status == not_there && !may_be_hidden)) return exit_differs;
    if (finding.status == next_boot || finding.status == next_load) code = exit_to_do;
  }
  return code;
}

Json json_of(const std::vector<Finding>& findings, const Generation& generation) {
  Json files = Json::array(), settings = Json::array();
  for (const Finding& finding : findings) {
    if (finding.is_file) {
      files.push_back({{"path", finding.name.substr(1)}, {"status", finding.status}});
    } else {
      settings.push_back({{"name", finding.name},
                          {"read", finding.where},
                          {"expected", finding.expected},
                          {"shown", finding.shown},
                          {"status", finding.status}});
    }
  }
  return {{"schema", "tunec verify 1"},
          {"host", generation.manifest.host},
          {"generation", generation.number},
          {"files", files},
          {"settings", settings}};
}

std::string line_of(const Finding& finding) {
  // The whole command line would say little, and may hold what is nobody's business.
  const bool is_word = finding.where == "/proc/cmdline";
  std::string text = fmt::format("{:<16}  {}", finding.status, finding.name);
  if (finding.is_file || finding.status == equal) return text + "\n";
  text += fmt::format("  expected {}", finding.expected);
  if (finding.status != not_there && !is_word) text += fmt::format(", found {}", finding.shown);
  return text + fmt::format("    {}\n", finding.where);
}

Generation current_generation(const Generations& generations) {
  refuse_interrupted(generations);
  const std::optional<int> number = generations.current();
  if (!number) throw Refused{"no generation is applied here"};
  return generations.load(*number);
}

}  // namespace

int verify(const Machine& machine, bool json) {
  const Generations generations(machine);
  const Generation generation = current_generation(generations);
  const std::vector<Finding> findings = look(machine, generation);
  if (json) {
    machine.say(json_of(findings, generation).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  } else {
    std::size_t fine = 0;
    for (const Finding& finding : findings) {
      if (finding.status == equal) ++fine;
      else machine.say(line_of(finding));
    }
    machine.say(fmt::format("generation {}: {} of {} files and values are as wanted\n", generation.number,
                            fine, findings.size()));
  }
  return exit_code_of(findings, generation);
}

int list(const Machine& machine) {
  const Generations generations(machine);
  for (const int number : generations.numbers()) {
    const Generation generation = generations.load(number);
    const auto changed = std::ranges::count_if(generation.files, &GenerationFile::changed);
    machine.say(fmt::format("{:>4}  {:<8}  {}  {} files, {} values  {}\n", number,
                            phase_name(generation.phase), generation.applied_at, changed,
                            generation.values.size(), generation.manifest.host));
  }
  return exit_as_wanted;
}

int status(const Machine& machine) {
  const Generations generations(machine);
  const Generation generation = current_generation(generations);
  machine.say(fmt::format("{}, {}: generation {}, {}, of {}\n", generation.manifest.host,
                          generation.manifest.platform, generation.number, generation.applied_at,
                          generation.manifest.tunec));
  const bool same_boot = machine.live && boot_id(machine) == generation.boot_id;
  if (same_boot && !generation.left.empty()) {
    machine.say("left to you by it; whether this was done is not known\n");
    for (const Step& step : generation.left)
      machine.say(fmt::format("  {}    {}: {}\n", step.command, step.effect, step.why));
  }
  const std::vector<Finding> findings = look(machine, generation);
  const auto fine = std::ranges::count(findings, equal, &Finding::status);
  machine.say(fmt::format("{} of {} files and values are as wanted\n", fine, findings.size()));
  return exit_code_of(findings, generation);
}

}  // namespace tunec::host
