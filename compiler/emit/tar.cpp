// See tar.h; the only user of libarchive. Directories have no entries of their own: tar makes them, and theirs is
// then the mode of the place they are unpacked to.
#include "emit/tar.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/parallel.h"
#include "emit/tree_dir.h"
#include "emit/tree_source.h"

namespace tunec {
namespace {

using Archive = std::unique_ptr<archive, int (*)(archive*)>;

std::string fault_in(archive* tar) {
  const char* text = archive_error_string(tar);
  return text == nullptr ? "cannot write the archive" : text;
}

bool add(archive* tar, archive_entry* entry, const TreeFile& file) {
  const auto content = content_of(file);
  archive_entry_clear(entry);
  archive_entry_copy_pathname(entry, file.path.c_str());
  archive_entry_set_size(entry, static_cast<la_int64_t>(content->size()));
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, file.mode);
  archive_entry_set_uid(entry, 0);
  archive_entry_set_gid(entry, 0);
  archive_entry_set_mtime(entry, 0, 0);
  // A warning is about names that are no ASCII; they are written as they are.
  if (archive_write_header(tar, entry) < ARCHIVE_WARN) return false;
  const auto size = static_cast<la_ssize_t>(content->size());
  return archive_write_data(tar, content->data(), content->size()) == size;
}

// Before the first byte of the stream, which cannot be taken back.
std::string fault_of(const TreeSource& source) {
  std::vector<std::string> faults(source.pieces());
  in_parallel(faults.size(), pieces_in_batch, [&](std::size_t i) { faults[i] = tree_fault(source.files(i)); });
  const auto first = std::ranges::find_if(faults, [](const std::string& fault) { return !fault.empty(); });
  return first == faults.end() ? std::string() : *first;
}

}  // namespace

std::string write_tar(int fd, const TreeSource& source) {
  if (std::string fault = fault_of(source); !fault.empty()) return fault;
  const Archive tar(archive_write_new(), &archive_write_free);
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), &archive_entry_free);
  if (!tar || !entry) return "out of memory";
  archive_write_set_format_pax_restricted(tar.get());
  archive_write_set_bytes_in_last_block(tar.get(), 1);  // no padding that depends on what is written to
  if (archive_write_open_fd(tar.get(), fd) != ARCHIVE_OK) return fault_in(tar.get());
  for (std::size_t piece = 0; piece < source.pieces(); ++piece) {
    for (const TreeFile& file : source.files(piece)) {
      if (!add(tar.get(), entry.get(), file)) return fmt::format("{}: {}", file.path, fault_in(tar.get()));
    }
  }
  return archive_write_close(tar.get()) == ARCHIVE_OK ? std::string() : fault_in(tar.get());
}

std::string write_tar(int fd, std::span<const TreeFile> files) {
  const FilesInMemory source(files);
  std::string fault = source.fault();
  return fault.empty() ? write_tar(fd, source) : fault;
}

std::string write_tar_file(const std::string& path, const TreeSource& source) {
  struct stat status{};
  const bool stream = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  const std::string target = stream ? path : path + ".part";
  const auto fault = [](const std::string& where) { return fmt::format("{}: {}", where, std::strerror(errno)); };
  if (!stream) ::unlink(target.c_str());  // what a run that died left
  Fd fd(::open(target.c_str(), O_WRONLY | O_CLOEXEC | (stream ? 0 : O_CREAT | O_EXCL), 0666));
  if (fd.get() < 0) return fault(target);
  std::string error = write_tar(fd.get(), source);
  if (error.empty() && !fd.close()) error = fault(target);
  if (stream) return error;
  if (error.empty() && ::rename(target.c_str(), path.c_str()) != 0) error = fault(path);
  if (!error.empty()) ::unlink(target.c_str());
  return error;
}

std::string write_tar_file(const std::string& path, std::span<const TreeFile> files) { return write_tar_file(path, FilesInMemory(files)); }

}  // namespace tunec
