#include "host/shadows.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/lines.h"
#include "host/live.h"

namespace tunec::host {
namespace {

// The directories of drop-ins, the strongest first: a file hides those of its name in later ones, and all
// are read in the order of their names (sysctl.d(5), modprobe.d(5)).
constexpr const char* homes[] = {"etc", "run", "usr/local/lib", "usr/lib", "lib"};

// A name of sysctl.d(5) as a path: if a dot comes before the first slash, both are swapped.
std::string path_of_key(std::string_view key) {
  if (key.starts_with("-")) key.remove_prefix(1);
  std::string path(key);
  const std::size_t first = path.find_first_of("./");
  if (first != path.npos && path[first] == '.') {
    for (char& c : path) c = c == '.' ? '/' : c == '/' ? '.' : c;
  }
  return "/proc/sys/" + path;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs sysctl_lines(std::string_view text) {
  Pairs pairs;
  while (!text.empty()) {
    const std::string_view line = trimmed(next_line(text));
    const std::size_t equals = line.find('=');
    if (line.empty() || line.front() == '#' || line.front() == ';' || equals == line.npos) continue;
    // What a pattern sets, a line of its own sets too, and that one counts.
    if (line.substr(0, equals).find_first_of("*?[") != line.npos) continue;
    pairs.emplace_back(path_of_key(trimmed(line.substr(0, equals))), trimmed(line.substr(equals + 1)));
  }
  return pairs;
}

Pairs module_options(std::string_view text) {
  Pairs pairs;
  while (!text.empty()) {
    const std::vector<std::string_view> words = words_of(next_line(text));
    if (words.size() < 3 || words[0] != "options") continue;
    std::string module(words[1]);
    std::ranges::replace(module, '-', '_');
    for (std::size_t i = 2; i < words.size(); ++i) {
      const std::size_t equals = words[i].find('=');
      if (equals != words[i].npos)
        pairs.emplace_back(fmt::format("/sys/module/{}/parameters/{}", module, words[i].substr(0, equals)),
                           words[i].substr(equals + 1));
    }
  }
  return pairs;
}

std::string name_of(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

// What is not ours may be a link, or not for everybody to read.
std::string text_at(const Evidence& evidence, const std::string& path) {
  try {
    const State state = evidence.file(path);
    return state ? state->content : "";
  } catch (const TreeFault&) {
    return "";
  }
}

}  // namespace

const std::vector<Shadows::Line>& Shadows::lines(const std::string& kind) {
  const auto [entry, is_new] = lines_.try_emplace(kind);
  if (!is_new) return entry->second;
  std::map<std::string, std::string> files;  // by name
  for (const char* home : homes) {
    const std::string directory = fmt::format("{}/{}", home, kind);
    for (const std::string& name : evidence_.names(directory)) {
      if (name.ends_with(".conf")) files.try_emplace(name, fmt::format("{}/{}", directory, name));
    }
  }
  for (const auto& [name, path] : files) {
    std::string text = text_at(evidence_, path);
    // Debian's and Ubuntu's link to the old place of these settings.
    if (text.empty() && name == "99-sysctl.conf") text = text_at(evidence_, "etc/sysctl.conf");
    for (auto& [target, value] : kind == "sysctl.d" ? sysctl_lines(text) : module_options(text))
      entry->second.push_back({"/" + path, name, target, value});
  }
  return entry->second;
}

std::optional<Shadow> Shadows::of(const Setting& setting) {
  const std::size_t slash = setting.file.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  const std::string kind = name_of(setting.file.substr(0, slash)), own = name_of(setting.file);
  if (kind != "sysctl.d" && kind != "modprobe.d") return std::nullopt;
  std::optional<Shadow> last;
  for (const Line& line : lines(kind)) {
    if (line.path == setting.read && line.name > own) last = Shadow{line.file, line.value};
  }
  if (last && shows(setting.read, last->value, setting.expect)) return std::nullopt;
  return last;
}

}  // namespace tunec::host
