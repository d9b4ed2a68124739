// Runs every case of tests/cases/**.md, and the examples in the project's README files, with the real
// program. Each case gets a fresh directory with its input files. The program gets relative paths, no
// terminal and no colours.
//
// With TUNEC_ACCEPT=1 the blocks are rewritten to the actual output, and the test counts as skipped.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/case_reader.h"
#include "support/diff.h"

namespace tunec::test {
namespace {

namespace fs = std::filesystem;

const fs::path root = TUNEC_ROOT;
constexpr unsigned longest_run = 60;  // seconds; the case then fails by its signal

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

// The text as a block contains it: the last line has a line end, or a mark that it has none.
std::string as_block(std::string text) {
  if (!text.empty() && !text.ends_with('\n')) text += "\n\\ no line end here\n";
  return text;
}

class Directory {
 public:
  Directory() {
    std::string name = (fs::temp_directory_path() / "tunec-case.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path = name;
    fs::create_directory(path / "work");
  }
  ~Directory() { fs::remove_all(path); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  fs::path path;
};

// Splits a command line into words; quotes keep blanks together. A leading `tunec` is only for the reader.
std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> words;
  char quote = 0;
  bool open = false;
  for (const char c : line) {
    if (quote != 0 ? c == quote : c == '"' || c == '\'') {
      quote = quote != 0 ? 0 : c;
      if (!open) words.emplace_back();
      open = true;
    } else if (c == ' ' && quote == 0) {
      open = false;
    } else {
      if (!open) words.emplace_back();
      open = true;
      words.back() += c;
    }
  }
  if (!words.empty() && words.front() == "tunec") words.erase(words.begin());
  return words;
}

// Waivers expire, but the result of a case must not depend on the current date. If a command on a site gives
// no date, it gets this one.
constexpr const char* day_of_cases = "2026-11-30";

std::vector<std::string> on_a_day(std::vector<std::string> words) {
  const bool on_site = (words.empty() || words.front() != "fmt") &&
                       std::ranges::any_of(words,
                                           [](const std::string& word) { return word.ends_with(".tune"); });
  if (on_site && std::ranges::find(words, "--today") == words.end())
    words.insert(words.end(), {"--today", day_of_cases});
  return words;
}

[[noreturn]] void become_tunec(const fs::path& directory, const std::vector<std::string>& arguments) {
  std::vector<char*> argv{const_cast<char*>("tunec")};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const auto redirect = [&](const char* name, int target) {
    const int file = ::open((directory / name).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0 || ::dup2(file, target) < 0) ::_exit(127);
  };
  redirect("stdout", STDOUT_FILENO);
  redirect("stderr", STDERR_FILENO);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing < 0 || ::dup2(nothing, STDIN_FILENO) < 0 || ::chdir((directory / "work").c_str()) != 0)
    ::_exit(127);
  ::setenv("LC_ALL", "C", 1);
  ::unsetenv("NO_COLOR");
  ::alarm(longest_run);
  ::execv(TUNEC_BINARY, argv.data());
  ::_exit(127);
}

int run_tunec(const fs::path& directory, const std::vector<std::string>& arguments) {
  const pid_t child = ::fork();
  if (child == 0) become_tunec(directory, arguments);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// The summary line of `compile`. It is not a diagnostic: only cases that show it compare it.
std::string without_summary(const std::string& text) {
  static const std::regex summary("(^|\n)[0-9]+ hosts?, [0-9]+ files: [^\n]*\n");
  return std::regex_replace(text, summary, "$1");
}

std::string shown_path(const fs::path& below_out) {
  const std::string host = below_out.begin()->string();
  return host + ":/" + below_out.lexically_relative(host).generic_string();
}

// In the format of `find out -type f | sort`, without the cache, which a run may or may not write.
std::string tree_of(const fs::path& out) {
  std::vector<std::string> paths;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(out)) {
    const std::string path = entry.path().lexically_relative(out.parent_path()).generic_string();
    if (entry.is_regular_file() && !path.starts_with("out/.tunec/cache/")) paths.push_back(path + '\n');
  }
  std::ranges::sort(paths);
  std::string text;
  for (const std::string& path : paths) text += path;
  return text;
}

void take_files(const fs::path& out, const Case& test, Outcome& outcome) {
  if (!fs::is_directory(out)) return;
  if (test.tree) outcome.tree = tree_of(out);
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(out)) {
    const fs::path path = entry.path().lexically_relative(out);
    if (!entry.is_regular_file() || *path.begin() == ".tunec") continue;
    const std::string shown = shown_path(path);
    const bool asked = std::ranges::any_of(test.files,
                                           [&](const OutputFile& file) { return file.path == shown; });
    if (asked || (test.exhaustive && path.filename() != "manifest.json"))
      outcome.files[shown] = as_block(read(entry.path()));
  }
}

Outcome run(const Case& test) {
  const Directory directory;
  for (const auto& [path, bytes] : test.inputs) write(directory.path / "work" / path, bytes);
  Outcome outcome;
  for (const std::string& command : test.commands)
    outcome.exit = run_tunec(directory.path, on_a_day(split(command)));
  outcome.output = as_block(read(directory.path / "stdout"));
  outcome.diagnostics = as_block(read(directory.path / "stderr"));
  if (!test.diagnostics || without_summary(test.diagnostics->text) == test.diagnostics->text)
    outcome.diagnostics = without_summary(outcome.diagnostics);
  take_files(directory.path / "work/out", test, outcome);
  return outcome;
}

std::string differences(const Outcome& expected, const Outcome& actual) {
  std::string text;
  const auto add = [&](const std::string& block, const std::string& wanted, const std::string& got) {
    if (wanted != got) text += block + "\n" + unified_diff(wanted, got) + "\n";
  };
  add("diagnostics", expected.diagnostics, actual.diagnostics);
  add("stdout", expected.output, actual.output);
  add("exit", std::to_string(expected.exit) + "\n", std::to_string(actual.exit) + "\n");
  add("tree", expected.tree, actual.tree);
  for (const auto& [path, wanted] : expected.files) {
    const auto made = actual.files.find(path);
    if (made == actual.files.end()) text += "file " + path + " was not made\n";
    else add("file " + path, wanted, made->second);
  }
  for (const auto& [path, got] : actual.files) {
    if (!expected.files.contains(path))
      add("file " + path + " was made, and is not in this exhaustive case", "", got);
  }
  return text;
}

// Several cases of a file may be accepted at once (ctest -j), so each reads and writes the file under a lock.
// Other cases read the file without the lock to find their case. So the new text replaces the old file in one
// step.
void accept_into(const fs::path& file, const std::string& name, const Outcome& actual) {
  const int lock = ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0 || ::flock(lock, LOCK_EX) != 0) throw std::runtime_error("cannot lock " + root.string());
  const std::string markdown = read(file);
  for (const Case& test : read_cases(markdown)) {
    if (test.name != name) continue;
    const std::string accepted = accept(markdown, test, actual);
    if (accepted == markdown) continue;
    const fs::path part = fs::path(file).concat(".part");
    write(part, accepted);
    fs::rename(part, file);
  }
  ::close(lock);
}

