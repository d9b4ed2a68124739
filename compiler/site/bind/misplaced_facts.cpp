// Facts that stand in a host without `facts { … }` around them.
#include <algorithm>

#include "diagnostics/diag.h"
#include "machine/facts_schema.h"
#include "site/bind/binder.h"

namespace tunec {

// `host h { memory = 64GiB  cpu { … } }`: one mistake, however many facts there are.
void Binder::report_facts(const std::vector<ast::Statement>& statements) {
  std::vector<std::string> names, written;
  const ast::Statement* first = nullptr;
  for (const ast::Statement& statement : statements) {
    if (!is_fact(statement)) continue;
    if (first == nullptr) first = &statement;
    const auto* block = std::get_if<ast::Block>(&statement.node);
    const ast::Path& path = block != nullptr ? block->path : std::get<ast::Assign>(statement.node).path;
    std::string name;
    for (const ast::PathPart& part : path.parts) name += (name.empty() ? "" : ".") + part.name.text;
    if (std::ranges::find(names, "`" + name + "`") != names.end()) continue;
    names.push_back("`" + name + "`");
    const std::string label = block != nullptr && block->label ? " …" : "";
    written.push_back(block != nullptr ? fmt::format("{}{} {{ … }}", name, label) : name + " = …");
  }
  if (first == nullptr) return;
  const bool is_single = names.size() == 1;
  const std::string all = is_single
                              ? names.front()
                              : fmt::format("{} and {}", fmt::join(names.begin(), names.end() - 1, ", "),
                                            names.back());
  Draft draft = reporter_.report(first->span, diag::misplaced_statement, all);
  draft.at(is_single ? "it is a fact of the host" : "they are facts of the host");
  const std::string block = fmt::format("facts {{ {} }}", fmt::join(written, "  "));
  if (place_ == Place::host) draft.help(fmt::format("write `{}`", block));
  else
    draft.help(fmt::format("write facts in a host, or in an imported YAML file: `host … {{ {} }}`", block));
}

}  // namespace tunec
