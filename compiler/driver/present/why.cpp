#include "driver/present/why.h"

#include <algorithm>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "catalogue/param_text.h"
#include "check/value_family.h"
#include "render/spell.h"

namespace tunec {
namespace {

std::string source_line(const Sources& sources, Span span) {
  std::string_view line = sources.line(span.file, sources.position(span.file, span.begin).line);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return std::string(line);
}

std::string whose(const Origin& origin) {
  return origin.profiles.empty() ? "the host's own statement"
                                 : fmt::format("through `{}`", fmt::join(origin.profiles, "` → `"));
}

// The rule of merging that made this value win.
std::string reason(const Setting& setting) {
  if (setting.origin.forced) return fmt::format("`override` beats everything: {}", setting.origin.because);
  if (setting.origin.unchecked) return fmt::format("unchecked: {}", setting.origin.because);
  const bool by_its_name = setting.origin.moved_from.empty() &&
                           std::ranges::all_of(setting.overridden, [](const Overridden& beaten) {
                             return !beaten.origin.moved_from.empty();
                           });
  if (!setting.overridden.empty())
    return by_its_name ? "its name on this host beats its former name"
                       : "the including declaration beats the included one";
  if (!setting.also_set_by.empty())
    return setting.param->merge == MergePolicy::replace ? "all who set it agree"
                                                        : "all who set it are combined";
  return "nothing else sets it";
}

// The line of an artifact that a setting is written on. If there are several, the line that the fewest
// settings share: a line that names an object belongs to all settings of that object.
std::string written_at(const RenderedHost& host, const Setting& setting) {
  std::string place;
  std::size_t sharers = 0;
  for (const auto& artifact : host.artifacts) {
    for (const ArtifactLine& line : artifact->lines) {
      if (std::ranges::find(line.settings, &setting) == line.settings.end() ||
          (!place.empty() && line.settings.size() >= sharers))
        continue;
      place = fmt::format("{}:{}", artifact->path, line.number);
      sharers = line.settings.size();
    }
  }
  return place;
}

std::string by(const Compilation& c, const Write& write) {
  const std::string carrier = write.by(c.boot_order);
  if (write.setting != nullptr)
    return fmt::format("by {}, {}", carrier, c.sources.place(write.setting->origin.where));
  return fmt::format("by {} of {} ({})", carrier, write.file->platform, write.file->package);
}

std::string chain_text(const Compilation& c, const std::vector<Write>& chain) {
  std::string text;
  for (const Write& write : chain)
    text += fmt::format("    {} = {}  {}\n", write.name, to_source(write.own), by(c, write));
  return text;
}

// The value that the kernel reads beside this one, as conf.all beside an interface's own.
std::string beside_text(const Compilation& c, const BootState& boot_state, const HostPlan& host,
                        const Setting& setting) {
  const ParamInfo* generic = takes_part(setting) ? c.catalogue.find(family_of(*setting.param)) : nullptr;
  if (generic == nullptr) return {};
  std::vector<const Setting*> settings;
  std::ranges::copy_if(host.settings, std::back_inserter(settings), [&](const Setting* other) {
    return takes_part(*other) && family_of(*other->param) == generic->name;
  });
  const ValueFamily family(*generic, std::move(settings), host, c.catalogue, boot_state);
  const auto beside = family.beside(setting);
  if (!beside) return {};
  const std::string who = beside->other.writer ? by(c, *beside->other.writer) : "by default";
  return fmt::format("  combined with {} = {}  {}: {}, so {} counts\n", beside->other.name,
                     to_source(beside->other.value), who, family.rule_in_words(), to_source(beside->counts));
}

nlohmann::ordered_json chain_json(const Compilation& c, const std::vector<Write>& chain) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Write& write : chain) {
    nlohmann::ordered_json writer{
        {"parameter", write.name}, {"value", to_source(write.own)}, {"carrier", write.by(c.boot_order)}};
    if (write.setting != nullptr) {
      const Span where = write.setting->origin.where;
      const LineColumn at = c.sources.position(where.file, where.begin);
      writer.update({{"file", c.sources.name(where.file)}, {"line", at.line}, {"column", at.column}});
    } else {
      writer["package"] = write.file->package;
    }
    all.push_back(std::move(writer));
  }
  return all;
}

nlohmann::ordered_json origin_json(const Sources& sources, const Origin& origin) {
  const LineColumn at = sources.position(origin.where.file, origin.where.begin);
  return {{"file", sources.name(origin.where.file)},
          {"line", at.line},
          {"column", at.column},
          {"profiles", origin.profiles},
          {"override", origin.forced},
          {"unchecked", origin.unchecked},
          {"moved_from", origin.moved_from},
          {"because", origin.because}};
}

}  // namespace

