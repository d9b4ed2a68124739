#include "plan/platform/boot_state.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "support/over_memory.h"

namespace tunec::test {
namespace {

TEST(BootOrder, AKeyIsRewrittenByItsPattern) {
  EXPECT_EQ(rewritten("sysctl.vm.swappiness", "sysctl.{}", "sysctl.{}"), "sysctl.vm.swappiness");
  EXPECT_EQ(rewritten("kvm.halt_poll_ns", "{}.{}", "module.{}.{}"), "module.kvm.halt_poll_ns");
  EXPECT_EQ(rewritten("module/kvm/parameters/nested", "module/{}/parameters/{}", "module.{}.{}"),
            "module.kvm.nested");
  EXPECT_EQ(rewritten("module/kvm/holders/nested", "module/{}/parameters/{}", "module.{}.{}"), std::nullopt);
  EXPECT_EQ(rewritten("isolcpus", "{}.{}", "module.{}.{}"), std::nullopt);
  EXPECT_EQ(rewritten("a/b.c", "{}.{}", "module.{}.{}"), std::nullopt);
  EXPECT_EQ(rewritten("x.", "{}.{}", "module.{}.{}"), std::nullopt);
}

struct Knowledge {
  std::unique_ptr<Compilation> c = open_knowledge("", DiskFileSystem());
  const BootOrder& order = c->boot_order;
};

TEST(BootOrder, StagesComeAsAMachineBoots) {
  const Knowledge knowledge;
  EXPECT_FALSE(knowledge.c->reporter.has_errors());
  const char* in_order[] = {"boot", "module", "sysctl", "udev", "sysfs", "cpufrequtils"};
  for (std::size_t i = 1; i < std::size(in_order); ++i)
    EXPECT_LT(knowledge.order.turn(in_order[i - 1]), knowledge.order.turn(in_order[i])) << in_order[i];
  // kmod appends the options of a module that are on the command line.
  const auto option = knowledge.order.same("boot", "kvm.nested");
  ASSERT_TRUE(option);
  EXPECT_GT(option->turn, knowledge.order.turn("module"));
  EXPECT_LT(option->turn, knowledge.order.turn("sysctl"));
  EXPECT_EQ(knowledge.order.same("boot", "sysctl.vm.swappiness")->turn, knowledge.order.turn("boot"));
}

// A key without a parameter would be a typing mistake.
TEST(BootOrder, DistributionsFilesAreOfKnownPlatformsAndParameters) {
  const Knowledge knowledge;
  const std::vector<std::string> platforms = knowledge.c->platforms.names();
  std::set<std::string> unknown;
  for (const DistributionFile& file : knowledge.order.files()) {
    EXPECT_NE(std::ranges::find(platforms, file.platform), platforms.end()) << file.platform;
    EXPECT_TRUE(file.file.ends_with(".conf")) << file.file;
    EXPECT_NE(file.package.find(' '), std::string::npos) << file.file;
    EXPECT_FALSE(file.sets.empty()) << file.file;
    for (const auto& [key, value] : file.sets) {
      if (!knowledge.c->catalogue.spelt("sysctl." + key)) unknown.insert(key);
    }
  }
  EXPECT_GT(knowledge.order.files().size(), 30u);
  EXPECT_EQ(unknown, std::set<std::string>{});
}

// The name of a stage is the path of the file that its backend writes.
TEST(BootOrder, OurFilesAreCalledWhatTheBackendsCallThem) {
  const auto run = compile_in_memory(files_from(R"(site s
host a {
  facts { os = "debian 12"  memory = 8GiB  cpu { vendor = intel  cores = 4  threads = 2 } }
  sysctl.vm.swappiness = 1
  module kvm { halt_poll_ns = 0 }
  sysfs.kernel.mm.ksm.run = 0
})"));
  ASSERT_FALSE(run.compilation->reporter.has_errors());
  const BootOrder& order = run.compilation->boot_order;
  EXPECT_TRUE(order.stage("sysctl")->name.ends_with("/" + order.stage("sysctl")->file));
  for (const char* surface : {"sysctl", "module", "sysfs"}) {
    const std::string path = "etc/" + order.stage(surface)->name;
    EXPECT_TRUE(std::ranges::any_of(run.rendered.hosts.at(0).artifacts, [&](const auto& artifact) {
      return artifact->path == path;
    })) << path;
  }
}

// If a state has the name of a parameter, that parameter must exist and have no states of its own.
TEST(Catalogue, AStateThatIsCalledAsAParameterIsOneOfIts) {
  const Knowledge knowledge;
  std::size_t named = 0;
  for (const std::string_view name : knowledge.c->catalogue.names()) {
    for (const StateOf& state : knowledge.c->catalogue.find(name)->states) {
      ++named;
      if (state.name.find('.') == std::string::npos) continue;
      const ParamInfo* same = knowledge.c->catalogue.find(state.name);
      ASSERT_NE(same, nullptr) << name << ": there is no parameter " << state.name;
      EXPECT_TRUE(same->states.empty()) << name << ": " << state.name << " has other states";
    }
  }
  EXPECT_GT(named, 15u);
}

}  // namespace
}  // namespace tunec::test
