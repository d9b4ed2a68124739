// The file is ours; what is missing in it is empty here.
#include "review/effect_kinds.h"

#include <algorithm>

#include "base/regex.h"
#include "catalogue/param_text.h"

namespace tunec {

namespace {

Removal removal_named(std::string_view name) {
  return name == "setting"      ? Removal::of_setting
         : name == "collection" ? Removal::of_collection
                                : Removal::none;
}

}  // namespace

EffectKinds::EffectKinds(const yaml::Node& file) : secrets_(file.texts("secrets")) {
  if (const auto effects = file.find("effects")) {
    for (const auto& node : effects->items) {
      const std::string name = node->text("name");
      auto kind = std::ranges::find(kinds_, name, &EffectKind::name);
      if (kind == kinds_.end())
        kind = kinds_.insert(kind, {name, node->text("word"), node->text("disturbs") == "true"});
      rules_.push_back({static_cast<std::size_t>(kind - kinds_.begin()), node->text("why"),
                        effect_named(node->text("effect")), node->texts("surfaces"), node->text("keys"),
                        removal_named(node->text("removal")), node->texts("also")});
    }
  }
  if (const auto site = file.find("site")) site_surfaces_ = site->texts("surfaces");
  if (const auto pools = file.find("pools")) {
    pool_parameter_ = pools->text("parameter");
    pool_sums_ = pools->texts("sums");
  }
}

bool EffectKinds::fits(const Rule& rule, const Setting& setting, Removal removal) {
  const auto has_surface = [&](const std::vector<std::string>& surfaces) {
    return std::ranges::find(surfaces, setting.surface) != surfaces.end();
  };
  if (removal < rule.removal) return false;
  if (has_surface(rule.also)) return true;
  if (rule.effect && *rule.effect != setting.param->effect) return false;
  if (!rule.surfaces.empty() && !has_surface(rule.surfaces)) return false;
  return rule.keys.empty() || fits_regex(setting.key, rule.keys);
}

// The last rule that fits: rules of one carrier stand behind the general ones.
EffectKinds::Found EffectKinds::of(const Setting& setting, Removal removal) const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (fits(*rule, setting, removal)) return {rule->kind, rule->why};
  }
  return {};
}

bool EffectKinds::is_of_site(const Setting& setting) const {
  return std::ranges::find(site_surfaces_, setting.surface) != site_surfaces_.end();
}

bool EffectKinds::is_secret(const ParamInfo& param) const {
  return std::ranges::any_of(secrets_,
                             [&](const std::string& names) { return fits_regex(param.name, names); });
}

}  // namespace tunec
