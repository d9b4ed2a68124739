// What the program's exit code means.
#pragma once

namespace tunec {

// exit_found: `diff` or `bench` found what --fail-on or --expect names.
enum ExitCode { exit_fine = 0, exit_errors = 1, exit_usage_or_io = 2, exit_found = 3 };

}  // namespace tunec
