// Makes exact edits of a diagnostic's fixes. It reads a text as bytes and words, since the text may not
// parse.
#include "diagnostics/fixes.h"

#include <algorithm>
#include <array>
#include <optional>

namespace tunec {
namespace {

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_blank(char c) { return c == ' ' || c == '\t'; }

// The place of `word` in `text`, if it occurs there exactly once, as a whole word.
std::optional<std::size_t> only_place(std::string_view text, std::string_view word) {
  std::optional<std::size_t> found;
  if (word.empty()) return found;
  const auto meets = [](char a, char b) { return is_of_word(a) && is_of_word(b); };
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at > 0 && meets(text[at - 1], word.front())) || (end < text.size() && meets(word.back(), text[end])))
      continue;
    if (found) return std::nullopt;
    found = at;
  }
  return found;
}

class Resolver {
 public:
  Resolver(const Sources& sources, const Edit& edit)
      : edit_(edit), whole_(sources.text(edit.where.file)), text_(sources.text(edit.where)) {}

  std::optional<Edit> run() const {
    switch (edit_.kind) {
      case Edit::Kind::replace: return at(edit_.where.begin, edit_.where.end, edit_.text);
      case Edit::Kind::word: return word();
      case Edit::Kind::value: return value();
      case Edit::Kind::statement: return statement();
    }
    return std::nullopt;
  }

 private:
  Edit at(std::size_t begin, std::size_t end, std::string text) const {
    return {Edit::Kind::replace,
            {edit_.where.file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)},
            std::move(text)};
  }
  Edit within(std::size_t begin, std::size_t end, std::string_view text) const {
    return at(edit_.where.begin + begin, edit_.where.begin + end, std::string(text));
  }

  // `sysctl { vm.swapiness = 1 }` contains only `vm.swapiness`: the parts with which both names begin may be
  // missing.
  std::optional<Edit> word() const {
    for (std::string_view old = edit_.old, text = edit_.text;;) {
      if (const auto begin = only_place(text_, old)) return within(*begin, *begin + old.size(), text);
      const std::size_t dot = old.find('.');
      if (dot == std::string_view::npos || text.substr(0, dot + 1) != old.substr(0, dot + 1))
        return std::nullopt;
      old.remove_prefix(dot + 1);
      text.remove_prefix(dot + 1);
    }
  }

  // The end of the text that begins at `from`: before the first of `ends` outside of brackets and quotes.
  static std::size_t end_of(std::string_view text, std::initializer_list<std::string_view> ends,
                            std::size_t from = 0) {
    int depth = 0;
    bool is_quoted = false;
    for (std::size_t i = from; i < text.size(); ++i) {
      const char c = text[i];
      if (is_quoted) {
        if (c == '\\') ++i;
        else is_quoted = c != '"';
        continue;
      }
      const bool is_end = depth == 0 && std::ranges::any_of(
                                            ends, [&](auto end) { return text.substr(i).starts_with(end); });
      if (is_end) return i;
      is_quoted = c == '"';
      depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
    }
    return text.size();
  }
  Edit trimmed(std::size_t begin, std::size_t end) const {
    const std::string_view text = whole_.substr(edit_.where.begin);
    while (begin < end && is_blank(text[begin])) ++begin;
    while (end > begin && is_blank(text[end - 1])) --end;
    return within(begin, end, edit_.text);
  }

  // The text after a setting's name: its value, up to the end of its statement. If statements share a line,
  // they must be two blanks apart; otherwise the place is uncertain. Nothing if there is no such text.
  struct Rest {
    std::size_t value = 0, end = 0;
  };
  std::optional<Rest> rest() const {
    std::size_t at = edit_.where.end;
    while (at < whole_.size() && is_blank(whole_[at])) ++at;
    if (at + 1 >= whole_.size() || whole_[at] != '=' || whole_[at + 1] == '=') return std::nullopt;
    for (++at; at < whole_.size() && is_blank(whole_[at]);) ++at;
    const std::string_view behind = whole_.substr(at);
    std::size_t end = end_of(behind, {"\n", "\r", "}", "#", "  ", " ="});
    while (end > 0 && is_blank(behind[end - 1])) --end;
    const std::string_view next = behind.substr(
        std::min(behind.find_first_not_of(" \t\r\n", end), behind.size()));
    constexpr std::string_view joins = "+-*/&|,.<>=!";
    const bool goes_on = end == 0 || joins.find(behind[end - 1]) != std::string_view::npos || next.empty() ||
                         joins.find(next.front()) != std::string_view::npos;
    if (goes_on) return std::nullopt;
    return Rest{at, at + end};
  }

  std::optional<Edit> value() const {
    const auto found = rest();
    if (edit_.text.starts_with(' '))
      return found ? std::optional(at(found->end, found->end, edit_.text)) : std::nullopt;
    if (!found) return argument();
    const std::string_view text = whole_.substr(found->value, found->end - found->value);
    std::size_t end = end_of(text, {" where ", " default ", " because "});
    while (end > 0 && is_blank(text[end - 1])) --end;
    return at(found->value, found->value + end, edit_.text);
  }

  // `2..7` and `[2..7]` are the same value.
  static std::string bare(std::string_view text) {
    std::string bare(text);
    std::erase_if(bare, [](char c) { return is_blank(c) || c == '[' || c == ']'; });
    return bare;
  }
  std::optional<Edit> argument() const {
    std::optional<Edit> found;
    // The place is the name of a profile. Its arguments follow
    const std::string_view text = whole_.substr(edit_.where.begin);
    const std::size_t open = edit_.where.end - edit_.where.begin;
    if (open >= text.size() || text[open] != '(' || edit_.old.empty()) return found;
    for (std::size_t begin = open + 1; begin < text.size();) {
      const std::size_t end = end_of(text, {",", ")"}, begin);
      const std::size_t colon = end_of(text, {":"}, begin);
      const std::size_t value = colon < end ? colon + 1 : begin;
      if (end >= text.size()) return std::nullopt;
      if (bare(text.substr(value, end - value)) == bare(edit_.old)) {
        if (found) return std::nullopt;
        found = trimmed(value, end);
      }
      if (text[end] == ')') break;
      begin = end + 1;
    }
    return found;
  }

  // The statement may begin with a word before the name.
  std::size_t first_word() const {
    const std::string_view before = whole_.substr(0, edit_.where.begin);
    for (const std::string_view word : {"override ", "unchecked ", "waive "}) {
      if (before.ends_with(word)) return edit_.where.begin - word.size();
    }
    return edit_.where.begin;
  }
  // A waiver goes on in indented lines that begin with one of its words. Nothing if such a line begins with
  // another.
  std::optional<std::size_t> end_of_declaration() const {
    if (!whole_.substr(0, edit_.where.begin).ends_with("waive ")) return std::nullopt;
    const auto end_of_line = [&](std::size_t at) {
      return std::min(whole_.find_first_of("\r\n", at), whole_.size());
    };
    for (std::size_t end = end_of_line(edit_.where.end);;) {
      const std::size_t next = std::min(whole_.find('\n', end), whole_.size() - 1) + 1;
      const std::size_t word = std::min(whole_.find_first_not_of(" \t", next), whole_.size());
      const std::string_view rest = whole_.substr(word, end_of_line(word) - word);
      if (word == next || rest.empty()) return end;
      constexpr std::array<std::string_view, 5> parts{"on ", "owner ", "until ", "because ", "\""};
      if (std::ranges::none_of(parts, [&](auto part) { return rest.starts_with(part); })) return std::nullopt;
      end = end_of_line(word);
    }
  }

  std::optional<Edit> statement() const {
    const auto found = rest();
    const auto whole_end = found ? std::optional(found->end) : end_of_declaration();
    if (!whole_end) return std::nullopt;
    const std::size_t first = first_word();
    std::size_t begin = first, end = *whole_end;
    while (begin > 0 && is_blank(whole_[begin - 1])) --begin;
    while (end < whole_.size() && is_blank(whole_[end])) ++end;
    const std::size_t line_end = std::min(whole_.find_first_of("\r\n", end), whole_.size());
    const bool begins_line = begin == 0 || whole_[begin - 1] == '\n',
               ends_line = end == line_end || whole_[end] == '#';
    if (begins_line && ends_line) {  // a comment beside the line is deleted too
      std::size_t next = line_end;
      if (next < whole_.size() && whole_[next] == '\r') ++next;
      if (next < whole_.size() && whole_[next] == '\n') ++next;
      return at(begin, next, "");
    }
    // Blanks on one side are those between the neighbours
    if (begin == 0 || begins_line || whole_[begin - 1] == '{') return at(first, end, "");
    return at(begin, *whole_end, "");
  }

  const Edit& edit_;
  std::string_view whole_, text_;
};

