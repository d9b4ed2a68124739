// Two steps: first sections and their blocks, then cases with the input files they inherit. Blocks keep their
// line numbers, so accepting an outcome rewrites only those lines and leaves the rest of the file unchanged.
#include "support/case_reader.h"

#include <algorithm>
#include <sstream>

namespace tunec::test {
namespace {

struct Section {
  std::string title;
  std::size_t level = 0;  // number of #; 0 before the first heading
  std::size_t line = 0;
  std::size_t insert = 0;
  std::vector<Block> blocks;
};

std::size_t run_of(std::string_view line, char c) { return std::min(line.find_first_not_of(c), line.size()); }

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

bool is_heading(std::string_view line) {
  const std::size_t level = run_of(line, '#');
  return level >= 1 && level <= 6 && level < line.size() && line[level] == ' ';
}

// The line that closes a fence of `ticks` backticks, or the end.
std::size_t closing(const std::vector<std::string>& lines, std::size_t from, std::size_t ticks) {
  for (std::size_t i = from; i < lines.size(); ++i) {
    const std::size_t run = run_of(lines[i], '`');
    if (run >= ticks && lines[i].find_first_not_of(" \t\r", run) == std::string::npos) return i;
  }
  return lines.size();
}

std::vector<Section> sections_of(const std::vector<std::string>& lines) {
  std::vector<Section> sections{{"", 0, 0, 0, {}}};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    if (is_heading(line)) {
      const std::size_t level = run_of(line, '#');
      sections.push_back(
          {line.substr(std::min(line.find_first_not_of(' ', level), line.size())), level, i, i + 1, {}});
    }
    const std::size_t ticks = run_of(line, '`');
    if (ticks < 3) continue;
    Block block{line.substr(ticks), "", i, closing(lines, i + 1, ticks)};
    for (std::size_t inner = i + 1; inner < block.last; ++inner) block.text += lines[inner] + '\n';
    block.last = std::min(block.last, lines.size() - 1);
    i = block.last;
    sections.back().insert = i + 1;
    sections.back().blocks.push_back(std::move(block));
  }
  return sections;
}

// Replaces \xNN, \n, \t and \\. A backslash at the end of a line joins it with the next line.
std::string unescape(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
      continue;
    }
    const char kind = text[++i];
    if (kind == 'x' && i + 2 < text.size()) {
      bytes += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else if (kind != '\n') {
      bytes += kind == 'n' ? '\n' : kind == 't' ? '\t' : kind == '0' ? '\0' : kind;
    }
  }
  return bytes;
}

bool is_path_below(std::string_view path) {
  return !path.starts_with('/') && path.find("..") == std::string_view::npos;
}

// False if the block is prose.
bool take(Case& test, const Block& block) {
  const std::vector<std::string> words = words_of(block.info);
  if (words.empty()) return false;
  const std::string& kind = words[0];
  if (kind == "args") {
    for (const std::string& line : lines_of(block.text)) test.commands.push_back(line);
  } else if (kind == "diagnostics") {
    test.diagnostics = block;
  } else if (kind == "stdout") {
    test.output = block;
  } else if (kind == "exit") {
    test.exit = block;
  } else if (kind == "tree") {
    test.tree = block;
  } else if (kind == "file") {
    if (words.size() < 2 || words[1].find(":/") == std::string::npos) {
      test.fault = "a `file` block is ```file HOST:/path";
      return true;
    }
    test.exhaustive = test.exhaustive || (words.size() > 2 && words[2] == "exhaustive");
    test.files.push_back({words[1], block});
  } else if (words.size() >= 2) {
    const bool escaped = words.size() > 2 && words[2] == "escaped";
    if (!is_path_below(words[1]))
      test.fault = "an input file stays below the case's own directory: " + words[1];
    test.inputs[words[1]] = escaped ? unescape(block.text) : block.text;
  } else {
    return false;
  }
  return true;
}

// The site to check if a case names none: main.tune, or the only .tune file.
std::string main_file(const Case& test) {
  if (test.inputs.contains("main.tune")) return "main.tune";
  std::string only;
  for (const auto& [path, text] : test.inputs) {
    if (!path.ends_with(".tune")) continue;
    if (!only.empty()) return "";
    only = path;
  }
  return only;
}

void complete(Case& test) {
  if (!test.commands.empty() || !test.fault.empty()) return;
  const std::string main = main_file(test);
  if (main.empty()) {
    test.fault = "nothing to run: write an `args` block or a main.tune, or leave only one .tune file";
    return;
  }
  const bool writes = test.tree || !test.files.empty();
  test.commands.push_back(writes ? "compile " + main + " -o out" : "check " + main);
}

