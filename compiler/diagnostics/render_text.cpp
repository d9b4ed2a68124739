// Diagnostics for people. The look is fixed in the language's design and by tests/cases, byte for byte:
//
//   error[T0701]: `kernel.sched_latency_ns` is not a sysctl on Linux 6.8
//     --> fra1.tune:14:5
//      |
//   14 |     kernel.sched_latency_ns = 6ms
//      |     ^^^^^^^^^^^^^^^^^^^^^^^ it left sysctl in Linux 5.13
//      |
//      = help: delete the line
#include <algorithm>

#include <fmt/format.h>

#include "diagnostics/render.h"
#include "diagnostics/snippet.h"

namespace tunec {

namespace {

std::string_view name_of(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "note";
}

std::string_view colour_of(Severity severity) {
  if (severity == Severity::error) return "\x1b[1;31m";
  return severity == Severity::warning ? "\x1b[1;33m" : "\x1b[1;36m";
}

class TextWriter {
 public:
  TextWriter(const Diagnostic& diagnostic, const Sources& sources, TextStyle style)
      : diagnostic_(diagnostic), sources_(sources), colour_(style.colour) {
    std::uint32_t last_line = line_of(diagnostic.where);
    for (const Label& label : diagnostic.labels) last_line = std::max(last_line, line_of(label.where));
    gutter_ = std::to_string(last_line).size();
  }

  std::string write() {
    const std::string head = fmt::format("{}[{}]", name_of(diagnostic_.severity), diagnostic_.info->code);
    out_ += coloured(head);
    out_ += ": ";
    add_lines(diagnostic_.message, "  ");
    place("-->", diagnostic_.where, '^', diagnostic_.at);
    for (const Label& label : diagnostic_.labels) place(":::", label.where, '-', label.text);
    add_hosts();
    for (const std::string& note : diagnostic_.notes) add_note("note: ", note);
    for (const std::string& help : diagnostic_.help) add_note("help: ", help);
    if (diagnostic_.help.empty() && !diagnostic_.info->help.empty())
      add_note("help: ", diagnostic_.info->help);
    add_note("see ", fmt::format("`tunec explain {}`", diagnostic_.info->code));
    return std::move(out_);
  }

 private:
  bool is_in_a_file(Span where) const { return where.file.index < sources_.size(); }
  bool has_text(Span where) const { return is_in_a_file(where) && !sources_.text(where.file).empty(); }
  std::uint32_t line_of(Span where) const {
    return has_text(where) ? sources_.position(where.file, where.begin).line : 1;
  }

  std::string coloured(std::string text) const {
    if (!colour_) return text;
    return std::string(colour_of(diagnostic_.severity)) + text + "\x1b[0m";
  }

  std::string margin() const { return std::string(gutter_ + 1, ' '); }

  // A text of several lines keeps its lines, indented below the first.
  void add_lines(std::string_view text, std::string_view indent) {
    for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
      out_ += printable(text.substr(0, end));
      text.remove_prefix(end + 1);
      if (!text.empty()) out_.append("\n").append(indent);
    }
    out_ += printable(text);
    out_ += '\n';
  }

  void add_note(std::string_view kind, std::string_view text) {
    out_ += fmt::format("{}= {}", margin(), kind);
    add_lines(text, margin() + std::string(kind.size() + 2, ' '));
  }

  void place(std::string_view arrow, Span where, char mark, std::string_view text) {
    if (!is_in_a_file(where)) {
      if (!text.empty()) add_note("note: ", text);
      return;
    }
    out_ += fmt::format("{}{} {}", std::string(gutter_, ' '), arrow, printable(sources_.name(where.file)));
    if (!has_text(where)) {
      out_ += '\n';
      if (!text.empty()) add_note("note: ", text);
      return;
    }
    const LineColumn at = sources_.position(where.file, where.begin);
    out_ += fmt::format(":{}:{}\n{}|\n", at.line, at.column, margin());
    const std::string_view line = sources_.line(where.file, at.line);
    const auto begin = static_cast<std::size_t>(where.begin) -
                       static_cast<std::size_t>(line.data() - sources_.text(where.file).data());
    const Snippet shown = snippet(line, begin, begin + (std::max(where.end, where.begin) - where.begin));
    out_ += fmt::format("{:>{}} |", at.line, gutter_);
    if (!shown.text.empty()) out_ += " " + shown.text;
    out_ += fmt::format("\n{}| {}{}", margin(), std::string(shown.first, ' '),
                        coloured(std::string(shown.count, mark)));
    if (!text.empty()) out_ += " ";
    add_lines(text, margin() + "| " + std::string(shown.first + shown.count + 1, ' '));
    out_ += margin() + "|\n";
  }

  void add_hosts() {
    if (diagnostic_.hosts.empty()) return;
    const std::size_t others = diagnostic_.hosts.size() - 1;
    std::string text = fmt::format("host `{}`", diagnostic_.hosts.front());
    if (!diagnostic_.host_detail.empty()) text += fmt::format(" ({})", diagnostic_.host_detail);
    if (others > 0) text += fmt::format(" and {} {}", others, others == 1 ? "other" : "others");
    const std::string_view via = diagnostic_.via;
    if (via.empty()) {
      add_note("on ", text);
    } else if (others == 0 && via.starts_with("get ")) {
      add_note("", fmt::format("{} gets {}", text, via.substr(4)));
    } else {
      add_note("", fmt::format("{} {}", text, via));
    }
  }

  const Diagnostic& diagnostic_;
  const Sources& sources_;
  bool colour_;
  std::size_t gutter_ = 1;
  std::string out_;
};

}  // namespace

std::string render_text(const Diagnostic& diagnostic, const Sources& sources, TextStyle style) {
  return TextWriter(diagnostic, sources, style).write();
}

}  // namespace tunec
