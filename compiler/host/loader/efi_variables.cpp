#include "host/loader/efi_variables.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host/live.h"
#include "output/tree/directory.h"

namespace tunec::host {
namespace {

constexpr std::string_view folder = "/sys/firmware/efi/efivars";

// SD_LOADER (systemd: src/shared/efi-loader.h)
std::string path_of(std::string_view name) {
  return fmt::format("{}/{}-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", folder, name);
}

// A file of efivarfs is four bytes of attributes, then the value (Documentation/filesystems/efivarfs.rst);
// texts are UTF-16 with a zero at their end. Non-volatile, for the boot loader and the system.
constexpr std::string_view attributes{"\x07\0\0\0", 4};

std::string encoded(std::string_view text) {
  std::string bytes(attributes);
  for (const char c : text) bytes += {c, '\0'};
  return bytes + std::string(2, '\0');
}

// The kernel protects variables that it does not know from rm(1) (fs/efivarfs/super.c, efivarfs_callback).
void unprotect(const std::string& file) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  int flags = 0;
  if (fd.get() < 0 || ::ioctl(fd.get(), FS_IOC_GETFLAGS, &flags) != 0 || (flags & FS_IMMUTABLE_FL) == 0)
    return;
  flags &= ~FS_IMMUTABLE_FL;
  ::ioctl(fd.get(), FS_IOC_SETFLAGS, &flags);  // if this fails, the write that follows reports why
}

}  // namespace

std::optional<std::string> read_loader_variable(const Machine& machine, std::string_view name) {
  const auto bytes = read_value(machine, path_of(name));
  if (!bytes) return std::nullopt;
  std::string text;
  for (std::size_t i = attributes.size(); i + 1 < bytes->size(); i += 2) {
    const char low = (*bytes)[i], high = (*bytes)[i + 1];
    if (low == 0 && high == 0) break;
    text += high == 0 && static_cast<unsigned char>(low) < 0x80 ? low : '?';
  }
  return text;
}

void remove_loader_variable(const Machine& machine, std::string_view name) {
  const std::string path = path_of(name), file = machine.kernel + path;
  unprotect(file);
  if (::unlink(file.c_str()) != 0 && errno != ENOENT)
    throw Failed{fmt::format("{}: cannot be removed: {}", path, std::strerror(errno))};
}

void set_loader_variable(const Machine& machine, std::string_view name, std::string_view text) {
  remove_loader_variable(machine, name);
  const std::string path = path_of(name), file = machine.kernel + path, bytes = encoded(text);
  const Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  // One call: each is a variable of its own for the firmware.
  if (fd.get() >= 0 && ::write(fd.get(), bytes.data(), bytes.size()) == std::ssize(bytes)) return;
  const int error = errno;
  if (fd.get() >= 0) ::unlink(file.c_str());
  throw Failed{fmt::format("{}: the firmware does not take it: {}", path, std::strerror(error))};
}

std::string variables_not_writable(const Machine& machine) {
  const std::string path(folder);
  if (::access((machine.kernel + path).c_str(), W_OK | X_OK) == 0) return "";
  return fmt::format("{}: {}", path, std::strerror(errno));
}

}  // namespace tunec::host
