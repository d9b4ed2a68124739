#include "driver/cli/site_arguments.h"

#include <cstdio>

#include <fmt/core.h>

#include "base/lines.h"
#include "base/suggest.h"
#include "driver/today.h"
#include "site/standard_input.h"

namespace tunec {
namespace {

std::vector<Option> with_common(SiteArguments& site, Option first, std::vector<Option> own) {
  own.insert(own.begin(), std::move(first));
  own.push_back(overlay_option(site.options.overlay));
  own.push_back({.name = "--today",
                 .value = "DATE",
                 .help = "The date by which waivers expire, as in 2026-11-30; today in UTC if not given",
                 .binding = store_in(site.today)});
  for (Option& option : terminal_arguments()) own.push_back(std::move(option));
  return own;
}

class SiteFiles final : public FileSystem {
 public:
  std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const override {
    if (path != standard_input) return disk_.read(path, limit);
    // Standard input can be read only once, and several stages may load it
    if (!input_) input_ = read_input(limit);
    return *input_;
  }
  std::vector<std::string> list(const std::string& directory) const override { return disk_.list(directory); }

 private:
  static std::variant<std::string, ReadError> read_input(std::size_t limit) {
    std::string text;
    char buffer[4096];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, stdin)) {
      text.append(buffer, got);
      if (text.size() > limit)
        return ReadError{fmt::format("is longer than the {} bytes that tunec reads", limit)};
    }
    if (std::ferror(stdin) != 0) return ReadError{"standard input cannot be read"};
    return text;
  }

  DiskFileSystem disk_;
  mutable std::optional<std::variant<std::string, ReadError>> input_;
};

}  // namespace

const FileSystem& site_files() {
  static const SiteFiles files;
  return files;
}

std::vector<Option> terminal_arguments() {
  using Colour = TerminalOptions::Colour;
  TerminalOptions& terminal = terminal_options();
  return {{.name = "--color",
           .help = "Colour messages",
           .binding = store_in<Colour>(
               terminal.colour,
               {{"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}})},
          {.name = "--quiet",
           .letter = 'q',
           .help = "Print errors only: no warnings, notes and counts",
           .binding = store_in(terminal.quiet)}};
}

std::optional<std::vector<std::string>> sites_below(const std::string& directory) {
  constexpr std::size_t max_bytes = std::size_t{16} << 20;
  auto below = files_below(directory, ".tune");
  if (!below) return std::nullopt;
  std::erase_if(*below, [&](const std::string& file) {
    const auto text = DiskFileSystem().read(file, max_bytes);
    const auto* read = std::get_if<std::string>(&text);
    return read != nullptr && !read->starts_with("site ") && read->find("\nsite ") == std::string::npos;
  });
  return below;
}

Option strict_option() {
  return {.name = "--strict",
          .help = "Fail if there are warnings, as if they were errors",
          .binding = store_in(terminal_options().strict)};
}

bool SiteArguments::complete() {
  if (options.main_file == "/dev/stdin") options.main_file = standard_input;
  if (!options.overlay.empty() && DiskFileSystem().list(options.overlay).empty()) {
    say(fmt::format("tunec: --stdlib: there is nothing in `{}`", options.overlay));
    return false;
  }
  options.today = today.empty() ? today_in_utc() : Date::parse(today);
  if (!options.today) say("tunec: --today is a date such as 2026-11-30, not `" + today + "`");
  return options.today.has_value();
}

std::vector<Option> with_site(SiteArguments& site, std::vector<Option> own) {
  return with_common(site,
                     {.name = "SITE",
                      .help = "The site's main file",
                      .binding = store_in(site.options.main_file),
                      .required = true,
                      .completion = Completion::tune_file},
                     std::move(own));
}

std::vector<Option> with_sites(SiteArguments& site, std::vector<std::string>& sites, std::string help,
                               std::vector<Option> own) {
  return with_common(site,
                     {.name = "SITE",
                      .help = std::move(help),
                      .binding = store_in(sites),
                      .required = true,
                      .completion = Completion::tune_file},
                     std::move(own));
}

Option overlay_option(std::string& overlay) {
  return {.name = "--stdlib",
          .value = "DIRECTORY",
          .help =
              "Your own params/*.yaml, policies/*.tune and profiles/*.tune, which take precedence over those "
              "of tunec",
          .binding = store_in(overlay),
          .completion = Completion::directory};
}

Option host_argument(std::string& host, std::string help, bool required) {
  return {.name = "HOST",
          .help = std::move(help),
          .binding = store_in(host),
          .required = required,
          .completion = Completion::host};
}

Option format_option(MessageFormat& format, std::string help) {
  return {.name = "--format",
          .help = std::move(help),
          .binding = store_in<MessageFormat>(format,
                                             {{"text", MessageFormat::text}, {"json", MessageFormat::json}})};
}

Option findings_format_option(MessageFormat& format, std::string name) {
  return {.name = std::move(name),
          .help = "Diagnostics as text, as JSON with one object a line, or in the form of a service",
          .binding = store_in<MessageFormat>(format, {{"text", MessageFormat::text},
                                                      {"short", MessageFormat::short_},
                                                      {"json", MessageFormat::json},
                                                      {"sarif", MessageFormat::sarif},
                                                      {"github", MessageFormat::github},
                                                      {"gitlab", MessageFormat::gitlab},
                                                      {"junit", MessageFormat::junit}})};
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ',')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

const HostPlan* find_host(const Compilation& compilation, const std::string& name) {
  std::vector<std::string_view> names;
  for (const HostPlan& host : compilation.plan().hosts) {
    if (host.name == name) return &host;
    names.push_back(host.name);
  }
  const auto near = nearest(name, names);
  say(fmt::format("tunec: the site has no host `{}`{}", name,
                  near ? fmt::format("; did you mean `{}`?", near->name) : ""));
  return nullptr;
}

}  // namespace tunec
