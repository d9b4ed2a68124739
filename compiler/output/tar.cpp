// See tar.h; the only user of libarchive. Directories have no entries of their own: tar makes them, and
// theirs is then the mode of the place they are unpacked to.
#include "output/tar.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/parallel.h"
#include "output/tree/directory.h"
#include "output/tree/source.h"

namespace tunec {
namespace {

constexpr std::size_t block = 512;

// The header of a file as libarchive writes it where ustar can say it all, which is nearly always: its own
// way there takes longer than to render the file. A test holds us to it.
std::string plain_header(const TreeFile& file, std::size_t size) {
  std::string header(block, '\0');
  const auto put = [&](std::size_t at, std::string_view text) { header.replace(at, text.size(), text); };
  put(0, file.path);
  put(100, fmt::format("{:06o} ", file.mode));
  put(108, "000000 ");  // user
  put(116, "000000 ");  // group
  put(124, fmt::format("{:011o} ", size));
  put(136, "00000000000 ");  // time
  put(148, "        0");     // what the sum is made with, and the kind of entry
  put(257, std::string_view("ustar\00000", 8));
  put(329, "000000 ");
  put(337, "000000 ");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(148, fmt::format("{:06o}", sum));
  header[154] = '\0';
  return header;
}

bool is_plain(const TreeFile& file, std::size_t size) {
  const bool ascii = std::ranges::all_of(file.path, [](char c) { return c >= ' ' && c <= '~'; });
  return ascii && file.path.size() < 100 && size < std::size_t{1} << 33U && file.mode <= 07777U;
}

struct TarFault {
  std::string text;
};

la_ssize_t append(archive*, void* to, const void* bytes, std::size_t size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

// An archive of one file, without its end.
std::string by_library(const TreeFile& file, const std::string& content) {
  std::string bytes;
  const std::unique_ptr<archive, int (*)(archive*)> tar(archive_write_new(), &archive_write_free);
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                       &archive_entry_free);
  if (!tar || !entry) throw std::bad_alloc();
  const auto check = [&](bool fine) {
    const char* text = archive_error_string(tar.get());
    if (!fine)
      throw TarFault{fmt::format("{}: {}", file.path, text == nullptr ? "cannot be archived" : text)};
  };
  archive_write_set_format_pax_restricted(tar.get());
  archive_write_set_bytes_in_last_block(tar.get(), 1);
  check(archive_write_open(tar.get(), &bytes, nullptr, &append, nullptr) == ARCHIVE_OK);
  archive_entry_copy_pathname(entry.get(), file.path.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), file.mode);
  archive_entry_set_uid(entry.get(), 0);
  archive_entry_set_gid(entry.get(), 0);
  archive_entry_set_mtime(entry.get(), 0, 0);
  // A warning is about names that are no ASCII; they are written as they are.
  check(archive_write_header(tar.get(), entry.get()) >= ARCHIVE_WARN);
  check(archive_write_data(tar.get(), content.data(), content.size()) ==
        static_cast<la_ssize_t>(content.size()));
  check(archive_write_close(tar.get()) == ARCHIVE_OK);
  bytes.resize(bytes.size() - 2 * block);
  return bytes;
}

void add(std::string& stream, const TreeFile& file) {
  const auto content = content_of(file);
  if (!is_plain(file, content->size())) {
    stream += by_library(file, *content);
    return;
  }
  stream.append(plain_header(file, content->size())).append(*content);
  stream.append((block - content->size() % block) % block, '\0');
}

// Before the first byte of the stream, which cannot be taken back.
std::string fault_of(const TreeSource& source) {
  std::vector<std::string> faults(source.pieces());
  in_parallel(faults.size(), pieces_in_batch,
              [&](std::size_t i) { faults[i] = tree_fault(source.files(i)); });
  const auto first = std::ranges::find_if(faults, [](const std::string& fault) { return !fault.empty(); });
  return first == faults.end() ? std::string() : *first;
}

}  // namespace

std::string write_tar(int fd, const TreeSource& source) {
  if (std::string fault = fault_of(source); !fault.empty()) return fault;
  constexpr std::size_t at_once = 8 * pieces_in_batch;  // so many are in memory
  std::vector<std::string> streams(std::min(at_once, source.pieces()));
  try {
    for (std::size_t begin = 0; begin < source.pieces(); begin += at_once) {
      const std::size_t count = std::min(at_once, source.pieces() - begin);
      in_parallel(count, pieces_in_batch, [&](std::size_t i) {
        streams[i].clear();
        for (const TreeFile& file : source.files(begin + i)) add(streams[i], file);
      });
      for (std::size_t i = 0; i < count; ++i) write_all(fd, streams[i], "the archive");
    }
    write_all(fd, std::string(2 * block, '\0'), "the archive");
  } catch (const TarFault& fault) {
    return fault.text;
  } catch (const TreeFault& fault) {
    return fault.text;
  }
  return {};
}

std::string write_tar(int fd, std::span<const TreeFile> files) {
  const FilesInMemory source(files);
  std::string fault = source.fault();
  return fault.empty() ? write_tar(fd, source) : fault;
}

std::string write_tar_file(const std::string& path, const TreeSource& source) {
  struct stat status {};
  const bool stream = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) &&
                      !S_ISDIR(status.st_mode);
  const std::string target = stream ? path : path + ".part";
  const auto fault = [](const std::string& where) {
    return fmt::format("{}: {}", where, std::strerror(errno));
  };
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

std::string write_tar_file(const std::string& path, std::span<const TreeFile> files) {
  return write_tar_file(path, FilesInMemory(files));
}

}  // namespace tunec
