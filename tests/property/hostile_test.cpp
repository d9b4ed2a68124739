// For any bytes in a file, the compiler ends with an answer: no crash, every place inside its file,
// diagnostics sorted. Random bytes rarely pass the first stage. So there are also words of the language in
// any order, and good files that were damaged.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/over_memory.h"
#include "support/sites.h"

namespace tunec {
namespace {

// Returns a fault of the run, or an empty text.
std::string fault_of(const FileSystem& files, const std::string& main_file = "main.tune") {
  const test::Run run = test::compile_in_memory(files, main_file);
  return test::ill_manners(run.compilation->reporter, run.compilation->sources);
}

std::string any_bytes() {
  return *rc::gen::container<std::string>(
      rc::gen::map(rc::gen::inRange(0, 256), [](int byte) { return static_cast<char>(byte); }));
}

std::string any_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(words)))
    text += word;
  return text;
}

const std::vector<std::string> tune_words = {"site s\n",
                                             "import \"hosts.yaml\"\n",
                                             "import \"main.tune\"\n",
                                             "let ",
                                             "profile ",
                                             "host ",
                                             "hosts ",
                                             "pool ",
                                             "instance type ",
                                             "policy ",
                                             "waive ",
                                             "test \"t\" ",
                                             "{ ",
                                             "} ",
                                             "( ",
                                             ") ",
                                             "[ ",
                                             "] ",
                                             "= ",
                                             "== ",
                                             ", ",
                                             ": ",
                                             ". ",
                                             ".. ",
                                             "+ ",
                                             "- ",
                                             "* ",
                                             "/ ",
                                             "& ",
                                             "in ",
                                             "of ",
                                             "and ",
                                             "not ",
                                             "when ",
                                             "else ",
                                             "include ",
                                             "override ",
                                             "unchecked ",
                                             "because \"b\" ",
                                             "where available ",
                                             "default ",
                                             "for ",
                                             "require ",
                                             "forbid ",
                                             "expect ",
                                             "until 2027-03-31 ",
                                             "doc \"d\" ",
                                             "facts ",
                                             "sysctl ",
                                             "vm.swappiness ",
                                             "sysctl.vm.swappiness = 1 ",
                                             "boot.isolcpus ",
                                             "wireguard wg0 ",
                                             "pools = [p] ",
                                             "a ",
                                             "b ",
                                             "p ",
                                             "h-[1..3] ",
                                             "* ",
                                             "on ",
                                             "1 ",
                                             "-1 ",
                                             "16MiB ",
                                             "25% ",
                                             "0..3 ",
                                             "\"text {a} \" ",
                                             "host.memory ",
                                             "host.name ",
                                             "host.rack ",
                                             "host.label.role ",
                                             "clamp( ",
                                             "pool.cpus for pool ",
                                             "\"",
                                             "{",
                                             "#\n",
                                             "\n"};

const std::vector<std::string> yaml_words = {"hosts:\n",
                                             "  a: ",
                                             "  b-[1..9]:\n",
                                             "    memory: 8GiB\n",
                                             "    cpu: { cores: 4 }\n",
                                             "    os: \"debian 12\"\n",
                                             "    nodes:\n",
                                             "      - cpus: 0-3\n",
                                             "    cpu: { siblings: [0-1, 2-3] }\n",
                                             "    cpu: { cores: 4, online: 0-2, flags: [vmx] }\n",
                                             "    rack: r1\n",
                                             "    labels: { role: db }\n",
                                             "    nics: [{ node: 1, addresses: [10.0.0.1] }]\n",
                                             "{ ",
                                             "} ",
                                             "[ ",
                                             "] ",
                                             "&x ",
                                             "*x ",
                                             "<<: *x\n",
                                             "- ",
                                             ": ",
                                             ", ",
                                             "? ",
                                             "| \n",
                                             "> \n",
                                             "\"",
                                             "'",
                                             "\n",
                                             "\t",
                                             "~",
                                             "!!int ",
                                             "---\n",
                                             "...\n",
                                             "all:\n",
                                             "  hosts:\n",
                                             "  children:\n",
                                             "9999999999999999999 ",
                                             "%YAML 9.9\n"};

