// One run of the writer: opens and locks the directory, finishes a former run, compares and stages, writes
// the journal, moves files into place.
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
#include "output/tree/subtree.h"

namespace tunec {
namespace {

// A name in the output directory: the wanted subtree, and what was ours there before.
struct Job {
  std::string_view top;
  std::optional<std::size_t> subtree;  // none: everything of ours is removed
  FormerSubtree former;
};

// Both by top.
std::vector<Job> jobs_of(const TreeSource& source, std::span<const ListedSubtree> listed,
                         const StatCache& cache) {
  std::vector<Job> jobs;
  auto former = listed.begin();
  const auto remove = [&] {
    jobs.push_back({former->top, std::nullopt, {former->lines, cache.of(former->top)}});
    ++former;
  };
  for (std::size_t subtree = 0; subtree < source.subtrees(); ++subtree) {
    const std::string_view top = source.top(subtree);
    while (former != listed.end() && former->top < top) remove();
    const bool both = former != listed.end() && former->top == top;
    jobs.push_back({top, subtree, {both ? (former++)->lines : std::string_view(), cache.of(top)}});
  }
  while (former != listed.end()) remove();
  return jobs;
}

bool exists(int directory, const char* name) {
  struct stat status {};
  return ::fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

std::string joined(std::span<const std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

// What former runs left in .tunec.
struct Former {
  std::optional<FileList> list;
  bool listed = false;  // whether there is a list of files, even an empty one
  std::string label, site;
  std::optional<StatCache> cache;  // empty if it belongs to another list
  Former(int state, bool cached);
};

Former::Former(int state, bool cached)
    : label(read_file(state, "shard", ".tunec/shard").value_or("")),
      site(read_file(state, "site", ".tunec/site").value_or("")) {
  in_parallel(2, [&](std::size_t i) {
    if (i == 0) {
      auto text = read_file(state, "files", ".tunec/files");
      listed = text.has_value();
      list.emplace(std::move(text).value_or(""));
    } else {
      cached ? cache.emplace(state) : cache.emplace();
    }
  });
  if (cache->list() != list->fingerprint()) cache->clear();
}

class TreeWriter {
 public:
  explicit TreeWriter(const std::string& directory);
  ~TreeWriter();
  TreeWriter(const TreeWriter&) = delete;
  TreeWriter& operator=(const TreeWriter&) = delete;
  TreeResult write(const TreeSource& source, const TreeOptions& options);
  std::optional<std::size_t> unchanged_files(const std::function<bool(std::string_view)>& still_valid);
  void stamp(const timespec& began);

 private:
  void check_shard(const FileList& former, const std::string& before, const std::string& now) const;
  void check_site(const Former& former, const TreeSource& source, const TreeOptions& options) const;
  void relabel(const char* name, const std::string& label);
  void save_cache(const TreeRun& run, const Fingerprint& list, const std::vector<Job>& jobs,
                  std::vector<SubtreeResult>& results);
  const std::string& output_;
  bool made_output_ = false, made_state_ = false;
  bool journal_written_ = false;  // or was not needed; in both cases the contents of .tunec stay
  Fd root_, state_;
};

TreeWriter::TreeWriter(const std::string& directory) : output_(directory) {
  made_output_ = ::mkdir(directory.c_str(), 0777) == 0;
  if (!made_output_ && errno != EEXIST) tree_fault_errno(directory, errno);
  // The user gave this path, so it is the only one that may lead through links.
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

// A run that failed before its journal leaves nothing behind.
TreeWriter::~TreeWriter() {
  if (state_.get() >= 0 && !journal_written_) {
    try {
      discard_stage(state_.get());
    } catch (const TreeFault&) {  // the next run tries again
    }
  }
  if (made_state_ && !journal_written_) ::unlinkat(root_.get(), ".tunec", AT_REMOVEDIR);
  if (made_output_ && !journal_written_) ::rmdir(output_.c_str());
}

TreeResult TreeWriter::write(const TreeSource& source, const TreeOptions& options) {
  finish_former_run(root_.get(), state_.get(), options.is_ours);
  const Former former(state_.get(), options.cache);
  check_shard(*former.list, former.label, options.shard_label);
  check_site(former, source, options);
  const std::vector<Job> jobs = jobs_of(source, former.list->subtrees(), *former.cache);
  std::vector<SubtreeResult> results(jobs.size());
  const mode_t umask = ::umask(0);
  ::umask(umask);
  StagingDirectory stage(state_.get());
  const TreeRun run{output_, root_.get(), umask, options, *former.cache, stage};
  in_parallel(jobs.size(), subtrees_in_batch, [&](std::size_t i) {
    results[i] = stage_subtree(run, jobs[i].former,
                               jobs[i].subtree ? source.files(*jobs[i].subtree) : std::vector<TreeFile>());
  });

  TreeResult total;
  TreeChanges changes;
  bool relisted = !former.listed && !options.shard_label.empty();  // a shard without hosts has a list too
  std::vector<std::string_view> list;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    SubtreeResult& result = results[i];
    total.files += result.files;
    total.written += result.written;
    total.unchanged += result.unchanged;
    changes.add(std::move(result.changes));
    relisted = relisted || result.relisted;
    list.push_back(result.relisted ? std::string_view(result.lines) : jobs[i].former.lines);
  }
  total.removed = changes.removals.size();
  if (former.label != options.shard_label) relabel("shard", options.shard_label);
  if (!options.site.empty() && former.site != options.site) relabel("site", options.site);
  if (!changes.empty() || relisted) {
    const SignalsHeld held;
    write_journal(state_.get(), changes, relisted ? &list : nullptr);
    journal_written_ = true;
    apply_changes(root_.get(), state_.get(), changes);
    const bool nothing_left = std::ranges::all_of(list, &std::string_view::empty);
    if (nothing_left && options.shard_label.empty()) ::unlinkat(state_.get(), "files", 0);
  }
  journal_written_ = true;
  if (options.cache)
    save_cache(run, relisted ? fingerprint_of(joined(list)) : former.list->fingerprint(), jobs, results);
  return total;
}

std::optional<std::size_t> TreeWriter::unchanged_files(
    const std::function<bool(std::string_view)>& still_valid) {
  journal_written_ = true;
  // If a killed run left work for the next writing run, no file is certain to be unchanged.
  if (exists(state_.get(), "journal") || exists(state_.get(), "stage")) return std::nullopt;
  const Former former(state_.get(), true);
  const StatCache& cache = *former.cache;
  if (!cache.valid() || cache.inputs().empty() || !still_valid(cache.inputs())) return std::nullopt;
  const auto subtrees = former.list->subtrees();
  std::atomic<bool> unchanged = true;
  std::atomic<std::size_t> files = 0;
  in_parallel(subtrees.size(), subtrees_in_batch, [&](std::size_t i) {
    const FormerSubtree subtree{subtrees[i].lines, cache.of(subtrees[i].top)};
    files += subtree.records.size();
    if (unchanged && !is_unchanged(root_.get(), cache, subtree)) unchanged = false;
  });
  return unchanged ? std::optional(files.load()) : std::nullopt;
}

void TreeWriter::stamp(const timespec& began) {
  journal_written_ = true;
  write_cache_stamp(state_.get(), began);
}

// Without this, the hosts of another shard would look like unwanted files of a former run.
void TreeWriter::check_shard(const FileList& former, const std::string& before,
                             const std::string& now) const {
  const auto shard = [](const std::string& label) { return label.substr(0, label.find(' ')); };
  if (former.subtrees().empty() || shard(before) == shard(now)) return;
  const std::string holds = before.empty() ? "the files of a whole site"
                                           : fmt::format("shard {}", shard(before));
  tree_fault_at(output_, fmt::format("holds {}: write {} to a directory of its own", holds,
                                     now.empty() ? "a whole site" : fmt::format("shard {}", shard(now))));
}

// Without this, a wrong main file would delete all files in the directory.
void TreeWriter::check_site(const Former& former, const TreeSource& source,
                            const TreeOptions& options) const {
  const std::size_t before = former.list->subtrees().size();
  if (before == 0 || options.force) return;
  if (!former.site.empty() && !options.site.empty() && former.site != options.site) {
    tree_fault_at(output_,
                  fmt::format("holds the files of site `{}`: write site `{}` to a directory of its own, "
                              "or replace them with --force",
                              former.site, options.site));
  }
  if (source.subtrees() == 0 && options.shard_label.empty()) {
    tree_fault_at(
        output_, fmt::format("holds files in {} director{}, and this site has no files: --force removes them",
                             before, before == 1 ? "y" : "ies"));
  }
}

// .tunec/NAME
void TreeWriter::relabel(const char* name, const std::string& label) {
  if (label.empty()) {
    ::unlinkat(state_.get(), name, 0);
    return;
  }
  const std::string fresh = fmt::format("{}.new", name);
  write_file(state_.get(), fresh.c_str(), {{label}}, fmt::format(".tunec/{}", fresh));
  if (::renameat(state_.get(), fresh.c_str(), state_.get(), name) != 0)
    tree_fault_errno(fmt::format(".tunec/{}", name), errno);
}

// `list`: the list of our files, as they are now. If the cache is up to date, nothing is written.
void TreeWriter::save_cache(const TreeRun& run, const Fingerprint& list, const std::vector<Job>& jobs,
                            std::vector<SubtreeResult>& results) {
  in_parallel(jobs.size(), subtrees_in_batch, [&](std::size_t i) { record_touched(run, results[i]); });
  std::vector<SubtreeRecords> subtrees;
  bool same = run.cache.valid() && run.cache.inputs() == run.options.inputs;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    same = same && !results[i].rerecorded && !results[i].relisted;
    const auto records = results[i].rerecorded ? std::span<const FileRecord>(results[i].records)
                                               : jobs[i].former.records;
    if (results[i].files > 0) subtrees.push_back({jobs[i].top, records});
  }
  if (!same || subtrees.size() != run.cache.subtrees().size())
    write_stat_cache(state_.get(), list, run.options.inputs, subtrees);
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

std::string write_stamp(const std::string& directory, const timespec& began) {
  try {
    TreeWriter(directory).stamp(began);
  } catch (const TreeFault& fault) {
    return fault.text;
  }
  return {};
}

std::optional<std::size_t> unchanged_files(const std::string& directory,
                                           const std::function<bool(std::string_view)>& still_valid) {
  // A TreeWriter would make the directory
  if (::access(fmt::format("{}/.tunec", directory).c_str(), F_OK) != 0) return std::nullopt;
  try {
    return TreeWriter(directory).unchanged_files(still_valid);
  } catch (const TreeFault&) {  // write_tree will meet the same fault, and report it
    return std::nullopt;
  }
}

}  // namespace tunec
