// Units that the tree starts, and WireGuard's tunnels.
#include <algorithm>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "base/lines.h"
#include "host/live.h"
#include "host/verify/findings.h"

namespace tunec::host {
namespace {

using Properties = std::map<std::string, std::string, std::less<>>;

// Blocks of KEY=VALUE lines, by their Id.
std::map<std::string, Properties, std::less<>> units_of(std::string_view text) {
  std::map<std::string, Properties, std::less<>> units;
  Properties unit;
  const auto add = [&] {
    if (const auto id = unit.find("Id"); id != unit.end()) units[id->second] = unit;
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

std::string with_ending(const std::string& unit) {
  return unit.find('.') == std::string::npos ? unit + ".service" : unit;
}

bool is_up(std::string_view state) {
  return state == "active" || state == "activating" || state == "reloading";
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

// A file that is newer than the start of the unit that reads it; empty if there is none.
std::string newer_file(const Evidence& evidence, const Step& step, double started) {
  for (const std::string& path : step.files) {
    try {
      const State file = evidence.file(path);
      // The kernel's two clocks agree to the second.
      if (file && file->modified && static_cast<double>(file->modified->tv_sec) > started + 1) return path;
    } catch (const TreeFault&) {
      continue;  // told where files are compared
    }
  }
  return "";
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

}  // namespace

void look_at_units(const Evidence& evidence, const Wanted& wanted, std::vector<Finding>& findings) {
  const auto text = evidence.output(std::string(command_units));
  if (!text) return;  // no systemd
  const auto units = units_of(*text);
  const double booted = boot_time(evidence);
  const auto property = [&](const std::string& unit, std::string_view name) -> std::string {
    const auto found = units.find(unit);
    if (found == units.end()) return "";
    const auto value = found->second.find(name);
    return value == found->second.end() ? "" : value->second;
  };
  for (const Step& step : wanted.manifest.steps) {
    if (step.unit.empty()) continue;
    const auto is_there = [&](const std::string& other) {
      return is_up(property(other, "ActiveState")) || is_up(property(socket_of(other), "ActiveState"));
    };
    const auto in_place = std::ranges::find_if(step.restarts, is_there);
    const std::string unit = in_place == step.restarts.end() ? with_ending(step.unit) : *in_place;
    const std::string socket = socket_of(unit);
    std::string state = property(unit, "ActiveState");
    if (state.empty()) state = "inactive";
    const bool is_active = is_up(state), waits = is_up(property(socket, "ActiveState"));
    const std::string enabled = property(unit, "UnitFileState");
    Finding finding{"unit", unit, Status::equal, "active", state, std::string(command_units)};
    const Status otherwise = wanted.not_started();
    if (!is_active && !waits) finding.status = otherwise;
    if (step.at_boot)
      finding.expected += ", enabled", finding.found += ", " + (enabled.empty() ? "not enabled" : enabled);
    if (step.at_boot && (enabled.empty() || enabled == "disabled" || enabled.starts_with("masked")))
      finding.status = otherwise;
    const double since = std::strtod(property(unit, "ActiveEnterTimestampMonotonic").c_str(), nullptr);
    const std::string newer = is_active && since > 0 && booted > 0
                                  ? newer_file(evidence, step, booted + since / 1e6)
                                  : "";
    if (finding.status == Status::equal && !newer.empty()) {
      finding.status = otherwise;
      finding.note = fmt::format("it was started before /{} was written", newer);
    }
    findings.push_back(std::move(finding));
  }
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
