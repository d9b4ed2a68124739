// Finds what people write out of habit: `if` for `when`, `key: value`, values and paths without quotes. This
// pass runs on a text that does not parse. It reports each such habit with the line to write, and replaces
// the wrong words, so that the parser never sees them. A habit that occurs several times in a file is
// reported at the first place; the others are labels.
#include "syntax/habit_text.h"
#include "syntax/habit_words.h"
#include "syntax/walker.h"

namespace tunec::syntax {
namespace {

class Mender : private HabitWords {
 public:
  Mender(Session& session, const Lexemes& words) : HabitWords(session, words) {}

  Lexemes run() {
    while (in_[i_].kind != Kind::END) {
      if (is_mark(in_[i_].kind)) {
        at_setting_ = true;
        ++i_;
        continue;
      }
      const bool mended = double_ampersand() || (round_ > 0 ? argument_habit() : statement_habit());
      if (!mended) keep();
    }
    out_.push_back(in_[i_]);
    report_all();
    return std::move(out_);
  }

 private:
  bool double_ampersand() {
    if (kind(i_) != Kind::AMPERSAND || kind(i_ + 1) != Kind::AMPERSAND || !adjacent(i_ + 1)) return false;
    found(i_, i_ + 2, "an operator", "`&&`", "write `and`", by(i_, i_ + 2, "and"));
    replace(i_ + 2, Kind::AND);
    return true;
  }

  // In parentheses: `include p(size = 2MiB)`.
  bool argument_habit() {
    if (kind(i_) != Kind::ASSIGN || !in_inclusion_) return false;
    const std::size_t end = i_ + 1;
    const std::string name(s_.slice(at(i_ - 1)));
    found(i_, end, "`:`", "`=`", fmt::format("arguments are written `{}: …`", name), by(i_, end, ":"));
    replace(end, Kind::COLON);
    return true;
  }

  bool statement_habit() {
    const bool begins = begins_statement();
    if (begins) in_inclusion_ = kind(i_) == Kind::INCLUDE;
    if (kind(i_) == Kind::ASSIGN) return assignment();
    if (kind(i_) == Kind::UNTIL) return end_of_waiver();
    if (kind(i_) == Kind::WAIVE) return waived_with_slashes();
    if (kind(i_) == Kind::ID && (begins || (!out_.empty() && out_.back().kind == Kind::ELSE)) && condition())
      return true;
    if (!begins) return false;
    if (takes_name(kind(i_)) || kind(i_) == Kind::INSTANCE || kind(i_) == Kind::IMPORT) return keyword();
    return kind(i_) == Kind::SLASH ? proc_path() : (bare_instance() || path() || label());
  }

  // `if`, `elif`, `unless`
  bool condition() {
    const std::string_view word = s_.slice(at(i_));
    const bool is_if = word == "if", is_else_if = word == "elif" || word == "elsif" || word == "elseif";
    if (!is_if && !is_else_if && word != "unless") return false;
    const auto brace = brace_on_line(i_);
    if (!brace || *brace == i_ + 1) return false;
    const bool after_else = !out_.empty() && out_.back().kind == Kind::ELSE;
    const std::string condition(text(unmarked(i_ + 1), *brace));
    const std::string fix = word == "unless" ? fmt::format("when not ({}) {{ … }}", condition)
                            : is_if          ? fmt::format("when {} {{ … }}", condition)
                                             : fmt::format("else when {} {{ … }}", condition);
    found(i_, i_ + 1, is_else_if ? "`else`" : "`when`", fmt::format("`{}`", word),
          fmt::format("write `{}{}`", after_else ? "else " : "", fix),
          word == "unless" ? by(i_, *brace, fmt::format("when not ({})", condition))
                           : by(i_, i_ + 1, is_if || after_else ? "when" : "else when"));
    const Lexeme& here = at(i_);
    if (is_else_if) put(Kind::ELSE, here.begin, here.end, here.first_on_line, here.column);
    put(Kind::WHEN, here.begin, here.end, here.first_on_line && !is_else_if, here.column);
    ++i_;
    return true;
  }

