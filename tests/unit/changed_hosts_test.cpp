// Which changes of a site are dealt with host by host, and which are not; that the files are right either way is a law's business
// (property/changed_hosts_laws_test.cpp).
#include "driver/changed_hosts.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "driver/changed_text.h"
#include "emit/rendered_tree.h"
#include "support/scratch.h"

namespace tunec {
namespace {

constexpr std::string_view machine = "facts { os = \"debian 12\"  memory = 64GiB  cpu { vendor = amd  cores = 8  threads = 2 }  nic eno1 { mtu = 1500  speed = 10Gbps } }";

std::string host(const std::string& name, const std::string& says = "") { return fmt::format("host {} {{\n  {}\n  {}\n}}\n", name, machine, says); }

// A site that is compiled, changed, and compiled again.
class ChangedHosts : public ::testing::Test {
 protected:
  ChangedHosts() {
    options_.main_file = "main.tune";
    options_.parted = true;
  }

  void compile() {
    for (int again = 0; again < 2; ++again) {  // the second time, the files are older than the moment
      const RecordedFiles recorded(files_, sha256_hex);
      const auto compilation = compile_site(options_, recorded);
      ASSERT_EQ(compilation->reporter.heard(), 0U) << compilation->reporter.sorted().front().message;
      const RenderedFleet rendered = render_site(*compilation);
      const TreeResult result = write_tree(scratch_.at("out"), RenderedTree(rendered, "tunec"), {.force = true, .cache = true});
      ASSERT_TRUE(result.error.empty());
      keep_run(scratch_.at("out"), result.left, "options", kept_run(*compilation, rendered, *recorded.record()));
      std::this_thread::sleep_for(std::chrono::milliseconds(12));
    }
  }

  // "2 written, 1 removed, 4 hosts"; "whole" if the whole site has to be compiled.
  std::string change(const std::string& main, const std::string& decisive = "options") {
    files_.files["main.tune"] = main;
    const auto run = compile_changed(scratch_.at("out"), options_, decisive, "tunec", files_);
    if (!run) return "whole";
    return fmt::format("{} written, {} removed, {} hosts", run->tree.written, run->tree.removed, run->hosts);
  }

  std::string begin(const std::string& main) {
    files_.files["main.tune"] = main;
    compile();
    return main;
  }

