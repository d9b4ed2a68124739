#include "format/align.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "syntax/lexer.h"

namespace tunec::format {
namespace {

using syntax::Kind;

// If several settings stand on each line as a table, the names in one column differ in length by no more than
// this.
constexpr std::uint32_t table_step = 4;

// The words of a setting that may be aligned with those of similar settings. For a host on one line, `assign`
// is its `{`.
struct Setting {
  std::uint32_t first = 0, assign = 0, fallback = 0;  // 0: has none
};

// Declarations that may follow one another in large numbers, one a line.
bool is_listed(int keyword) {
  return keyword == Kind::HOST || keyword == Kind::HOSTS || keyword == Kind::POOL ||
         keyword == Kind::INSTANCE;
}

// What a line contains: lines of one form are aligned with one another.
struct Form {
  int keyword = 0;  // `let`, `part`, …; 0 if it begins with its name
  bool has_default = false;
  std::vector<Setting> settings{};  // none: nothing to align
  bool operator==(const Form& other) const {
    return keyword == other.keyword && has_default == other.has_default &&
           settings.size() == other.settings.size();
  }
};

// The column for each width: the largest width of its class. A new class begins where the next larger width
// is more than a step away.
std::vector<std::uint32_t> columns_of(const std::vector<std::uint32_t>& widths, std::uint32_t step) {
  std::vector<std::size_t> order(widths.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return widths[i]; });
  std::vector<std::uint32_t> columns(widths.size());
  for (std::size_t n = order.size(); n-- > 0;) {
    const std::size_t i = order[n];
    const bool joins = n + 1 < order.size() && widths[order[n + 1]] - widths[i] <= step;
    columns[i] = joins ? columns[order[n + 1]] : widths[i];
  }
  return columns;
}

class Aligner {
 public:
  Aligner(const Words& words, const std::vector<Line>& lines)
      : words_(words), lines_(lines), pads_(words.size(), 0) {}

  std::vector<std::uint32_t> run() {
    for (std::size_t i = 0; i < lines_.size();) {
      std::size_t end = i + 1;
      if (lines_[i].complete)
        while (end < lines_.size() && goes_on(end)) ++end;
      if (end - i > 1) group(i, end);
      i = end;
    }
    return std::move(pads_);
  }

 private:
  // Whether the line belongs to the group of the previous line.
  bool goes_on(std::size_t i) const {
    const Line& line = lines_[i];
    if (!line.complete || line.indent != lines_[i - 1].indent || words_.all[line.first].after_blank_line)
      return false;
    const auto comments = words_.comments_before(line.first);
    return comments.empty() || (comments.size() == 1 && comments.front().beside);
  }

  void group(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end;) {
      const Form form = form_of(lines_[i]);
      std::vector<Form> forms{form};
      std::size_t next = i + 1;
      for (; next < end && !form.settings.empty(); ++next) {
        Form other = form_of(lines_[next]);
        if (!(other == form)) break;
        forms.push_back(std::move(other));
      }
      if (forms.size() > 1) settings(i, forms);
      i = next;
    }
    comments(begin, end);
  }

  // The keyword with which the line begins; 0 if it begins with a name.
  int keyword_of(const Line& line) const {
    if (line.end < line.first + 2) return 0;
    switch (words_.all[line.first + 1].kind) {
      case Kind::ASSIGN:
      case Kind::DOT:
      case Kind::LPAREN: return 0;  // the name is a keyword
      default: break;
    }
    switch (const int kind = words_.all[line.first].kind; kind) {
      case Kind::LET:
      case Kind::OVERRIDE:
      case Kind::UNCHECKED:
      case Kind::PART: return kind;
      default: return is_listed(kind) ? kind : 0;
    }
  }

