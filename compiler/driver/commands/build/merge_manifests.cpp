// tunec merge-manifests: joins the file lists of shards into the list that a whole run would write.
#include "output/merge_manifests.h"

#include <fmt/core.h>

#include "base/file_system.h"
#include "driver/cli/command.h"
#include "driver/present/terminal.h"
#include "output/replace_file.h"

namespace tunec {
namespace {

constexpr std::size_t max_bytes = std::size_t{1} << 34;

struct Options {
  std::vector<std::string> shards;
  std::string output;
};

// The output directory of a shard; the user may also give the path of the list in it.
std::string state_of(std::string path) {
  constexpr std::string_view list = "/.tunec/files";
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (path.ends_with(list)) path.resize(path.size() - list.size());
  return path;
}

int merge(const Options& options) {
  const DiskFileSystem disk;
  std::vector<ShardManifest> shards;
  for (const std::string& path : options.shards) {
    ShardManifest shard{state_of(path), {}, {}};
    for (const auto& [name, text] :
         {std::pair{"/.tunec/files", &shard.lines}, {"/.tunec/shard", &shard.label}}) {
      auto read = disk.read(shard.where + name, max_bytes);
      if (const auto* error = std::get_if<ReadError>(&read)) {
        if (text == &shard.label && error->reason == no_such_file) continue;  // a whole run has no label
        say(fmt::format("tunec: {}{}: {}", shard.where, name, error->reason));
        return exit_usage_or_io;
      }
      *text = std::get<std::string>(std::move(read));
    }
    shards.push_back(std::move(shard));
  }
  const MergedManifest merged = merge_manifests(shards);
  std::string error = merged.error;
  const bool to_stdout = options.output.empty() || options.output == "-";
  if (error.empty() && to_stdout) print(merged.lines);
  if (error.empty() && !to_stdout) error = replace_file(options.output, merged.lines);
  if (error.empty()) return exit_fine;
  say("tunec: " + error);
  return exit_usage_or_io;
}

}  // namespace

Command command_merge_manifests() {
  const auto o = std::make_shared<Options>();
  return {.name = "merge-manifests",
          .summary = "Join the file lists of all shards into the list of a whole run",
          .details = "A shard that is missing, given twice, or part of another fleet is an error.",
          .options = {{.name = "SHARD",
                       .help = "The output directories of all shards of a fleet, or their .tunec/files",
                       .binding = store_in(o->shards),
                       .required = true,
                       .completion = Completion::directory},
                      {.name = "--output",
                       .letter = 'o',
                       .value = "FILE",
                       .help = "The file to write to; - is standard output",
                       .binding = store_in(o->output),
                       .completion = Completion::file}},
          .examples = {{"tunec merge-manifests out/* -o files", "joins the lists of the shards below out/"}},
          .run = [o] { return merge(*o); }};
}

}  // namespace tunec