// True for a section whose files cannot run alone and whose subsections use them.
bool only_for_subsections(const Case& test, bool has_subsections) {
  const bool expects = test.diagnostics || test.output || test.exit || test.tree || !test.files.empty() ||
                       !test.commands.empty();
  return has_subsections && !expects && test.fault.empty() && main_file(test).empty();
}

std::string fenced(const std::string& info, const std::string& text) {
  std::size_t ticks = 3;
  for (const std::string& line : lines_of(text)) ticks = std::max(ticks, run_of(line, '`') + 1);
  const std::string fence(ticks, '`');
  return fence + info + "\n" + text + fence + "\n";
}

// The new text of lines [first, last] of the file.
struct Edit {
  std::size_t first, last;
  std::string text;
};

}  // namespace

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::vector<Case> read_cases(std::string_view markdown) {
  const std::vector<Section> sections = sections_of(lines_of(markdown));
  std::vector<Case> cases;
  Case top;  // inherited by its subsections
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const Section& section = sections[i];
    const bool inside = section.level > 1;
    Case test;
    if (!inside) {
      top = {};
      top.name = section.title;
    }
    test.name = inside && !top.name.empty() ? top.name + " / " + section.title : section.title;
    test.line = section.line;
    test.insert = section.insert;
    if (inside) test.inputs = top.inputs;
    bool any = false;
    for (const Block& block : section.blocks) any = take(test, block) || any;
    if (!inside) top.inputs = test.inputs;
    if (!any || only_for_subsections(test, !inside && i + 1 < sections.size() && sections[i + 1].level > 1))
      continue;
    complete(test);
    cases.push_back(std::move(test));
  }
  return cases;
}

int usual_exit(std::string_view diagnostics) {
  const std::vector<std::string> lines = lines_of(diagnostics);
  return std::ranges::any_of(lines, [](const std::string& line) { return line.starts_with("error["); }) ? 1
                                                                                                        : 0;
}

Outcome expected_of(const Case& test) {
  Outcome expected;
  if (test.diagnostics) expected.diagnostics = test.diagnostics->text;
  if (test.output) expected.output = test.output->text;
  expected.exit = usual_exit(expected.diagnostics);
  if (test.exit) expected.exit = std::atoi(test.exit->text.c_str());
  for (const OutputFile& file : test.files) expected.files[file.path] = file.block.text;
  if (test.tree) expected.tree = test.tree->text;
  return expected;
}

std::string not_made(const Case& test, const Outcome& actual) {
  std::string text;
  for (const OutputFile& file : test.files) {
    if (!actual.files.contains(file.path)) text += "file " + file.path + " was not made\n";
  }
  if (test.tree && actual.tree.empty()) text += "no file below out/ was made\n";
  return text;
}

std::string accept(std::string_view markdown, const Case& test, const Outcome& actual) {
  std::vector<Edit> edits;
  std::string added;
  const auto settle = [&](const std::optional<Block>& block, const std::string& info, const std::string& text,
                          bool needed) {
    if (block && needed) edits.push_back({block->first, block->last, fenced(block->info, text)});
    if (block && !needed) edits.push_back({block->first, block->last, ""});
    if (!block && needed) added += "\n" + fenced(info, text);
  };
  settle(test.diagnostics, "diagnostics", actual.diagnostics, !actual.diagnostics.empty());
  settle(test.output, "stdout", actual.output, !actual.output.empty());
  settle(test.exit, "exit", std::to_string(actual.exit) + "\n",
         actual.exit != usual_exit(actual.diagnostics));
  for (const OutputFile& file : test.files) {
    const auto made = actual.files.find(file.path);
    if (made != actual.files.end()) settle(file.block, "", made->second, true);
  }
  for (const auto& [path, text] : actual.files) {
    if (std::ranges::find(test.files, path, &OutputFile::path) == test.files.end())
      added += "\n" + fenced("file " + path, text);
  }
  if (test.tree && !actual.tree.empty()) settle(test.tree, "", actual.tree, true);
  std::ranges::sort(edits, {}, &Edit::first);
  std::string result;
  const std::vector<std::string> lines = lines_of(markdown);
  auto edit = edits.begin();
  for (std::size_t i = 0; i <= lines.size(); ++i) {
    if (i == test.insert) result += added;
    if (i == lines.size()) break;
    if (edit != edits.end() && edit->first == i) {
      result += edit->text;
      i = edit++->last;
      continue;
    }
    result += lines[i] + '\n';
  }
  return result;
}

}  // namespace tunec::test