  // `site "x"`, `include = p`, `import facts.yaml`, `hosts kvm-[01-03]`
  bool keyword() {
    const int word = kind(i_);
    const std::string name(s_.slice(at(i_)));
    if (word == Kind::INSTANCE && kind(i_ + 1) == Kind::TYPE) keep();
    std::size_t next = unmarked(i_ + 1);
    const bool is_named = word == Kind::SITE || word == Kind::IMPORT || word == Kind::INCLUDE;
    keep();
    if (is_named && (kind(next) == Kind::ASSIGN || kind(next) == Kind::COLON) && !at(next).first_on_line) {
      found(next, next + 1, word == Kind::IMPORT ? "a string" : "a name",
            fmt::format("`{}`", s_.slice(at(next))),
            fmt::format("write `{} {}`", name, text(next + 1, std::max(next + 2, value_end(next + 1)))),
            by_deletion(next));
      i_ = next + 1;
      next = i_;
    }
    if (at(next).first_on_line) return true;
    if (word == Kind::IMPORT) {
      const std::size_t end = value_end(next);
      if (kind(next) == Kind::STRING || end == next) return true;
      found(next, end, "a string", shown(text(next, end)),
            fmt::format("write `import \"{}\"`", text(next, end)),
            by(next, end, fmt::format("\"{}\"", text(next, end))));
      i_ = next;
      replace(end, Kind::STRING);
    } else if (kind(next) == Kind::STRING && is_plain_name(s_.slice(at(next)))) {
      i_ = next;
      const std::string_view quoted = s_.slice(at(i_));
      found(i_, i_ + 1, "a name", "a string",
            fmt::format("write `{} {}`", name, quoted.substr(1, quoted.size() - 2)),
            by(i_, i_ + 1, std::string(quoted.substr(1, quoted.size() - 2))));
      put_inside(at(i_));
      ++i_;
    } else if (word == Kind::HOST || word == Kind::HOSTS) {
      host_range(next);
    }
    return true;
  }

  // kvm-[01-03], kvm-[01:03] and kvm-{01..03}
  void host_range(std::size_t from) {
    for (i_ = from; kind(i_) != Kind::END && !at(i_).first_on_line;) {
      const bool square = kind(i_) == Kind::LBRACKET && kind(i_ + 4) == Kind::RBRACKET;
      const bool curly = kind(i_) == Kind::LBRACE && kind(i_ + 4) == Kind::RBRACE && adjacent(i_);
      const int between = kind(i_ + 2);
      const bool is_range = kind(i_ + 1) == Kind::INT && kind(i_ + 3) == Kind::INT &&
                            (between == Kind::MINUS || between == Kind::COLON || between == Kind::DOTS);
      if ((square || curly) && is_range && (curly || between != Kind::DOTS)) {
        found(i_, i_ + 5, "a range of numbers", shown(text(i_, i_ + 5)),
              fmt::format("write `{}[{}..{}]`", text(from, i_), s_.slice(at(i_ + 1)), s_.slice(at(i_ + 3))),
              by(i_, i_ + 5, fmt::format("[{}..{}]", s_.slice(at(i_ + 1)), s_.slice(at(i_ + 3)))));
        for (const int part :
             {int{Kind::LBRACKET}, int{Kind::INT}, int{Kind::DOTS}, int{Kind::INT}, int{Kind::RBRACKET}})
          replace(i_ + 1, part);
        continue;
      }
      if (kind(i_) == Kind::LBRACE || kind(i_) == Kind::RBRACE) return;
      keep();
    }
  }