std::string why_text(const Compilation& c, const BootState& boot_state, const RenderedHost& rendered,
                     const HostPlan& host, const Setting& setting) {
  const Sources& sources = c.sources;
  std::string text = fmt::format("{} = {} on {} ({})\n", setting.name, to_source(setting.value), host.name,
                                 host.facts->platform->describe());
  text += fmt::format("  set at {}, {}\n      {}\n", sources.place(setting.origin.where),
                      whose(setting.origin), source_line(sources, setting.origin.where));
  if (!setting.origin.moved_from.empty())
    text += fmt::format("  by its former name, `{}`\n", setting.origin.moved_from);
  for (auto via = setting.origin.via.rbegin(); via != setting.origin.via.rend(); ++via) {
    text += fmt::format("  included at {}\n      {}\n", sources.place(*via), source_line(sources, *via));
  }
  text += fmt::format("  because {}\n", reason(setting));
  for (const Overridden& beaten : setting.overridden) {
    text += fmt::format("  it beat {} at {}, {}\n", to_source(beaten.value),
                        sources.place(beaten.origin.where), whose(beaten.origin));
  }
  for (const Origin& origin : setting.also_set_by)
    text += fmt::format("  also given at {}, {}\n", sources.place(origin.where), whose(origin));
  const std::string written = written_at(rendered, setting);
  if (!written.empty()) text += fmt::format("  written to {} as `{}`\n", written, spell(setting));
  if (setting.surface != setting.param->surface)
    text += fmt::format("  on surface `{}`, since the module is built in\n", setting.surface);
  text += fmt::format("  takes effect: {}\n", effect_name(setting.param->effect));
  if (const auto chain = boot_state.chain_of_first(host,
                                                   boot_state.states_of(setting, *host.facts->platform));
      chain.size() > 1) {
    text += fmt::format("  set, in the order in which the machine boots:\n{}  the machine ends up with {}\n",
                        chain_text(c, chain), to_source(chain.back().own));
  }
  return text + beside_text(c, boot_state, host, setting);
}

std::string why_json(const Compilation& c, const BootState& boot_state, const RenderedHost& rendered,
                     const HostPlan& host, const Setting& setting) {
  nlohmann::ordered_json object{{"host", host.name},
                                {"parameter", setting.name},
                                {"value", to_source(setting.value)},
                                {"written", spell(setting)},
                                {"surface", setting.surface},
                                {"key", setting.key},
                                {"file", written_at(rendered, setting)},
                                {"effect", effect_name(setting.param->effect)},
                                {"origin", origin_json(c.sources, setting.origin)},
                                {"why", reason(setting)}};
  for (const Overridden& beaten : setting.overridden) {
    object["beat"].push_back(
        {{"value", to_source(beaten.value)}, {"origin", origin_json(c.sources, beaten.origin)}});
  }
  if (const auto chain = boot_state.chain_of_first(host,
                                                   boot_state.states_of(setting, *host.facts->platform));
      !chain.empty()) {
    object["chain"] = chain_json(c, chain);
    object["effective"] = to_source(chain.back().own);
  }
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::optional<UnsetParameter> find_unset(const Compilation& c, const BootState& boot_state,
                                         const HostPlan& host, const std::string& wanted) {
  for (const std::string_view name : c.catalogue.names()) {
    if (name != wanted && name.substr(name.find('.') + 1) != wanted) continue;
    const ParamInfo& param = *c.catalogue.find(name);
    if (const auto found = boot_state.stand_in(host, param, name))
      return UnsetParameter{std::string(name), found->value,
                            boot_state.chain_of_first(host, boot_state.states_of(param, name))};
  }
  return std::nullopt;
}

std::string unset_text(const Compilation& c, const HostPlan& host, const UnsetParameter& unset) {
  return fmt::format(
      "{} = {} on {} ({})\n  the site does not set this name; set, in the order in which the machine "
      "boots:\n{}",
      unset.name, to_source(unset.value), host.name, host.facts->platform->describe(),
      chain_text(c, unset.chain));
}

std::string unset_json(const Compilation& c, const HostPlan& host, const UnsetParameter& unset) {
  return nlohmann::ordered_json{{"host", host.name},
                                {"parameter", unset.name},
                                {"value", nullptr},
                                {"chain", chain_json(c, unset.chain)},
                                {"effective", to_source(unset.value)}}
             .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
         "\n";
}

namespace {

struct FileLines {
  const Artifact* artifact = nullptr;  // null: the host has no such file
  std::size_t line = 0;                // the only one that is wanted; 0: all
};

// etc/sysctl.d/90-tunec.conf, or one line of it with `:12`.
FileLines file_lines(const RenderedHost& rendered, std::string path) {
  FileLines wanted;
  if (const std::size_t colon = path.rfind(':');
      colon != std::string::npos && path.find_first_not_of("0123456789", colon + 1) == std::string::npos) {
    wanted.line = std::strtoul(path.c_str() + colon + 1, nullptr, 10);
    path.resize(colon);
  }
  if (path.starts_with('/')) path.erase(0, 1);
  const auto artifact = std::ranges::find_if(rendered.artifacts,
                                             [&](const auto& a) { return a->path == path; });
  if (artifact != rendered.artifacts.end()) wanted.artifact = artifact->get();
  return wanted;
}

template <class Use>
void each_setting(const FileLines& wanted, const Use& use) {
  for (const ArtifactLine& line : wanted.artifact->lines) {
    if (wanted.line != 0 && line.number != wanted.line) continue;
    for (const Setting* setting : line.settings) use(line.number, *setting);
  }
}

}  // namespace

std::optional<std::string> file_text(const Compilation& c, const RenderedHost& rendered,
                                     const std::string& path) {
  const FileLines wanted = file_lines(rendered, path);
  if (wanted.artifact == nullptr) return std::nullopt;
  std::string text;
  each_setting(wanted, [&](std::size_t line, const Setting& setting) {
    text += fmt::format("{:>4}  {} = {}  {}\n", line, setting.name, to_source(setting.value),
                        c.sources.place(setting.origin.where));
  });
  return text;
}

Settings settings_in_file(const RenderedHost& rendered, const std::string& path) {
  const FileLines wanted = file_lines(rendered, path);
  Settings settings;
  if (wanted.artifact == nullptr) return settings;
  each_setting(wanted, [&](std::size_t /*line*/, const Setting& setting) {
    if (std::ranges::find(settings, &setting) == settings.end()) settings.push_back(&setting);
  });
  return settings;
}

}  // namespace tunec
