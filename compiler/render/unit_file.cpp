// Values follow systemd's own reader (extract_first_word() with EXTRACT_UNQUOTE and EXTRACT_CUNESCAPE), which
// is the same for environment variables, paths and dependencies.
#include "render/unit_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

int rank(std::string_view section) { return section == "Unit" ? 0 : section == "Install" ? 2 : 1; }

// Names of units keep their backslashes: `dev-disk-by\x2dlabel-vms.device`.
bool takes_words_as_they_are(const Setting& setting) {
  const std::string_view section = section_of(setting);
  return section == "Unit" || section == "Install";
}

// Texts in a unit are written for systemd, so `%i` is its instance. Texts in a mount are names and paths, and
// mean exactly what they contain.
std::string (*quoting_of(const Setting& setting))(std::string_view) {
  return setting.surface == "mount" ? quote_systemd : quote_systemd_text;
}

}  // namespace

std::string_view section_of(const Setting& setting) {
  return std::string_view(setting.key).substr(0, setting.key.find('.'));
}

std::string_view directive_of(const Setting& setting) {
  const std::size_t dot = setting.key.find('.');
  return dot == std::string::npos ? std::string_view() : std::string_view(setting.key).substr(dot + 1);
}

bool has_section(std::span<const Setting* const> settings, std::string_view section) {
  return std::ranges::any_of(settings,
                             [section](const Setting* setting) { return section_of(*setting) == section; });
}

std::string spell_directive(const Setting& setting) {
  const auto quoted = quoting_of(setting);
  const std::string& separator = setting.param->separator;
  const bool by_blanks = separator.empty() || separator == " ";
  if (!setting.value.is<List>() || !by_blanks) return quoted(spell(setting));
  std::vector<std::string> items = spell_items(setting);
  for (std::string& item : items) {
    const bool as_it_is = takes_words_as_they_are(setting) && item.find(' ') == item.npos;
    if (!as_it_is) item = quote_systemd_item(item);
    if (setting.surface != "mount") item = quote_systemd_text(item);
  }
  const std::string text = fmt::format("{}", fmt::join(items, " "));
  return setting.surface == "mount" ? quote_systemd(text) : text;
}

void write_directive(const Setting& setting, File& file) {
  const std::string_view directive = directive_of(setting);
  const auto* list = setting.value.get_if<List>();
  if (list == nullptr || list->items.empty() || !setting.param->is_repeated)
    return file.line(setting, "{}={}", directive, spell_directive(setting));
  const auto quoted = quoting_of(setting);
  for (const std::string& item : spell_items(setting)) file.line(setting, "{}={}", directive, quoted(item));
}

std::vector<std::string_view> sections_of(std::span<const Setting* const> settings) {
  std::vector<std::string_view> sections;
  for (const Setting* setting : settings) {
    if (std::ranges::find(sections, section_of(*setting)) == sections.end())
      sections.push_back(section_of(*setting));
  }
  std::ranges::sort(sections, [](std::string_view a, std::string_view b) {
    return rank(a) != rank(b) ? rank(a) < rank(b) : a < b;
  });
  return sections;
}

}  // namespace tunec
