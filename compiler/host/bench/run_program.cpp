#include "host/bench/run_program.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/machine.h"
#include "output/tree/directory.h"

namespace tunec::host {
namespace {

volatile std::sig_atomic_t stop_signal = 0;
void on_signal(int number) { stop_signal = number; }

struct sigaction old_actions[2];
constexpr int stop_signals[] = {SIGINT, SIGTERM};

struct Pipe {
  Fd read, write;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Failed{"no pipe can be made"};
  return {Fd(ends[0]), Fd(ends[1])};
}

[[noreturn]] void become(const std::vector<std::string>& words, const std::string& directory, int output,
                         int errors) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // it does not go on if tunec-host is killed
  for (const int number : stop_signals) std::signal(number, SIG_DFL);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, 0);
  ::dup2(output, 1);
  ::dup2(errors, 2);
  ::setenv("LC_ALL", "C", 1);
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  if (::chdir(directory.c_str()) == 0) ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

// Reads what there is. Returns false at the end.
bool read_some(const Fd& from, std::string& text) {
  std::array<char, 1 << 14> buffer;
  const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

}  // namespace

StopSignals::StopSignals() {
  stop_signal = 0;
  struct sigaction action {};
  action.sa_handler = on_signal;  // without SA_RESTART: poll returns
  for (std::size_t i = 0; i < 2; ++i) ::sigaction(stop_signals[i], &action, &old_actions[i]);
}

StopSignals::~StopSignals() {
  for (std::size_t i = 0; i < 2; ++i) ::sigaction(stop_signals[i], &old_actions[i], nullptr);
}

ProgramRun run_program(const std::vector<std::string>& words, const std::string& directory,
                       double limit_seconds) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  Pipe output = make_pipe(), errors = make_pipe();
  const pid_t child = ::fork();
  if (child == 0) become(words, directory, output.write.get(), errors.write.get());
  if (child < 0) throw Failed{"no process can be started"};
  ::setpgid(child, child);
  output.write = Fd(-1);
  errors.write = Fd(-1);
  ProgramRun run;
  int signal_to_send = SIGTERM;
  double next_signal = limit_seconds;
  pollfd polled[2] = {{output.read.get(), POLLIN, 0}, {errors.read.get(), POLLIN, 0}};
  // A program may close its output long before it ends, and its children may hold it longer.
  int status = 0;
  for (bool ended = false;;) {
    const bool is_open = polled[0].fd >= 0 || polled[1].fd >= 0;
    ended = ended || ::waitpid(child, &status, WNOHANG) == child;
    if (ended && !is_open) break;
    const int ready = ::poll(polled, 2, is_open ? 100 : 1);
    if (stop_signal != 0 && !run.stopped) {
      run.stopped = true;
      next_signal = 0;
    }
    if (elapsed() > next_signal) {  // SIGTERM at the limit, then SIGKILL
      run.in_time = run.stopped;
      ::kill(-child, signal_to_send);
      signal_to_send = SIGKILL;
      next_signal = elapsed() + 5;
    }
    if (ready <= 0) continue;
    if (polled[0].revents != 0 && !read_some(output.read, run.output)) polled[0].fd = -1;
    if (polled[1].revents != 0 && !read_some(errors.read, run.errors)) polled[1].fd = -1;
  }
  run.elapsed_seconds = elapsed();
  run.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return run;
}

bool is_on_path(const std::string& program) {
  if (program.find('/') != program.npos) return ::access(program.c_str(), X_OK) == 0;
  const char* given = std::getenv("PATH");
  const std::string path = given != nullptr ? given : "/usr/sbin:/usr/bin:/sbin:/bin";
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    if (::access((path.substr(begin, end - begin) + "/" + program).c_str(), X_OK) == 0) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace tunec::host
