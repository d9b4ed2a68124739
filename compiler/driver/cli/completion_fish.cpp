// One `complete` line for each command, option and argument. fish does not count arguments, so a host is
// offered at any place if the command takes one.
#include <fmt/core.h>

#include "driver/cli/completions.h"

namespace tunec {
namespace {

std::string fish_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

// What a shell offers, as an argument of `complete -a`; empty: nothing.
std::string offer_of(const Option& option) {
  std::string words;
  for (const std::string& word : option.words_to_offer()) words += (words.empty() ? "" : " ") + word;
  if (!words.empty()) return fish_quoted(words);
  switch (option.completion) {
    case Completion::none:
    case Completion::platform:
    case Completion::surface:
    case Completion::topic: return "";
    case Completion::file: return "'(__fish_complete_path)'";
    case Completion::tune_file: return "'(__fish_complete_suffix .tune)'";
    case Completion::directory: return "'(__fish_complete_directories)'";
    case Completion::host: return "'(__tunec_hosts)'";
  }
  return "";
}

std::string lines_of(const Command& command) {
  const std::string begin = fmt::format("complete -c tunec -n '__fish_seen_subcommand_from {}'",
                                        command.name);
  std::string lines;
  for (const Option& option : command.options) {
    const std::string offer = offer_of(option);
    if (option.is_argument()) {
      if (!offer.empty()) lines += fmt::format("{} -k -a {} -d {}\n", begin, offer, fish_quoted(option.help));
      continue;
    }
    std::string line = begin;
    if (option.letter != 0) line += fmt::format(" -s {}", option.letter);
    line += fmt::format(" -l {}", option.name.substr(2));
    if (!option.is_flag()) line += offer.empty() ? " -x" : " -x -a " + offer;
    lines += line + fmt::format(" -d {}\n", fish_quoted(option.help));
  }
  return lines;
}

constexpr std::string_view script =
    R"fish(# fish completion for tunec. The build makes it from the commands: see compiler/driver/cli/completions.h.
function __tunec_hosts
	set -l sites (string match -- '*.tune' (commandline -opc))
	test -n "$sites[1]"; and sed -nE {0} $sites[1] 2>/dev/null
end
complete -c tunec -f
complete -c tunec -n __fish_use_subcommand -l version -d 'Print the version'
complete -c tunec -s h -l help -d 'Print help'
)fish";

}  // namespace

std::string fish_completion(const std::vector<Command>& commands) {
  std::string text = fmt::format(script, fish_quoted(host_names_script)), options;
  for (const Command& command : commands) {
    if (command.hidden) continue;
    text += fmt::format("complete -c tunec -n __fish_use_subcommand -a {} -d {}\n", command.name,
                        fish_quoted(command.summary));
    options += lines_of(command);
  }
  return text + options;
}

}  // namespace tunec
