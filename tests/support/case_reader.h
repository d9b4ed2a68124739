// A Markdown file as test cases. A heading is a test; its fenced blocks are input and expected output:
//
//   ```tune main.tune            an input file: a word for the highlighter, then the path
//   ```yaml hosts.yaml escaped   the same with \xNN, \n, \t, \\ in it: bytes that Markdown cannot hold
//   ```args                      command lines of tunec, one a line, run in order;
//                                on a site, the day is 2026-11-30 unless --today is given
//   ```diagnostics               standard error; without this block there must be none
//   ```stdout   ```exit          standard output, the last command's exit code
//   ```file HOST:/etc/path       a whole output file (`site:` for the fleet's);
//                                with `exhaustive` after the path there is no other
//   ```tree                      the paths of all files below out/, without those in .tunec/cache/
//
// Blocks without a path are prose. A `##` subsection inherits the input files of its `#` section, and may
// replace them. A section with files that cannot be run alone, above such subsections, is no test.
// This reader runs nothing.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tunec::test {

struct Block {
  std::string info;       // the words after the fence
  std::string text;       // with its last line end; "" for an empty block
  std::size_t first = 0;  // line of the opening fence, from 0
  std::size_t last = 0;   // line of the closing one
};

struct OutputFile {
  std::string path;  // "kvm-01:/etc/sysctl.d/90-tunec.conf"
  Block block;
};

struct Case {
  std::string name;                           // the heading; of a subsection, "Section / Subsection"
  std::size_t line = 0;                       // of the heading, from 0
  std::size_t insert = 0;                     // new blocks go before this line
  std::map<std::string, std::string> inputs;  // path → bytes
  std::vector<std::string> commands;          // never empty: there is a default
  std::optional<Block> diagnostics, output, exit, tree;
  std::vector<OutputFile> files;
  bool exhaustive = false;
  std::string fault;  // what is wrong with the case itself; empty if nothing
};

std::vector<Case> read_cases(std::string_view markdown);

// What a case produced, or what it wants: the same shape, so that they can be compared and written back.
struct Outcome {
  std::string diagnostics, output;
  int exit = 0;
  std::map<std::string, std::string> files;  // the ones that count, by OutputFile::path
  std::string tree;                          // paths, if the case has a `tree` block
};
Outcome expected_of(const Case& test);
// The exit code that needs no block of its own.
int usual_exit(std::string_view diagnostics);

// The Markdown with the case's blocks rewritten to what it produced. Blocks are added and removed as needed,
// except that a `file` or `tree` block whose files were not made stays as it is: not_made() reports it.
std::string accept(std::string_view markdown, const Case& test, const Outcome& actual);
// Output that a block promises and that the commands did not make, one line each; empty if there is none.
std::string not_made(const Case& test, const Outcome& actual);

// Lines of a text; a last one without a line end counts.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace tunec::test
