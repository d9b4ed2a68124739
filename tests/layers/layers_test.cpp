// The laws of the code base, defined here and nowhere else: the order of includes, where foreign headers are
// allowed, the length of files, that every diagnostic has its case, and that no parameter's name is written
// in C++.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "catalogue/catalogue.h"
#include "diagnostics/diagnostic.h"
#include "embedded.h"
#include "support/case_reader.h"
#include "support/cpp_text.h"

namespace tunec::test {
namespace {

namespace fs = std::filesystem;

// A folder may include itself and the folders before it. `plan` is plan/'s own files, shared by its rooms.
const std::vector<std::string> ranks = {"base",
                                        "source",
                                        "diagnostics",
                                        "syntax",
                                        "catalogue",
                                        "machine",
                                        "site",
                                        "site/bind",
                                        "plan",
                                        "plan/platform",
                                        "plan/expr",
                                        "plan/settle",
                                        "check",
                                        "check/policy",
                                        "render",
                                        "output/tree",
                                        "host",
                                        "host/bench",
                                        "host/verify",
                                        "host/capture",
                                        "host/apply",
                                        "host/loader",
                                        "host/trial",
                                        "host/cli",
                                        "host/main.cpp",
                                        "output",
                                        "review",
                                        "format",
                                        "measure",
                                        "backends",
                                        "driver",
                                        "driver/present",
                                        "driver/present/review",
                                        "driver/present/findings",
                                        "driver/cli",
                                        "driver/commands",
                                        "driver/commands/build",
                                        "driver/commands/host",
                                        "driver/main.cpp"};
constexpr std::size_t longest_file = 400;
constexpr std::ptrdiff_t longest_line = 120;
constexpr std::size_t max_units = 15;

// Foreign headers, and the files that may include them.
struct Foreign {
  std::string_view header, where;
  bool is(std::string_view included) const {
    if (!included.starts_with(header)) return false;
    const std::string_view rest = included.substr(header.size());
    return header.ends_with('/') || rest.empty() || rest.starts_with('.') || rest.starts_with('-') ||
           rest.starts_with('_');
  }
};
constexpr Foreign foreign[] = {
    {"antlr4", "compiler/syntax/antlr.h"},
    {"TuneParser", "compiler/syntax/antlr.h"},
    {"TuneTables", "compiler/syntax/"},
    {"yaml-cpp/", "compiler/source/yaml"},
    {"CLI/", "compiler/driver/cli/command_line.cpp"},
    {"nlohmann/", "compiler/diagnostics/render_json.cpp"},
    {"nlohmann/", "compiler/driver/commands/test.cpp"},
    {"nlohmann/", "compiler/driver/present/"},
    {"nlohmann/", "compiler/output/json_writer"},
    {"nlohmann/", "compiler/host/"},
    {"nlohmann/", "compiler/measure/measurement.cpp"},
    {"nlohmann/", "compiler/render/spell."},
    {"nlohmann/", "backends/"},
    {"archive", "compiler/output/tar.cpp"},
    {"openssl/", "compiler/base/sha256.cpp"},
    {"git2", "compiler/driver/git_library.h"},
    {"re2/", "compiler/base/regex.cpp"},
    {"regex", "tests/"},
    {"fstream", "stdlib/"},
    {"filesystem", "compiler/base/file_system.cpp"},
};

// Names that a file may contain, by prefix. Two formats consist of blocks: several settings, and settings of
// other hosts, each give a line to a block, and the backends know which keys form a block. The other names
// are examples in help texts.
struct AllowedName {
  std::string_view file, prefix;
};
constexpr AllowedName allowed_names[] = {
    {"backends/wireguard.cpp", "Interface."},
    {"backends/wireguard.cpp", "Peer."},
    {"backends/prometheus.cpp", "alert."},
    {"backends/prometheus.cpp", "exporter."},
    {"compiler/driver/commands/explain.cpp", "vm.swappiness"},
    {"compiler/driver/commands/why.cpp", "vm.swappiness"},
};

struct SourceFile {
  std::string path, text;  // path below the project's root
};

// compiler/, backends/ and stdlib/: the sources of the program.
const std::vector<SourceFile>& sources() {
  static const std::vector<SourceFile> all = [] {
    std::vector<SourceFile> files;
    for (const char* folder : {"compiler", "backends", "stdlib"}) {
      for (const fs::directory_entry& entry :
           fs::recursive_directory_iterator(fs::path(TUNEC_ROOT) / folder)) {
        const fs::path extension = entry.path().extension();
        if (extension != ".cpp" && extension != ".h") continue;
        std::ifstream file(entry.path(), std::ios::binary);
        files.push_back({entry.path().lexically_relative(TUNEC_ROOT).generic_string(),
                         {std::istreambuf_iterator<char>(file), {}}});
      }
    }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
  }();
  return all;
}

// Returns "plan/expr" for compiler/plan/expr/evaluate.h, and for plan/expr/evaluate.h. A main.cpp has a rank
// of its own: it is where readers look for it, but includes headers of all rooms below.
std::string folder_of(std::string_view path) {
  if (path.starts_with("compiler/")) path.remove_prefix(9);
  if (path == "driver/main.cpp" || path == "host/main.cpp") return std::string(path);
  return std::string(path.substr(0, path.rfind('/')));
}

bool is_hosts(const std::string& folder) { return folder == "host" || folder.starts_with("host/"); }

std::ptrdiff_t rank_of(const std::string& folder) { return std::ranges::find(ranks, folder) - ranks.begin(); }

TEST(Layers, AFolderIncludesOnlyWhatStandsToItsLeft) {
  for (const SourceFile& file : sources()) {
    const std::string folder = folder_of(file.path);
    const auto rank = folder == "stdlib" ? std::ssize(ranks) : rank_of(folder);
    EXPECT_TRUE(rank < std::ssize(ranks) || folder == "stdlib") << file.path << ": a folder without a rank";
    for (const Include& include : includes_of(file.text)) {
      if (!include.quoted || include.name.find('/') == std::string::npos) continue;
      EXPECT_LE(rank_of(folder_of(include.name)), rank)
          << file.path << ":" << include.line << " includes " << include.name;
    }
  }
}

// compiler/README.md maps the rooms for newcomers: a row for each, in this order.
TEST(Layers, TheTableOfRoomsHasEachInItsOrder) {
  std::vector<std::string> rows, rooms;
  std::ifstream file(fs::path(TUNEC_ROOT) / "compiler/README.md", std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    const std::string_view begin = line.starts_with("| `../") ? "| `../" : "| `";
    const std::size_t end = line.find("/` |");
    if (line.starts_with(begin) && end != std::string::npos)
      rows.push_back(line.substr(begin.size(), end - begin.size()));
  }
  std::ranges::copy_if(ranks, std::back_inserter(rooms),
                       [](const std::string& rank) { return !rank.ends_with(".cpp"); });
  EXPECT_EQ(rows, rooms);
}

TEST(Layers, ABackendKnowsOnlyThePlanAndWhatItWritesInto) {
  for (const SourceFile& file : sources()) {
    if (!file.path.starts_with("backends/")) continue;
    for (const Include& include : includes_of(file.text)) {
      const std::string folder = folder_of(include.name);
      const bool ours = include.quoted && rank_of(folder) < std::ssize(ranks);
      EXPECT_TRUE(!ours || folder == "base" || folder == "render" || folder == "backends" ||
                  include.name == "plan/plan.h")
          << file.path << ":" << include.line << " includes " << include.name;
    }
  }
}

// It is linked statically, for hosts that have nothing else of tunec.
TEST(Layers, TheProgramForHostsNeedsNoCatalogue) {
  for (const SourceFile& file : sources()) {
    for (const Include& include : includes_of(file.text)) {
      const std::string from = folder_of(file.path), folder = folder_of(include.name);
      const bool ours = include.quoted && rank_of(folder) < std::ssize(ranks);
      const bool may = !is_hosts(from) || folder == "base" || folder == "output/tree" || is_hosts(folder);
      EXPECT_TRUE(!ours || may) << file.path << ":" << include.line << " includes " << include.name;
      // Captures are verified with the same code on the workstation.
      const bool is_command = from.starts_with("driver/commands");
      EXPECT_TRUE(!is_hosts(folder) || is_hosts(from) || is_command) << file.path << ":" << include.line;
    }
  }
}

TEST(Layers, ForeignHeadersStayInTheirFolder) {
  for (const SourceFile& file : sources()) {
    for (const Include& include : includes_of(file.text)) {
      const auto is_included = [&](const Foreign& header) { return header.is(include.name); };
      EXPECT_TRUE(std::ranges::none_of(foreign, is_included) ||
                  std::ranges::any_of(foreign,
                                      [&](const Foreign& header) {
                                        return is_included(header) && file.path.starts_with(header.where);
                                      }))
          << file.path << ":" << include.line << " includes " << include.name;
    }
  }
}

TEST(Layers, FilesAreShort) {
  std::vector<std::size_t> lengths;
  for (const SourceFile& file : sources()) {
    lengths.push_back(static_cast<std::size_t>(std::ranges::count(file.text, '\n')));
    EXPECT_LE(lengths.back(), longest_file) << file.path;
  }
  std::ranges::sort(lengths);
  const auto at = [&](std::size_t percent) { return lengths[(lengths.size() - 1) * percent / 100]; };
  std::cout << fmt::format("{} files; lines: median {}, 90th percentile {}, longest {}\n", lengths.size(),
                           at(50), at(90), at(100));
}

// In characters, as an editor counts them. The limit allows more than 110, for a regular expression or a name
// that cannot be broken.
TEST(Layers, LinesAreShort) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  for (const SourceFile& file : sources()) {
    std::istringstream lines(file.text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      const auto columns = std::ssize(line) - std::ranges::count_if(line, continues);
      EXPECT_LE(columns, longest_line) << file.path << ":" << number;
    }
  }
}

// Two types of one name in one namespace are one to the linker: it takes the functions of either for both.
TEST(Layers, TypesOfHeadersHaveNamesOfTheirOwn) {
  std::map<std::string, std::string> declared;
  for (const SourceFile& file : sources()) {
    if (!file.path.ends_with(".h")) continue;
    std::istringstream lines(file.text);
    std::string line, space;
    while (std::getline(lines, line)) {
      if (line.starts_with("namespace ") && line.ends_with('{')) space = line;
      for (const std::string_view kind : {"struct ", "class ", "enum class "}) {
        if (!line.starts_with(kind) || line.find('{') == std::string::npos) continue;
        const std::string name = line.substr(kind.size(),
                                             line.find_first_of(" :{<", kind.size()) - kind.size());
        const auto [other, is_new] = declared.try_emplace(space + name, file.path);
        EXPECT_TRUE(is_new) << name << " is declared in " << other->second << " and in " << file.path;
      }
    }
  }
}

// A newcomer cannot find anything in a room with more files.
TEST(Layers, RoomsAreSmall) {
  std::map<std::string, std::size_t> units;
  for (const SourceFile& file : sources()) {
    if (file.path.ends_with(".cpp")) ++units[folder_of(file.path)];
  }
  for (const auto& [folder, count] : units) EXPECT_LE(count, max_units) << folder;
}

// The date may turn a result into an error, and nothing else, so only one file reads the clock.
TEST(Layers, OnlyOneFileAsksWhichDayItIs) {
  std::vector<std::string> asking;
  for (const SourceFile& file : sources()) {
    const bool asks = std::ranges::any_of(
        std::initializer_list<std::string_view>{"system_clock", "file_clock", "utc_clock", "std::time(",
                                                "::time(", "gettimeofday", "clock_gettime"},
        [&](std::string_view call) { return file.text.find(call) != std::string::npos; });
    if (asks) asking.push_back(file.path);
  }
  EXPECT_EQ(asking, std::vector<std::string>{"compiler/driver/today.cpp"});
}

// T0402-value-out-of-range.md
std::string case_name(const DiagInfo& info) {
  std::string name = fmt::format("{}-{}.md", info.code, info.name);
  std::ranges::replace(name, '_', '-');
  return name;
}

TEST(Layers, EveryDiagnosticHasItsCaseAndEveryCaseItsDiagnostic) {
  const fs::path folder = fs::path(TUNEC_ROOT) / "tests/cases/diagnostics";
  std::set<std::string> orphans;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    orphans.insert(entry.path().filename().string());
  for (const DiagInfo* info : all_diagnostics()) {
    const std::string name = case_name(*info);
    orphans.erase(name);
    std::ifstream file(folder / name, std::ios::binary);
    bool shown = false;
    for (const Case& test : read_cases(std::string(std::istreambuf_iterator<char>(file), {}))) {
      const auto shows = [&](const std::optional<Block>& block) {
        return block && block->text.find(info->code) != std::string::npos;
      };
      shown = shown || shows(test.diagnostics) || shows(test.output);
    }
    EXPECT_TRUE(shown) << "tests/cases/diagnostics/" << name << " is missing, or does not expect its code";
  }
  EXPECT_TRUE(orphans.empty()) << "there is no diagnostic with the code " << *orphans.begin();
}

// Each file in driver/commands/ that is not hidden must have a row in the README's table.
TEST(Layers, TheReadmeNamesEveryCommand) {
  std::ifstream file(fs::path(TUNEC_ROOT) / "README.md", std::ios::binary);
  const std::string readme(std::istreambuf_iterator<char>(file), {});
  for (const SourceFile& source : sources()) {
    if (!folder_of(source.path).starts_with("driver/commands") ||
        source.text.find(".hidden = true") != std::string::npos)
      continue;
    std::string name = fs::path(source.path).stem().string();
    std::ranges::replace(name, '_', '-');
    const std::string row = fmt::format("\n| `tunec {}", name);
    EXPECT_TRUE(readme.find(row + " ") != std::string::npos || readme.find(row + "`") != std::string::npos)
        << "README.md has no row for `tunec " << name << "`";
  }
}

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-' || c == '(' ||
         c == ')';
}

// Names and keys that cannot be ordinary words: long enough, and with a dot or an underscore.
std::set<std::string, std::less<>> telling_names() {
  const Catalogue catalogue(embedded_table());
  std::set<std::string, std::less<>> telling;
  for (const std::string_view name : catalogue.names()) {
    for (const std::string& text : {std::string(name), catalogue.find(name)->key}) {
      if (text.size() >= 6 && text.find_first_of("._") != std::string::npos &&
          std::ranges::all_of(text, is_name_character))
        telling.insert(text);
    }
  }
  return telling;
}

TEST(Layers, NoParameterIsKnownByNameInCode) {
  const auto telling = telling_names();
  ASSERT_GT(telling.size(), 200U) << "the catalogue is missing";
  for (const SourceFile& file : sources()) {
    for (const Literal& literal : literals_of(file.text)) {
      for (auto begin = literal.text.begin(); begin != literal.text.end();) {
        begin = std::find_if(begin, literal.text.end(), is_name_character);
        const auto end = std::find_if_not(begin, literal.text.end(), is_name_character);
        const std::string word(begin, end);
        begin = end;
        const bool may = std::ranges::any_of(allowed_names, [&](const AllowedName& allowed) {
          return allowed.file == file.path && word.starts_with(allowed.prefix);
        });
        EXPECT_TRUE(may || !telling.contains(word))
            << file.path << ":" << literal.line << " contains `" << word << "`";
      }
    }
  }
}

}  // namespace
}  // namespace tunec::test
