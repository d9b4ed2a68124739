// The compiler's table of contents: from the name of a site's main file to its plan and its files.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/file_system.h"
#include "catalogue/catalogue.h"
#include "check/checks.h"
#include "check/waivers.h"
#include "machine/boot_order.h"
#include "plan/settle/build.h"
#include "render/render.h"
#include "site/bind/resolve.h"

namespace tunec {

struct SiteOptions {
  std::string main_file;
  // A directory whose params/, policies/ and profiles/ come before the shipped ones; may be empty
  std::string overlay;
  std::optional<Date> today;   // ends waivers; the pipeline itself never looks at a clock
  std::string as{};            // the platform that all hosts are taken to run, "debian 13"; empty: their own
  bool hints = false;          // also says which lines only repeat a default
  bool fleet_checked = false;  // policies and tests are another run's business
  std::function<bool(const std::string& host)> only{};  // the hosts that are planned; not given: all
};

// Everything that is known after a run. Boxed parts point into one another, so it does not move.
struct Compilation {
  Sources sources;
  Reporter reporter;
  Catalogue catalogue;
  std::deque<std::string> overlay_texts;  // what the library's views of the overlay point into
  Library library;
  Platforms platforms;
  BootOrder boot_order;
  Fleet fleet;
  PlanWithNotes planned;
  std::optional<Date> today;
  std::string as;
  Waivers waivers;  // and whom they served
  bool main_file_read = false;

  const Plan& plan() const { return planned.plan; }
};

std::unique_ptr<Compilation> compile_site(const SiteOptions& options, const FileSystem& files);
// Read, and every name in it bound; its hosts are not planned.
std::unique_ptr<Compilation> open_site(const SiteOptions& options, const FileSystem& files);
// Without diagnostics and without a plan of hosts: what `explain` needs.
std::unique_ptr<Compilation> open_knowledge(const std::string& overlay, const FileSystem& files);

std::vector<const Backend*> default_backends();  // those that are on by default
// Everything that is proven of a plan, of the site's hosts or of a test's.
void check_plan(const Plan& plan, const CheckInput& input, Reporter& reporter);
// They write the plan. What has no carrier, or two, is reported.
RenderedFleet render_plan(const Plan& plan, const std::vector<const Backend*>& backends,
                          const Sources& sources, Reporter& reporter);
RenderedFleet render_site(Compilation& compilation);

}  // namespace tunec
