// The file is ours; what is missing in it is empty here.
#include "review/effect_kinds.h"

#include "base/regex.h"
#include "catalogue/param_text.h"

namespace tunec {

EffectKinds::EffectKinds(const yaml::Node& file) {
  const auto text_of = [](const yaml::Node& node, std::string_view key) {
    const auto found = node.find(key);
    return found ? found->scalar : std::string();
  };
  const auto texts_of = [](const yaml::Node& node, std::string_view key) {
    std::vector<std::string> texts;
    if (const auto found = node.find(key)) {
      for (const auto& item : found->items) texts.push_back(item->scalar);
    }
    return texts;
  };
  if (const auto kinds = file.find("effects")) {
    for (const auto& node : kinds->items) {
      Rule& rule = rules_.emplace_back();
      rule.kind = {text_of(*node, "name"), text_of(*node, "word"), text_of(*node, "why"),
                   text_of(*node, "disturbs") == "true"};
      rule.effect = effect_named(text_of(*node, "effect"));
      rule.keys = text_of(*node, "keys");
      rule.surfaces = texts_of(*node, "surfaces");
      rule.is_of_removal = text_of(*node, "removal") == "true";
      rule.also = texts_of(*node, "also");
    }
  }
  secrets_ = texts_of(file, "secrets");
  if (const auto pools = file.find("pools")) pool_parameter_ = text_of(*pools, "parameter");
}

// The strongest kind that fits: kinds of one carrier stand behind the general ones.
std::size_t EffectKinds::of(const Setting& setting, bool is_taken_away) const {
  for (std::size_t i = rules_.size(); i-- > 0;) {
    const Rule& rule = rules_[i];
    if (rule.is_of_removal && !is_taken_away) continue;
    if (std::ranges::find(rule.also, setting.surface) != rule.also.end()) return i;
    if (rule.effect && *rule.effect != setting.param->effect) continue;
    if (!rule.surfaces.empty() && std::ranges::find(rule.surfaces, setting.surface) == rule.surfaces.end())
      continue;
    if (rule.keys.empty() || fits_regex(setting.key, rule.keys)) return i;
  }
  return 0;
}

std::optional<std::size_t> EffectKinds::named(std::string_view name) const {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i].kind.name == name) return i;
  }
  return std::nullopt;
}

bool EffectKinds::is_secret(const Setting& setting) const {
  return std::ranges::any_of(
      secrets_, [&](const std::string& names) { return fits_regex(setting.param->name, names); });
}

}  // namespace tunec
