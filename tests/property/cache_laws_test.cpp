// A law: whatever was written before, whatever happened to it, and whatever the cache contains, the writer
// writes the same tree as without a cache.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sys/stat.h>

#include "output/merge_manifests.h"
#include "output/rendered_tree.h"
#include "output/shard.h"
#include "output/tree/writer.h"
#include "support/over_memory.h"
#include "support/scratch.h"
#include "support/sites.h"

namespace tunec {
namespace {

using test::Scratch;

// Short texts over few letters, so that two trees are often nearly equal.
std::vector<TreeFile> any_tree() {
  std::vector<TreeFile> tree;
  for (const char* top : {"a", "b", "c"}) {
    for (const char* name : {"/d/x", "/d/y", "/e/f/x", "/x", "/y"}) {
      const std::string content = *rc::gen::element<std::string>("", "", "1", "2", "33");
      if (content.empty()) continue;
      tree.push_back({std::string(top) + name, nullptr, *rc::gen::element(0644U, 0644U, 0600U),
                      fingerprint_of(content), [content] { return content; }});
    }
  }
  return tree;
}

void tamper(const Scratch& scratch, const std::vector<TreeFile>& tree) {
  for (const TreeFile& file : tree) {
    const std::string path = "out/" + file.path;
    switch (*rc::gen::inRange(0, 8)) {
      case 0: scratch.write(path, "2"); break;
      case 1: scratch.clear(path); break;
      case 2: ::chmod(scratch.at(path).c_str(), 0600); break;
      case 3: scratch.write(path, *content_of(file)); break;
      default: break;
    }
  }
}

void spoil_cache(const Scratch& scratch, const std::string& older) {
  const std::string path = "out/.tunec/cache/files";
  std::string cache = scratch.exists(path) ? scratch.read(path) : "";
  switch (*rc::gen::inRange(0, 6)) {
    case 0: scratch.clear("out/.tunec/cache"); break;
    case 1:
      if (!cache.empty()) scratch.write(path, older);
      break;
    case 2:
      if (!cache.empty())
        scratch.write(path, cache.substr(0, *rc::gen::inRange<std::size_t>(0, cache.size())));
      break;
    case 3:
      if (cache.empty()) break;
      cache[*rc::gen::inRange<std::size_t>(0, cache.size())] ^= 1;
      scratch.write(path, cache);
      break;
    default: break;
  }
}

RC_GTEST_PROP(CacheLaw, trees_are_the_same_with_it_without_it_and_with_a_bad_one, ()) {
  const Scratch scratch;
  std::string older;
  for (int round = *rc::gen::inRange(2, 6); round > 0; --round) {
    const std::vector<TreeFile> tree = any_tree();
    const FilesInMemory source(tree);
    scratch.clear("fresh");
    RC_ASSERT(write_tree(scratch.at("fresh"), source, {}).error.empty());
    RC_ASSERT(write_tree(scratch.at("out"), source, {.force = true, .cache = true}).error.empty());
    RC_ASSERT(scratch.listing("out") == scratch.listing("fresh"));
    RC_ASSERT(scratch.read("out/.tunec/files") == scratch.read("fresh/.tunec/files"));
    for (const TreeFile& file : tree) RC_ASSERT(scratch.mode("out/" + file.path) == file.mode);
    tamper(scratch, tree);
    spoil_cache(scratch, older);
    if (scratch.exists("out/.tunec/cache/files")) older = scratch.read("out/.tunec/cache/files");
  }
}

RC_GTEST_PROP(CacheLaw, sites_are_the_same_with_it_and_without_it, ()) {
  const Scratch scratch;
  for (int round = 0; round < 3; ++round) {
    const test::Run run = test::compile_in_memory(test::any_site(*rc::gen::inRange(0, 3) == 0).files());
    const RenderedTree tree(run.rendered, "tunec");
    scratch.clear("fresh");
    RC_ASSERT(write_tree(scratch.at("fresh"), tree, {}).error.empty());
    for (int again = 0; again < 2; ++again) {
      RC_ASSERT(write_tree(scratch.at("out"), tree, {.force = true, .cache = true}).error.empty());
      RC_ASSERT(scratch.listing("out") == scratch.listing("fresh"));
      RC_ASSERT(scratch.read("out/.tunec/files") == scratch.read("fresh/.tunec/files"));
    }
  }
}

RC_GTEST_PROP(ShardLaw, shards_joined_are_the_whole, ()) {
  const Scratch scratch;
  const MemoryFileSystem files = test::any_site(*rc::gen::inRange(0, 3) == 0).files();
  const test::Run run = test::compile_in_memory(files);
  RC_ASSERT(write_tree(scratch.at("whole"), RenderedTree(run.rendered, "tunec"), {}).error.empty());
  const bool sound = !run.compilation->reporter.has_errors();
  const auto count = *rc::gen::inRange<std::size_t>(1, 6);
  std::vector<ShardManifest> manifests;
  std::size_t hosts = 0;
  for (std::size_t number = 1; number <= count; ++number) {
    const Shard shard{number, count};
    RenderedFleet part{run.rendered.hosts, run.rendered.site, run.rendered.site_steps, false,
                       run.rendered.reads};
    keep_shard(part, shard);
    // Planning only the shard's own hosts gives the same result only if no host depends on others.
    SiteOptions options;
    options.main_file = "main.tune";
    options.only = [&](const std::string& host) { return shard.holds(host); };
    const auto alone = compile_site(options, files, StopAfter::plan);
    RC_ASSERT(!sound || !alone->reporter.has_errors());
    const RenderedFleet own = sound ? render_plan(alone->plan(), default_backends(), alone->catalogue.forms(),
                                                  alone->sources, alone->reporter)
                                    : RenderedFleet();
    RC_CLASSIFY(own.joins_hosts, "hosts that depend on others");
    if (!own.joins_hosts) {
      part.hosts = own.hosts;
      RC_ASSERT(shard_label(shard, alone->fleet) == shard_label(shard, run.compilation->fleet));
    }
    hosts += part.hosts.size();
    const std::string where = "shard" + shard.text().substr(0, 1);
    const std::string label = shard_label(shard, run.compilation->fleet);
    RC_ASSERT(
        write_tree(scratch.at(where), RenderedTree(part, "tunec"), {.shard_label = label}).error.empty());
    manifests.push_back(
        {where, scratch.read(where + "/.tunec/shard"),
         scratch.exists(where + "/.tunec/files") ? scratch.read(where + "/.tunec/files") : ""});
  }
  RC_ASSERT(hosts == run.rendered.hosts.size());
  const MergedManifest merged = merge_manifests(manifests);
  RC_ASSERT(merged.error.empty());
  RC_ASSERT(merged.lines == (scratch.exists("whole/.tunec/files") ? scratch.read("whole/.tunec/files") : ""));
  manifests.pop_back();
  RC_ASSERT(count == 1 || !merge_manifests(manifests).error.empty());
}

}  // namespace
}  // namespace tunec
