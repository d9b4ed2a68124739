// Units that the tree starts, and WireGuard's tunnels.
#include <algorithm>
#include <cstdlib>
#include <map>

#include <fmt/format.h>
#include <fnmatch.h>

#include "base/lines.h"
#include "host/live.h"
#include "host/verify/findings.h"
#include "host/written.h"

namespace tunec::host {
namespace {

using Properties = std::map<std::string, std::string, std::less<>>;

// Blocks of KEY=VALUE lines, by each of their names.
std::map<std::string, Properties, std::less<>> units_of(std::string_view text) {
  std::map<std::string, Properties, std::less<>> units;
  Properties unit;
  const auto add = [&] {
    for (const char* key : {"Id", "Names"}) {
      const auto names = unit.find(key);
      if (names == unit.end()) continue;
      for (const std::string_view name : words_of(names->second)) units[std::string(name)] = unit;
    }
    unit.clear();
  };
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    const std::size_t equals = line.find('=');
    if (line.empty()) add();
    else if (equals != line.npos) unit[std::string(line.substr(0, equals))] = line.substr(equals + 1);
  }
  add();
  return units;
}

// One that systemd starts again and again is not.
bool is_up(const Properties& unit) {
  const auto state = unit.find("ActiveState"), detail = unit.find("SubState");
  if (state == unit.end() || (detail != unit.end() && detail->second == "auto-restart")) return false;
  return state->second == "active" || state->second == "activating" || state->second == "reloading";
}

// What a socket starts need not run.
std::string socket_of(const std::string& unit) { return unit.substr(0, unit.rfind('.')) + ".socket"; }

// Seconds since 1970 at which the machine was booted; 0 if that is not known.
double boot_time(const Evidence& evidence) {
  const std::string stat = evidence.value("/proc/stat").value_or("");
  for (std::string_view rest = stat; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (line.starts_with("btime ")) return std::strtod(std::string(line.substr(6)).c_str(), nullptr);
  }
  return 0;
}

// [Section] key = value, in their order.
struct IniLine {
  std::size_t section = 0;  // the number of its header
  std::string header, key, value;
};
std::vector<IniLine> ini_lines(std::string_view text) {
  const auto trimmed = [](std::string_view part) {
    const std::size_t begin = std::min(part.find_first_not_of(" \t"), part.size());
    return part.substr(begin, part.find_last_not_of(" \t\r") + 1 - begin);
  };
  std::vector<IniLine> lines;
  IniLine line;
  while (!text.empty()) {
    std::string_view words = next_line(text);
    words = trimmed(words.substr(0, words.find('#')));
    const std::size_t equals = words.find('=');
    if (words.starts_with("[")) {
      line.header = words, ++line.section;
    } else if (equals != words.npos) {
      line.key = trimmed(words.substr(0, equals)), line.value = trimmed(words.substr(equals + 1));
      lines.push_back(line);
    }
  }
  return lines;
}

std::string sorted_words(std::string text) {
  std::ranges::replace(text, ',', ' ');
  std::vector<std::string_view> words = words_of(text);
  std::ranges::sort(words);
  return fmt::format("{}", fmt::join(words, " "));
}

// Of a tunnel: its peers' allowed addresses, by their public key.
std::map<std::string, std::string> wanted_peers(const std::vector<IniLine>& lines) {
  std::map<std::size_t, std::pair<std::string, std::string>> by_section;
  for (const IniLine& line : lines) {
    if (line.header != "[Peer]") continue;
    if (line.key == "PublicKey") by_section[line.section].first = line.value;
    if (line.key == "AllowedIPs") by_section[line.section].second += " " + line.value;
  }
  std::map<std::string, std::string> peers;
  for (const auto& [section, peer] : by_section) peers[peer.first] = sorted_words(peer.second);
  return peers;
}

// "wg0 KEY 10.0.0.2/32 10.1.0.0/24": of one interface, what follows it.
std::map<std::string, std::string> shown_peers(std::string_view text, std::string_view interface) {
  std::map<std::string, std::string> peers;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    const std::vector<std::string_view> words = words_of(line);
    if (words.size() < 2 || words[0] != interface) continue;
    const std::vector<std::string_view> addresses(words.begin() + 2, words.end());
    const std::string rest = fmt::format("{}", fmt::join(addresses, " "));
    peers[std::string(words[1])] = rest == "(none)" ? "" : sorted_words(rest);
  }
  return peers;
}

class Tunnel {
 public:
  Tunnel(const Evidence& evidence, std::string name, std::string_view text, const Status otherwise,
         std::vector<Finding>& findings)
      : evidence_(evidence),
        name_(std::move(name)),
        lines_(ini_lines(text)),
        otherwise_(otherwise),
        findings_(findings) {}

