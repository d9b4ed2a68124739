// The only user of libarchive. Subtrees are archived in parallel, each by itself; without their ends, these
// archives together are one. Directories have no entries: when a reader unpacks the archive, tar makes them
// with its usual mode.
#include "output/tar.h"

#include <algorithm>
#include <memory>
#include <new>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "base/parallel.h"
#include "output/replace_file.h"
#include "output/tree/directory.h"

namespace tunec {
namespace {

constexpr std::size_t block = 512;

struct TarFault {
  std::string text;
};

class Archive {
 public:
  Archive()
      : tar_(archive_write_new(), &archive_write_free), entry_(archive_entry_new(), &archive_entry_free) {
    if (!tar_ || !entry_) throw std::bad_alloc();
    archive_write_set_format_pax_restricted(tar_.get());
    archive_write_set_bytes_in_last_block(tar_.get(), 1);
    check(archive_write_open(tar_.get(), &bytes_, nullptr, &append, nullptr) == ARCHIVE_OK, "the archive");
  }

  void add(const TreeFile& file) {
    const auto content = content_of(file);
    archive_entry_clear(entry_.get());
    archive_entry_copy_pathname(entry_.get(), file.path.c_str());
    archive_entry_set_size(entry_.get(), static_cast<la_int64_t>(content->size()));
    archive_entry_set_filetype(entry_.get(), AE_IFREG);
    archive_entry_set_perm(entry_.get(), file.mode);
    archive_entry_set_uid(entry_.get(), 0);
    archive_entry_set_gid(entry_.get(), 0);
    archive_entry_set_mtime(entry_.get(), 0, 0);
    // ARCHIVE_WARN: the path is not ASCII; it is written as it is.
    check(archive_write_header(tar_.get(), entry_.get()) >= ARCHIVE_WARN, file.path);
    const la_ssize_t written = archive_write_data(tar_.get(), content->data(), content->size());
    check(written == static_cast<la_ssize_t>(content->size()), file.path);
  }

  // Writes no end: an archive usually ends in two empty blocks.
  std::string take() {
    check(archive_write_close(tar_.get()) == ARCHIVE_OK, "the archive");
    bytes_.resize(bytes_.size() - 2 * block);
    return std::move(bytes_);
  }

 private:
  static la_ssize_t append(archive*, void* to, const void* bytes, std::size_t size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
  }
  void check(bool fine, std::string_view path) {
    if (fine) return;
    const char* text = archive_error_string(tar_.get());
    throw TarFault{fmt::format("{}: {}", path, text == nullptr ? "cannot be archived" : text)};
  }

  std::unique_ptr<archive, int (*)(archive*)> tar_;
  std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry_;
  std::string bytes_;
};

std::string archived(const std::vector<TreeFile>& files) {
  Archive tar;
  for (const TreeFile& file : files) tar.add(file);
  return tar.take();
}

// Called before the first byte of the stream, which cannot be taken back.
std::string fault_of(const TreeSource& source) {
  std::vector<std::string> faults(source.subtrees());
  in_parallel(faults.size(), subtrees_in_batch,
              [&](std::size_t i) { faults[i] = tree_fault(source.files(i)); });
  const auto first = std::ranges::find_if(faults, [](const std::string& fault) { return !fault.empty(); });
  return first == faults.end() ? std::string() : *first;
}

}  // namespace

std::string write_tar(int fd, const TreeSource& source) {
  if (std::string fault = fault_of(source); !fault.empty()) return fault;
  constexpr std::size_t at_once = 8 * subtrees_in_batch;  // the number in memory at once
  std::vector<std::string> streams(std::min(at_once, source.subtrees()));
  try {
    for (std::size_t begin = 0; begin < source.subtrees(); begin += at_once) {
      const std::size_t count = std::min(at_once, source.subtrees() - begin);
      in_parallel(count, subtrees_in_batch,
                  [&](std::size_t i) { streams[i] = archived(source.files(begin + i)); });
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
  return replace_file(path, [&](int fd) { return write_tar(fd, source); });
}

std::string write_tar_file(const std::string& path, std::span<const TreeFile> files) {
  return write_tar_file(path, FilesInMemory(files));
}

}  // namespace tunec
