// The file contains, in this order: a title, the program, the file system, the time of writing, the list that
// it belongs to, the inputs, each subtree's name and number of files, all records, and a fingerprint of all
// this.
#include "output/tree/stat_cache.h"

#include <algorithm>
#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

#include "base/archive.h"
#include "output/tree/directory.h"

namespace tunec {
namespace {

constexpr std::string_view title = "tunec cache 3";

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

Fd open_directory(int state) {
  return Fd(::openat(state, "cache", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// The bytes before the fingerprint at the end; nothing if the fingerprint does not match them.
std::optional<std::string_view> checked(std::string_view bytes) {
  if (bytes.size() < sizeof(Fingerprint)) return std::nullopt;
  const std::string_view content = bytes.substr(0, bytes.size() - sizeof(Fingerprint));
  ArchiveReader end(bytes.substr(content.size()));
  return end.number<Fingerprint>() == fingerprint_of(content) ? std::optional(content) : std::nullopt;
}

// `written`: by the file system's clock, later than everything that is recorded.
std::string archived(std::uint64_t device, std::int64_t written, const Fingerprint& list,
                     std::string_view inputs, std::span<const SubtreeRecords> subtrees) {
  std::size_t records = 0;
  for (const SubtreeRecords& subtree : subtrees) records += subtree.files.size();
  ArchiveWriter out;
  out.reserve(1024 + inputs.size() + 64 * subtrees.size() + records * sizeof(FileRecord));
  out.text(title);
  out.number(fingerprint_of_program());
  out.number(device);
  out.number(written);
  out.number(list);
  out.text(inputs);
  out.number(std::uint64_t{subtrees.size()});
  out.number(std::uint64_t{records});
  for (const SubtreeRecords& subtree : subtrees) {
    out.text(subtree.top);
    out.number(static_cast<std::uint32_t>(subtree.files.size()));
  }
  for (const SubtreeRecords& subtree : subtrees) out.array(subtree.files);
  out.number(fingerprint_of(out.bytes()));
  return out.take();
}

}  // namespace

FileRecord record_of(const struct stat& status, const Fingerprint& fingerprint) {
  return {status.st_ino, static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_ctim),
          nanoseconds(status.st_mtim), fingerprint};
}

StatCache::StatCache(int state) {
  const Fd directory = open_directory(state);
  struct stat status {};
  if (directory.get() < 0 || ::fstat(directory.get(), &status) != 0) return;
  try {
    bytes_ = read_file(directory.get(), "files", "").value_or("");
  } catch (const TreeFault&) {  // then there is no cache
  }
  if (!read(status.st_dev)) clear();
}

bool StatCache::read(std::uint64_t device) {
  const auto content = checked(bytes_);
  if (!content) return false;
  ArchiveReader in(*content);
  const bool ours = in.text() == title && in.number<Fingerprint>() == fingerprint_of_program();
  device_ = in.number<std::uint64_t>();
  if (!ours || !fingerprint_of_program().known() || device_ != device) return false;
  written_ = in.number<std::int64_t>();
  list_ = in.number<Fingerprint>();
  inputs_ = in.text();
  const auto subtrees = in.number<std::uint64_t>(), records = in.number<std::uint64_t>();
  // Bounds the allocation, since a valid fingerprint does not prove that the numbers are sane.
  if (subtrees > in.left() || records > in.left() / sizeof(FileRecord)) return false;
  records_.resize(records);
  std::span<const FileRecord> rest = records_;
  for (std::uint64_t i = 0; i < subtrees; ++i) {
    const std::string_view top = in.text();
    const auto files = in.number<std::uint32_t>();
    if (files > rest.size()) return false;
    subtrees_.push_back({top, rest.first(files)});
    rest = rest.subspan(files);
  }
  in.array(std::span(records_));
  valid_ = in.complete();
  return valid_;
}

void StatCache::clear() {
  valid_ = false;
  inputs_ = {};
  subtrees_.clear();
}

std::span<const FileRecord> StatCache::of(std::string_view top) const {
  const auto found = std::ranges::lower_bound(subtrees_, top, {}, &SubtreeRecords::top);
  return found != subtrees_.end() && found->top == top ? found->files : std::span<const FileRecord>();
}

bool StatCache::holds(const FileRecord& record, const struct stat& status) const {
  return status.st_dev == device_ && record.changed < written_ &&
         record == record_of(status, record.fingerprint);
}

namespace {

// Keeps the cache out of commits of the output directory: it is valid on this machine only.
void ignore_in_git(int directory) {
  const Fd ignore(
      ::openat(directory, ".gitignore", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (ignore.get() >= 0) write_all(ignore.get(), "*\n", "");
}

// A descriptor of .tunec/cache, which is made if missing; negative if that fails.
Fd make_directory(int state) {
  if (::mkdirat(state, "cache", 0777) != 0 && errno != EEXIST) return {};
  return open_directory(state);
}

}  // namespace

void write_cache_stamp(int state, const timespec& time) {
  constexpr std::string_view shown = ".tunec/cache/stamp";
  const Fd directory = make_directory(state);
  if (directory.get() < 0) tree_fault_errno(shown, errno);
  ignore_in_git(directory.get());
  const Fd stamp(::openat(directory.get(), "stamp", O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
  const timespec times[] = {time, time};
  if (stamp.get() < 0 || ::futimens(stamp.get(), times) != 0) tree_fault_errno(shown, errno);
}

void write_stat_cache(int state, const Fingerprint& list, std::string_view inputs,
                      std::span<const SubtreeRecords> subtrees) {
  const Fd directory = make_directory(state);
  if (directory.get() < 0) return;
  ::unlinkat(directory.get(), "files.new", 0);
  try {
    ignore_in_git(directory.get());
    const Fd file = new_file(directory.get(), "files.new", "");
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return;
    write_all(file.get(), archived(status.st_dev, nanoseconds(status.st_mtim), list, inputs, subtrees), "");
    ::renameat(directory.get(), "files.new", directory.get(), "files");
  } catch (const TreeFault&) {  // then there is no cache, or the previous one
  }
}

}  // namespace tunec