  test::Scratch scratch_;
  MemoryFileSystem files_;
  SiteOptions options_;
};

const std::string site = "site s\n";
const std::string three = host("a", "sysctl.vm.swappiness = 1") + host("b", "sysctl.vm.swappiness = 1") + host("c", "sysctl.vm.swappiness = 1");

TEST_F(ChangedHosts, nothing_is_written_where_nothing_changed) {
  begin(site + three);
  EXPECT_EQ(change(site + three), "0 written, 0 removed, 3 hosts");
}

TEST_F(ChangedHosts, a_host_that_says_something_else_is_written_alone_however_often) {
  begin(site + three);
  EXPECT_EQ(change(site + host("a", "sysctl.vm.swappiness = 1") + host("b", "sysctl.vm.swappiness = 2") + host("c", "sysctl.vm.swappiness = 1")), "2 written, 0 removed, 3 hosts");
  EXPECT_NE(scratch_.read("out/b/etc/sysctl.d/90-tunec.conf").find("swappiness = 2"), std::string::npos);
  std::this_thread::sleep_for(std::chrono::milliseconds(12));
  compile();
  EXPECT_EQ(change(site + three), "2 written, 0 removed, 3 hosts");
}

TEST_F(ChangedHosts, hosts_may_come_and_go) {
  begin(site + three);
  EXPECT_EQ(change(site + three + host("d", "sysctl.vm.swappiness = 1")), "2 written, 0 removed, 4 hosts");
  std::this_thread::sleep_for(std::chrono::milliseconds(12));
  compile();
  EXPECT_EQ(change(site + host("a", "sysctl.vm.swappiness = 1") + host("c", "sysctl.vm.swappiness = 1")), "0 written, 4 removed, 2 hosts");
  EXPECT_FALSE(scratch_.exists("out/b"));
}

TEST_F(ChangedHosts, the_first_host_of_a_file_may_change_as_any_other) {
  files_.files["more.tune"] = three;
  const std::string main = begin(site + "import \"more.tune\"\n");
  files_.files["more.tune"] = host("a", "sysctl.vm.swappiness = 2") + host("b", "sysctl.vm.swappiness = 1") + host("c", "sysctl.vm.swappiness = 1");
  EXPECT_EQ(change(main), "2 written, 0 removed, 3 hosts");
}

TEST_F(ChangedHosts, what_is_not_of_a_host_is_the_whole_sites) {
  begin(site + "let x = 1\n" + three);
  EXPECT_EQ(change(site + "let x = 2\n" + three), "whole");
  EXPECT_EQ(change(site + "let x = 1\n" + three + "let y = 1\n"), "whole");
  EXPECT_EQ(change(site + "let x = 1\n" + three, "other options"), "whole");
}

TEST_F(ChangedHosts, what_there_is_to_say_is_said_by_a_whole_run) {
  begin(site + three);
  EXPECT_EQ(change(site + host("a", "sysctl.vm.swapiness = 1") + host("b", "sysctl.vm.swappiness = 1") + host("c", "sysctl.vm.swappiness = 1")), "whole");
  EXPECT_EQ(change(site + host("a", "sysctl.vm.swappiness = 999") + host("b", "sysctl.vm.swappiness = 1") + host("c", "sysctl.vm.swappiness = 1")), "whole");
  EXPECT_EQ(change(site + three + host("a")), "whole");
  EXPECT_EQ(change(site + three + "host d {"), "whole");
}

TEST_F(ChangedHosts, what_another_has_may_not_be_claimed) {
  const auto with = [](int number) { return fmt::format("wireguard wg0 {{ address = 10.8.0.{}/24 }}", number); };
  begin(site + host("a", with(1)) + host("b", with(2)) + host("c", with(3)) + host("d", with(4)));
  EXPECT_EQ(change(site + host("a", with(4)) + host("b", with(2)) + host("c", with(3)) + host("d", with(4))), "whole");
  EXPECT_EQ(change(site + host("a", with(5)) + host("b", with(2)) + host("c", with(3)) + host("d", with(4))), "2 written, 0 removed, 4 hosts");
}

TEST_F(ChangedHosts, members_of_a_mesh_have_to_do_with_one_another) {
  const auto with = [](char last, int number) {
    return fmt::format("wireguard wg0 {{ mesh = \"m\"  public_key = \"{:A>42}{}=\"  address = 10.8.0.{}/24  listen_port = 21820  endpoint = \"h{}.lan:21820\" }}", "", last, number, number);
  };
  begin(site + host("a", with('E', 1)) + host("b", with('I', 2)) + host("c"));
  EXPECT_EQ(change(site + host("a", with('E', 1)) + host("b", with('I', 2)) + host("c", "sysctl.vm.swappiness = 1")), "whole");
}

TEST_F(ChangedHosts, a_policy_on_the_fleet_is_asked_of_all_of_it) {
  const std::string policy = "policy few { for fleet require count(sysctl.vm.swappiness for host) <= 4 else error \"many\" }\n";
  begin(site + policy + three);
  EXPECT_EQ(change(site + policy + host("a") + host("b", "sysctl.vm.swappiness = 1") + host("c", "sysctl.vm.swappiness = 1")), "whole");
}

TEST_F(ChangedHosts, policies_waivers_patterns_and_tests_need_not_be_of_use_to_the_changed_host) {
  const std::string rest =
      "policy low { for host require sysctl.vm.swappiness <= 60 else warning \"{sysctl.vm.swappiness}\" }\nwaive low on host c because \"it is known\"\n"
      "hosts c* { sysctl.vm.stat_interval = 7 }\n"
      "test \"t\" { host x { " + std::string(machine) + " sysctl.vm.swappiness = 1 } expect x.sysctl.vm.swappiness == 1 }\n";
  files_.files["hosts.yaml"] = "hosts:\n  c1: { os: debian 12, memory: 64GiB, cpu: { vendor: amd, cores: 8 } }\n";
  const std::string others = host("b") + host("c", "sysctl.vm.swappiness = 70") + host("d") + rest;
  begin(site + "import \"hosts.yaml\"\n" + host("a") + others);
  EXPECT_EQ(change(site + "import \"hosts.yaml\"\n" + host("a", "sysctl.vm.stat_interval = 9") + others), "2 written, 0 removed, 5 hosts");
}

TEST_F(ChangedHosts, an_entry_of_a_file_of_facts_is_its_hosts) {
  const auto facts = [](const std::string& of_b) {
    return ".m: &m { os: debian 12, memory: 64GiB, cpu: { vendor: amd, cores: 8 } }\nhosts:\n  a: *m\n  b: " + of_b + "\n  c: *m\n  d: *m\n";
  };
  files_.files["hosts.yaml"] = facts("*m");
  const std::string main = begin(site + "import \"hosts.yaml\"\nhosts * { include hugepages(reserve: 25% of host.memory) }\n");
  files_.files["hosts.yaml"] = facts("{ <<: *m, memory: 32GiB }");
  EXPECT_EQ(change(main), "2 written, 0 removed, 4 hosts");
  files_.files["hosts.yaml"] = facts("&m { os: debian 12, memory: 16GiB, cpu: { vendor: amd, cores: 8 } }");  // which the others' *m then is
  EXPECT_EQ(change(main), "whole");
}

TEST_F(ChangedHosts, what_is_added_behind_a_part_may_belong_to_it) {
  const std::string facts = "hosts:\n  a:\n    os: debian 12\n    memory: 64GiB\n    cpu: { vendor: amd, cores: 8 }\n  b:\n    os: debian 12\n    memory: 64GiB\n    cpu: { vendor: amd, cores: 8 }\n";
  files_.files["hosts.yaml"] = facts;
  const std::string main = begin(site + "import \"hosts.yaml\"\nhosts * { sysctl.vm.swappiness = 10 when host.rack == r1 { sysctl.vm.dirty_ratio = 33 } }\n");
  files_.files["hosts.yaml"] = facts + "    rack: r1\n";
  EXPECT_EQ(change(main), "2 written, 0 removed, 2 hosts");
  EXPECT_NE(scratch_.read("out/b/etc/sysctl.d/90-tunec.conf").find("dirty_ratio"), std::string::npos);
  EXPECT_EQ(scratch_.read("out/a/etc/sysctl.d/90-tunec.conf").find("dirty_ratio"), std::string::npos);
}

TEST_F(ChangedHosts, what_the_site_says_may_not_grow_unseen) {
  const std::string before = site + "let x = 10", behind = "\n" + host("a", "sysctl.vm.swappiness = x") + host("b", "sysctl.vm.swappiness = x") + host("c", "sysctl.vm.swappiness = x");
  begin(before + behind);
  EXPECT_EQ(change(before + "\n  + 5" + behind), "whole");
  EXPECT_EQ(change(before + behind + "+ 5\n"), "whole");
  EXPECT_EQ(change(before + "\n# a comment" + behind), "0 written, 0 removed, 3 hosts");
}

TEST_F(ChangedHosts, a_policy_on_pairs_is_asked_of_all_of_them) {
  const auto in = [](const std::string& name, const std::string& rack, int memory) {
    return fmt::format("host {} {{ facts {{ os = \"debian 12\"  memory = {}GiB  rack = {}  cpu {{ vendor = amd  cores = 8 }} }} sysctl.vm.swappiness = 1 }}\n", name, memory, rack);
  };
  const std::string policy = "policy same { for pair where a.rack == b.rack require a.memory == b.memory else error \"racks\" }\n" + in("x", "r0", 8) + in("y", "r0", 8);
  begin(site + policy + in("a", "r1", 64) + in("b", "r2", 32) + in("c", "r3", 16));
  EXPECT_EQ(change(site + policy + in("a", "r1", 64) + in("b", "r2", 32) + in("c", "r1", 16)), "whole");
}

TEST_F(ChangedHosts, the_last_host_may_go_and_one_may_be_declared_whose_facts_were_there) {
  begin(site + three);
  EXPECT_EQ(change(site + host("a", "sysctl.vm.swappiness = 1") + host("b", "sysctl.vm.swappiness = 1")), "0 written, 2 removed, 2 hosts");
  std::this_thread::sleep_for(std::chrono::milliseconds(12));
  files_.files["hosts.yaml"] = "hosts:\n  a: { os: debian 12, memory: 64GiB, cpu: { vendor: amd, cores: 8 } }\n  b: { os: debian 12, memory: 64GiB, cpu: { vendor: amd, cores: 8 } }\n  c: { os: debian 12, memory: 64GiB, cpu: { vendor: amd, cores: 8 } }\n";
  const std::string main = begin(site + "import \"hosts.yaml\"\nhost a { sysctl.vm.swappiness = 1 }\nhost b { sysctl.vm.swappiness = 1 }\n");
  EXPECT_EQ(change(main + "host c { sysctl.vm.swappiness = 1 }\n"), "2 written, 0 removed, 3 hosts");
}

TEST_F(ChangedHosts, a_file_that_is_not_as_it_was_left_is_written_by_a_whole_run) {
  const std::string others = host("b") + host("c") + host("d") + host("e");
  begin(site + host("a") + others);
  const std::string changed = site + host("a", "sysctl.vm.swappiness = 1") + others;
  scratch_.write("out/e/manifest.json", "tampered");
  EXPECT_EQ(change(changed), "whole");
  scratch_.clear("out/e/manifest.json");
  EXPECT_EQ(change(changed), "whole");
}

// stretches_of: "=2" two parts that are the same, "1>5" one part that five bytes stand for.
std::string stretches(const std::vector<std::string>& parts, const std::string& now) {
  std::string text;
  PartedFile before;
  for (const std::string& part : parts) {
    before.parts.push_back({static_cast<std::uint32_t>(text.size()), before.parts.empty() ? "" : "h"});
    text += part;
  }
  before.text = text;
  const auto found = stretches_of(before, now);
  if (!found) return "nothing";
  std::string said;
  for (const Stretch& one : *found) {
    if (!said.empty()) said += ' ';
    said += one.same ? fmt::format("={}", one.last - one.first) : fmt::format("{}>{}", one.last - one.first, one.end - one.begin);
  }
  return said;
}

TEST(ChangedText, is_found_between_parts_that_are_the_same) {
  EXPECT_EQ(stretches({"site;", "one;", "two;", "three;"}, "site;one;two;three;"), "=4");
  EXPECT_EQ(stretches({"site;", "one;", "two;", "three;"}, "site;one;2;three;"), "=2 1>2 =1");
  EXPECT_EQ(stretches({"site;", "one;", "two;", "three;"}, "site;1;two;3;"), "=1 1>2 =1 1>2");
  EXPECT_EQ(stretches({"site;", "one;", "two;", "three;"}, "site;1;2;three;"), "=1 2>4 =1");
  EXPECT_EQ(stretches({"site;", "one;", "two;", "three;"}, "site;one;three;"), "=2 1>0 =1");
  EXPECT_EQ(stretches({"site;", "one;", "two;", "three;"}, "site;zero;one;two;three;four;"), "=1 0>5 =3 0>5");
  EXPECT_EQ(stretches({"site;", "one;", "two;", "three;"}, "site;"), "=1 3>0");
  EXPECT_EQ(stretches({"site;", "one;", "two;", "three;"}, "place;one;two;three;"), "nothing");
  EXPECT_EQ(stretches({"site;", "one;"}, ""), "nothing");
}

}  // namespace
}  // namespace tunec