  // `/proc/sys/vm/swappiness = 1`: the parser gets no such statement.
  bool proc_path() {
    std::size_t equals = i_;
    while (!ends_value(kind(unmarked(equals))) && kind(unmarked(equals)) != Kind::ASSIGN) ++equals;
    equals = unmarked(equals);
    const std::string_view written = kind(equals) == Kind::ASSIGN ? text(i_, equals) : std::string_view();
    constexpr std::string_view root = "/proc/sys/";
    if (!written.starts_with(root)) return false;
    std::string name(written.substr(root.size()));
    name.resize(std::min(name.find_last_not_of(" \t") + 1, name.size()));
    std::ranges::replace(name, '/', '.');
    const std::size_t end = value_end(equals + 1);
    found(i_, equals, "a name", shown(written), fmt::format("write `sysctl.{} = …`", name),
          by(i_, equals, fmt::format("sysctl.{}", name), round_ == 0));
    i_ = end;
    return true;
  }

  // `net.ipv4.conf.eth0.100.rp_filter = 1`, `….eth0/100.rp_filter = 1`, `….*.rp_filter = 1`: the parser gets
  // no such statement.
  bool bare_instance() {
    std::size_t end = i_ + 1;
    const auto is_part = [&](std::size_t i) {
      const int word = kind(i);
      return is_mark(word) || is_name(word) || word == Kind::DOT || word == Kind::STAR || word == Kind::INT ||
             word == Kind::DECIMAL || word == Kind::MINUS || word == Kind::QUANTITY || word == Kind::SLASH;
    };
    while (is_part(end) && adjacent(end)) ++end;
    const std::size_t equals = unmarked(end);
    if (!is_name(kind(i_)) || kind(equals) != Kind::ASSIGN || at(equals).first_on_line) return false;
    const std::string name = with_instance(text(i_, end));
    if (name.empty()) return false;
    std::size_t value = value_end(equals + 1);
    for (std::size_t i = equals + 1; i < value; ++i) {  // the next such statement on the line
      if (kind(i) != Kind::ASSIGN) continue;
      for (value = i - 1; value > equals + 1 && adjacent(value);) --value;
    }
    found(i_, end, "a name", shown(text(i_, end)),
          fmt::format("write `{} = {}`", name, value > equals + 1 ? text(equals + 1, value) : "…"),
          by(i_, end, name));
    i_ = value;
    return true;
  }

  // `waive net/ipv4/ip_forward on …`, with the kernel's path
  bool waived_with_slashes() {
    keep();
    const std::size_t begin = i_;
    std::size_t end = path_end(begin);
    if (end == begin || kind(end) != Kind::SLASH) return true;
    for (; kind(end) == Kind::SLASH && is_name(kind(end + 1)); end = path_end(end + 1)) continue;
    std::string name(text(begin, end));
    std::ranges::replace(name, '/', '.');
    found(begin, end, "a name with dots", shown(text(begin, end)), fmt::format("write `waive {} on …`", name),
          by(begin, end, name));
    while (i_ < end) {
      if (kind(i_) == Kind::SLASH) replace(i_ + 1, Kind::DOT);
      else keep();
    }
    return true;
  }

