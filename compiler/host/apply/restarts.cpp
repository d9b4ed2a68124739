#include "host/apply/restarts.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/lines.h"
#include "host/apply/guests.h"
#include "host/live.h"
#include "host/shell.h"

namespace tunec::host {
namespace {

// The relations by which a unit that is restarted restarts or stops others (systemd v258
// src/core/unit-dependency-atom.c, UNIT_ATOM_PROPAGATE_RESTART, and transaction.c for PropagatesStopTo).
constexpr std::string_view relations[] = {"RequiredBy", "RequisiteOf", "BoundBy", "ConsistsOf",
                                          "PropagatesStopTo"};

using Properties = std::map<std::string, std::string, std::less<>>;

// Nothing if systemctl does not answer.
std::optional<Properties> properties_of(const Machine& machine, const std::string& unit) {
  const auto text = machine.output(
      fmt::format("systemctl show --property=LoadState,ActiveState,KillMode,{} -- {}",
                  fmt::join(relations, ","), quoted(unit)));
  if (!text || text->empty()) return std::nullopt;
  Properties properties;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::string_view line = next_line(rest);
    const std::size_t equals = line.find('=');
    if (equals != line.npos) properties[std::string(line.substr(0, equals))] = line.substr(equals + 1);
  }
  return properties;
}

// A pattern stands for units that systemd alone knows.
std::optional<std::vector<std::string>> units_of(const Machine& machine, const std::string& pattern) {
  if (pattern.find_first_of("*?[") == pattern.npos) return std::vector{pattern};
  const auto text = machine.output(
      fmt::format("systemctl list-units --all --plain --no-legend --no-pager -- {}", quoted(pattern)));
  if (!text) return std::nullopt;
  std::vector<std::string> units;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (const auto words = words_of(line); !words.empty()) units.emplace_back(words.front());
  }
  return units;
}

bool is_running(const Properties& unit) {
  const std::string_view state = unit.at("ActiveState");
  return state != "inactive" && state != "failed";
}

// Looks at a unit and at all that go with it.
class Obstacle {
 public:
  Obstacle(const Machine& machine, const Manifest& manifest, const Step& step)
      : machine_(machine), manifest_(manifest), step_(step) {}

  // Why the step could stop guests; empty: it stops none.
  std::string find() {
    if (step_.restarts.empty()) return "the tree does not say which units it restarts";
    for (const std::string& pattern : step_.restarts) {
      const auto units = units_of(machine_, pattern);
      if (!units) return fmt::format("systemctl does not say which units {} stands for", pattern);
      for (const std::string& unit : *units) {
        if (std::string why = with(unit, unit); !why.empty()) return why;
      }
    }
    return "";
  }

 private:
  std::string with(const std::string& unit, const std::string& restarted) {
    if (!seen_.insert(unit).second) return "";
    const auto shown = properties_of(machine_, unit);
    if (!shown || !shown->contains("ActiveState"))
      return fmt::format("systemctl does not say what stops with {}", unit);
    if (unit == restarted) {
      if (!is_running(*shown)) return "";
      if (std::string why = of_processes(unit, *shown); !why.empty()) return why;
    }
    if (is_running(*shown) && stops_guests(manifest_, unit))
      return fmt::format("{} would stop with {}, and guests with it", unit, restarted);
    for (const std::string_view relation : relations) {
      const auto others = shown->find(relation);
      if (others == shown->end()) continue;
      for (const std::string_view other : words_of(others->second)) {
        if (std::string why = with(std::string(other), restarted); !why.empty()) return why;
      }
    }
    return "";
  }

  // systemd.kill(5)
  std::string of_processes(const std::string& unit, const Properties& shown) const {
    if (!step_.leaves_processes) return "";
    const auto mode = shown.find("KillMode");
    const std::string_view how = mode == shown.end() ? "" : std::string_view(mode->second);
    if (how == "process" || how == "none") return "";
    return fmt::format("{} has KillMode={}, which ends what it has started", unit, how);
  }

  const Machine& machine_;
  const Manifest& manifest_;
  const Step& step_;
  std::set<std::string> seen_;
};

}  // namespace

std::vector<std::string> take_restarts(const Machine& machine, const Manifest& manifest,
                                       std::vector<Step>& left) {
  std::vector<std::string> commands;
  std::erase_if(left, [&](Step& step) {
    if (step.effect != "restart") return false;
    const std::string why = Obstacle(machine, manifest, step).find();
    if (why.empty()) commands.push_back(step.command);
    else step.why += fmt::format("; --restart leaves it to you: {}", why);
    return why.empty();
  });
  return commands;
}

}  // namespace tunec::host
