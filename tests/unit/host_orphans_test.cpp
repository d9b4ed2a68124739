// Commands of a tunec-host that was killed: whoever comes next waits for them.
#include <gtest/gtest.h>

#include <csignal>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/orphans.h"
#include "output/tree/directory.h"
#include "support/scratch.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

// Runs a command of the shell as tunec-host does, and goes on at once.
class Started {
 public:
  explicit Started(const std::string& command) : child_(::fork()) {
    if (child_ != 0) return;
    ::setpgid(0, 0);
    ::execl("/usr/bin/env", "env", fmt::format("{}=1", command_marker).c_str(), "sh", "-c", command.c_str(),
            nullptr);
    ::_exit(127);
  }
  ~Started() {
    ::kill(-child_, SIGKILL);  // with what it has started
    ::waitpid(child_, nullptr, 0);
  }
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;

 private:
  pid_t child_;
};

void wait_for(const Scratch& scratch, const char* file) {
  while (!scratch.exists(file)) ::usleep(1000);
}

// One test: what each starts would be the other's orphan.
TEST(HostOrphans, are_waited_for_with_what_they_have_started_until_an_interrupt) {
  const Scratch scratch;
  {
    // The shell ends first. What it has started does its work later.
    const Started command(
        fmt::format("cd {}; (touch begun; sleep 0.5; touch done) & exit 0", scratch.at("")));
    wait_for(scratch, "begun");
    std::string warned;
    wait_for_orphans([&](const std::string& text) { warned += text; });
    EXPECT_TRUE(scratch.exists("done"));
    EXPECT_TRUE(warned.starts_with("waits for process ")) << warned;
    EXPECT_TRUE(warned.ends_with(", which a tunec-host that was killed has started\n")) << warned;
  }
  const Started command(fmt::format("touch {}; sleep 600; true", scratch.at("second")));
  wait_for(scratch, "second");
  std::string refusal;
  {
    const SignalsHeld held;
    ::raise(SIGTERM);
    try {
      wait_for_orphans([](const std::string&) {});
    } catch (const Refused& refused) {
      refusal = refused.text;
    }
    sigset_t term;
    ::sigemptyset(&term);
    ::sigaddset(&term, SIGTERM);
    int taken = 0;
    ::sigwait(&term, &taken);  // or it would end this test
  }
  EXPECT_TRUE(refusal.ends_with("still changes this machine: wait until it ends, or end it")) << refusal;
}

}  // namespace
}  // namespace tunec::test
