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
  // Reads --today and looks at --stdlib. False, after an error message, if one of them is invalid.
  bool complete();
};

// Of a directory, all files below it that declare a site: others are parts of these. Nothing if it is none.
std::optional<std::vector<std::string>> sites_below(const std::string& directory);

// The disk, where `-` is standard input.
const FileSystem& site_files();
// --color and --quiet
std::vector<Option> terminal_arguments();
Option strict_option();

// SITE, then `own`, then --stdlib, --today and those of the terminal. The main files go to `sites` if that is
// given, else to the one of the site's options.
std::vector<Option> with_site(SiteArguments& site, std::vector<Option> own);
std::vector<Option> with_sites(SiteArguments& site, std::vector<std::string>& sites, std::string help,
                               std::vector<Option> own);
Option overlay_option(std::string& overlay);
Option host_argument(std::string& host, std::string help, bool required);
Option format_option(MessageFormat& format, std::string help);
Option findings_format_option(MessageFormat& format, std::string name);  // of all formats
// Of a list with commas; empty words are left out.
std::vector<std::string> words_of(std::string_view text);

// A host of the plan; nothing, after an error message, if there is none of that name.
const HostPlan* find_host(const Compilation& compilation, const std::string& name);

}  // namespace tunec
