// tunec verify: captures of hosts against a site, where no program may run on the hosts or nobody may log in.
// The host program's own code looks at them.
#include <map>
#include <set>

#include "base/table.h"
#include "driver/cli/site_arguments.h"
#include "host/capture/snapshot.h"
#include "host/verify/findings.h"
#include "host/verify/report.h"
#include "machine/host_names.h"
#include "machine/host_pattern.h"
#include "output/manifest.h"

namespace tunec {
namespace {

enum class Format { text, json, junit };

struct Options {
  SiteArguments site;
  std::string host;
  std::vector<std::string> dumps;
  Format format = Format::text;
};

constexpr std::string_view version = "tunec " TUNEC_VERSION;

host::Wanted wanted_by(const Manifests& manifests, const RenderedHost& rendered,
                       const host::Snapshot& snapshot) {
  host::Wanted wanted;
  wanted.manifest = host::read_manifest(manifests.manifest(rendered), std::string(rendered.name));
  for (const auto& artifact : rendered.artifacts)
    wanted.files.push_back(
        {artifact->path, std::nullopt, host::FileState{artifact->content, artifact->mode}, false});
  wanted.values = snapshot.rounded();
  wanted.is_of_capture = true;
  wanted.is_new = !snapshot.is_booted_since();
  wanted.is_staged = snapshot.is_staged();
  return wanted;
}

host::Finding without_capture() {
  return {.kind = "capture",
          .name = "its capture",
          .status = host::Status::missing,
          .expected = {},
          .found = {},
          .where = {}};
}

// The site may know a host by its short name, and the capture by the full one.
const RenderedHost* host_named(const RenderedFleet& fleet, std::string_view name) {
  for (const std::string_view candidate : {name, name.substr(0, name.find('.'))}) {
    const auto found = std::ranges::lower_bound(fleet.hosts, candidate, {}, &RenderedHost::name);
    if (found != fleet.hosts.end() && found->name == candidate) return &*found;
  }
  return nullptr;
}

// Hosts with the same findings are one group, and a group's findings are printed once.
std::string fleet_text(const std::vector<host::Verified>& all) {
  std::map<std::string, std::vector<std::string>> hosts_of_line;
  std::vector<std::string> lines;
  std::set<std::string> hosts_with_drift;
  for (const host::Verified& verified : all) {
    for (const host::Finding& finding : verified.findings) {
      if (finding.status == host::Status::equal) continue;
      const std::string line = host::line_of(finding);
      auto& hosts = hosts_of_line[line];
      if (hosts.empty()) lines.push_back(line);
      if (hosts.empty() || hosts.back() != verified.host) hosts.push_back(verified.host);
      if (!host::is_fine(finding)) hosts_with_drift.insert(verified.host);
    }
  }
  std::vector<std::vector<std::string>> groups;
  std::map<std::vector<std::string>, std::string> text_of;
  for (const std::string& line : lines) {
    std::string& text = text_of[hosts_of_line[line]];
    if (text.empty()) groups.push_back(hosts_of_line[line]);
    text += "     " + line;
  }
  // What few hosts have is odd, and comes first.
  std::ranges::stable_sort(groups, {}, &std::vector<std::string>::size);
  std::string text;
  for (std::size_t i = 0; i < groups.size(); ++i)
    text += fmt::format("{}  {}  {}\n{}\n", i + 1, counted(groups[i].size(), "host"),
                        compact_names(groups[i]), text_of[groups[i]]);
  return text + fmt::format("{} of {} are as wanted\n", all.size() - hosts_with_drift.size(),
                            counted(all.size(), "host"));
}

std::string text_of(const std::vector<host::Verified>& all, Format format) {
  if (format == Format::junit) return host::junit_of(all);
  if (format == Format::text) return all.size() == 1 ? host::table_of(all.front()) : fleet_text(all);
  std::string text = "[\n";
  for (const host::Verified& verified : all) {
    text += host::json_of(verified);
    if (&verified != &all.back()) text.insert(text.size() - 1, ",");
  }
  return text + "]\n";
}

// Looks at captures one after the other. One that cannot be used is a fault, and the others count.
class Verifier {
 public:
  Verifier(const RenderedFleet& fleet, const Options& options)
      : fleet_(fleet), options_(options), manifests_(version) {
    manifests_.prepare(fleet);
  }