  Form form_of(const Line& line) const {
    Form form;
    form.keyword = keyword_of(line);
    int depth = 0;
    Setting setting{line.first};
    for (std::uint32_t i = line.first; i < line.end; ++i) {
      if (i > line.first && words_.all[i].joint == Joint::statement) {
        if (setting.assign == 0) return {};
        form.settings.push_back(setting);
        setting = {i};
      }
      switch (words_.all[i].kind) {
        case Kind::LPAREN:
        case Kind::LBRACKET: ++depth; break;
        case Kind::RPAREN:
        case Kind::RBRACKET: --depth; break;
        case Kind::LBRACE:
          if (!is_listed(form.keyword) || words_.all[i].match + 1 != line.end || !form.settings.empty())
            return {};
          form.settings.push_back({line.first, i});
          return form;
        case Kind::ASSIGN:
          if (depth == 0 && setting.assign == 0) setting.assign = i;
          break;
        case Kind::DEFAULT:
          // let NAME default VALUE; the name may be a keyword, too
          if (setting.assign == 0 && form.keyword == Kind::LET && i > line.first + 1)
            setting.assign = setting.fallback = i;
          // A value of that name has an operator or `=` before it
          if (depth == 0 && setting.assign != 0 && i > setting.assign + 1) setting.fallback = i;
          break;
        default: break;
      }
    }
    if (setting.assign == 0) return {};
    form.settings.push_back(setting);
    form.has_default = form.settings.size() == 1 && setting.fallback != 0;
    return form;
  }

  std::uint32_t width(std::uint32_t first, std::uint32_t end) const {
    std::uint32_t sum = 0;
    for (std::uint32_t i = first; i < end; ++i)
      sum += words_.all[i].width + (i > first ? blanks_before(words_, i) + pads_[i] : 0);
    return sum;
  }

  // `place` returns the two words of a line between which the width is measured.
  template <class Place>
  void align(const std::vector<Form>& forms, std::uint32_t step, std::uint32_t gap, const Place& place) {
    std::vector<std::uint32_t> widths;
    for (std::size_t i = 0; i < forms.size(); ++i) {
      const auto [from, to] = place(i);
      widths.push_back(width(from, to));
    }
    const std::vector<std::uint32_t> columns = columns_of(widths, step);
    for (std::size_t i = 0; i < forms.size(); ++i) pads_[place(i).second] = columns[i] - widths[i] + gap;
  }

  void settings(std::size_t begin, const std::vector<Form>& forms) {
    using Part = std::pair<std::uint32_t, std::uint32_t>;
    const std::size_t count = forms.front().settings.size();
    if (count > 1 && !is_table(forms)) return;
    for (std::size_t column = 0; column < count; ++column) {
      const auto of = [&](std::size_t i) -> const Setting& { return forms[i].settings[column]; };
      const auto first = [&](std::size_t i) { return lines_[begin + i].first; };
      const std::uint32_t step = count > 1 ? any_step : longest_step;
      if (column > 0) align(forms, step, 0, [&](std::size_t i) { return Part{first(i), of(i).first}; });
      align(forms, step, 0, [&](std::size_t i) { return Part{first(i), of(i).assign}; });
      // It is a column of its own, so two blanks separate it from the previous one
      if (forms.front().has_default && of(0).fallback != of(0).assign)
        align(forms, step, 1, [&](std::size_t i) { return Part{first(i), of(i).fallback}; });
    }
  }

  // Several settings on each line form a table if the names of each column are about equally long.
  bool is_table(const std::vector<Form>& forms) const {
    for (std::size_t column = 0; column < forms.front().settings.size(); ++column) {
      std::uint32_t shortest = any_step, longest = 0;
      for (const Form& form : forms) {
        const std::uint32_t name = width(form.settings[column].first, form.settings[column].assign);
        shortest = std::min(shortest, name);
        longest = std::max(longest, name);
      }
      if (longest - shortest > table_step) return false;
    }
    return true;
  }

  void comments(std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t> widths, at;
    for (std::size_t i = begin; i < end; ++i) {
      const auto after = words_.comments_before(lines_[i].end);
      if (after.empty() || !after.front().beside) continue;
      widths.push_back(width(lines_[i].first, lines_[i].end));
      at.push_back(lines_[i].end);
    }
    const std::vector<std::uint32_t> columns = columns_of(widths, longest_step);
    for (std::size_t i = 0; i < at.size(); ++i) pads_[at[i]] = columns[i] - widths[i];
  }

  static constexpr std::uint32_t any_step = 0xFFFFFF;
  const Words& words_;
  const std::vector<Line>& lines_;
  std::vector<std::uint32_t> pads_;
};

}  // namespace

std::vector<std::uint32_t> align(const Words& words, const std::vector<Line>& lines) {
  return Aligner(words, lines).run();
}

}  // namespace tunec::format
