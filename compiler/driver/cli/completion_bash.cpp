// The script contains the kinds of arguments in their order (`tune host`), the options, and which options
// need a value. A word is the n-th argument if n words before it are neither options nor values of options.
#include <fmt/core.h>

#include "driver/cli/completions.h"

namespace tunec {
namespace {

void append(std::string& words, std::string_view word) {
  if (!words.empty()) words += " ";
  words += word;
}

std::string_view kind_of(Completion completion) {
  switch (completion) {
    case Completion::none: return "none";
    case Completion::file: return "file";
    case Completion::tune_file: return "tune";
    case Completion::directory: return "directory";
    case Completion::host: return "host";
    case Completion::topic: return "topic";
    case Completion::platform:
    case Completion::surface: return "none";
  }
  return "none";
}

std::string names_of(const Option& option) {
  return option.letter == 0 ? option.name : fmt::format("-{} {}", option.letter, option.name);
}

// "compile) options=… valued=… arguments=… ;;"
std::string command_case(const Command& command) {
  std::string options, valued, arguments;
  for (const Option& option : command.options) {
    if (option.is_argument()) {
      append(arguments, std::string(kind_of(option.completion)) + (option.is_repeated() ? "..." : ""));
    } else {
      append(options, names_of(option));
      if (!option.is_flag()) append(valued, names_of(option));
    }
  }
  append(options, "--help");
  return fmt::format("\t{})\n\t\toptions=\"{}\"\n\t\tvalued=\"{}\"\n\t\targuments=\"{}\" ;;\n", command.name,
                     options, valued, arguments);
}

// "\"compile -o\" | \"compile --output\") kind=directory ;;"
std::string value_cases(const Command& command) {
  std::string cases;
  for (const Option& option : command.options) {
    if (option.is_argument() || option.is_flag()) continue;
    std::string pattern = fmt::format("\"{} {}\"", command.name, option.name);
    if (option.letter != 0) pattern += fmt::format(" | \"{} -{}\"", command.name, option.letter);
    std::string words;
    for (const std::string& word : option.words_to_offer()) append(words, word);
    cases += fmt::format("\t{}) {} ;;\n", pattern,
                         words.empty() ? fmt::format("kind={}", kind_of(option.completion))
                                       : fmt::format("kind=words list=\"{}\"", words));
  }
  return cases;
}

constexpr std::string_view script =
    R"bash(# bash completion for tunec. The build makes it from the commands: see compiler/driver/cli/completions.h.
_tunec() {{
	local cur prev words cword split
	_init_completion -s || return
	if [ "$cword" = 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "{0} --help --version" -- "$cur")
		return
	fi
	local command=${{words[1]}} options= valued= arguments= kind= list= site= i
	case $command in
{1}	esac
	case "$command $prev" in
{2}	esac
	if [ -z "$kind" ] && [[ $cur == -* ]]; then
		kind=words list=$options
	elif [ -z "$kind" ]; then
		set -- $arguments
		for ((i = 2; i < cword; ++i)); do
			if [[ ${{words[i]}} == -* ]]; then
				[[ " $valued " != *" ${{words[i]}} "* ]] || i=$((i + 1))
			else
				site=${{site:-${{words[i]}}}}
				[[ ${{1:-...}} == *... ]] || shift
			fi
		done
		kind=${{1:-none}}
	fi
	case ${{kind%...}} in
	words) mapfile -t COMPREPLY < <(compgen -W "$list" -- "$cur") ;;
	file) _filedir ;;
	directory) _filedir -d ;;
	tune) _filedir tune ;;
	topic) mapfile -t COMPREPLY < <(compgen -W "{4}" -- "$cur") ;;
	host) mapfile -t COMPREPLY < <(compgen -W "$(sed -nE {3} "$site" 2>/dev/null)" -- "$cur") ;;
	esac
}}
complete -F _tunec tunec
)bash";

}  // namespace

std::string bash_completion(const std::vector<Command>& commands) {
  std::string names, cases, values, topics;
  for (const Command& command : commands) {
    if (command.hidden) continue;
    append(names, command.name);
    cases += command_case(command);
    values += value_cases(command);
    for (const Option& option : command.options) {
      if (option.completion != Completion::topic) continue;
      for (const std::string& word : option.words_to_offer()) append(topics, word);
    }
  }
  return fmt::format(script, names, cases, values, shell_quoted(host_names_script), topics);
}

std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace tunec
