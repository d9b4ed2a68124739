// Reads regular files and nothing else: a FIFO or a terminal named by mistake must not hang the compiler, so
// files are opened without blocking and looked at before the first byte is read.
#include "base/file_system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace tunec {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

std::string reason_of(int error) {
  if (error == ENOENT || error == ENOTDIR) return std::string(no_such_file);
  if (error == ENXIO || error == ENODEV) return "is not a regular file";
  std::string text = std::generic_category().message(error);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

ReadError too_long(std::size_t size, std::size_t limit) {
  return {"is " + std::to_string(size) + " bytes, more than the " + std::to_string(limit) +
          " that tunec reads"};
}

// Reads past the size that fstat reported, since /proc and /sys report none. Stops at the first byte too
// many.
std::variant<std::string, ReadError> read_all(int descriptor, std::size_t size, std::size_t limit) {
  std::string text;
  text.resize(size + 1);
  std::size_t length = 0;
  while (true) {
    if (length == text.size()) text.resize(text.size() * 2 + 4096);
    const ssize_t got = ::read(descriptor, text.data() + length, text.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ReadError{reason_of(errno)};
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
    if (length > limit)
      return ReadError{"is longer than the " + std::to_string(limit) + " bytes that tunec reads"};
  }
  text.resize(length);
  return text;
}

}  // namespace

std::variant<std::string, ReadError> DiskFileSystem::read(const std::string& path, std::size_t limit) const {
  // The kernel would open the path that ends at this byte
  if (path.find('\0') != path.npos) return ReadError{std::string(no_such_file)};
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (file.number() < 0) return ReadError{reason_of(errno)};
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return ReadError{reason_of(errno)};
  if (S_ISDIR(status.st_mode)) return ReadError{"is a directory"};
  if (!S_ISREG(status.st_mode)) return ReadError{"is not a regular file"};
  const std::size_t size = static_cast<std::size_t>(status.st_size);
  if (size > limit) return too_long(size, limit);
  return read_all(file.number(), size, limit);
}

std::vector<std::string> DiskFileSystem::list(const std::string& directory) const {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(directory.empty() ? "." : directory, error);
  while (!error && entry != std::filesystem::directory_iterator()) {
    names.push_back(entry->path().filename().string());
    entry.increment(error);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::vector<std::string>> files_below(const std::string& directory, std::string_view ending) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(directory, error)) return std::nullopt;
  std::vector<std::string> files;
  fs::recursive_directory_iterator entry(directory, fs::directory_options::skip_permission_denied, error);
  while (!error && entry != fs::recursive_directory_iterator()) {
    const std::string name = entry->path().filename().string();
    std::error_code unreadable;
    if (name.starts_with('.')) entry.disable_recursion_pending();
    else if (name.ends_with(ending) && entry->is_regular_file(unreadable))
      files.push_back(entry->path().string());
    entry.increment(error);
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::variant<std::string, ReadError> MemoryFileSystem::read(const std::string& path,
                                                            std::size_t limit) const {
  const auto file = files.find(path);
  if (file == files.end())
    return ReadError{list(path).empty() ? std::string(no_such_file) : "is a directory"};
  if (file->second.size() > limit) return too_long(file->second.size(), limit);
  return file->second;
}

std::vector<std::string> MemoryFileSystem::list(const std::string& directory) const {
  std::string prefix = directory == "." ? "" : directory;
  if (!prefix.empty() && prefix.back() != '/') prefix += '/';
  std::vector<std::string> names;
  for (auto file = files.lower_bound(prefix); file != files.end() && file->first.starts_with(prefix);
       ++file) {
    const std::string rest = file->first.substr(prefix.size());
    const std::string name = rest.substr(0, rest.find('/'));
    if (!name.empty()) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string absolute_path(const std::string& path) {
  std::error_code failed;
  const std::filesystem::path whole = std::filesystem::absolute(path, failed);
  std::string text = (failed ? std::filesystem::path(path) : whole).lexically_normal().string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

}  // namespace tunec
