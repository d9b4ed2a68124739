// Like the driver's commands, this renders files only if there are no errors.
#include "support/over_memory.h"

#include <algorithm>
#include <tuple>

#include "diagnostics/fixes.h"
#include "diagnostics/render.h"

namespace tunec::test {
namespace {

std::string fault_of(Span where, const Sources& sources) {
  if (where == nowhere) return "";
  if (where.file.index >= sources.size()) return "a place in no file";
  if (where.begin > where.end || where.end > sources.text(where.file).size()) {
    return fmt::format("a place outside its file: {}..{} of {}", where.begin, where.end,
                       sources.text(where.file).size());
  }
  return "";
}

std::string fault_of(const Fix& fix, const Sources& sources) {
  if (fix.edits.empty() || fix.what.empty()) return "a fix that says or does nothing";
  for (std::size_t i = 0; i < fix.edits.size(); ++i) {
    const Span where = fix.edits[i].where;
    if (const std::string fault = fault_of(where, sources); !fault.empty() || where == nowhere)
      return "an edit has " + fault;
    if (sources.shipped(where.file)) return "an edit of a shipped file";
    if (i == 0 || fix.edits[i - 1].where.file != where.file) continue;
    if (where.begin < fix.edits[i - 1].where.end) return "edits that overlap";
  }
  return "";
}

std::string fault_of(const Diagnostic& diagnostic, const Sources& sources) {
  std::string fault = fault_of(diagnostic.where, sources);
  for (const Fix& fix : fixes_of(diagnostic, sources)) {
    if (fault.empty()) fault = fault_of(fix, sources);
  }
  for (const Label& label : diagnostic.labels) {
    if (fault.empty()) fault = fault_of(label.where, sources);
  }
  if (diagnostic.message.empty()) fault += " no message";
  if (!std::ranges::is_sorted(diagnostic.hosts)) fault += " hosts are not sorted";
  if (!render_text(diagnostic, sources, {}).ends_with('\n')) fault += " text without a line end";
  if (render_json(diagnostic, sources).find('\n') != std::string::npos) fault += " JSON of several lines";
  return fault.empty() ? "" : fmt::format("{}: {}: {}", diagnostic.info->code, diagnostic.message, fault);
}

std::string text_of(const Artifact& artifact) {
  return fmt::format("{} {:o}\n{}\n", artifact.path, artifact.mode, artifact.content);
}

std::string text_of(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps)
    text += fmt::format("{} {} {}\n", static_cast<int>(step.effect), step.command, step.why);
  return text;
}

}  // namespace

std::string every_byte(const RenderedFleet& rendered) {
  std::string text;
  for (const RenderedHost& host : rendered.hosts) {
    text += fmt::format("host {}\n", host.name);
    for (const auto& artifact : host.artifacts) text += text_of(*artifact);
    text += text_of(*host.steps);
  }
  for (const auto& artifact : rendered.site) text += text_of(*artifact);
  return text + text_of(rendered.site_steps);
}

MemoryFileSystem files_from(std::string_view text) {
  constexpr std::string_view mark = "--- ";
  MemoryFileSystem files;
  std::string name = "main.tune";
  files.files[name];
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const std::string_view line = text.substr(begin, end - begin);
    begin = end;
    if (line.starts_with(mark) && line.ends_with('\n')) {
      name = line.substr(mark.size(), line.size() - mark.size() - 1);
      files.files[name].clear();
    } else {
      files.files[name] += line;
    }
  }
  return files;
}

Run compile_in_memory(const FileSystem& files, const std::string& main_file) {
  Run run;
  run.compilation = compile_site({main_file, "", Date{2026, 11, 30}, "", false}, files);
  if (!run.compilation->reporter.has_errors()) run.rendered = run.compilation->rendered;
  return run;
}

std::string ill_manners(const Reporter& reporter, const Sources& sources) {
  const std::vector<Diagnostic> all = reporter.sorted();
  for (const Diagnostic& diagnostic : all) {
    std::string fault = fault_of(diagnostic, sources);
    if (!fault.empty()) return fault;
  }
  const auto place = [](const Diagnostic& diagnostic) {
    return std::tuple(diagnostic.where.file, diagnostic.where.begin);
  };
  return std::ranges::is_sorted(all, {}, place) ? "" : "diagnostics are not sorted";
}

}  // namespace tunec::test