class CaseTest : public testing::Test {
 public:
  CaseTest(fs::path file, Case test) : file_(std::move(file)), case_(std::move(test)) {}

  void TestBody() override {
    if (!case_.fault.empty()) FAIL() << case_.fault;
    const Outcome actual = run(case_);
    const std::string difference = differences(expected_of(case_), actual);
    if (std::getenv("TUNEC_ACCEPT") != nullptr) {
      if (!difference.empty()) accept_into(file_, case_.name, actual);
      const std::string missing = not_made(case_, actual);
      if (!missing.empty())
        FAIL() << missing
               << "accepting does not remove its block: delete it, or add the command that produces it";
      GTEST_SKIP() << (difference.empty() ? "nothing to accept" : "accepted");
    }
    if (!difference.empty()) {
      ADD_FAILURE_AT(file_.c_str(), static_cast<int>(case_.line + 1))
          << "tunec " << case_.commands.back() << "\n\n"
          << difference << "to accept this output: TUNEC_ACCEPT=1 ctest -R cases";
    }
  }

 private:
  fs::path file_;
  Case case_;
};

// A name for ctest: letters, digits and single underscores.
std::string plain(std::string_view text) {
  std::string name;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
    else if (!name.empty() && name.back() != '_') name += '_';
  }
  while (name.ends_with('_')) name.pop_back();
  return name.empty() ? "unnamed" : name;
}

std::vector<fs::path> case_files() {
  std::vector<fs::path> files;
  for (const char* folder : {"", "grammar", "compiler", "backends", "stdlib", "tests", "profiles"}) {
    if (fs::exists(root / folder / "README.md")) files.push_back(root / folder / "README.md");
  }
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / "tests/cases")) {
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

void register_cases() {
  for (const fs::path& file : case_files()) {
    fs::path relative = file.lexically_relative(root).replace_extension();
    if (relative.generic_string().starts_with("tests/cases/"))
      relative = relative.lexically_relative("tests/cases");
    std::map<std::string, int> seen;
    for (Case& test : read_cases(read(file))) {
      std::string name = plain(test.name);
      if (const int before = seen[name]++; before > 0) {
        test.fault = "two cases of this file have this heading; cases are known by it";
        name += fmt::format("_{}", before + 1);
      }
      const int line = static_cast<int>(test.line + 1);
      testing::RegisterTest(plain(relative.generic_string()).c_str(), name.c_str(), nullptr, nullptr,
                            file.c_str(), line,
                            [file, test]() -> testing::Test* { return new CaseTest(file, test); });
    }
  }
}

}  // namespace
}  // namespace tunec::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  tunec::test::register_cases();
  return RUN_ALL_TESTS();
}
