// Hosts share artifacts, so each artifact is annotated once.
#include "render/annotate.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include <fmt/ranges.h>

#include "base/regex.h"
#include "diagnostics/snippet.h"

namespace tunec {
namespace {

// A rule for a whole fleet may come from as many statements as the fleet has hosts.
constexpr std::size_t most_places = 8;

// "# ", or nothing if the file has no heading. A script's heading stands below its `#!`.
std::optional<std::string_view> comment_sign(std::string_view content) {
  const std::size_t heading = content.find(written_by);
  if (heading == content.npos) return std::nullopt;
  const std::size_t begin = content.substr(0, heading).rfind('\n') + 1;
  const std::string_view sign = content.substr(begin, heading - begin);
  const bool on_top = begin == 0 || content.find('\n') + 1 == begin;
  const bool is_sign = !sign.empty() && sign.find_first_not_of("#;/ ") == sign.npos;
  return on_top && is_sign ? std::optional(sign) : std::nullopt;
}

// "site.tune:12", and the profile if the statement is not the user's own.
std::string place_of(const Origin& origin, const Sources& sources) {
  const Span span = user_place(origin, sources);
  if (span.file == nowhere.file) return {};
  std::string place = fmt::format("{}:{}", sources.name(span.file),
                                  sources.position(span.file, span.begin).line);
  if (span != origin.where && !origin.profiles.empty())
    place += fmt::format(" through `{}`", origin.profiles.back());
  return printable(place);  // the name of a file may contain a line end
}

// Each place once, in the order of the line.
std::string places_of(const Settings& settings, const Sources& sources) {
  std::vector<std::string> places;
  const auto add = [&](const Origin& origin) {
    std::string place = place_of(origin, sources);
    if (!place.empty() && std::ranges::find(places, place) == places.end())
      places.push_back(std::move(place));
  };
  for (const Setting* setting : settings) {
    add(setting->origin);
    std::ranges::for_each(setting->also_set_by, add);
  }
  const std::size_t left = places.size() - std::min(places.size(), most_places);
  places.resize(places.size() - left);
  std::string text = fmt::format("{}", fmt::join(places, ", "));
  return left == 0 ? text : text + fmt::format(" and {} more", left);
}

class Annotator {
 public:
  explicit Annotator(const Sources& sources) : sources_(sources) {}

  void annotate(Artifacts& artifacts) {
    for (auto& artifact : artifacts) {
      const auto [made, is_new] = made_.try_emplace(artifact, nullptr);
      if (is_new) made->second = annotated(artifact);
      artifact = made->second;
    }
  }

 private:
  using Shared = std::shared_ptr<const Artifact>;

  Shared annotated(const Shared& plain) const {
    const auto sign = comment_sign(plain->content);
    if (!sign) return plain;
    auto result = std::make_shared<Artifact>(*plain);
    result->content.clear();
    std::string last;  // the comment of the previous line
    std::uint32_t number = 0, added = 0;
    auto line = result->lines.begin();
    for (std::string_view rest = plain->content; !rest.empty();) {
      const std::size_t size = std::min(rest.find('\n'), rest.size() - 1) + 1;
      const std::string_view text = rest.substr(0, size);
      rest.remove_prefix(size);
      ++number;
      const bool has_settings = line != result->lines.end() && line->number == number;
      std::string places = has_settings ? places_of(line->settings, sources_) : std::string();
      if (!places.empty() && places != last) {
        const std::size_t indent = std::min(text.find_first_not_of(' '), text.size() - 1);
        result->content += fmt::format("{}{}{}\n", text.substr(0, indent), *sign, places);
        ++added;
      }
      last = std::move(places);
      result->content += text;
      if (has_settings) (line++)->number += added;
    }
    return result;
  }

  const Sources& sources_;
  std::unordered_map<Shared, Shared> made_;
};

bool is_annotation(std::string_view line, std::string_view sign) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return line.starts_with(sign) &&
         fits_regex(line.substr(sign.size()), "[^ =][^=]*:[0-9]+( through `[^`]*`)?( and [0-9]+ more)?");
}

}  // namespace

std::string without_annotations(std::string_view content) {
  const auto sign = comment_sign(content);
  if (!sign) return std::string(content);
  std::string plain;
  for (std::string_view rest = content; !rest.empty();) {
    const std::size_t size = std::min(rest.find('\n'), rest.size() - 1) + 1;
    const std::string_view line = rest.substr(0, size);
    rest.remove_prefix(size);
    if (!is_annotation(line.substr(0, line.find('\n')), *sign)) plain += line;
  }
  return plain;
}

void annotate(RenderedFleet& fleet, const Sources& sources) {
  Annotator annotator(sources);
  annotator.annotate(fleet.site);
  for (RenderedHost& host : fleet.hosts) annotator.annotate(host.artifacts);
}

}  // namespace tunec
