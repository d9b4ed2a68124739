#include "catalogue/harvest_kinds.h"

#include <algorithm>

#include "catalogue/load.h"
#include "catalogue/param_text.h"
#include "diagnostics/diag.h"
#include "source/yaml.h"

namespace tunec {

HarvestKinds::HarvestKinds(FileId file, const Sources& sources, Reporter& reporter) {
  const yaml::Document document = yaml::parse(file, sources);
  if (document.error) {
    reporter.report(document.error->where, diag::bad_yaml, document.error->reason);
    return;
  }
  const auto text = [](const yaml::Node& node, std::string_view key) {
    const auto found = node.find(key);
    return found ? found->scalar : std::string();
  };
  if (const auto listed = document.root->find("kinds")) {
    for (const auto& node : listed->items) {
      HarvestKind kind;
      kind.key = text(*node, "key");
      kind.effect = effect_named(text(*node, "effect")).value_or(Effect::live);
      kind.if_builtin = text(*node, "if_builtin"), kind.listed_by = text(*node, "listed_by"),
      kind.doc = text(*node, "doc");
      kind.pattern = text(*node, "pattern"), kind.pattern_why = text(*node, "pattern_why");
      kind.left_out = text(*node, "left_out");
      kind.is_partly_read = text(*node, "partly_read") == "true";
      kind.slashes = text(*node, "slashes") == "true";
      kind.is_repeated = text(*node, "repeated") == "true";
      for (const auto& [entry, pairs] :
           {std::pair{"instances", &kind.instances}, {"modules", &kind.modules}}) {
        const auto given = node->find(entry);
        if (!given) continue;
        for (const auto& [begin, called] : given->entries) pairs->emplace_back(begin->scalar, called->scalar);
      }
      const auto texts = [&](std::string_view entry, std::vector<std::string>& into) {
        const auto given = node->find(entry);
        if (!given) return;
        for (const auto& item : given->items) into.push_back(item->scalar);
        if (given->items.empty()) into.push_back(given->scalar);
      };
      texts("surface", kind.surfaces);
      texts("name", kind.names);
      kinds.emplace(text(*node, "kind"), std::move(kind));
    }
  }
  if (const auto words = document.root->find("types")) {
    for (const auto& [word, node] : words->entries) {
      ParamInfo as_record;
      read_type_name(text(*node, "type"), as_record);
      types.emplace(word->scalar, TypeWord{as_record.type, as_record.element, text(*node, "range"),
                                           text(*node, "separator")});
    }
  }
}

std::string filled(std::string_view pattern, std::string_view name) {
  std::string text(pattern);
  if (const std::size_t hole = text.find("{}"); hole != std::string::npos) text.replace(hole, 2, name);
  return text;
}

std::string key_of(const HarvestKind& kind, std::string_view name) {
  std::string key(name);
  for (const auto& [begin, called] : kind.instances) {
    if (key.starts_with(begin)) key.replace(0, begin.size(), called);
  }
  for (std::size_t at = key.find("()"); at != std::string::npos; at = key.find("()", at))
    key.replace(at, 2, ".{}");
  if (kind.slashes) std::ranges::replace(key, '.', '/');
  return filled(kind.key, key);
}

std::string_view module_at(const HarvestKind& kind, std::string_view where) {
  std::size_t longest = 0;
  std::string_view module;
  for (const auto& [begin, name] : kind.modules) {
    if (!where.starts_with(begin) || begin.size() <= longest) continue;
    longest = begin.size();
    module = name;
  }
  return module;
}

}  // namespace tunec
