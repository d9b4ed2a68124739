#include "driver/git_authors.h"

#include <charconv>
#include <map>

#include "base/file_system.h"
#include "driver/git_library.h"

namespace tunec {
namespace {

using Blame = std::unique_ptr<git_blame, decltype(&git_blame_free)>;
using Commit = std::unique_ptr<git_commit, decltype(&git_commit_free)>;

class Authors {
 public:
  Authors(const Git& git, GitRepository repository, const std::string& from, const std::string& to)
      : git_(git), repository_(std::move(repository)), of_working_tree_(to.empty()) {
    options_.version = GIT_BLAME_OPTIONS_VERSION;
    is_open_ = find(from, options_.oldest_commit) && find(to.empty() ? "HEAD" : to, options_.newest_commit);
  }

  LineAuthor of(const std::string& file, std::size_t line) {
    const auto [entry, is_new] = blames_.try_emplace(file, nullptr, git_.blame_free);
    if (is_new && is_open_) entry->second = blame_of(file);
    const git_blame_hunk* hunk = entry->second ? git_.blame_get_hunk_byline(entry->second.get(), line)
                                               : nullptr;
    if (hunk == nullptr || git_.oid_is_zero(&hunk->final_commit_id) != 0) return {};
    if (git_.oid_equal(&hunk->final_commit_id, &options_.oldest_commit) != 0) return {};  // it is as it was
    git_commit* raw = nullptr;
    if (git_.commit_lookup(&raw, repository_.get(), &hunk->final_commit_id) != 0) return {};
    const Commit commit(raw, git_.commit_free);
    char id[GIT_OID_HEXSZ + 1];
    const char* summary = git_.commit_summary(raw);
    return {git_.oid_tostr(id, sizeof id, &hunk->final_commit_id), git_.commit_author(raw)->name,
            summary == nullptr ? "" : summary};
  }

 private:
  bool find(const std::string& revision, git_oid& id) const {
    git_object *raw = nullptr, *commit = nullptr;
    if (git_.revparse_single(&raw, repository_.get(), revision.c_str()) != 0) return false;
    const GitObject object(raw, git_.object_free);
    if (git_.object_peel(&commit, raw, GIT_OBJECT_COMMIT) != 0) return false;
    const GitObject peeled(commit, git_.object_free);
    id = *git_.object_id(commit);
    return true;
  }

  // Below the repository's directory; empty if it is not.
  std::string inside(const std::string& file) const {
    const std::string root = git_.repository_workdir(repository_.get()), whole = absolute_path(file);
    return whole.starts_with(root) ? whole.substr(root.size()) : "";
  }

  Blame blame_of(const std::string& file) {
    const std::string path = inside(file);
    git_blame* raw = nullptr;
    if (path.empty() || git_.blame_file(&raw, repository_.get(), path.c_str(), &options_) != 0)
      return {nullptr, git_.blame_free};
    Blame committed(raw, git_.blame_free);
    if (!of_working_tree_) return committed;
    constexpr std::size_t max_file = std::size_t{16} << 20;
    const auto text = DiskFileSystem().read(file, max_file);
    const auto* content = std::get_if<std::string>(&text);
    if (content == nullptr || git_.blame_buffer(&raw, committed.get(), content->data(), content->size()) != 0)
      return {nullptr, git_.blame_free};
    return {raw, git_.blame_free};
  }

  const Git& git_;
  GitRepository repository_;
  git_blame_options options_{};
  bool of_working_tree_, is_open_ = false;
  std::map<std::string, Blame> blames_;
};

}  // namespace

void add_authors(Review& review, const std::string& near, const std::string& from, const std::string& to) {
  const auto git = open_git();
  if (!std::holds_alternative<const Git*>(git)) return;
  auto repository = open_repository(*std::get<const Git*>(git), near);
  if (!std::holds_alternative<GitRepository>(repository)) return;
  Authors authors(*std::get<const Git*>(git), std::move(std::get<GitRepository>(repository)), from, to);
  for (Change& change : review.changes) {
    const std::string& place = change.place_after;
    const std::size_t colon = place.rfind(':');
    std::size_t line = 0;
    if (colon == std::string::npos) continue;
    std::from_chars(place.data() + colon + 1, place.data() + place.size(), line);
    if (line != 0) change.author = authors.of(place.substr(0, colon), line);
  }
}

}  // namespace tunec
