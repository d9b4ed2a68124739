// A law: whoever looks only at the hosts of whom something else is said comes to the files that a whole run would write, or leaves it
// to a whole run; and never where a whole run has something to say.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <map>
#include <thread>

#include "driver/changed_hosts.h"
#include "emit/rendered_tree.h"
#include "support/over_memory.h"
#include "support/scratch.h"

namespace tunec {
namespace {

using test::Scratch;

constexpr std::string_view version = "tunec";
constexpr std::string_view machine = "os: debian 12, memory: 64GiB, cpu: { vendor: amd, cores: 8, threads: 2 }, nics: [{ name: eno1, mtu: 1500, speed: 10Gbps }]";
constexpr std::string_view inline_machine =
    "facts { os = \"debian 12\"  memory = 64GiB  cpu { vendor = amd  cores = 8  threads = 2 }  nic eno1 { mtu = 1500  speed = 10Gbps } }";

std::string key_of(int number) { return fmt::format("{:A>42}{}=", "", "AEIMQUYcgkosw048"[number]); }

template <class T>
T one_of(std::initializer_list<T> items) {
  return *rc::gen::elementOf(std::vector<T>(items));
}

// Mostly what only this host says.
std::string any_statement(int own) {
  const int other = *rc::gen::inRange(1, 9), number = *rc::gen::inRange(0, 10) == 0 ? other : own;
  switch (*rc::gen::inRange(0, 40)) {
    case 0: return "include novacron.balanced\n  include hugepages(reserve: 4GiB)";
    case 1:
      return fmt::format("wireguard wg0 {{ mesh = \"m\"  public_key = \"{}\"  address = 10.8.0.{}/24  listen_port = 21820  endpoint = \"a{}.lan:21820\" }}", key_of(number), number, number);
    case 2: return fmt::format("wireguard wg1 {{ public_key = \"{}\"  listen_port = 21821  address = 10.7.0.{}/24 }}", key_of(number), number);
    case 3: return fmt::format("wireguard wg1 {{ peer other {{ public_key = \"{}\"  allowed_ips = [10.9.{}.0/24] }} }}", key_of(number), other);
    case 4: return "prometheus.exporter(node).port = 9100";
    case 5: return "sysctl.vm.swappiness = 10\n  # a comment of two lines } {\n";
    case 6: return fmt::format("no.such.thing = {}", number);
    case 7: return fmt::format("sysctl.net.core.somaxconn = {}", 5000 + number);
    case 8:
    case 9:
    case 10:
    case 11: return fmt::format("wireguard wg0 {{ address = 10.8.0.{}/24 }}", number);
    case 12:
    case 13: return fmt::format("sysctl.vm.dirty_ratio = {}", 20 + number);
    default: return fmt::format("sysctl.vm.swappiness = {}", number);
  }
}

std::vector<std::string> any_body(int own) {
  std::vector<std::string> body;
  std::map<std::string, bool> said;
  for (int count = *rc::gen::inRange(0, 4); count > 0; --count) {
    const std::string statement = any_statement(own);
    if (!std::exchange(said[statement.substr(0, statement.find_first_of("={"))], true)) body.push_back(statement);
  }
  return body;
}

std::string any_rest() {
  switch (*rc::gen::inRange(0, 15)) {
    case 0: return "policy one-of-each { for host unique sysctl.vm.swappiness else error \"{value} on {hosts}\" }\n";
    case 1: return "policy apart { for wireguard disjoint addresses(wireguard.address) else error \"{value} on {hosts}\" }\n";
    case 2: return "policy calm { for host require sysctl.vm.swappiness <= 6 else warning \"{sysctl.vm.swappiness}\" }\n";
    case 3: return "policy calm-fleet { for fleet require count(sysctl.vm.swappiness for host) <= 6 else error \"too many\" }\n";
    case 4: return "policy calm { for host require sysctl.vm.swappiness <= 2 else warning \"{sysctl.vm.swappiness}\" }\nwaive calm on host * because \"it is known\"\n";
    case 5: return "test \"a test\" { host a1 { " + std::string(inline_machine) + " sysctl.vm.swappiness = 3 } expect a1.sysctl.vm.swappiness == 3 }\n";
    case 6: return "test \"of facts\" { hosts b* { sysctl.vm.swappiness = 3 } expect b1.sysctl.vm.swappiness == 3 }\n";
    case 7: return "hosts a[1..2] { sysctl.vm.stat_interval = 5 }\n";
    case 8: return "hosts b* { sysctl.vm.stat_interval = 6 }\n";
    case 9: return "hosts b* { sysctl.net.core.somaxconn = x }\nlet x = 5000\n";
    case 11: return "profile racked { when host.rack == r1 { sysctl.vm.dirty_ratio = 33 } }\nhosts * { include racked }\n";
    case 12: return "policy same-memory { for pair where a.rack == b.rack require a.memory == b.memory else error \"racks\" }\n";
    case 10: return "host a* { sysctl.vm.stat_interval = 7 }\n";
    default: return "";
  }
}

struct LivingSite {
  std::string rest;                                        // what is of no host
  std::map<std::string, std::vector<std::string>> hosts;   // declared, with their statements
  std::map<std::string, std::string> facts;                // hosts of whom the file of facts speaks, with what else it says
  bool together = false;                                   // several hosts on a line
  bool in_blocks = false;                                  // entries of facts of several lines
  std::string slip_file, slip;                             // what somebody wrote in the middle of nowhere,
  std::size_t slip_at = 0;                                 // behind this line; behind the last one, with no line end before it

