# bash completion for tunec: commands, options, tune files, and for `why` and `budget` the hosts that a site names.
_tunec() {
	local cur prev words cword command
	_init_completion || return
	local commands="compile check test explain why budget waivers knobs backends shards merge-manifests"
	command=${words[1]}
	if [ "$cword" = 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$cur")
		return
	fi
	case $prev in
	-o | --output | --stdlib) _filedir -d; return ;;
	--format | --messages)
		local formats="text json"
		[ "$command $prev" = "compile --format" ] && formats="tree tar"
		[ "$command" = test ] && formats="text json junit"
		mapfile -t COMPREPLY < <(compgen -W "$formats" -- "$cur")
		return ;;
	esac
	if [[ $cur == -* ]]; then
		local options=--help
		case $command in
		compile) options="-o --output --format --messages --force --shard --fleet-checked --no-cache --verify-output --stdlib --today --help" ;;
		shards) options="-n --ninja -o --output --launcher --stdlib --today --help" ;;
		merge-manifests) options="-o --output --help" ;;
		check) options="--as --decisions --format --hints --stdlib --today --help" ;;
		why | budget | waivers) options="--format --stdlib --today --help" ;;
		test) options="--filter --format --stdlib --today --help" ;;
		explain) options="--format --stdlib --help" ;;
		knobs) options="--on --surface --diff --format --stdlib --help" ;;
		esac
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
		return
	fi
	case $command in
	compile | check | test | waivers | shards) _filedir tune ;;
	merge-manifests) _filedir -d ;;
	why | budget)
		if [ "$cword" = 2 ]; then
			_filedir tune
		elif [ "$cword" = 3 ]; then
			# names that stand in the site itself; patterns and facts would take a compiler
			mapfile -t COMPREPLY < <(compgen -W "$(sed -nE 's/^host +([A-Za-z0-9_-]+).*/\1/p' "${words[2]}" 2>/dev/null)" -- "$cur")
		fi ;;
	esac
}
complete -F _tunec tunec