  // `key: value`, `x += 1`, `x == 1`, `vm/swappiness = 1`, `vm.swappiness 10`
  bool path() {
    if (kind(i_) != Kind::ID && kind(i_) != Kind::STRING) return false;
    const std::size_t end = path_end(i_);
    const int next = kind(unmarked(end));
    const std::string name(text(i_, end));
    const auto rest = [&](std::size_t from) {
      const std::size_t to = value_end(from);
      return to > from ? std::string(text(from, to)) : "…";
    };
    if (kind(end) == Kind::SLASH && adjacent(end)) return path_with_slashes(end);
    if (kind(end) == Kind::COLON && kind(end + 1) == Kind::ASSIGN) return set_otherwise(end, end + 2, name);
    if (kind(end) == Kind::COLON && !at(end + 1).first_on_line) {
      const bool is_block = kind(end + 1) == Kind::LBRACE;
      keep_to(end);
      found(end, end + 1, is_block ? "`{`" : "`=`", "`:`",
            is_block ? fmt::format("write `{} {{ … }}`", name)
                     : fmt::format("write `{} = {}`", name, rest(unmarked(end + 1))),
            is_block ? by_deletion(end) : by(end, end + 1, adjacent(end) ? " =" : "="));
      if (is_block) ++i_;
      else replace(i_ + 1, Kind::ASSIGN);
      if (!is_block) check_value(name);
      return true;
    }
    if (kind(end) == Kind::EQUAL) {
      keep_to(end);
      found(end, end + 1, "`=`", "`==`",
            fmt::format("write `{} = {}`: `=` sets, `==` compares", name, rest(end + 1)),
            by(end, end + 1, "="));
      replace(i_ + 1, Kind::ASSIGN);
      check_value(name);
      return true;
    }
    const bool is_sign = next == Kind::PLUS || next == Kind::MINUS || next == Kind::STAR ||
                         next == Kind::SLASH;
    if (is_sign && kind(end + 1) == Kind::ASSIGN && adjacent(end + 1))
      return set_otherwise(end, end + 2, name);
    const bool is_value = next == Kind::INT || next == Kind::QUANTITY || next == Kind::DECIMAL ||
                          next == Kind::ON || next == Kind::BOOL || next == Kind::LBRACKET;
    if (is_value && !at(end).first_on_line && kind(value_end(end)) != Kind::LBRACE) {
      keep_to(end);
      found(end, end + 1, "`=` or `{`", shown(s_.slice(at(end))),
            fmt::format("write `{} = {}`", name, rest(end)),
            {{{Edit::Kind::replace, s_.span(at(end).begin, at(end).begin), "= "}}});
      put(Kind::ASSIGN, at(end).begin, at(end).begin, false, 0);
      check_value(name);
      return true;
    }
    return false;
  }
  // `+=`, `:=` and the like
  bool set_otherwise(std::size_t from, std::size_t to, const std::string& name) {
    keep_to(from);
    const bool joins = kind(from) == Kind::PLUS;
    const std::size_t end = value_end(to);
    const std::string value = end > to ? std::string(text(to, end)) : "…";
    found(from, to, "`=`", fmt::format("`{}`", text(from, to)),
          fmt::format("write `{} = {}`{}", name, value,
                      joins ? ": lists such as that of the modules to load join" : ""),
          by(from, to, "=", kind(from) != Kind::COLON));
    replace(to, Kind::ASSIGN);
    check_value(name);
    return true;
  }

  bool path_with_slashes(std::size_t slash) {
    std::size_t end = slash;
    for (std::size_t next = unmarked(end + 1); kind(end) == Kind::SLASH && is_name(kind(next));
         next = unmarked(end + 1))
      end = path_end(next);
    if (kind(end) != Kind::ASSIGN) return false;
    std::string name(text(i_, end));
    std::ranges::replace(name, '/', '.');
    const std::size_t value = value_end(end + 1);
    found(i_, end, "a name with dots", shown(text(i_, end)),
          fmt::format("write `{} = {}`", name, value > end + 1 ? text(end + 1, value) : "…"),
          by(i_, end, name));
    while (i_ < end) {
      if (is_mark(kind(i_))) ++i_;
      else if (kind(i_) == Kind::SLASH) replace(i_ + 1, Kind::DOT);
      else keep();
    }
    return true;
  }

  // `mount /srv {`, `unit x.service {`
  bool label() {
    const std::size_t begin = path_end(i_);
    if (begin == i_ || adjacent(begin) || kind(i_) != Kind::ID) return false;
    std::size_t brace = begin;  // the word after those that are written without blanks
    while (!is_mark(kind(brace)) && kind(brace) != Kind::ASSIGN && kind(brace) != Kind::LBRACE &&
           kind(brace) != Kind::END && (brace == begin || adjacent(brace)))
      ++brace;
    if (kind(brace) != Kind::LBRACE || brace < begin + 2) return false;
    const std::string name(text(i_, begin));
    keep_to(begin);
    found(begin, brace, "a string", shown(text(begin, brace)),
          fmt::format("write `{} \"{}\" {{ … }}`", name, text(begin, brace)),
          by(begin, brace, fmt::format("\"{}\"", text(begin, brace))));
    replace(brace, Kind::STRING);
    return true;
  }