  MemoryFileSystem files() const {
    MemoryFileSystem files;
    std::string& facts_text = files.files["hosts.yaml"] = fmt::format(".machine: &m {{ {} }}\nhosts:\n", machine);
    for (const auto& [name, more] : facts) {
      if (in_blocks) facts_text += fmt::format("  {}:\n    <<: *m\n", name);
      else facts_text += fmt::format("  {}: {{ <<: *m{}{}\n", name, more, more.find('#') != more.npos ? "" : " }");
    }
    if (facts.empty()) facts_text.clear();
    std::string& text = files.files["main.tune"] = "site s\nimport \"hosts.yaml\"\n";
    for (const auto& [name, body] : hosts) {
      text += "host " + name + " {";
      if (!facts.contains(name)) text += std::string(" ") + std::string(inline_machine);
      for (const std::string& statement : body) text += "\n  " + statement;
      text += together ? " }  " : "\n}\n";
    }
    text += "\n" + rest;
    if (!slip.empty()) insert(files.files[slip_file]);
    return files;
  }

  void insert(std::string& text) const {
    std::size_t at = 0;
    for (std::size_t line = 0; line < slip_at && at != text.npos; ++line) at = text.find('\n', at + 1);
    if (at == text.npos) {
      if (text.ends_with('\n')) text.pop_back();
      text += slip;
    } else {
      text.insert(at, "\n" + slip);
    }
  }

  void write_slip() {
    slip_file = one_of<const char*>({"main.tune", "hosts.yaml"});
    slip = one_of<const char*>({"", "", "    rack: r1", "  b2: { <<: *m, memory: 16GiB }", "+ 5", "5", "# c", " host a9 { include novacron.balanced }", "}", "  # d", "let y = 1", "    memory: 48GiB"});
    slip_at = *rc::gen::inRange<std::size_t>(0, 40);
  }

  static std::string any_name() { return one_of<const char*>({"a1", "a2", "a3", "b1", "b2", "b3"}); }
  static std::string any_facts() { return one_of<const char*>({"", ", memory: 32GiB", ", labels: { rack: r1 }", "\n     ", " } # no more {"}); }

