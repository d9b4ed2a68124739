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
// Blocks without a path are prose. A `##` subsection inherits the input files of its `#` section and may
// replace them. A section is not a test if its files cannot run alone and subsections follow it. The reader
// runs nothing.
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
  std::string text;       // including the last line end; "" for an empty block
  std::size_t first = 0;  // line of the opening fence, from 0
  std::size_t last = 0;   // line of the closing fence
};

struct OutputFile {
  std::string path;  // "kvm-01:/etc/sysctl.d/90-tunec.conf"
  Block block;
};

struct Case {
  std::string name;                           // the heading; "Section / Subsection" for a subsection
  std::size_t line = 0;                       // line of the heading, from 0
  std::size_t insert = 0;                     // new blocks go before this line
  std::map<std::string, std::string> inputs;  // path → bytes
  std::vector<std::string> commands;          // never empty: the reader adds a default
  std::optional<Block> diagnostics, output, exit, tree;
  std::vector<OutputFile> files;
  bool exhaustive = false;
  std::string fault;  // a mistake in the case itself; empty if there is none
};

std::vector<Case> read_cases(std::string_view markdown);

// The outcome that a case expects or that its commands produced. Both have one type, to be compared and
// written back.
struct Outcome {
  std::string diagnostics, output;
  int exit = 0;
  std::map<std::string, std::string> files;  // the files that the case compares, by OutputFile::path
  std::string tree;                          // paths, if the case has a `tree` block
};
Outcome expected_of(const Case& test);
// The exit code that a case expects if it has no `exit` block.
int usual_exit(std::string_view diagnostics);

// Returns the Markdown with the case's blocks rewritten to the produced outcome. Adds and removes blocks as
// needed. A `file` or `tree` block whose files were not produced stays as it is: not_made() reports it.
std::string accept(std::string_view markdown, const Case& test, const Outcome& actual);
// The expected output files that the commands did not produce, one line each; empty if there are none.
std::string not_made(const Case& test, const Outcome& actual);

// The lines of a text; a last line without a line end counts.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace tunec::test