bool is_in_a_file_of_the_user(Span where, const Sources& sources) {
  return where.file.index < sources.size() && !sources.shipped(where.file) && where.begin <= where.end &&
         where.end <= sources.text(where.file).size();
}

std::optional<Edit> exact(const Edit& edit, const Sources& sources) {
  if (!is_in_a_file_of_the_user(edit.where, sources)) return std::nullopt;
  auto made = Resolver(sources, edit).run();
  if (made && sources.text(made->where) == made->text) made.reset();  // the edit changes nothing
  return made;
}

bool overlaps(const Edit& before, const Edit& edit) {
  return before.where.file == edit.where.file &&
         (edit.where.begin < before.where.end || edit.where.begin == before.where.begin);
}

}  // namespace

std::vector<Fix> fixes_of(const Diagnostic& diagnostic, const Sources& sources) {
  std::vector<Fix> fixes;
  for (const Fix& fix : diagnostic.fixes) {
    Fix made{{}, fix.is_certain, fix.what};
    for (const Edit& edit : fix.edits) {
      if (auto exact_edit = exact(edit, sources)) made.edits.push_back(*std::move(exact_edit));
    }
    std::ranges::sort(made.edits, {}, &Edit::where);
    const bool is_whole = made.edits.size() == fix.edits.size() &&
                          std::ranges::adjacent_find(made.edits, overlaps) == made.edits.end();
    if (!is_whole || made.edits.empty()) continue;
    if (made.what.empty())
      made.what = diagnostic.help.empty() ? std::string(diagnostic.info->help) : diagnostic.help.front();
    const bool is_new = std::ranges::none_of(fixes, [&](const Fix& f) { return f.edits == made.edits; });
    if (is_new) fixes.push_back(std::move(made));
  }
  return fixes;
}

std::string edited(std::string_view text, const std::vector<Edit>& edits) {
  std::string out;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    out += text.substr(at, edit.where.begin - at);
    out += edit.text;
    at = edit.where.end;
  }
  return out += text.substr(at);
}

}  // namespace tunec