const std::vector<std::string> ini_words = {"[web]\n", "[web:children]\n",  "[web:vars]\n", "[",  "]", "a",
                                            "b-[1:3]", "[01:99999999]",     " x=1",         "\n", ";", "#",
                                            ":",       std::string(1, '\0')};

// Removes, doubles or replaces a part of a text.
std::string damaged(std::string text, const std::vector<std::string>& words) {
  const int wounds = *rc::gen::inRange(1, 5);
  for (int i = 0; i < wounds; ++i) {
    const std::size_t at = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
    const std::size_t length = std::min(*rc::gen::inRange<std::size_t>(0, 40), text.size() - at);
    const int kind = *rc::gen::inRange(0, 4);
    if (kind == 0) text.erase(at, length);
    else if (kind == 1) text.insert(at, text.substr(at, length));
    else
      text.replace(at, kind == 2 ? 0 : length,
                   *rc::gen::oneOf(rc::gen::elementOf(words), rc::gen::just(any_bytes())));
  }
  return text;
}

constexpr std::string_view importing =
    "site s\nimport \"hosts.yaml\"\nimport \"hosts.ini\"\nhosts * { sysctl.vm.swappiness = 10 }\nhost a { "
    "}\n";

RC_GTEST_PROP(HostileLaw, any_bytes_as_a_site, ()) {
  MemoryFileSystem files;
  files.files["main.tune"] = any_bytes();
  RC_ASSERT(fault_of(files) == "");
}

RC_GTEST_PROP(HostileLaw, any_words_as_a_site, ()) {
  MemoryFileSystem files;
  files.files["main.tune"] = any_words(tune_words);
  files.files["hosts.yaml"] = "hosts: { a: { memory: 8GiB, cpu: { cores: 4 } } }\n";
  RC_ASSERT(fault_of(files) == "");
}

RC_GTEST_PROP(HostileLaw, a_good_site_damaged, ()) {
  MemoryFileSystem files = test::any_site(false).files();
  files.files["main.tune"] = damaged(files.files["main.tune"], tune_words);
  RC_ASSERT(fault_of(files) == "");
}

RC_GTEST_PROP(HostileLaw, any_bytes_and_any_words_as_facts, ()) {
  MemoryFileSystem files;
  files.files["main.tune"] = importing;
  files.files["hosts.yaml"] = *rc::gen::arbitrary<bool>() ? any_bytes() : any_words(yaml_words);
  files.files["hosts.ini"];
  RC_ASSERT(fault_of(files) == "");
}

RC_GTEST_PROP(HostileLaw, good_facts_damaged, ()) {
  MemoryFileSystem files = test::any_site(false).files();
  files.files["hosts.yaml"] = damaged(files.files["hosts.yaml"], yaml_words);
  RC_ASSERT(fault_of(files) == "");
}

RC_GTEST_PROP(HostileLaw, any_bytes_and_any_words_as_an_inventory, ()) {
  MemoryFileSystem files;
  files.files["main.tune"] = importing;
  files.files["hosts.yaml"] = "hosts: { a: { memory: 8GiB } }\n";
  files.files["hosts.ini"] = *rc::gen::arbitrary<bool>() ? any_bytes() : any_words(ini_words);
  RC_ASSERT(fault_of(files) == "");
}

RC_GTEST_PROP(HostileLaw, any_name_as_the_main_file, ()) {
  MemoryFileSystem files;
  files.files["main.tune"] = "site s\n";
  const std::string name = any_bytes();
  const test::Run run = test::compile_in_memory(files, name);
  RC_ASSERT(test::ill_manners(run.compilation->reporter, run.compilation->sources) == "");
  RC_ASSERT(run.compilation->reporter.has_errors());
}

// The inputs that once caused a failure, or look likely to.
TEST(HostileLaw, TheFuzzSeedsHaveManners) {
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path("fuzz/seeds"))) {
    std::ifstream file(entry.path(), std::ios::binary);
    EXPECT_EQ(fault_of(test::files_from(std::string(std::istreambuf_iterator<char>(file), {}))), "")
        << entry.path();
  }
}

}  // namespace
}  // namespace tunec
