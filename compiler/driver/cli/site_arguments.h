// The arguments that commands on sites have in common.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/cli/command.h"
#include "driver/pipeline.h"
#include "driver/present/terminal.h"

namespace tunec {

struct SiteArguments {
  SiteOptions options;
  std::string today;
  // Reads --today and checks --stdlib. If one is invalid, prints an error and returns false.
  bool complete();
};

// The files below a directory that declare a site; other files are parts of these. Nothing if it is no
// directory.
std::optional<std::vector<std::string>> sites_below(const std::string& directory);

// The disk; `-` is standard input.
const FileSystem& site_files();
// --color and --quiet
std::vector<Option> terminal_arguments();
Option strict_option();

// SITE, then `own`, then --stdlib, --today and the options of the terminal. The main files go to `sites` if
// it is given, else to the site options, which then take exactly one.
std::vector<Option> with_site(SiteArguments& site, std::vector<Option> own);
std::vector<Option> with_sites(SiteArguments& site, std::vector<std::string>& sites, std::string help,
                               std::vector<Option> own);
Option overlay_option(std::string& overlay);
Option host_argument(std::string& host, std::string help, bool required);
Option format_option(MessageFormat& format, std::string help);
Option findings_format_option(MessageFormat& format, std::string name);  // all formats
// Splits a list at its commas; empty words are left out.
std::vector<std::string> words_of(std::string_view text);

// A host of the plan. If there is none of this name, prints an error and returns nothing.
const HostPlan* find_host(const Compilation& compilation, const std::string& name);

}  // namespace tunec
