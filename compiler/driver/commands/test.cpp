// tunec test: runs the tests of sites. Errors of the site's own hosts are reported by `tunec check`.
#include <nlohmann/json.hpp>

#include "diagnostics/render.h"
#include "diagnostics/snippet.h"
#include "driver/cli/site_arguments.h"
#include "driver/present/junit.h"
#include "driver/tests.h"

namespace tunec {
namespace {

enum class ResultFormat { text, json, junit };

struct Options {
  std::vector<std::string> sites;
  SiteArguments site;
  std::string filter;
  ResultFormat format = ResultFormat::text;
};

// True if the pieces between the `*` occur in the name in this order.
bool matches(std::string_view filter, std::string_view name) {
  while (!filter.empty()) {
    const std::string_view piece = filter.substr(0, filter.find('*'));
    const std::size_t at = name.find(piece);
    if (at == name.npos) return false;
    name.remove_prefix(at + piece.size());
    filter.remove_prefix(std::min(piece.size() + 1, filter.size()));
  }
  return true;
}

// Prints results in one of the formats: each result at once, or all at the end if the format is one document.
class Report {
 public:
  explicit Report(ResultFormat format) : format_(format) {}
  std::size_t passed = 0, failed = 0;

  void add(const TestResult& result, const Sources& sources) {
    ++(result.passed() ? passed : failed);
    Reporter reporter;
    report_test(result, reporter);
    const std::vector<Diagnostic> diagnostics = reporter.sorted();
    const ast::Name& name = result.test->syntax->name;
    const LineColumn at = sources.position(name.span.file, name.span.begin);
    const std::string file(sources.name(name.span.file));
    if (format_ == ResultFormat::text) {
      print(fmt::format("{}  {}  {}:{}\n", result.passed() ? "ok  " : "FAIL", printable(name.text),
                        printable(file), at.line) +
            texts(diagnostics, sources));
    } else if (format_ == ResultFormat::json) {
      nlohmann::ordered_json object{
          {"test", name.text},         {"file", file},
          {"line", at.line},           {"column", at.column},
          {"passed", result.passed()}, {"diagnostics", nlohmann::ordered_json::array()}};
      for (const Diagnostic& diagnostic : diagnostics)
        object["diagnostics"].push_back(nlohmann::ordered_json::parse(render_json(diagnostic, sources)));
      print_json(object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    } else {
      cases_.push_back({name.text, file, at.line, diagnostics.empty() ? "" : diagnostics.front().message,
                        texts(diagnostics, sources), false});
    }
  }

  // Reports a site whose names cannot be bound, so that none of its tests ran.
  int add_untested(const Compilation& c, const std::string& site) {
    if (format_ == ResultFormat::junit) {
      const std::vector<Diagnostic> all = c.reporter.sorted();
      const auto error = std::ranges::find(all, Severity::error, &Diagnostic::severity);
      cases_.push_back({"the site", site, 0, error->message, texts(all, c.sources), true});
    }
    const int status = print_diagnostics(c, messages());
    say(fmt::format("nothing was tested in {}", site));
    return status;
  }

  MessageFormat messages() const {
    return format_ == ResultFormat::json ? MessageFormat::json : MessageFormat::text;
  }

  void finish() const {
    if (format_ == ResultFormat::text && passed + failed > 0)
      print(fmt::format("{}{} passed, {} failed\n", failed > 0 ? "" : "\n", passed, failed));
    if (format_ == ResultFormat::json)
      print(fmt::format("{{\"passed\":{},\"failed\":{}}}\n", passed, failed));
    if (format_ == ResultFormat::junit) print(junit(cases_));
  }

 private:
  static std::string texts(const std::vector<Diagnostic>& diagnostics, const Sources& sources) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) text += render_text(diagnostic, sources, {}) + "\n";
    return text;
  }

  ResultFormat format_;
  std::vector<JunitCase> cases_;
};

int test(Options& options) {
  if (!options.site.complete()) return exit_usage_or_io;
  int status = exit_fine;
  Report report(options.format);
  for (const std::string& site : options.sites) {
    options.site.options.main_file = site;
    progress("testing " + site);
    const auto compilation = compile_site(options.site.options, site_files(), StopAfter::resolve);
    if (compilation->reporter.has_errors()) {
      status = std::max(status, report.add_untested(*compilation, site));
      continue;
    }
    print_diagnostics(*compilation, report.messages());
    if (compilation->fleet.tests.empty()) say(fmt::format("there are no tests in {}", site));
    const Compilation& c = *compilation;
    const auto wanted = [&](const std::string& name) { return matches(options.filter, name); };
    for (const TestResult& result :
         run_tests({c.fleet, c.catalogue, c.sources, c.boot_order, c.today}, wanted)) {
      report.add(result, compilation->sources);
      if (!result.passed()) status = std::max<int>(status, exit_errors);
    }
  }
  report.finish();
  if (!options.filter.empty() && report.passed + report.failed == 0 && status == exit_fine) {
    say(fmt::format("tunec: no test has a name that matches `{}`", options.filter));
    return exit_usage_or_io;
  }
  return status;
}

}  // namespace

Command command_test() {
  const auto o = std::make_shared<Options>();
  return {
      .name = "test",
      .summary = "Run the tests of sites, or of files of profiles and policies",
      .details =
          "The hosts of a test are planned, checked and rendered on their own. Errors of the site's own "
          "hosts are reported by `tunec check`, not here.\n\n"
          "Text is a line for each test, the diagnostics of those that fail, and the counts. With "
          "`--format json` each line is an object: test, file, line, column, passed, diagnostics; the last "
          "one has the counts. JUnit is one XML document.",
      .options = with_sites(
          o->site, o->sites, "Main files of sites, or files of tests",
          {{.name = "--filter",
            .value = "PATTERN",
            .help = "Only tests with this text in their names; * stands for anything between",
            .binding = store_in(o->filter)},
           {.name = "--format",
            .help = "Text, JSON with one object a line, or one JUnit document",
            .binding = store_in<ResultFormat>(o->format, {{"text", ResultFormat::text},
                                                          {"json", ResultFormat::json},
                                                          {"junit", ResultFormat::junit}})}}),
      .examples = {{"tunec test site.tune --filter 'numa*pinned'", "runs the tests with such names"}},
      .run = [o] { return test(*o); }};
}

}  // namespace tunec
