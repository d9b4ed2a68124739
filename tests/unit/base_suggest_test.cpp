#include "base/suggest.h"

#include <gtest/gtest.h>

#include "base/value.h"

namespace tunec {
namespace {

constexpr std::string_view names[] = {"vm.swappiness", "vm.min_free_kbytes", "net.core.rmem_max",
                                      "net.core.wmem_max", "h"};

std::optional<std::string> name_near(std::string_view wrong, std::span<const std::string_view> all) {
  const auto near = nearest(wrong, all);
  return near ? std::optional(near->name) : std::nullopt;
}

TEST(EditDistance, CountsSlipsOfTheFingers) {
  EXPECT_EQ(edit_distance("swapiness", "swappiness", 3), 1U);
  EXPECT_EQ(edit_distance("swpapiness", "swappiness", 3), 1U);
  EXPECT_EQ(edit_distance("", "abc", 5), 3U);
  EXPECT_EQ(edit_distance("abc", "abc", 0), 0U);
}

TEST(EditDistance, GivesUpBehindItsLimit) {
  EXPECT_EQ(edit_distance("kitten", "sitting", 3), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting", 2), 3U);
  EXPECT_EQ(edit_distance("a", "abcdefgh", 2), 3U);
}

TEST(Nearest, FindsTheNearOneOnly) {
  EXPECT_EQ(name_near("vm.swapiness", names), "vm.swappiness");
  EXPECT_EQ(name_near("VM.Swappiness", names), "vm.swappiness");
  EXPECT_EQ(name_near("kernel.sched_latency_ns", names), std::nullopt);
  EXPECT_EQ(name_near("", names), std::nullopt);
}

TEST(Nearest, DoesNotDependOnTheOrderOfNames) {
  constexpr std::string_view turned[] = {"net.core.wmem_max", "net.core.rmem_max"};
  EXPECT_EQ(name_near("net.core.mem_max", names), "net.core.rmem_max");
  EXPECT_EQ(name_near("net.core.mem_max", turned), "net.core.rmem_max");
}

TEST(Nearest, NeitherSuggestsWhatWasWrittenNorWhatSharesNothing) {
  EXPECT_EQ(name_near("h", names), std::nullopt);
  EXPECT_EQ(name_near("G", names), std::nullopt);
}

bool is_certain(std::string_view wrong, std::initializer_list<std::string_view> all) {
  return nearest(wrong, std::vector<std::string_view>(all))->is_certain;
}

TEST(Nearest, IsCertainOfASlipOnly) {
  EXPECT_TRUE(is_certain("vm.swapiness", {"vm.swappiness", "vm.min_free_kbytes"}));
  EXPECT_TRUE(is_certain("Hypervisor", {"hypervisor", "hypervisors"}));
  EXPECT_TRUE(is_certain("hypervisro", {"hypervisor"}));
  EXPECT_FALSE(is_certain("net.core.mem_max", {"net.core.rmem_max", "net.core.wmem_max"}));
  EXPECT_FALSE(is_certain("web-01", {"web-02"}));
  EXPECT_FALSE(is_certain("noiommu_x", {"iommu_x"}));
  EXPECT_FALSE(is_certain("of", {"off"}));
}

TEST(Nearest, CorrectsUnits) {
  EXPECT_EQ(name_near("Kib", unit_names()), "KiB");
  EXPECT_EQ(name_near("GBps", unit_names()), "Gbps");
  EXPECT_EQ(name_near("mins", unit_names()), "min");
}

}  // namespace
}  // namespace tunec