  void look() {
    const auto peers = evidence_.output(std::string(command_wg_peers));
    if (!peers) return add("peers", Status::unsupported, "", "", command_wg_peers);
    const auto wanted = wanted_peers(lines_), shown = shown_peers(*peers, name_);
    for (const auto& [key, addresses] : wanted) {
      const auto found = shown.find(key);
      compare("peer " + key, addresses, found == shown.end() ? "no such peer" : found->second,
              command_wg_peers);
    }
    for (const auto& [key, addresses] : shown) {
      if (!wanted.contains(key)) compare("peer " + key, "no such peer", addresses, command_wg_peers);
    }
    const std::string ports = evidence_.output(std::string(command_wg_port)).value_or("");
    const auto port = shown_peers(ports, name_);
    const std::string mtu = fmt::format("/sys/class/net/{}/mtu", name_);
    for (const IniLine& line : lines_) {
      if (line.header == "[Interface]" && line.key == "ListenPort")
        compare("port", line.value, port.empty() ? "" : port.begin()->first, command_wg_port);
      if (line.header == "[Interface]" && line.key == "MTU")
        compare("MTU", line.value, evidence_.value(mtu).value_or(""), mtu);
    }
  }

 private:
  void compare(const std::string& thing, const std::string& wanted, const std::string& found,
               std::string_view where) {
    add(thing, wanted == found ? Status::equal : otherwise_, wanted, found, where);
  }
  void add(const std::string& thing, Status status, const std::string& wanted, const std::string& found,
           std::string_view where) {
    findings_.push_back({"wireguard", fmt::format("{} {}", name_, thing), status, wanted, found,
                         std::string(where), "", true});
  }
  const Evidence& evidence_;
  const std::string name_;
  const std::vector<IniLine> lines_;
  const Status otherwise_;
  std::vector<Finding>& findings_;
};

// The units that the steps of a tree start, as systemd shows them.
class Services {
 public:
  Services(const Evidence& evidence, const Wanted& wanted, std::string_view shown)
      : evidence_(evidence),
        units_(units_of(shown)),
        written_(written_in_this_boot(evidence)),
        booted_(wanted.is_of_capture && written_.empty() ? boot_time(evidence) : 0),
        otherwise_(wanted.not_started()) {}

  std::vector<Finding> look_at(const Step& step) const {
    if (!step.unit.empty()) return {started_by(step)};
    // Whatever else it restarts need not run.
    std::vector<Finding> findings;
    for (const std::string& unit : names_of(step)) {
      if (is_up(unit)) findings.push_back(with_age(finding_of(unit), unit, step));
    }
    return findings;
  }

 private:
  std::string property(const std::string& unit, std::string_view name) const {
    const auto found = units_.find(unit);
    if (found == units_.end()) return "";
    const auto value = found->second.find(name);
    return value == found->second.end() ? "" : value->second;
  }
  double moment(const std::string& unit, std::string_view name) const {
    return std::strtod(property(unit, name).c_str(), nullptr);
  }
  bool is_up(const std::string& unit) const {
    const auto found = units_.find(unit);
    return found != units_.end() && host::is_up(found->second);
  }

  // Patterns and templates stand for those that systemd has loaded.
  std::vector<std::string> names_of(const Step& step) const {
    std::vector<std::string> names;
    for (const std::string& pattern : step.restarts) {
      for (const auto& [name, unit] : units_) {
        if (::fnmatch(with_ending(pattern).c_str(), name.c_str(), FNM_NOESCAPE) == 0) names.push_back(name);
      }
    }
    return names;
  }

  // A service that does its work once, and then is not active any more (systemd.service(5), Type=oneshot).
  bool ends_by_itself(const std::string& unit) const {
    return property(unit, "Type") == "oneshot" && property(unit, "RemainAfterExit") != "yes";
  }

  // When it was started last, in microseconds since the boot; 0: it was not, or that is not known. A mount is
  // made anew in place, which changes its state for a moment.
  double started(const std::string& unit) const {
    return moment(unit, unit.ends_with(".mount") ? "StateChangeTimestampMonotonic"
                        : ends_by_itself(unit)   ? "InactiveExitTimestampMonotonic"
                                                 : "ActiveEnterTimestampMonotonic");
  }

