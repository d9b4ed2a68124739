#include "host/trial/settle.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "output/tree/directory.h"

namespace tunec::host {
namespace {

// A child that holds only the reading end of a pipe, so it reads the end of the file when its parent is gone,
// too. It writes nothing: the file system may be the one of the program itself.
pid_t start_thawer(int directory, int read_end, int write_end) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::close(write_end);
  char byte = 0;
  while (::read(read_end, &byte, 1) < 0 && errno == EINTR) {
  }
  ::ioctl(directory, FITHAW, 0);  // fails if the parent has done it
  ::_exit(0);
}

}  // namespace

std::string freeze_and_thaw(const std::string& directory) {
  const auto reason = [&](const char* action) {
    return fmt::format("{}: its file system cannot be {}: {}", directory, action, std::strerror(errno));
  };
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::syncfs(fd.get()) != 0) return reason("synced");
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return reason("frozen");
  const Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  const pid_t child = start_thawer(fd.get(), ends[0], ends[1]);
  if (child < 0) return reason("frozen");
  std::string problem;
  if (::ioctl(fd.get(), FIFREEZE, 0) == 0) {
    if (::ioctl(fd.get(), FITHAW, 0) != 0) problem = reason("thawed");
  } else if (errno != EOPNOTSUPP) {
    problem = reason("frozen");
  }
  write_end = Fd();
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  return problem;
}

}  // namespace tunec::host
