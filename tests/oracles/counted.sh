# shellcheck shell=bash
# For oracles that are a list of checks: ok, no and skip count them, finish prints the sum as ./dev test reads it, and ends.
passed=0; failed=0; skipped=0
ok() { passed=$((passed + 1)); echo "ok: $*"; }
no() { failed=$((failed + 1)); echo "FAILED: $1"; [ $# -lt 2 ] || sed 's/^/  | /' <<<"$2" | tail -30; }
skip() { skipped=$((skipped + 1)); echo "skipped: $*"; }
finish() { echo "$passed passed, $failed failed, $skipped skipped"; [ "$failed" = 0 ]; exit; }
# test_that WHAT COMMAND...: the command succeeds.
test_that() { local what=$1 out; shift; if out=$("$@" 2>&1); then ok "$what"; else no "$what" "$out"; fi; }
# add_counts SUM: of another run that ended so; one that did not get that far has failed.
add_counts() {
	local p f s
	if [[ $1 =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
		p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]} s=${BASH_REMATCH[3]}
		passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	else
		no "a part of it did not come to its end" "$1"
	fi
}
