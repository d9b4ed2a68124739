// Laws of the formatter. A made-up file is printed, and its blanks, line ends and comments are then made up
// anew, without regard to what they mean; so comments stand wherever a comment can stand.
#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "format/format.h"
#include "source/sources.h"
#include "support/ast_generators.h"
#include "syntax/parse.h"
#include "syntax/print.h"

namespace tunec {
namespace {

struct Parsed {
  std::vector<std::string> pieces;  // what is no blank
  std::vector<std::string> gaps;    // what stands before each of them, and at the end
  ast::File root;
  bool has_errors = false;
};

Parsed parsed(const std::string& text) {
  Sources sources;
  Reporter reporter;
  const FileId file = sources.add("t.tune", text);
  const SyntaxTree tree = parse(file, sources, reporter, KeepTokens::yes);
  Parsed result;
  std::string gap;
  for (const Token& token : tree.tokens) {
    std::string piece(sources.text(token.span));
    if (piece.find_first_not_of(" \t\f\r\n") == std::string::npos) {
      gap += piece;
      continue;
    }
    if (piece.front() == '#') {  // blanks at its end do not belong to a comment
      const std::size_t end = piece.find_last_not_of(" \t\f") + 1;
      result.pieces.push_back(piece.substr(0, end));
      result.gaps.push_back(std::exchange(gap, piece.substr(end)));
      continue;
    }
    result.pieces.push_back(std::move(piece));
    result.gaps.push_back(std::exchange(gap, ""));
  }
  result.gaps.push_back(gap);
  result.root = tree.root;
  result.has_errors = reporter.has_errors();
  return result;
}

bool has_line_end(const std::string& gap) { return gap.find_first_of("\r\n") != std::string::npos; }
bool is_any_of(const std::string& piece, std::string_view words) {
  return piece.size() == 1 && words.find(piece) != std::string_view::npos;
}
bool is_comment(const std::string& piece) { return piece.front() == '#'; }
long line_ends(const std::string& gap) { return std::ranges::count(gap, '\n'); }

std::string pick(std::initializer_list<const char*> texts) {
  return *rc::gen::elementOf(std::vector<std::string>(texts.begin(), texts.end()));
}

// The words of `text` with other blanks, line ends and comments between them.
std::string scrambled(const std::string& text, bool with_comments) {
  const Parsed old = parsed(text);
  std::string out;
  for (std::size_t i = 0; i < old.pieces.size(); ++i) {
    if (is_comment(old.pieces[i])) continue;
    const bool free = i == 0 || !old.gaps[i].empty();
    const int kind = *rc::gen::inRange(0, free ? 12 : 40);
    if (free && kind < 5) out += pick({" ", "  ", "\t", "   "});
    else if (kind < 8 && free) out += pick({"\n", "\n  ", "\n\t", "\n\n", "\n \n\n\n    "});
    else if (with_comments && kind == 9)
      out += pick({" # beside\n", "#\n", "  # beside \t\n\n", " # é {\n  # below\n"});
    else if (with_comments && kind == 10)
      out += pick({"\n# above\n", "\n\n    # apart\n\n\n", "\n # one\n\n # two\n", "\n#\"\n"});
    else if (free) out += old.gaps[i];
    out += old.pieces[i];
  }
  return out + pick({"", "\n", "\n\n\n", "  # the end", "\n# the end\n\n"});
}

// Printed files contain patterns of hosts, in which a blank has a meaning, and words that two others could
// make; what is not the same file any more is not used.
std::string scrambled_file(bool with_comments = true) {
  const std::string printed = print(testing::AstMaker::file());
  const std::string text = scrambled(printed, with_comments);
  const Parsed after = parsed(text);
  RC_PRE(!after.has_errors && after.root == parsed(printed).root);
  return text;
}

std::string formatted(const std::string& text) { return format_source(text).text; }

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

RC_GTEST_PROP(FormatLaws, words_and_comments_and_meaning_stay, ()) {
  const std::string text = scrambled_file();
  const std::string result = formatted(text);
  RC_LOG() << text << "\n-----\n" << result;
  const Parsed before = parsed(text), after = parsed(result);
  RC_ASSERT(before.pieces == after.pieces);
  RC_ASSERT(after.root == before.root);
}

// A comment beside a word stays beside it, and one on a line of its own stays on a line of its own, as near
// to what is above and below it as before.
RC_GTEST_PROP(FormatLaws, comments_keep_their_owner, ()) {
  const std::string text = scrambled_file();
  const std::string result = formatted(text);
  RC_LOG() << text << "\n-----\n" << result;
  const Parsed before = parsed(text), after = parsed(result);
  RC_ASSERT(before.pieces.size() == after.pieces.size());
  for (std::size_t i = 0; i < before.pieces.size(); ++i) {
    if (!is_comment(before.pieces[i])) continue;
    RC_ASSERT((i > 0 && !has_line_end(before.gaps[i])) == (i > 0 && !has_line_end(after.gaps[i])));
    const bool opens = i == 0 || is_any_of(before.pieces[i - 1], "{([");
    if (!opens) RC_ASSERT((line_ends(before.gaps[i]) > 1) == (line_ends(after.gaps[i]) > 1));
    const bool closes = i + 1 == before.pieces.size() || is_any_of(before.pieces[i + 1], "})]");
    const bool begins = opens && i > 0 && !has_line_end(before.gaps[i]);  // beside a bracket that opens
    if (!closes && !begins)
      RC_ASSERT((line_ends(before.gaps[i + 1]) > 1) == (line_ends(after.gaps[i + 1]) > 1));
  }
}

RC_GTEST_PROP(FormatLaws, formatting_twice_is_formatting_once, ()) {
  const std::string once = formatted(scrambled_file());
  RC_LOG() << once;
  RC_ASSERT(formatted(once) == once);
}

// No more than one blank line, and none where the author has none; no blank at the end of a line.
RC_GTEST_PROP(FormatLaws, blank_lines_are_those_of_the_author, ()) {
  const std::string text = scrambled_file();
  RC_PRE(!format_source(text).kept);
  const std::string result = formatted(text);
  RC_LOG() << text << "\n-----\n" << result;
  const Parsed before = parsed(text), after = parsed(result);
  for (std::size_t i = 0; i < after.pieces.size(); ++i) {
    RC_ASSERT(line_ends(after.gaps[i]) <= (line_ends(before.gaps[i]) > 1 && i > 0 ? 2 : 1));
    RC_ASSERT(after.gaps[i].find_first_of("\t\r\f") == std::string::npos);
    RC_ASSERT(after.gaps[i].find(" \n") == std::string::npos);
  }
  RC_ASSERT(after.gaps.back() == (after.pieces.empty() ? "" : "\n"));
}

// One style: of the layout, only line ends count.
RC_GTEST_PROP(FormatLaws, blanks_do_not_count, ()) {
  const std::string text = scrambled_file();
  RC_PRE(!format_source(text).kept);
  const Parsed old = parsed(text);
  std::string other;
  for (std::size_t i = 0; i < old.pieces.size(); ++i) {
    const std::string& gap = old.gaps[i];
    other += std::string(static_cast<std::size_t>(line_ends(gap)), '\n');
    if (!gap.empty() && gap.find('\n') == std::string::npos) other += pick({" ", "\t", "    "});
    else if (!gap.empty()) other += pick({"", " ", "\t  "});
    other += old.pieces[i];
  }
  RC_LOG() << text << "\n-----\n" << other << "\n-----\n" << formatted(text);
  RC_ASSERT(formatted(other) == formatted(text));
}

RC_GTEST_PROP(FormatLaws, line_ends_of_other_systems_do_not_count, ()) {
  const std::string text = scrambled_file();
  std::string other;
  for (const char c : text) other += c == '\n' ? "\r\n" : std::string(1, c);
  RC_ASSERT(formatted(other) == formatted(text));
}

// A group: lines of one indentation, with nothing between them.
bool is_apart(const std::string& line, const std::string& from) {
  const std::size_t indent = line.find_first_not_of(' ');
  return indent == std::string::npos || line[indent] == '#' || line[indent] == '}' ||
         indent != from.find_first_not_of(' ') ||
         std::string_view("{([").find(line.substr(0, line.find("  #")).back()) != std::string_view::npos;
}

std::string with_line(const std::vector<std::string>& lines, std::size_t at, const std::string& added) {
  std::string text;
  for (std::size_t i = 0; i <= lines.size(); ++i) {
    if (i == at) text += added + "\n";
    if (i < lines.size()) text += lines[i] + "\n";
  }
  return text;
}

// Whether line `at` is a statement of its own if it is one of these, and not a part of those around it.
bool takes(const std::vector<std::string>& lines, std::size_t at, std::initializer_list<const char*> probes) {
  return std::ranges::all_of(
      probes, [&](const char* probe) { return !parsed(with_line(lines, at, probe)).has_errors; });
}

// One line that is added changes its group, and nothing else.
RC_GTEST_PROP(FormatLaws, a_new_line_changes_only_its_group, ()) {
  const std::string text = formatted(scrambled_file());
  const std::vector<std::string> old = lines_of(text);
  const std::string added = pick({"x = 1", "a_name_that_is_longer_than_most = off  # why", "let y = [1, 2]",
                                  "include z", "# a comment"});
  for (std::size_t at = 0; at <= old.size(); ++at) {
    const std::string changed = with_line(old, at, added);
    if (parsed(changed).has_errors || !(takes(old, at, {"x = 1", "include q", "doc \"\""}) ||
                                        takes(old, at, {"let q = 1", "site q", "pool q { }"})))
      continue;
    const std::vector<std::string> now = lines_of(formatted(changed));
    RC_LOG() << text << "-----\n" << changed << "-----\n" << formatted(changed);
    std::size_t head = 0, tail = 0;
    while (head < std::min(old.size(), now.size()) && old[head] == now[head]) ++head;
    while (tail < std::min(old.size(), now.size()) - head &&
           old[old.size() - 1 - tail] == now[now.size() - 1 - tail])
      ++tail;
    std::size_t first = at, last = at;  // the group's lines in `old`
    while (first > 0 && !is_apart(old[first - 1], old[at - 1])) --first;
    while (last < old.size() && !is_apart(old[last], old[at])) ++last;
    RC_ASSERT(head >= first);
    RC_ASSERT(tail >= old.size() - last);
  }
}

// What the author has on several lines stays on as many: printed files have each statement on a line of its
// own.
RC_GTEST_PROP(FormatLaws, what_is_broken_stays_broken, ()) {
  const std::string text = print(testing::AstMaker::file());
  const std::string result = formatted(text);
  RC_LOG() << text << "-----\n" << result;
  // An empty block, which a printed file may have on two lines, stands on one
  const std::vector<std::string> lines = lines_of(text);
  long empty = 0;
  for (std::size_t i = 1; i < lines.size(); ++i)
    empty += lines[i] == "}" && lines[i - 1].ends_with(" {") ? 1 : 0;
  RC_ASSERT(std::ssize(lines_of(result)) == std::ssize(lines) - empty);
}

// What the author has on one line stays there if it fits, and a longer line has no block that could be
// opened.
RC_GTEST_PROP(FormatLaws, what_fits_one_line_stays_on_it, ()) {
  constexpr std::size_t widest = 180;
  ast::File file;
  file.declarations.push_back(testing::AstMaker::declaration());
  std::string text = print(file);
  std::ranges::replace(text, '\n', ' ');
  const std::vector<std::string> lines = lines_of(formatted(text));
  RC_LOG() << formatted(text);
  std::string whole;
  for (const std::string& line : lines) {
    whole += "  " + line.substr(line.find_first_not_of(' '));
    const std::size_t open = line.find(" { "), close = line.find('}', std::min(open, line.size()));
    const bool has_block = close != std::string::npos && close > open + 3 &&
                           line.find('"') == std::string::npos;
    if (has_block) RC_ASSERT(line.size() <= widest);
  }
  RC_ASSERT(lines.size() == 1 || whole.size() - 2 > widest);
}

// Text with mistakes.

RC_GTEST_PROP(FormatLaws, any_words_stay_and_settle, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "host", "x", "{", "}", "(", ")", "[", "]", "=", ".", ",", "\n", "\n", "\n\n\n", "  ", "when", "else",
      "include a", "policy p", "test \"t\"", "\"a {b} {\"", "\"", "1", "16MiB", "..", "-", "not", "for",
      "doc", "@", "override", "because", "profile p {", "waive", "on", "é", "# c\n", "#\n", ":", "default",
      "host a { }", "\nhosts *-", "\r", "\r\n", "\t", "//", "site s\n"));
  std::string text;
  for (const std::string& word : words) text += word + (*rc::gen::inRange(0, 3) == 0 ? "" : " ");
  const std::string once = formatted(text);
  RC_LOG() << text << "\n-----\n" << once << "\n-----\n" << formatted(once);
  RC_ASSERT(parsed(once).pieces == parsed(text).pieces);
  RC_ASSERT(formatted(once) == once);
}

