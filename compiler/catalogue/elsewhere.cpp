#include "catalogue/elsewhere.h"

#include "base/value.h"
#include "catalogue/record.h"

namespace tunec {

namespace {

constexpr char alias_mark = '=';  // no place that modules come from begins with it

}  // namespace

std::map<std::string, std::string> load_elsewhere(FileId file, const Sources& sources, Reporter& reporter) {
  std::map<std::string, std::string> modules;
  const yaml::Document document = yaml::parse(file, sources);
  if (document.error) return modules;
  if (const yaml::NodePtr aliases = document.root->find("aliases")) {
    for (const auto& [alias, module] : aliases->entries)
      modules.emplace(module_name(alias->scalar), alias_mark + module_name(module->scalar));
  }
  const yaml::NodePtr list = document.root->find("elsewhere");
  if (!list) return modules;
  for (const auto& node : list->items) {
    Record record(*node, nullptr, reporter);
    const std::vector<std::string> names = record.texts("names");
    const std::string from = record.text("from");
    if (names.empty() || from.empty() || record.text("source").empty())
      record.bad(*node, "modules from elsewhere need `names`, `from` and `source`");
    for (const std::string& name : names) modules.emplace(module_name(name), from);
    record.report_unused();
  }
  return modules;
}

std::string_view module_behind(std::string_view from) {
  return from.starts_with(alias_mark) ? from.substr(1) : std::string_view();
}

}  // namespace tunec
