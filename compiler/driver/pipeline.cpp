// Each stage takes values and returns a value; only the end of a run looks whether there were errors.
#include "driver/pipeline.h"

#include <algorithm>

#include "catalogue/load.h"
#include "catalogue/site_records.h"
#include "diagnostics/diag.h"
#include "driver/host_checks_stage.h"
#include "driver/tests.h"
#include "embedded.h"
#include "plan/platform/boot_state.h"
#include "source/yaml_packed.h"

namespace tunec {
namespace {

constexpr std::size_t max_overlay_bytes = std::size_t{16} << 20;

std::string joined(const std::string& folder, const std::string& name) { return folder + "/" + name; }

// Adds the files of an overlay folder that have this ending to the sources.
std::vector<FileId> overlay_sources(Compilation& c, const std::string& folder, std::string_view ending,
                                    const FileSystem& files) {
  std::vector<FileId> found;
  for (const std::string& name : files.list(folder)) {
    if (!name.ends_with(ending)) continue;
    auto text = files.read(joined(folder, name), max_overlay_bytes);
    if (const auto* error = std::get_if<ReadError>(&text)) {
      c.reporter.report(nowhere, diag::cannot_read, joined(folder, name), error->reason);
    } else {
      found.push_back(c.sources.add(joined(folder, name), std::get<std::string>(std::move(text))));
    }
  }
  return found;
}

// Adds an overlay's parameters, policies and profiles. A file with the path of a shipped one replaces it.
std::vector<ShippedFile> with_overlay(std::vector<ShippedFile> shipped, Compilation& c,
                                      const std::string& overlay, const FileSystem& files) {
  for (const FileId file : overlay_sources(c, joined(overlay, "params"), ".yaml", files)) {
    c.catalogue.overlay(load_params(file, c.sources, c.reporter));
  }
  for (const auto& [folder, place] : {std::pair{"policies", "stdlib/policies/"},
                                      {"intents", "stdlib/intents/"},
                                      {"profiles", "profiles/"}}) {
    for (const std::string& name : files.list(joined(overlay, folder))) {
      if (!name.ends_with(".tune")) continue;
      auto text = files.read(joined(joined(overlay, folder), name), max_overlay_bytes);
      if (const auto* error = std::get_if<ReadError>(&text)) {
        c.reporter.report(nowhere, diag::cannot_read, name, error->reason);
        continue;
      }
      const std::string& path = c.overlay_texts.emplace_back(place + name);
      const std::string& kept_text = c.overlay_texts.emplace_back(std::get<std::string>(std::move(text)));
      std::erase_if(shipped, [&](const ShippedFile& file) { return file.path == path; });
      shipped.push_back({path, kept_text});
    }
  }
  std::ranges::sort(shipped, {}, &ShippedFile::path);
  return shipped;
}

}  // namespace

std::unique_ptr<Compilation> open_knowledge(const std::string& overlay, const FileSystem& files) {
  auto c = std::make_unique<Compilation>();
  c->catalogue = Catalogue(embedded_table());
  std::vector<ShippedFile> shipped = embedded_files();
  if (!overlay.empty()) shipped = with_overlay(std::move(shipped), *c, overlay, files);
  c->library = Library(std::move(shipped));
  if (const ShippedFile* file = c->library.find("stdlib/boot_order.packed"))
    c->boot_order = BootOrder(*yaml::unpacked(file->text));
  if (const ShippedFile* file = c->library.find("stdlib/platforms.packed"))
    c->platforms = Platforms(*yaml::unpacked(file->text), c->catalogue, c->boot_order);
  if (const ShippedFile* file = c->library.find("stdlib/forms.packed"))
    c->catalogue.set_forms(Forms(*yaml::unpacked(file->text)));
  if (const ShippedFile* file = c->library.find("stdlib/checks.packed"))
    c->check_rules = CheckRules(yaml::unpacked(file->text));
  return c;
}

std::unique_ptr<Compilation> compile_site(const SiteOptions& options, const FileSystem& files,
                                          StopAfter last) {
  // Shipped files come first: a site can only name what exists.
  auto c = open_knowledge(options.overlay, files);
  Reporter& reporter = c->reporter;
  c->today = options.today;
  c->as = options.as;

  // All texts are read before any name is bound, since an import may stand in any file.
  LoadedFiles loaded = load_files(options.main_file, files, c->sources, reporter);
  c->main_file_read = loaded.main_read;

  // The site's own parameters come before its statements, which may use them.
  add_site_records(std::move(loaded.params), c->catalogue, reporter);

  // Names and facts are bound once for the whole fleet. Without a tree there is nothing to bind.
  const Knowledge knowledge{c->catalogue, c->library, c->platforms, c->as, options.needs_site};
  if (!loaded.trees.empty()) c->fleet = resolve(std::move(loaded), knowledge, c->sources, reporter);
  if (last == StopAfter::resolve) return c;
  const bool resolved = !reporter.has_errors();

  // One setting for each parameter and host. Values see facts and constants, never other settings, so each is
  // computed once.
  std::vector<Host> some;
  if (options.only) std::ranges::copy_if(c->fleet.hosts, std::back_inserter(some), options.only, &Host::name);
  const std::vector<Host>& hosts = options.only ? some : c->fleet.hosts;
  c->planned = build_plan(c->fleet, hosts, c->catalogue, c->sources, reporter);
  if (last == StopAfter::plan) return c;

  // Checks need all settings: policies compare them, across hosts too.
  c->waivers = Waivers(c->fleet, c->today);
  const BootState boot_state(c->plan(), c->catalogue, c->boot_order);
  const CheckInput input{c->fleet, c->catalogue, c->sources, c->waivers, boot_state};
  check_plan(c->plan(), input, reporter);
  if (options.hints) check_redundant_settings(c->plan(), input, reporter);

  // After all checks it is known which waivers no host needs.
  c->waivers.report(reporter);
  if (last == StopAfter::check) return c;

  // Files are made in memory, even of a plan with errors: a setting that no carrier can write is a mistake of
  // its own, and `why` shows lines.
  c->rendered = render_plan(c->plan(), default_backends(), c->catalogue.forms(), c->sources, reporter);
  add_host_checks(*c);
  if (last == StopAfter::render) return c;

  // Tests come last, since their hosts go through the same stages. If names are unbound, tests would only
  // fail because of what was reported above.
  if (resolved)
    report_tests(run_tests({c->fleet, c->catalogue, c->sources, c->boot_order, c->today}), reporter);
  return c;
}

}  // namespace tunec
