// The settings of Debian 12's own packages (stdlib/harvested/shipped-debian-12.tsv) as a site, with a host
// for each file and each of tuned's profiles. tunec must report only real findings, and each must be
// reviewed: shipped-findings.tsv has one line per finding, with the reason.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "driver/pipeline.h"
#include "support/over_memory.h"

namespace tunec {
namespace {

using Lines = std::vector<std::vector<std::string>>;

Lines read_lines(const std::string& path) {
  std::ifstream file(std::string(TUNEC_ROOT) + "/" + path);
  EXPECT_TRUE(file.good()) << path;
  Lines lines;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#') || line.empty()) continue;
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, '\t');) cells.push_back(cell);
    lines.push_back(std::move(cells));
  }
  return lines;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string quoted(const std::string& text) {
  std::string inside;
  for (const char c : text)
    inside += c == '"' || c == '\\' ? std::string("\\") + c : c == '{' ? "\\{" : std::string(1, c);
  return "\"" + inside + "\"";
}

bool is_number(const std::string& text) {
  return !text.empty() &&
         text.find_first_not_of("0123456789", text.front() == '-' ? 1 : 0) == std::string::npos &&
         text != "-";
}

// Writes a value as a person would who copies a file by hand.
std::string value_of(const ParamInfo* param, std::string text) {
  // Tuned uses blanks this way
  if (text.size() > 1 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  const auto literal = [](const std::string& word) { return is_number(word) ? word : quoted(word); };
  if (param == nullptr || (param->type != ValueType::list && param->type != ValueType::range))
    return literal(text);
  std::vector<std::string> items;
  std::string plain = text;
  std::ranges::replace(plain, ',', ' ');
  for (const std::string& word : words_of(plain)) items.push_back(literal(word));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

class ShippedSite {
 public:
  explicit ShippedSite(const Catalogue& catalogue) : catalogue_(catalogue) {}

  void add(const std::string& kind, const std::string& name, const std::string& value) {
    const std::size_t blank = name.find(' ');
    const std::string file = kind + " " + name.substr(0, blank), key = name.substr(blank + 1);
    if (kind == "sysctl.d") return sysctl(file, key, value);
    if (kind == "modules-load.d") return void(hosts_[file].load.push_back(key));
    if (kind == "modprobe.d") return modprobe(file, key, value);
    const std::size_t next = key.find(' ');
    const std::string section = key.substr(0, next),
                      rest = next == std::string::npos ? "" : key.substr(next + 1);
    if (section == "sysctl") return sysctl(file, rest, value);
    if (section == "vm" && rest == "transparent_hugepages")
      return set(file, "sysfs.kernel.mm.transparent_hugepage.enabled", value);
    if (section == "bootloader" && rest.starts_with("cmdline")) return boot(file, value);
    ++left_out_;  // settings that tuned applies with its own programs
  }

  std::string text() const {
    std::string site = "site shipped\n";
    std::size_t number = 0;
    for (const auto& [file, host] : hosts_) {
      site += fmt::format(
          "host h{} {{  # {}\n  facts {{ os = \"debian 12\"  memory = 256GiB  cpu {{ sockets = 2  cores = 16 "
          " threads = 2 }} }}\n",
          number++, file);
      for (const auto& [name, value] : host.settings) site += fmt::format("  {} = {}\n", name, value);
      if (!host.load.empty())
        site += fmt::format("  modules-load.modules = [{}]\n", fmt::join(host.load, ", "));
      if (!host.blacklist.empty())
        site += fmt::format("  modprobe.blacklist = [{}]\n", fmt::join(host.blacklist, ", "));
      site += "}\n";
    }
    return site;
  }
  // Returns "tuned latency-performance" for "h7".
  std::string file_of(const std::string& host) const {
    return std::next(hosts_.begin(), std::stol(host.substr(1)))->first;
  }
  std::size_t settings() const { return settings_; }
  std::size_t left_out() const { return left_out_; }

 private:
  struct HostText {
    std::map<std::string, std::string> settings;  // the last value in a file wins
    std::vector<std::string> load, blacklist;
  };

  void set(const std::string& file, const std::string& name, const std::string& value) {
    // Tuned computes it on the machine
    if (value.find("${") != std::string::npos || value.find(">") != std::string::npos || value == "-")
      return void(++left_out_);
    hosts_[file].settings[name] = value_of(catalogue_.find(name), value);
    ++settings_;
  }
  void sysctl(const std::string& file, const std::string& key, const std::string& value) {
    // A pattern of names, or one of tuned's own words
    if (key.find('*') != std::string::npos || key.find('.') == std::string::npos) return void(++left_out_);
    set(file, "sysctl." + key, value);
  }
  void modprobe(const std::string& file, const std::string& key, const std::string& value) {
    const std::size_t colon = key.find(':');
    if (colon == std::string::npos) return set(file, "module." + key, value);
    const std::string word = key.substr(0, colon), module = key.substr(colon + 1);
    if (word == "blacklist") return void(hosts_[file].blacklist.push_back(module));
    if (word == "softdep" || word == "install")
      return set(file, fmt::format("modprobe.{}({})", word, quoted(module)), value);
    ++left_out_;  // alias, remove: not tunec's task
  }
  void boot(const std::string& file, const std::string& line) {
    for (const std::string& word : words_of(line)) {
      const std::size_t sign = word.find('=');
      std::string name = word.substr(0, sign);
      if (name.empty() || !std::isalpha(static_cast<unsigned char>(name.front()))) {
        ++left_out_;
      } else if (sign == std::string::npos) {
        hosts_[file].settings["boot." + name] = "on";
        ++settings_;
      } else {
        set(file, "boot." + name, word.substr(sign + 1));
      }
    }
  }

  const Catalogue& catalogue_;
  std::map<std::string, HostText> hosts_;
  std::size_t settings_ = 0, left_out_ = 0;
};

TEST(Shipped, DebiansOwnFilesAreFineButForWhatWasLookedAt) {
  const auto knowledge = open_knowledge("", DiskFileSystem());
  ShippedSite site(knowledge->catalogue);
  for (const auto& row : read_lines("stdlib/harvested/shipped-debian-12.tsv"))
    site.add(row.at(0), row.at(1), row.at(7));
  EXPECT_GT(site.settings(), 200u);

  MemoryFileSystem files;
  files.files["main.tune"] = site.text();
  const auto run = test::compile_in_memory(files);
  const Sources& sources = run.compilation->sources;
  std::set<std::string> found;
  for (const Diagnostic& diagnostic : run.compilation->reporter.sorted()) {
    // Finds the host whose body contains the place, and the statement at it.
    const std::string_view text = sources.text(diagnostic.where.file);
    const std::size_t host = text.rfind("host h", diagnostic.where.begin + 5);
    const std::string name(text.substr(host + 5, text.find(' ', host + 5) - host - 5));
    std::string line(sources.line(diagnostic.where.file,
                                  sources.position(diagnostic.where.file, diagnostic.where.begin).line));
    line = line.starts_with("host") ? std::string() : line.substr(line.find_first_not_of(' '));
    const std::string statement = line.substr(0, line.find(" = "));
    const std::string about = diagnostic.info->code == std::string_view("T0600") || statement.empty()
                                  ? diagnostic.message
                                  : statement;
    found.insert(fmt::format("{}\t{}\t{}", diagnostic.info->code, site.file_of(name), about));
  }
  std::set<std::string> looked_at;
  for (const auto& row : read_lines("tests/layers/shipped-findings.tsv")) {
    EXPECT_GE(row.size(), 4u) << row.at(0) << " " << row.at(1) << ": the reason is missing";
    looked_at.insert(fmt::format("{}\t{}\t{}", row.at(0), row.at(1), row.at(2)));
  }
  for (const std::string& finding : found)
    EXPECT_TRUE(looked_at.contains(finding)) << "new finding: " << finding;
  for (const std::string& finding : looked_at)
    EXPECT_TRUE(found.contains(finding)) << "no longer found: " << finding;
}

}  // namespace
}  // namespace tunec
