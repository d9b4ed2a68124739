// See changed_hosts.h. The hosts before and behind each change are compiled too: what was added may belong to the one, and that the other
// is found where it stands proves that what is before it ends. Bounds on what a file may hold (aliases, merges) are asked of what is read.
#include "driver/changed_hosts.h"

#include <algorithm>
#include <deque>
#include <map>

#include "driver/changed_text.h"
#include "driver/kept.h"
#include "emit/rendered_tree.h"

namespace tunec {
namespace {

// The files of a site without most of its hosts.
class ReducedFiles final : public FileSystem {
 public:
  explicit ReducedFiles(const FileSystem& files) : files_(files) {}
  std::map<std::string, std::string_view> texts;
  std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const override {
    const auto reduced = texts.find(path);
    return reduced != texts.end() ? std::string(reduced->second) : files_.read(path, limit);
  }
  std::vector<std::string> list(const std::string& directory) const override { return files_.list(directory); }

 private:
  const FileSystem& files_;
};

class ChangedHosts {
 public:
  ChangedHosts(const KeptRun& before, const SiteOptions& options, std::string_view version, const FileSystem& files)
      : before_(before), options_(options), version_(version), recorded_(files, sha256_hex) {
    options_.parted = true;
  }

  // What is to be written; null if the whole site has to be compiled.
  const TreeSource* make() {
    const auto record = ask();
    if (!record) return nullptr;
    if (changes_.empty()) {
      tree_.emplace(rendered_, version_);
      return &*tree_;
    }
    find_hosts();
    const TreeSource* made = compile_hosts(*record);
    if (made != nullptr || met_.empty()) return made;
    hosts_.merge(met_);  // who was declared now, and spoken of elsewhere before
    return compile_hosts(*record);
  }

  bool changed() const { return compiled_ != nullptr; }
  // When `make` gave something.
  const KeptRun& now() const { return changed() ? now_ : before_; }

 private:
  const TreeSource* compile_hosts(const std::string& record) {
    met_.clear();
    ReducedFiles reduced(recorded_);
    std::deque<ReducedText> texts;
    for (const Change& change : changes_) {
      texts.emplace_back(*change.before, change.now, change.stretches, hosts_);
      reduced.texts[change.before->path] = texts.back().text();
    }
    compiled_ = &kept(compile_site(options_, reduced));
    if (!join_parts(texts) || !met_.empty() || compiled_->reporter.heard() > 0) return nullptr;
    rendered_ = render_site(*compiled_);
    if (compiled_->reporter.heard() > 0 || recorded_.record() != record) return nullptr;
    now_ = kept_run(*compiled_, rendered_, record);
    if (!now_.separable || now_.stated.empty() != before_.stated.empty() || !join_names() || !join_claims()) return nullptr;
    now_.files = std::move(files_);
    tree_.emplace(rendered_, version_, gone_);
    return &*tree_;
  }

  struct Change {
    const PartedFile* before;
    std::string now;
    std::vector<Stretch> stretches;
  };

  // The record of what is read now, and what of it changed. Nothing if that is more than parts of hosts.
  std::optional<std::string> ask() {
    auto texts = ask_again(before_.record, recorded_);
    const auto record = recorded_.record();
    const auto others = texts && record ? other_files(before_.record, *record) : std::nullopt;
    if (!others || (!others->empty() && !before_.separable)) return std::nullopt;
    if (others->empty()) return record;
    const auto is_parted = [&](const std::string& name) { return std::ranges::binary_search(before_.files, name, {}, &PartedFile::path); };
    if (!std::ranges::all_of(*others, is_parted)) return std::nullopt;
    for (const PartedFile& file : before_.files) {
      const auto text = texts->find(file.path);
      if (text == texts->end()) return std::nullopt;
      auto stretches = stretches_of(file, text->second);
      if (!stretches) return std::nullopt;
      changes_.push_back({&file, std::move(text->second), std::move(*stretches)});
    }
    return record;
  }

  void find_hosts() {
    hosts_ = before_.always;
    for (const Change& change : changes_) {
      for (const Stretch& stretch : change.stretches) {
        if (stretch.same) continue;
        const auto& parts = change.before->parts;
        for (std::size_t i = stretch.first - std::min<std::size_t>(stretch.first, 1); i < std::min(stretch.last + 1, parts.size()); ++i) hosts_.insert(parts[i].host);
      }
    }
    hosts_.erase("");
    // One that stays: a site without hosts would be another mistake.
    const auto stays = std::ranges::find_if(before_.names, [&](const std::string& name) { return !hosts_.contains(name); });
    if (stays != before_.names.end()) hosts_.insert(*stays);
  }