RC_GTEST_PROP(FormatLaws, any_bytes_settle, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  const std::string once = formatted(text);
  RC_ASSERT(formatted(once) == once);
}

RC_GTEST_PROP(FormatLaws, damaged_files_settle, ()) {
  std::string text = scrambled_file();
  if (text.empty()) return;
  text.erase(*rc::gen::inRange<std::size_t>(0, text.size()), *rc::gen::inRange<std::size_t>(1, 5));
  const std::string once = formatted(text);
  RC_LOG() << text << "\n-----\n" << once << "\n-----\n" << formatted(once);
  RC_ASSERT(parsed(once).pieces == parsed(text).pieces);
  RC_ASSERT(formatted(once) == once);
}

// What does not parse stays as it is, and what stands around it is formatted all the same.
RC_GTEST_PROP(FormatLaws, a_mistake_keeps_its_declaration_only, ()) {
  const std::string broken = pick({"host a { x = = 1\n      y   =  2 }", "profile  p {\n  x = [1,\n  }",
                                   "host b {\n\tsysctl {", "policy p { requir x }   # why",
                                   "nonsense  here"});
  const std::string above = scrambled_file() + "\n\n", file = formatted(print(testing::AstMaker::file()));
  const std::string below = "\n" + (file.empty() ? "site s\n" : file);  // many made-up files are empty
  const Formatted result = format_source(above + broken + "\n" + below);
  RC_LOG() << above << broken << below << "\n-----\n" << result.text;
  RC_ASSERT(!result.whole);
  const std::string head = formatted(above);
  RC_ASSERT(result.text == head + (head.empty() ? "" : "\n") + broken + "\n" + below);
}

}  // namespace
}  // namespace tunec