  void add(const std::string& dump) {
    host::Captures captures;
    try {
      captures = host::read_captures(dump);
    } catch (const host::Refused& refused) {
      faults.push_back(refused.text);
    }
    std::ranges::move(captures.faults, std::back_inserter(faults));
    for (const auto& [path, snapshot] : captures.by_path) add(path, snapshot);
  }

  std::map<std::string, host::Verified> by_host;
  std::vector<std::string> faults;

 private:
  void add(const std::string& path, const host::Snapshot& snapshot) {
    const RenderedHost* rendered = host_named(fleet_, snapshot.host());
    if (rendered == nullptr)
      say(fmt::format("tunec: {} is of `{}`, which is no host of the site", path, snapshot.host()));
    if (rendered == nullptr || !matches_pattern(options_.host, rendered->name)) return;
    const std::string name(rendered->name);
    const auto [first, is_new] = path_of_.try_emplace(name, path);
    if (!is_new) {
      faults.push_back(fmt::format("{}: is a second capture of {}; {} was compared: remove one of them", path,
                                   name, first->second));
      return;
    }
    try {
      const host::Evidence evidence = snapshot.evidence();
      by_host[name] = {name, std::nullopt, host::look(evidence, wanted_by(manifests_, *rendered, snapshot))};
    } catch (const host::Refused& refused) {
      faults.push_back(fmt::format("{}: {}", path, refused.text));
    }
  }

  const RenderedFleet& fleet_;
  const Options& options_;
  Manifests manifests_;
  std::map<std::string, std::string> path_of_;  // of the capture of a host
};

std::vector<host::Verified> verify_all(const Compilation& c, const Options& options,
                                       std::vector<std::string>& faults) {
  Verifier verifier(c.rendered, options);
  for (const std::string& dump : options.dumps) verifier.add(dump);
  faults = std::move(verifier.faults);
  std::map<std::string, host::Verified>& by_host = verifier.by_host;
  if (by_host.empty() && !faults.empty()) return {};
  // A host without a capture is not as wanted either.
  for (const RenderedHost& rendered : c.rendered.hosts) {
    if (matches_pattern(options.host, rendered.name))
      by_host.try_emplace(std::string(rendered.name),
                          host::Verified{std::string(rendered.name), std::nullopt, {without_capture()}});
  }
  std::vector<host::Verified> all;
  for (auto& [name, verified] : by_host) all.push_back(std::move(verified));
  return all;
}

int verify(Options& options) {
  if (!options.site.complete()) return exit_usage_or_io;
  const auto compilation = compile_site(options.site.options, site_files(), StopAfter::render);
  if (print_diagnostics(*compilation, MessageFormat::text) != exit_fine) return exit_errors;
  std::vector<std::string> faults;
  const std::vector<host::Verified> all = verify_all(*compilation, options, faults);
  if (all.empty() && faults.empty())
    faults.push_back(fmt::format("the site has no host that matches `{}`", options.host));
  if (!all.empty()) print(text_of(all, options.format));
  for (const std::string& fault : faults) say("tunec: " + fault);
  if (!faults.empty()) return exit_usage_or_io;
  const auto differs = [](const host::Verified& verified) {
    return host::exit_code_of(verified.findings) != host::exit_as_wanted;
  };
  return std::ranges::any_of(all, differs) ? exit_errors : exit_fine;
}

}  // namespace

Command command_verify() {
  const auto o = std::make_shared<Options>();
  return {
      .name = "verify",
      .summary = "Compare captures of hosts with the site: files, values, effects, units",
      .details =
          "`tunec-host capture -o FILE` makes a capture on the host. A DUMP is such a file, the directory "
          "that it was unpacked into, or a directory of several; hosts are found by the name in the "
          "capture. What several hosts have in common is one group.\n\nThe exit code is 1 if anything is "
          "not as the site says, or if a host has no capture, and 2 if a capture cannot be used.",
      .options = with_site(
          o->site,
          {host_argument(o->host, "A host, or a pattern such as 'kvm-*'", true),
           {.name = "DUMP",
            .help = "Captures, or directories of them",
            .binding = store_in(o->dumps),
            .required = true,
            .completion = Completion::file},
           {.name = "--format",
            .help = "A table, JSON, or JUnit for pipelines",
            .binding = store_in<Format>(
                o->format, {{"text", Format::text}, {"json", Format::json}, {"junit", Format::junit}})}}),
      .examples = {{"tunec verify site.tune '*' captures/", "the drift of a fleet"}},
      .run = [o] { return verify(*o); }};
}

}  // namespace tunec
