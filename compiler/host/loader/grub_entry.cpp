#include "host/loader/grub_entry.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/lines.h"

namespace tunec::host {
namespace {

constexpr std::string_view begin_mark = "\n### BEGIN of the trial boot of tunec-host ###\n";
constexpr std::string_view end_mark = "### END of the trial boot of tunec-host ###\n";

// GRUB's words, with their quotes.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  std::size_t begin = line.npos;
  char quote = 0;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    const char c = i < line.size() ? line[i] : ' ';
    if (quote != 0 && i < line.size()) {
      if (c == '\\' && quote == '"') ++i;
      else if (c == quote) quote = 0;
      continue;
    }
    if (c == ' ' || c == '\t') {
      if (begin != line.npos) words.push_back(line.substr(begin, i - begin));
      begin = line.npos;
      continue;
    }
    if (begin == line.npos) begin = i;
    if (c == '\\') ++i;
    else if (c == '"' || c == '\'') quote = c;
  }
  return words;
}

// Which of the kernels is loaded depends on the platform: linux, linux16, linuxefi.
bool is_command(std::string_view word, std::string_view command) {
  return word == command || word == fmt::format("{}16", command) || word == fmt::format("{}efi", command);
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// "vmlinuz-6.1.0-9-amd64" → "6.1.0-9-amd64"
std::string version_of(std::string_view kernel) {
  const std::string_view name = name_of(kernel);
  const std::size_t dash = name.find('-');
  return dash == name.npos ? "" : std::string(name.substr(dash + 1));
}

// Microcode stands before it, and has no version of a kernel in its name.
bool holds_modules(std::string_view path, const std::string& version) {
  return !version.empty() && name_of(path).find(version) != path.npos;
}

std::string options_of(std::string_view header) {
  const auto words = words_of(header);
  std::string options;
  for (std::size_t i = 2; i < words.size() && words[i] != "{"; ++i) {
    if (words[i] == "$menuentry_id_option" || words[i] == "--id") ++i;
    else options += fmt::format(" {}", words[i]);
  }
  return options;
}

}  // namespace

std::optional<GrubEntry> first_entry(std::string_view grub_cfg) {
  GrubEntry entry;
  bool inside = false;
  while (!grub_cfg.empty()) {
    const std::string_view line = next_line(grub_cfg);
    if (!inside) {
      inside = line.starts_with("menuentry ");
      if (inside) entry.options = options_of(line);
      continue;
    }
    if (line == "}") return entry.version.empty() ? std::nullopt : std::optional(entry);
    entry.lines.emplace_back(line);
    const auto words = words_of(line);
    if (words.size() < 2) continue;
    if (is_command(words[0], "linux")) {
      entry.version = version_of(words[1]);
      entry.words.assign(words.begin() + 2, words.end());
    }
    if (!is_command(words[0], "initrd")) continue;
    for (const std::string_view word : words) {
      if (holds_modules(word, entry.version)) entry.initrd = name_of(word);
    }
  }
  return std::nullopt;
}

std::string trial_part(const GrubEntry& entry, const TrialEntry& trial) {
  std::string lines;
  for (const std::string& line : entry.lines) {
    const auto words = words_of(line);
    std::string text = line;
    if (!words.empty() && is_command(words[0], "linux"))
      text += fmt::format(" tunec.trial={} {}", trial.number, fmt::join(trial.words, " "));
    if (!words.empty() && is_command(words[0], "initrd") && !trial.initrd.empty()) {
      const std::size_t at = text.rfind(entry.initrd);
      if (at != text.npos) text.replace(at, entry.initrd.size(), trial.initrd);
    }
    lines += text + "\n";
  }
  return fmt::format(R"(if [ "${{{0}}}" = "armed" ]; then
  set {0}=tried
  if save_env {0}; then
    set default=tunec-trial
    set boot_once=true
  else
    echo "tunec: cannot write grubenv, no trial"
  fi
fi
menuentry 'trial of generation {1}'{2} --id tunec-trial {{
{3}	boot
	reboot
}}
)",
                     grub_variable, trial.number, entry.options, lines);
}

std::string with_part(std::string_view custom_cfg, std::string_view part) {
  return fmt::format("{}{}{}{}", without_part(custom_cfg), begin_mark, part, end_mark);
}

std::string without_part(std::string_view custom_cfg) {
  const std::size_t begin = custom_cfg.find(begin_mark);
  if (begin == custom_cfg.npos) return std::string(custom_cfg);
  const std::size_t end = custom_cfg.find(end_mark, begin);
  const std::string_view rest = end == custom_cfg.npos ? "" : custom_cfg.substr(end + end_mark.size());
  return fmt::format("{}{}", custom_cfg.substr(0, begin), rest);
}

std::string grubenv_value(std::string_view grubenv, std::string_view name) {
  while (!grubenv.empty()) {
    const std::string_view line = next_line(grubenv);
    const std::size_t equals = line.find('=');
    if (equals != line.npos && line.substr(0, equals) == name) return std::string(line.substr(equals + 1));
  }
  return "";
}

}  // namespace tunec::host
