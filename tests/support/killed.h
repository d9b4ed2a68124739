// Runs that die: a child is killed just before one of its system calls that change something on the disk.
#pragma once

#include <functional>

namespace tunec::test {

enum class End { killed, finished, impossible };

// `run` returns 0 if all went well. It finishes if it makes fewer changes; `changes` counts from 0.
End killed_before_change(int changes, const std::function<int()>& run);

}  // namespace tunec::test
