#include "catalogue/elsewhere.h"

#include "base/value.h"
#include "catalogue/record.h"

namespace tunec {

std::map<std::string, std::string> load_elsewhere(FileId file, const Sources& sources, Reporter& reporter) {
  std::map<std::string, std::string> modules;
  const yaml::Document document = yaml::parse(file, sources);
  const yaml::NodePtr list = document.error ? nullptr : document.root->find("elsewhere");
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

}  // namespace tunec
