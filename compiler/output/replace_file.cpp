#include "output/replace_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/tree/directory.h"

namespace tunec {

std::string replace_file(const std::string& path, const std::function<std::string(int fd)>& write) {
  // A device, a pipe or a link is written to, and stays what it is.
  struct stat status {};
  const bool is_stream = ::lstat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) &&
                         !S_ISDIR(status.st_mode);
  const std::string target = is_stream ? path : path + ".part";
  const auto fault = [](const std::string& where) {
    return fmt::format("{}: {}", where, std::strerror(errno));
  };
  if (!is_stream) ::unlink(target.c_str());  // a file that a killed run left
  Fd fd(::open(target.c_str(), O_WRONLY | O_CLOEXEC | O_CREAT | (is_stream ? O_TRUNC : O_EXCL), 0666));
  if (fd.get() < 0) return fault(target);
  std::string error = write(fd.get());
  if (error.empty() && !fd.close()) error = fault(target);
  if (is_stream) return error;
  if (error.empty() && ::rename(target.c_str(), path.c_str()) != 0) error = fault(path);
  if (!error.empty()) ::unlink(target.c_str());
  return error;
}

std::string replace_file(const std::string& path, std::string_view content) {
  return replace_file(path, [&](int fd) -> std::string {
    try {
      write_all(fd, content, path);
    } catch (const TreeFault& fault) {
      return fault.text;
    }
    return {};
  });
}

std::string rewrite_file(const std::string& path, std::string_view content) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  struct stat status {};
  // A file that the user may not write must not be replaced either
  if (real == nullptr || ::access(real.get(), W_OK) != 0 || ::stat(real.get(), &status) != 0)
    return fmt::format("{}: {}", path, std::strerror(errno));
  return replace_file(real.get(), [&](int fd) -> std::string {
    // Only root may give a file away. Other users own the result, as with an editor.
    [[maybe_unused]] const int refused = ::fchown(fd, status.st_uid, status.st_gid);
    if (::fchmod(fd, status.st_mode & 07777U) != 0) return fmt::format("{}: {}", path, std::strerror(errno));
    try {
      write_all(fd, content, path);
    } catch (const TreeFault& fault) {
      return fault.text;
    }
    return {};
  });
}

}  // namespace tunec