  // What is known of the others, put with what is known of these.

  bool join_parts(const std::deque<ReducedText>& texts) {
    added_.clear();
    files_.clear();
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      const PartedFile& before = *changes_[i].before;
      const auto found = std::ranges::lower_bound(compiled_->parted, before.path, {}, &PartedFile::path);
      const bool parted = found != compiled_->parted.end() && found->path == before.path;
      std::set<std::string> changed;
      auto parts = texts[i].whole_parts(parted ? found->parts : std::vector<Part>{{}}, changed);
      if (!parts) return false;
      std::ranges::set_difference(changed, hosts_, std::inserter(added_, added_.end()));
      files_.push_back({before.path, changes_[i].now, std::move(*parts)});
    }
    for (const PartedFile& file : before_.files) {
      if (added_.empty()) break;
      for (const Part& part : file.parts) {
        if (added_.contains(part.host)) met_.insert(part.host);  // and was left out
      }
    }
    return true;
  }

  bool was_there(const std::string& name) const { return std::ranges::binary_search(before_.names, name); }
  bool is_there(const std::string& name) const { return std::ranges::binary_search(now_.names, name); }

  bool join_names() {
    for (const std::string& name : now_.names) {
      if (!hosts_.contains(name) && (!added_.contains(name) || was_there(name))) return false;
    }
    for (const std::string& name : hosts_) {
      if (was_there(name) && !is_there(name)) gone_.push_back(name);
    }
    return true;
  }

  // A claim of a host that is not looked at now must not be another's as well.
  bool join_claims() {
    std::vector<std::string> names;
    for (const std::string& name : before_.names) {
      if (!hosts_.contains(name)) names.push_back(name);
    }
    std::ranges::copy(now_.names, std::back_inserter(names));
    std::ranges::sort(names);
    const auto place = [&](const std::string& name) { return static_cast<std::uint64_t>(std::ranges::lower_bound(names, name) - names.begin()); };
    std::vector<KeptRun::Claim> others, own;
    for (const KeptRun::Claim& claim : before_.claims) {
      const std::string& host = before_.names.at(claim.host);
      if (!hosts_.contains(host)) others.push_back({claim.what, place(host)});
    }
    for (const KeptRun::Claim& claim : now_.claims) own.push_back({claim.what, place(now_.names.at(claim.host))});
    const auto claimed = [&](const KeptRun::Claim& claim) { return std::ranges::binary_search(others, claim.what, {}, &KeptRun::Claim::what); };
    if (std::ranges::any_of(own, claimed)) return false;
    now_.claims.clear();
    std::ranges::merge(others, own, std::back_inserter(now_.claims));
    now_.names = std::move(names);
    now_.hosts = now_.names.size();
    return true;
  }

  const KeptRun& before_;
  SiteOptions options_;
  std::string_view version_;
  RecordedFiles recorded_;
  std::vector<Change> changes_;
  std::set<std::string> hosts_;     // that are looked at again
  std::set<std::string> added_;     // that came with what changed
  std::set<std::string> met_;       // those of them that were spoken of before, and must be looked at again too
  std::vector<PartedFile> files_;
  std::vector<std::string> gone_;
  Compilation* compiled_ = nullptr;
  RenderedFleet rendered_;
  std::optional<RenderedTree> tree_;
  KeptRun now_;
};

}  // namespace

std::optional<ChangedRun> compile_changed(const std::string& output, const SiteOptions& options, const std::string& decisive, std::string_view version,
                                          const FileSystem& files) {
  const auto last = last_run(output, decisive);
  if (!last) return std::nullopt;
  ChangedHosts hosts(last->kept, options, version, files);
  auto tree = amend_tree(output, last->inputs.left, [&] { return hosts.make(); });
  if (!tree) return std::nullopt;
  if (hosts.changed()) keep_run(output, tree->left, decisive, hosts.now());
  return ChangedRun{hosts.now().hosts, std::move(*tree)};
}

}  // namespace tunec