  // `sysctl = { … }`, and values that are not values of the language.
  bool assignment() {
    std::size_t begin = i_;
    while (begin > 0 && !is_mark(kind(begin - 1))) --begin;
    const std::string name = begin < i_ ? std::string(text(begin, i_)) : "…";
    if (kind(i_ + 1) == Kind::LBRACE) {
      found(i_, i_ + 1, "`{`", "`=`", fmt::format("write `{} {{ … }}`", name), by_deletion(i_));
      ++i_;
      return true;
    }
    keep();
    check_value(name);
    return true;
  }

  // After a `=`, at word i_: reports and replaces a text that is no value.
  void check_value(const std::string& name) {
    const std::size_t begin = i_, end = value_end(begin);
    if (end == begin) return;
    tree_.clear();
    const Walked walked = walk(in_, static_cast<std::uint32_t>(begin), Rule::expr, tree_);
    if (walked.whole && (walked.end >= end || begins_block(walked.end) || is_keyword(walked.end))) return;
    if (is_value(begin, end)) return;  // the mistake is on the next line
    for (std::size_t i = begin; i < end; ++i) {
      if (at(i).muted) return;
    }
    if (walked.whole && kind(walked.end) == Kind::COMMA && walked.end + 1 >= end) {
      keep_to(walked.end);
      found(walked.end, walked.end + 1, "a statement", "`,`", "delete it: nothing stands between statements",
            by_deletion(walked.end));
      ++i_;
      return;
    }
    const std::string_view written = text(begin, end);
    const bool is_text = kind(begin) != Kind::ASSIGN && kind(begin) != Kind::COLON &&
                         written.find_first_of("()[]") == std::string_view::npos;
    const auto fixes = is_text ? value_fixes(written) : std::vector<std::string>();
    if (fixes.empty()) return;
    std::string help;
    for (const std::string& fix : fixes)
      help += fmt::format("{}`{} = {}`", help.empty() ? "write " : " or ", name, fix);
    Mending mending;
    for (const std::string& fix : fixes)
      mending.choices.push_back({Edit::Kind::replace, s_.span(at(begin).begin, at(end - 1).end), fix});
    found(begin, end, "a value", shown(written), help, mending);
    replace(end, Kind::STRING);
  }

  bool is_value(std::size_t begin, std::size_t end) {
    Lexemes alone(in_.begin() + static_cast<std::ptrdiff_t>(begin),
                  in_.begin() + static_cast<std::ptrdiff_t>(end));
    alone.push_back({Kind::END, at(end).begin, at(end).begin, 0, true, false});
    tree_.clear();
    const Walked walked = walk(alone, 0, Rule::expr, tree_);
    return walked.whole && alone[walked.end].kind == Kind::END;
  }

  // `until 31.03.2027`
  bool end_of_waiver() {
    keep();
    const std::size_t begin = i_;
    if (kind(begin) == Kind::DATE || is_name(kind(begin)) || kind(begin) == Kind::END) return true;
    std::size_t end = begin + 1;
    while (adjacent(end) && kind(end) != Kind::END && kind(end) != Kind::RBRACE) ++end;
    const std::string date = date_meant(text(begin, end));
    if (date.empty()) return true;
    found(begin, end, "a date such as 2027-03-31", shown(text(begin, end)),
          fmt::format("write `until {}`", date), by(begin, end, date));
    replace(end, Kind::DATE);
    return true;
  }

  bool in_inclusion_ = false;
  Cst tree_;
};

}  // namespace

Lexemes mend_habits(Session& session, const Lexemes& words) {
  Lexemes mended = Mender(session, words).run();
  mark_settings(mended);
  return mended;
}

}  // namespace tunec::syntax
