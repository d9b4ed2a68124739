#include "support/killed.h"

#include <algorithm>
#include <csignal>
#include <iterator>

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tunec::test {
namespace {

// True if the child, stopped by PTRACE_SYSCALL, is about to change something on the disk.
bool begins_a_change(pid_t child) {
  __ptrace_syscall_info call{};
  ::ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof call, &call);
  if (call.op != PTRACE_SYSCALL_INFO_ENTRY) return false;
  if (call.entry.nr == SYS_openat) return (call.entry.args[2] & (O_CREAT | O_TRUNC)) != 0;
  constexpr unsigned long changes[] = {SYS_write,  SYS_mkdirat, SYS_renameat, SYS_renameat2, SYS_unlinkat,
                                       SYS_fchmod, SYS_fsync,   SYS_fchown,   SYS_utimensat};
  return std::ranges::find(changes, call.entry.nr) != std::end(changes);
}

}  // namespace

End killed_before_change(int changes, const std::function<int()>& run) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(2);
    ::raise(SIGSTOP);
    ::_exit(run());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFSTOPPED(status)) return End::impossible;
  ::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  for (int seen = -1; seen < changes;) {
    ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status)) return WEXITSTATUS(status) == 0 ? End::finished : End::impossible;
    if (begins_a_change(child)) ++seen;
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return End::killed;
}

}  // namespace tunec::test
