// See tree_cache.h. The file: a head, the length of each piece's name and the number of its files, the names,
// the records, and a fingerprint of all that. Numbers are as this machine has them: the records are of its
// file system.
#include "output/tree/stat_cache.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "output/tree/directory.h"

namespace tunec {
namespace {

struct Head {
  char what[16] = "tunec cache 2";
  Fingerprint program = fingerprint_of_program();
  std::uint64_t device = 0;
  std::int64_t written = 0;  // by the file system's clock, after all that is recorded
  std::uint64_t pieces = 0, names = 0, records = 0;
  Fingerprint index;  // of .tunec/files
};
struct PieceSize {
  std::uint32_t name = 0, files = 0;
};
static_assert(sizeof(Head) == 88 && sizeof(FileRecord) == 48);  // no padding, whose bytes would be anything

template <class T>
std::string_view bytes_of(std::span<const T> items) {
  return {reinterpret_cast<const char*>(items.data()), items.size_bytes()};
}

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

Fd open_directory(int state) {
  return Fd(::openat(state, "cache", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

}  // namespace

FileRecord record_of(const struct stat& status, const Fingerprint& fingerprint) {
  return {status.st_ino, static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_ctim),
          nanoseconds(status.st_mtim), fingerprint};
}

TreeCache::TreeCache(int state) {
  const Fd directory = open_directory(state);
  struct stat status {};
  if (directory.get() < 0 || ::fstat(directory.get(), &status) != 0) return;
  try {
    if (const auto text = read_file(directory.get(), "files", "")) read(*text, status.st_dev);
  } catch (const TreeFault&) {  // as if there were none
  }
}

void TreeCache::read(std::string_view text, std::uint64_t device) {
  Head head;
  const Head ours;
  Fingerprint sum;
  if (text.size() < sizeof head + sizeof sum) return;
  std::memcpy(&sum, text.data() + text.size() - sizeof sum, sizeof sum);
  text.remove_suffix(sizeof sum);
  if (fingerprint_of(text) != sum) return;
  std::memcpy(&head, text.data(), sizeof head);
  const bool known = std::memcmp(head.what, ours.what, sizeof ours.what) == 0 &&
                     head.program == ours.program && head.program.known() && head.device == device;
  // Whoever wrote the sum wrote the numbers; each is looked at before it is multiplied all the same.
  const std::size_t most = text.size();
  if (!known || head.pieces > most || head.names > most || head.records > most) return;
  if (sizeof head + head.pieces * sizeof(PieceSize) + head.names + head.records * sizeof(FileRecord) != most)
    return;

  std::vector<PieceSize> sizes(head.pieces);
  text.remove_prefix(sizeof head);
  std::memcpy(sizes.data(), text.data(), sizes.size() * sizeof(PieceSize));
  text.remove_prefix(sizes.size() * sizeof(PieceSize));
  names_ = text.substr(0, head.names);
  records_.resize(head.records);
  std::memcpy(records_.data(), text.data() + head.names, records_.size() * sizeof(FileRecord));
  std::string_view names = names_;
  std::span<const FileRecord> records = records_;
  for (const PieceSize& size : sizes) {
    if (size.name > names.size() || size.files > records.size()) return pieces_.clear();
    pieces_.push_back({names.substr(0, size.name), records.first(size.files)});
    names.remove_prefix(size.name);
    records = records.subspan(size.files);
  }
  device_ = device;
  written_ = head.written;
  sum_ = sum;
  index_ = head.index;
}

void TreeCache::clear() {
  pieces_.clear();
  sum_ = {};
}

std::span<const FileRecord> TreeCache::of(std::string_view top) const {
  const auto found = std::ranges::lower_bound(pieces_, top, {}, &PieceRecords::top);
  return found != pieces_.end() && found->top == top ? found->files : std::span<const FileRecord>();
}

bool TreeCache::holds(const FileRecord& record, const struct stat& status) const {
  return status.st_dev == device_ && record.changed < written_ &&
         record == record_of(status, record.fingerprint);
}

Fingerprint write_cache(int state, const Fingerprint& index, std::span<const PieceRecords> pieces) {
  if (::mkdirat(state, "cache", 0777) != 0 && errno != EEXIST) return {};
  const Fd directory = open_directory(state);
  if (directory.get() < 0) return {};
  // Of use on this machine only: whoever commits the output directory does not commit it.
  Fd ignore(
      ::openat(directory.get(), ".gitignore", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  ::unlinkat(directory.get(), "files.new", 0);
  const Fd file(
      ::openat(directory.get(), "files.new", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return {};
  Head head;
  head.index = index;
  head.device = status.st_dev;
  head.written = nanoseconds(status.st_mtim);
  head.pieces = pieces.size();
  std::string sizes, names, text;
  for (const PieceRecords& piece : pieces) {
    const PieceSize size{static_cast<std::uint32_t>(piece.top.size()),
                         static_cast<std::uint32_t>(piece.files.size())};
    sizes += bytes_of(std::span<const PieceSize>(&size, 1));
    names += piece.top;
    head.records += piece.files.size();
  }
  head.names = names.size();
  text.reserve(sizeof head + sizes.size() + names.size() + head.records * sizeof(FileRecord) +
               sizeof(Fingerprint));
  text.append(bytes_of(std::span<const Head>(&head, 1))).append(sizes).append(names);
  for (const PieceRecords& piece : pieces) text += bytes_of(piece.files);
  const Fingerprint sum = fingerprint_of(text);
  text += bytes_of(std::span<const Fingerprint>(&sum, 1));
  try {
    if (ignore.get() >= 0) write_all(ignore.get(), "*\n", "");
    write_all(file.get(), text, "");
    if (::renameat(directory.get(), "files.new", directory.get(), "files") == 0) return sum;
  } catch (const TreeFault&) {  // then there is none, or the former one
  }
  return {};
}

}  // namespace tunec
