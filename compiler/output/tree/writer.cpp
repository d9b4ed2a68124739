// One run of the writer: open and lock, finish what a former run left, compare and stage, journal, move into
// place.
#include "output/tree/writer.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/parallel.h"
#include "output/tree/directory.h"
#include "output/tree/file_list.h"
#include "output/tree/journal.h"
#include "output/tree/source.h"
#include "output/tree/subtree.h"

namespace tunec {
namespace {

// A name in the output directory: what of it is wanted, what of it was ours before.
struct Job {
  std::string_view top;
  std::optional<std::size_t> piece;
  FormerPiece former;
};

// Both by name. What is not of the source goes.
std::vector<Job> jobs_of(const TreeSource& source, std::span<const IndexPiece> former,
                         const TreeCache& cache) {
  std::vector<Job> jobs;
  auto known = former.begin();
  const auto gone = [&] { jobs.push_back({known->top, std::nullopt, {known->lines, cache.of(known->top)}}); };
  for (std::size_t piece = 0; piece < source.pieces(); ++piece) {
    const std::string_view top = source.top(piece);
    for (; known != former.end() && known->top < top; ++known) gone();
    const bool both = known != former.end() && known->top == top;
    jobs.push_back({top, piece, {both ? (known++)->lines : std::string_view(), cache.of(top)}});
  }
  for (; known != former.end(); ++known) gone();
  return jobs;
}

bool is_there(int directory, const char* name) {
  struct stat status {};
  return ::fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

std::string joined(std::span<const std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

// What a former run knew of the tree.
struct Former {
  std::optional<TreeIndex> index;
  bool listed = false;  // there is a list of files, if an empty one
  std::string label;
  std::optional<TreeCache> cache;  // of this list
  Former(int state, bool cached);
};

Former::Former(int state, bool cached) : label(read_file(state, "shard", ".tunec/shard").value_or("")) {
  in_parallel(2, [&](std::size_t i) {
    if (i == 0) {
      auto text = read_file(state, "files", ".tunec/files");
      listed = text.has_value();
      index.emplace(std::move(text).value_or(""));
    } else {
      cached ? cache.emplace(state) : cache.emplace();
    }
  });
  if (cache->index() != index->fingerprint()) cache->clear();
}

class TreeWriter {
 public:
  explicit TreeWriter(const std::string& directory);
  ~TreeWriter();
  TreeWriter(const TreeWriter&) = delete;
  TreeWriter& operator=(const TreeWriter&) = delete;
  TreeResult write(const TreeSource& source, const TreeOptions& options);
  std::optional<std::size_t> files_as_left(const Fingerprint& left);

 private:
  void check_shard(const TreeIndex& former, const std::string& before, const std::string& now) const;
  void relabel(const std::string& label);
  Fingerprint remember(const TreeRun& run, const Fingerprint& list, const std::vector<Job>& jobs,
                       std::vector<PieceResult>& results);
  const std::string& output_;
  bool made_output_ = false, made_state_ = false, promised_ = false;
  Fd root_, state_;
};

TreeWriter::TreeWriter(const std::string& directory) : output_(directory) {
  made_output_ = ::mkdir(directory.c_str(), 0777) == 0;
  if (!made_output_ && errno != EEXIST) tree_fault_errno(directory, errno);
  // The one path that may lead through links: the user gave it.
  root_ = Fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root_.get() < 0) tree_fault_errno(directory, errno);
  if (::flock(root_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    made_output_ = false;
    tree_fault_at(directory, "another tunec is writing there");
  }
  made_state_ = ::mkdirat(root_.get(), ".tunec", 0777) == 0;
  if (!made_state_ && errno != EEXIST) tree_fault_errno(fmt::format("{}/.tunec", directory), errno);
  if (is_symlink(root_.get(), ".tunec")) tree_fault_at(".tunec", "is a symbolic link, which is not followed");
  state_ = Fd(::openat(root_.get(), ".tunec", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (state_.get() < 0) tree_fault_errno(".tunec", errno);
}

// A run that promised nothing leaves nothing.
TreeWriter::~TreeWriter() {
  if (state_.get() >= 0 && !promised_) {
    try {
      discard_stage(state_.get());
    } catch (const TreeFault&) {  // the next run tries again
    }
  }
  if (made_state_ && !promised_) ::unlinkat(root_.get(), ".tunec", AT_REMOVEDIR);
  if (made_output_ && !promised_) ::rmdir(output_.c_str());
}

TreeResult TreeWriter::write(const TreeSource& source, const TreeOptions& options) {
  finish_former_run(root_.get(), state_.get());
  const Former former(state_.get(), options.cache);
  check_shard(*former.index, former.label, options.shard_label);
  const std::vector<Job> jobs = jobs_of(source, former.index->pieces(), *former.cache);
  std::vector<PieceResult> results(jobs.size());
  const mode_t umask = ::umask(0);
  ::umask(umask);
  Stage stage(state_.get());
  const TreeRun run{output_, root_.get(), umask, options, *former.cache, stage};
  in_parallel(jobs.size(), pieces_in_batch, [&](std::size_t i) {
    results[i] = stage_piece(run, jobs[i].former,
                             jobs[i].piece ? source.files(*jobs[i].piece) : std::vector<TreeFile>());
  });

  TreeResult total;
  TreeChanges changes;
  bool reindexed = !former.listed && !options.shard_label.empty();  // a shard without hosts says so
  std::vector<std::string_view> index;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    PieceResult& result = results[i];
    total.files += result.files;
    total.written += result.written;
    total.unchanged += result.unchanged;
    changes.add(std::move(result.changes));
    reindexed = reindexed || result.reindexed;
    index.push_back(result.reindexed ? std::string_view(result.index) : jobs[i].former.lines);
  }
  total.removed = changes.removals.size();
  if (former.label != options.shard_label) relabel(options.shard_label);
  if (!changes.empty() || reindexed) {
    write_journal(state_.get(), changes, reindexed ? &index : nullptr);
    promised_ = true;
    carry_out(root_.get(), state_.get(), changes);
  }
  promised_ = true;
  if (options.cache)
    total.left = remember(run, reindexed ? fingerprint_of(joined(index)) : former.index->fingerprint(), jobs,
                          results);
  return total;
}

// A run that died left work for the next run that writes: nothing is certain then.
std::optional<std::size_t> TreeWriter::files_as_left(const Fingerprint& left) {
  promised_ = true;
  if (!left.known() || is_there(state_.get(), "journal") || is_there(state_.get(), "stage"))
    return std::nullopt;
  const Former former(state_.get(), true);
  if (former.cache->sum() != left) return std::nullopt;
  const auto pieces = former.index->pieces();
  std::atomic<bool> all_as_left = true;
  std::atomic<std::size_t> files = 0;
  in_parallel(pieces.size(), pieces_in_batch, [&](std::size_t i) {
    const FormerPiece piece{pieces[i].lines, former.cache->of(pieces[i].top)};
    files += piece.records.size();
    if (all_as_left && !is_as_left(root_.get(), *former.cache, piece)) all_as_left = false;
  });
  return all_as_left ? std::optional(files.load()) : std::nullopt;
}

// The hosts of other shards are not what a former run wrote and this one does not want.
void TreeWriter::check_shard(const TreeIndex& former, const std::string& before,
                             const std::string& now) const {
  const auto shard = [](const std::string& label) { return label.substr(0, label.find(' ')); };
  if (former.pieces().empty() || shard(before) == shard(now)) return;
  const std::string holds = before.empty() ? "the files of a whole site"
                                           : fmt::format("shard {}", shard(before));
  tree_fault_at(output_, fmt::format("holds {}: write {} to a directory of its own", holds,
                                     now.empty() ? "a whole site" : fmt::format("shard {}", shard(now))));
}

void TreeWriter::relabel(const std::string& label) {
  if (label.empty()) {
    ::unlinkat(state_.get(), "shard", 0);
    return;
  }
  write_file(state_.get(), "shard.new", {{label}}, ".tunec/shard.new");
  if (::renameat(state_.get(), "shard.new", state_.get(), "shard") != 0)
    tree_fault_errno(".tunec/shard", errno);
}

// Only if something is to be remembered that was not. `list`: of our files, as they are now.
Fingerprint TreeWriter::remember(const TreeRun& run, const Fingerprint& list, const std::vector<Job>& jobs,
                                 std::vector<PieceResult>& results) {
  in_parallel(jobs.size(), pieces_in_batch, [&](std::size_t i) { record_touched(run, results[i]); });
  std::vector<PieceRecords> pieces;
  bool same = run.cache.sum().known();
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    same = same && !results[i].rerecorded && !results[i].reindexed;
    const auto records = results[i].rerecorded ? std::span<const FileRecord>(results[i].records)
                                               : jobs[i].former.records;
    if (results[i].files > 0) pieces.push_back({jobs[i].top, records});
  }
  if (same && pieces.size() == run.cache.pieces().size()) return run.cache.sum();
  return write_cache(state_.get(), list, pieces);
}

}  // namespace

TreeResult write_tree(const std::string& directory, const TreeSource& source, const TreeOptions& options) {
  TreeResult result;
  try {
    result = TreeWriter(directory).write(source, options);
  } catch (const TreeFault& fault) {
    result.error = fault.text;
  }
  return result;
}

TreeResult write_tree(const std::string& directory, std::span<const TreeFile> files, bool force) {
  const FilesInMemory source(files);
  TreeResult result;
  result.error = source.fault();
  return result.error.empty() ? write_tree(directory, source, {.force = force}) : result;
}

std::optional<std::size_t> files_as_left(const std::string& directory, const Fingerprint& left) {
  // Nothing was left there
  if (::access(fmt::format("{}/.tunec", directory).c_str(), F_OK) != 0) return std::nullopt;
  try {
    return TreeWriter(directory).files_as_left(left);
  } catch (const TreeFault&) {  // write_tree will meet and report the same fault
    return std::nullopt;
  }
}

}  // namespace tunec
