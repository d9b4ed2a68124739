#include "driver/cli/diff_sides.h"

#include <fmt/core.h>

#include "driver/cli/replaced_file.h"
#include "driver/cli/site_arguments.h"
#include "driver/git_files.h"
#include "driver/present/knob.h"

namespace tunec {
namespace {

std::shared_ptr<const FileSystem> disk() { return {std::shared_ptr<void>(), &site_files()}; }

bool is_directory(const std::string& path) { return !DiskFileSystem().list(path).empty(); }

}  // namespace

std::optional<std::pair<DiffSide, DiffSide>> diff_sides(const DiffArguments& options) {
  DiffSide before{options.before, options.before, "", "", disk(), {}, is_directory(options.before)};
  DiffSide after{options.after.empty() ? options.before : options.after, "", "", "", disk(), {}, false};
  after.is_tree = is_directory(after.path);
  after.name = after.path;
  if ((before.is_tree || after.is_tree) && !(options.against + options.as + options.with).empty()) {
    say("tunec: --against, --as and --with are for sites; of a directory that tunec wrote there is only this "
        "one");
    return std::nullopt;
  }
  if (!options.against.empty()) {
    const std::size_t dots = options.against.find("..");
    const std::string old = options.against.substr(0, dots);
    const std::string now = dots == std::string::npos ? "" : options.against.substr(dots + 2);
    for (const auto& [version, revision] : {std::pair{&before, old}, {&after, now}}) {
      if (revision.empty()) continue;
      GitResult opened = open_revision(version->path, revision);
      if (const auto* error = std::get_if<std::string>(&opened)) {
        say("tunec: --against: " + *error);
        return std::nullopt;
      }
      version->files = std::get<std::unique_ptr<RevisionFiles>>(std::move(opened));
      version->name = version->revision = revision;
    }
    if (now.empty()) after.name = "working tree";
  }
  if (!options.as.empty()) {
    const auto knowledge = open_knowledge(options.overlay, DiskFileSystem());
    const auto platform = knowledge->platforms.named(options.as);
    if (!platform) {
      say(no_such_platform(*knowledge, "--as", options.as));
      return std::nullopt;
    }
    after.as = *platform;
    after.name += " as " + *platform;
  }
  if (!options.with.empty()) {
    const std::size_t equals = options.with.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == options.with.size()) {
      say(fmt::format("tunec: --with: write FILE=OTHER, not `{}`", options.with));
      return std::nullopt;
    }
    after.replaced = std::make_shared<ReplacedFile>(after.files, options.with.substr(0, equals),
                                                    options.with.substr(equals + 1));
    after.files = after.replaced;
    after.name += " with " + options.with;
  }
  if (options.after.empty() && options.against.empty() && options.as.empty() && options.with.empty()) {
    say("tunec: diff needs a second side: another site, or `--against REVISION`, `--as PLATFORM`, `--with "
        "FILE=OTHER`");
    return std::nullopt;
  }
  return std::pair{std::move(before), std::move(after)};
}

}  // namespace tunec
