// One `_arguments` call for each command.
#include <fmt/core.h>

#include "driver/cli/completions.h"

namespace tunec {
namespace {

// Removes the characters that separate parts in what `_arguments` and `_describe` read.
std::string plain(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string action_of(const Option& option) {
  if (!option.words_to_offer().empty()) {
    std::string words;
    for (const std::string& word : option.words_to_offer()) words += (words.empty() ? "" : " ") + word;
    return "(" + words + ")";
  }
  switch (option.completion) {
    case Completion::none:
    case Completion::platform:
    case Completion::surface:
    case Completion::topic: return " ";
    case Completion::file: return "_files";
    case Completion::tune_file: return "_files -g \"*.tune(-.)\"";
    case Completion::directory: return "_files -/";
    case Completion::host: return "_tunec_hosts";
  }
  return " ";
}

std::string values_of(const Option& option) {
  if (option.is_flag()) return "";
  std::string values;
  for (std::size_t i = 0; i < option.binding.min_values; ++i)
    values += fmt::format(":{}:{}", plain(option.value_name()), action_of(option));
  return values;
}

std::string option_spec(const Option& option) {
  const std::string help = fmt::format("[{}]{}", plain(option.help), values_of(option));
  const std::string others = option.excludes.empty() ? "" : " " + option.excludes;
  if (option.letter == 0)
    return shell_quoted(fmt::format("({}{}){}{}", option.name, others, option.name, help));
  return fmt::format("{}{{-{},{}}}{}",
                     shell_quoted(fmt::format("(-{} {}{})", option.letter, option.name, others)),
                     option.letter, option.name, shell_quoted(help));
}

std::string argument_spec(const Option& option, std::size_t position) {
  const std::string number = option.is_repeated() ? "*" : std::to_string(position);
  return shell_quoted(
      fmt::format("{}:{}{}:{}", number, option.required ? "" : ":", plain(option.name), action_of(option)));
}

std::string command_case(const Command& command) {
  std::string specs = " \\\n\t\t\t'(- *)'{-h,--help}'[Print the help of this command]'";
  std::size_t position = 0;
  for (const Option& option : command.options)
    specs += " \\\n\t\t\t" + (option.is_argument() ? argument_spec(option, ++position) : option_spec(option));
  return fmt::format("\t\t{})\n\t\t\t_arguments -s{} ;;\n", command.name, specs);
}

constexpr std::string_view script =
    R"zsh(#compdef tunec
# zsh completion for tunec. The build makes it from the commands: see compiler/driver/cli/completions.h.
_tunec_hosts() {{
	local site=${{words[(r)*.tune]}}
	local -a hosts
	hosts=(${{(f)"$(sed -nE {0} "$site" 2>/dev/null)"}})
	compadd -a hosts
}}
_tunec() {{
	local curcontext=$curcontext state line
	local -A opt_args
	local -a commands
	commands=(
{1}	)
	_arguments -C '(- *)'{{-h,--help}}'[Print help]' '(- *)--version[Print the version]' '1:command:->command' \
		'*::argument:->argument'
	case $state in
	command) _describe -t commands command commands ;;
	argument)
		case $words[1] in
{2}		esac ;;
	esac
}}
_tunec "$@"
)zsh";

}  // namespace

std::string zsh_completion(const std::vector<Command>& commands) {
  std::string names, cases;
  for (const Command& command : commands) {
    if (command.hidden) continue;
    names += fmt::format("\t\t{}\n",
                         shell_quoted(fmt::format("{}:{}", command.name, plain(command.summary))));
    cases += command_case(command);
  }
  return fmt::format(script, shell_quoted(host_names_script), names, cases);
}

}  // namespace tunec