  static LivingSite any() {
    LivingSite site;
    for (const char* name : {"a1", "a2", "a3", "b1", "b2", "b3"}) {
      if (*rc::gen::inRange(0, 5) > 0) site.hosts[name] = any_body(name[1] - '0' + (name[0] == 'a' ? 0 : 3));
      if (name[0] == 'b' || *rc::gen::inRange(0, 8) == 0) site.facts[name] = any_facts();
    }
    for (int count = *rc::gen::inRange(0, 2); count > 0; --count) site.rest += any_rest();
    site.together = *rc::gen::inRange(0, 6) == 0;
    site.in_blocks = *rc::gen::inRange(0, 2) == 0;
    return site;
  }

  void change() {
    const std::string name = any_name();
    switch (*rc::gen::inRange(0, 14)) {
      case 12:
      case 13: write_slip(); break;
      case 0: hosts.erase(name); break;
      case 1: facts.erase(name); break;
      case 2: facts[name] = any_facts(); break;
      case 3: rest += *rc::gen::inRange(0, 3) > 0 ? "# the end\n" : any_rest(); break;
      case 4: break;
      default: hosts[name] = any_body(name[1] - '0' + (name[0] == 'a' ? 0 : 3)); break;
    }
  }
};

// A run as the command makes it; false if there was something wrong.
bool compile_whole(const Scratch& scratch, const MemoryFileSystem& files, const SiteOptions& options, bool& silent) {
  const RecordedFiles recorded(files, sha256_hex);
  const auto compilation = compile_site(options, recorded);
  const RenderedFleet rendered = compilation->reporter.has_errors() ? RenderedFleet{} : render_site(*compilation);
  silent = compilation->reporter.heard() == 0;
  if (compilation->reporter.has_errors()) return false;
  const RenderedTree tree(rendered, version);
  scratch.clear("fresh");
  RC_ASSERT(write_tree(scratch.at("fresh"), tree, {}).error.empty());
  const TreeResult result = write_tree(scratch.at("out"), tree, {.force = true, .cache = true});
  RC_ASSERT(result.error.empty());
  if (silent) keep_run(scratch.at("out"), result.left, "options", kept_run(*compilation, rendered, *recorded.record()));
  return true;
}

RC_GTEST_PROP(ChangedHostsLaw, what_is_done_for_changed_hosts_alone_is_what_a_whole_run_does, ()) {
  const Scratch scratch;
  SiteOptions options;
  options.main_file = "main.tune";
  options.parted = true;
  LivingSite site = LivingSite::any();
  int alone = 0, unmade = 0;
  for (int round = *rc::gen::inRange(4, 20); round > 0; --round) {
    const MemoryFileSystem files = site.files();
    const auto run = compile_changed(scratch.at("out"), options, "options", version, files);
    const std::string after = scratch.exists("out") ? scratch.listing("out") : "";
    const std::string list = scratch.exists("out/.tunec/files") ? scratch.read("out/.tunec/files") : "";
    bool silent = false;
    const bool sound = compile_whole(scratch, files, options, silent);
    if (run) {
      RC_ASSERT(sound);
      RC_ASSERT(silent);
      RC_ASSERT(after == scratch.listing("fresh"));
      RC_ASSERT(list == scratch.read("fresh/.tunec/files"));
      RC_ASSERT(run->tree.error.empty());
      RC_ASSERT(run->tree.files == run->tree.written + run->tree.unchanged);
      ++(run->tree.written + run->tree.removed > 0 ? alone : unmade);
    }
    // A file is not certain to be as it was left in the very tick in which it was left.
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (sound && *rc::gen::inRange(0, 4) > 0) compile_whole(scratch, files, options, silent);
    switch (*rc::gen::inRange(0, 30)) {
      case 0: scratch.clear("out/.tunec/cache/files"); break;
      case 1: scratch.clear("out/.tunec/cache/inputs"); break;
      case 2: if (scratch.exists("out/a1/manifest.json")) scratch.write("out/a1/manifest.json", "tampered"); break;
      case 3: scratch.clear("out/b1"); break;
      default: site.change(); break;
    }
  }
  RC_CLASSIFY(alone > 0, "changed hosts alone");
  RC_CLASSIFY(unmade > 0, "no run was needed");
}

}  // namespace
}  // namespace tunec
