// The compiler's table of contents: from the name of a site's main file to its files, in one list of stages.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/file_system.h"
#include "catalogue/catalogue.h"
#include "check/waivers.h"
#include "driver/stages.h"
#include "machine/boot_order.h"
#include "output/host_checks.h"
#include "plan/settle/build.h"
#include "site/bind/resolve.h"

namespace tunec {

struct SiteOptions {
  std::string main_file;
  // A directory whose params/, policies/ and profiles/ take precedence over the shipped ones; may be empty.
  std::string overlay;
  std::optional<Date> today;  // ends waivers; the pipeline itself never looks at a clock
  std::string as{};           // the platform that all hosts are assumed to run, "debian 13"; empty: their own
  bool hints = false;         // also reports lines that only repeat a default
  bool needs_site = false;    // a library of profiles and policies is not enough
  std::function<bool(const std::string& host)> only{};  // selects the hosts that are planned; empty: all
};

// The last stage that a caller wants. Each stage includes those before it.
enum class StopAfter { resolve, plan, check, render, test };

// Everything that is known after a run. Its parts point into one another, so it lives behind a pointer and
// does not move.
struct Compilation {
  Sources sources;
  Reporter reporter;
  Catalogue catalogue;
  std::deque<std::string> overlay_texts;  // the library points into these
  Library library;
  Platforms platforms;
  BootOrder boot_order;
  Fleet fleet;
  PlanWithNotes planned;
  Waivers waivers;
  RenderedFleet rendered;
  CheckRules check_rules;
  std::optional<Date> today;
  std::string as;
  bool main_file_read = false;

  const Plan& plan() const { return planned.plan; }
};

std::unique_ptr<Compilation> compile_site(const SiteOptions& options, const FileSystem& files,
                                          StopAfter last = StopAfter::test);
// Catalogue, library and platforms alone, without a site: what `explain` needs.
std::unique_ptr<Compilation> open_knowledge(const std::string& overlay, const FileSystem& files);

}  // namespace tunec
