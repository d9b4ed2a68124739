#include "driver/present/findings/findings.h"

#include <map>

#include "base/sha256.h"

namespace tunec {
namespace {

// The directory with .git at or above the working directory; empty if there is none.
const std::string& repository() {
  static const std::string root = [] {
    const DiskFileSystem disk;
    for (std::string at = absolute_path("."); !at.empty(); at.resize(at.rfind('/'))) {
      const auto git = disk.read(at + "/.git", 4096);  // in a linked work tree, .git is a file
      const auto* error = std::get_if<ReadError>(&git);
      if (error == nullptr || error->reason != no_such_file) return at;
    }
    return std::string();
  }();
  return root;
}

// The path from the repository on. If the file is not in it, from the working directory; else unchanged.
std::string repository_path(std::string_view name) {
  const std::string whole = absolute_path(std::string(name));
  for (const std::string& root : {repository(), absolute_path(".")}) {
    if (!root.empty() && whole.starts_with(root + "/")) return whole.substr(root.size() + 1);
  }
  return name.starts_with('/') ? whole : std::string(name);
}

}  // namespace

std::string_view severity_name(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "note";
}

std::optional<FindingPlace> place_of(Span where, const Sources& sources) {
  if (where.file.index >= sources.size()) return std::nullopt;
  return FindingPlace{repository_path(sources.name(where.file)), sources.position(where.file, where.begin),
                      sources.position(where.file, std::max(where.begin, where.end))};
}

std::string fingerprint_of(const Diagnostic& diagnostic, const Sources& sources, std::size_t nth) {
  std::string text = fmt::format("{}\n{}\n{}\n{}\n", diagnostic.info->code, diagnostic.key, diagnostic.policy,
                                 nth);
  if (const auto place = place_of(diagnostic.where, sources)) {
    text += place->path + "\n";
    for (const char c : sources.line(diagnostic.where.file, place->begin.line)) {
      if (c != ' ' && c != '\t') text += c;
    }
  }
  constexpr std::size_t enough = 32;  // hexadecimal digits
  return sha256_hex(text).substr(0, enough);
}

std::vector<std::string> fingerprints_of(const SiteFindings& site) {
  std::map<std::string, std::size_t> seen;
  std::vector<std::string> all;
  for (const Diagnostic& diagnostic : site.diagnostics) {
    const std::size_t nth = seen[fingerprint_of(diagnostic, *site.sources, 0)]++;
    all.push_back(fingerprint_of(diagnostic, *site.sources, nth));
  }
  return all;
}

std::string findings_short(const SiteFindings& site) {
  std::string text;
  for (const Diagnostic& diagnostic : site.diagnostics) {
    std::string place = site.site;
    if (diagnostic.where.file.index < site.sources->size()) place = site.sources->place(diagnostic.where);
    std::string message = diagnostic.message;
    std::ranges::replace(message, '\n', ' ');
    text += fmt::format("{}: {}[{}]: {}\n", place, severity_name(diagnostic.severity), diagnostic.info->code,
                        message);
  }
  return text;
}

int FindingsPrinter::print_site(const Compilation& compilation, const std::string& site) {
  if (format_ == MessageFormat::text || format_ == MessageFormat::json)
    return print_diagnostics(compilation, format_);
  const ShownDiagnostics shown = shown_diagnostics(compilation);
  SiteFindings findings{site, &compilation.sources, shown.diagnostics, &compilation.library};
  switch (format_) {
    case MessageFormat::short_: print_text(findings_short(findings)); break;
    case MessageFormat::github: print_text(findings_github(findings)); break;
    default: sites_.push_back(std::move(findings)); break;
  }
  if (!compilation.main_file_read) return exit_usage_or_io;
  return shown.fails ? exit_errors : exit_fine;
}

void FindingsPrinter::finish() {
  switch (format_) {
    case MessageFormat::sarif: print_json(findings_sarif(sites_)); break;
    case MessageFormat::gitlab: print_json(findings_gitlab(sites_)); break;
    case MessageFormat::junit: print(findings_junit(sites_)); break;
    default: break;
  }
}

}  // namespace tunec
