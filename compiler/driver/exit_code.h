// What the program's exit code means.
#pragma once

namespace tunec {

enum ExitCode { exit_fine = 0, exit_errors = 1, exit_usage_or_io = 2 };

}  // namespace tunec