  Finding finding_of(const std::string& unit) const {
    std::string state = property(unit, "ActiveState");
    if (state.empty()) state = "inactive";
    Finding finding{"unit", unit, Status::equal, "active", std::move(state), "systemctl show " + unit};
    if (property(unit, "SubState") == "auto-restart") finding.found = "failed, and is started again";
    if (!ends_by_itself(unit) || is_up(unit)) return finding;
    finding.expected = "done";
    if (finding.found == "inactive") finding.found = started(unit) > 0 ? "done" : "not run";
    return finding;
  }

  // Without notes of this boot, a capture has only the files' own times. They agree with the boot to the
  // second.
  bool is_newer(const std::string& path, double seconds) const {
    const auto noted = written_.find(path);
    if (noted != written_.end()) return noted->second > seconds;
    if (booted_ == 0) return false;
    try {
      const State file = evidence_.file(path);
      return file && file->modified && static_cast<double>(file->modified->tv_sec) > booted_ + seconds + 1;
    } catch (const TreeFault&) {
      return false;  // told where files are compared
    }
  }

  Finding with_age(Finding finding, const std::string& unit, const Step& step) const {
    const double seconds = started(unit) / 1e6;
    const auto newer = std::ranges::find_if(step.files,
                                            [&](const std::string& path) { return is_newer(path, seconds); });
    if (seconds == 0 || newer == step.files.end()) return finding;
    finding.status = otherwise_;
    finding.note = fmt::format("it was started before /{} was written", *newer);
    return finding;
  }

  // That has to be active, itself or in the form of another that takes its place.
  Finding started_by(const Step& step) const {
    const auto is_there = [&](const std::string& other) { return is_up(other) || is_up(socket_of(other)); };
    const auto in_place = std::ranges::find_if(step.restarts, is_there);
    const std::string unit = in_place == step.restarts.end() ? with_ending(step.unit) : *in_place;
    Finding finding = finding_of(unit);
    const bool is_running = is_up(unit) || finding.found == "done";
    if (!is_running && !is_there(unit)) finding.status = not_running(unit);
    if (finding.status == Status::unsupported) {
      finding.note = "its conditions do not hold here";
      finding.may_be_hidden = true;
      return finding;
    }
    if (step.at_boot) {
      const std::string enabled = property(unit, "UnitFileState");
      const bool is_enabled = !enabled.empty() && enabled != "disabled" && !enabled.starts_with("masked");
      finding.expected += ", enabled", finding.found += ", " + (enabled.empty() ? "not enabled" : enabled);
      if (!is_enabled) finding.status = otherwise_;
    }
    return is_running && finding.status == Status::equal ? with_age(std::move(finding), unit, step) : finding;
  }

  Status not_running(const std::string& unit) const {
    if (property(unit, "ActiveState") == "failed" || property(unit, "SubState") == "auto-restart")
      return Status::differs;  // somebody did start it
    const bool was_tried = moment(unit, "ConditionTimestampMonotonic") > 0;
    return was_tried && property(unit, "ConditionResult") == "no" ? Status::unsupported : otherwise_;
  }

  const Evidence& evidence_;
  const std::map<std::string, Properties, std::less<>> units_;
  const std::map<std::string, double> written_;
  const double booted_;  // seconds since 1970; 0: times of files are not looked at
  const Status otherwise_;
};

}  // namespace

std::optional<std::vector<Step>> waiting_restarts(const Evidence& evidence, const Wanted& wanted) {
  const auto text = evidence.output(std::string(command_units));
  if (!text) return std::nullopt;
  std::vector<Step> waiting;
  const Services services(evidence, wanted, *text);
  for (const Step& step : wanted.manifest.steps) {
    if (step.effect == "restart" && !std::ranges::all_of(services.look_at(step), is_fine))
      waiting.push_back(step);
  }
  return waiting;
}

void look_at_units(const Evidence& evidence, const Wanted& wanted, std::vector<Finding>& findings) {
  const auto text = evidence.output(std::string(command_units));
  if (!text) return;  // no systemd
  const Services services(evidence, wanted, *text);
  for (const Step& step : wanted.manifest.steps)
    std::ranges::move(services.look_at(step), std::back_inserter(findings));
}

void look_at_tunnels(const Evidence& evidence, const Wanted& wanted, std::vector<Finding>& findings) {
  constexpr std::string_view folder = "etc/wireguard/", ending = ".conf";
  for (const GenerationFile& file : wanted.files) {
    if (!file.path.starts_with(folder) || !file.path.ends_with(ending) || !file.after) continue;
    std::string name = file.path.substr(folder.size(), file.path.size() - folder.size() - ending.size());
    Tunnel(evidence, std::move(name), file.after->content, wanted.not_started(), findings).look();
  }
}

}  // namespace tunec::host
