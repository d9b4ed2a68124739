// A Markdown file as test cases. A heading is a test; its fenced blocks are what goes in and what must come
// out:
//
//   ```tune main.tune            an input file; the first word is for the reader's highlighter, the second is
//   the path
//   ```yaml hosts.yaml escaped   the same, with \xNN, \n, \t, \\ in it: bytes that Markdown cannot hold
//   ```args                      a command line of tunec in each line, run one after the other; on a site it
//   is
//                                2026-11-30 unless it says --today
//   ```diagnostics               what stands on standard error; none is expected where there is no such block
//   ```stdout   ```exit          standard output, the last command's exit code
//   ```file HOST:/etc/path       a whole output file (`site:` for the fleet's); `exhaustive` after the first:
//   no other is made
//
// Blocks without a path are prose. A `#` section's input files are seen by its `##` subsections, unless they
// are given again; a section with files that cannot be run alone, above such subsections, is no test. Nothing
// is run here.
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
  std::optional<Block> diagnostics, output, exit;
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
};
Outcome expected_of(const Case& test);
// The exit code that needs no block of its own.
int usual_exit(std::string_view diagnostics);

// The Markdown with the case's blocks rewritten to what it produced; blocks come and go as they are needed.
std::string accept(std::string_view markdown, const Case& test, const Outcome& actual);

// Lines of a text; a last one without a line end counts.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace tunec::test
