# shellcheck shell=bash disable=SC2034
# Common code that the oracles source. An oracle prints the messages of the real consumer and exits with 0 (accepted), 1
# (rejected) or 2 (could not run: no verdict). ORACLE_CACHE is the directory of unpacked programs (install-oracles).
# ORACLE_ALLOW is a regular expression of complaints that do not count, but are printed.
set -u
ORACLES=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=${ORACLE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/tunec-oracles}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export LC_ALL=C
NAME=${0##*/}
FAILS=0

say() { printf '%s: %s\n' "$NAME" "$*"; }
note() { printf '%s: note: %s\n' "$NAME" "$*"; }
bad() {
	if [ -n "${ORACLE_ALLOW:-}" ] && grep -qE -- "$ORACLE_ALLOW" <<<"$*"; then
		printf '%s: allowed: %s\n' "$NAME" "$*"
		return
	fi
	printf '%s: BAD: %s\n' "$NAME" "$*"
	FAILS=$((FAILS + 1))
}
broken() { printf '%s: CANNOT RUN: %s\n' "$NAME" "$*" >&2; exit 2; }
need() { local c; for c; do command -v "$c" >/dev/null || broken "$c is missing; tests/oracles/install-oracles gets it"; done; }
usage() { [ $# -ge 1 ] && [ -e "$1" ] || { echo "usage: $NAME FILE_OR_DIR" >&2; exit 2; }; }
verdict() {
	if [ "$FAILS" -gt 0 ]; then say "rejected: $FAILS problem(s)"; exit 1; fi
	say "accepted${1:+: $1}"
	exit 0
}

# The version of the one kernel in the cache.
kernel_version() {
	local d
	for d in "$CACHE"/kernel/lib/modules/*/; do [ -e "$d/modules.dep.bin" ] && basename "$d" && return; done
	broken "no kernel in $CACHE; tests/oracles/install-oracles gets it"
}

# pick FILE_OR_DIR SUBDIR SUFFIX: the files of one kind, of a host's tree, of one folder, or the file itself.
pick() {
	local at=$1 sub=$2 suf=$3 d
	if [ -f "$at" ]; then printf '%s\n' "$(cd "$(dirname "$at")" && pwd)/${at##*/}"; return; fi
	for d in "$at/etc/$sub" "$at"; do
		if [ -d "$d" ] && compgen -G "$d/*$suf" >/dev/null; then (cd "$d" && printf "$PWD/%s\n" *"$suf"); return; fi
	done
}

# $T is a directory for this run, removed at the end.
tmp() { T=$(mktemp -d "${TMPDIR:-/tmp}/oracle-$NAME.XXXXXX") || broken "mktemp"; trap 'rm -rf "$T"' EXIT; }

# Own namespaces for mounts, network and processes: nothing that the run mounts or starts is visible outside or outlives it.
private() {
	[ "$(id -u)" = 0 ] || broken "needs root, for mounts of its own"
	unshare -m -n -p -f --propagation private --mount-proc --kill-child -- "$@"
}

# cover DIR: within private, makes DIR writable without touching the real one. Defined as text for the inner shells.
COVER='cover() { local u; u=$(mktemp -d "$1/cover.XXXXXX") && mount -t tmpfs none "$u" && mkdir "$u/u" "$u/w" &&
	mount -t overlay -o "lowerdir=$2,upperdir=$u/u,workdir=$u/w" none "$2"; }'

# data/stand-ins: programs and users that packages of a real host bring, and that this machine may lack.
stand_in() { sed -n "s/^$1 //p" "$ORACLES/data/stand-ins"; }

# Files from which a WireGuard configuration reads keys: `wg set %i private-key FILE`, `preshared-key <(cat FILE)` and the like.
key_files() { sed -nE 's/^[[:space:]]*(Pre|Post)Up[[:space:]]*=(.*)/\2/p' "$1" | grep -oE '(private|preshared)-key[[:space:]]+(<\(cat )?/etc/[A-Za-z0-9_./%-]+' |
	sed -E "s#.*[ (]/#/#; s#%i#$(basename "$1" .conf)#g" | sort -u; }
