// Declarations are where the parser found them. In a file of facts an entry must begin a line, and be where it was read: the cutter
// (yaml_entries.h) tells where entries begin, and that no anchor leads from one to another.
#include "model/parts.h"

#include <algorithm>
#include <map>

#include "model/pattern.h"
#include "source/yaml_entries.h"

namespace tunec {
namespace {

// Of a pattern it is nobody's.
std::string one_host(const std::string& name) { return is_host_name(name) ? name : ""; }

std::string host_of(const ast::Declaration& declaration) {
  const auto* host = std::get_if<ast::Host>(&declaration.node);
  return host != nullptr && !host->many ? one_host(host->name.text) : "";
}

std::vector<Part> parts_of(const SyntaxTree& tree) {
  std::vector<Part> parts{{}};
  for (const ast::Declaration& declaration : tree.root.declarations) parts.push_back({declaration.span.begin, host_of(declaration)});
  return parts;
}

using Stated = std::vector<const StatedFacts*>;

std::vector<Part> parts_of(FileId file, const Stated& stated, const Sources& sources) {
  const auto entries = yaml::find_entries(file, sources, "hosts");
  const auto same_place = [](const yaml::Entry& entry, const StatedFacts* facts) { return entry.where.begin == facts->where.begin; };
  if (!entries || !std::ranges::equal(entries->all, stated, same_place)) return {};
  std::vector<Part> parts{{}};
  for (std::size_t i = 0; i < stated.size(); ++i) {
    parts.push_back({entries->all[i].where.begin - entries->indentation, one_host(stated[i]->pattern)});
  }
  if (entries->tail < sources.text(file).size()) parts.push_back({entries->tail, ""});
  return parts;
}

bool picks_hosts(const std::unique_ptr<const SyntaxTree>& tree) {
  return std::ranges::any_of(tree->root.declarations, [](const ast::Declaration& declaration) {
    const auto* host = std::get_if<ast::Host>(&declaration.node);
    return host != nullptr && has_wildcard(host->name.text);
  });
}

}  // namespace

std::vector<PartedFile> parted_files(const LoadedFiles& files, const Sources& sources) {
  std::vector<PartedFile> parted;
  if (!files.inventory.empty() && std::ranges::any_of(files.trees, picks_hosts)) return parted;
  const auto add = [&](FileId file, std::vector<Part> parts) {
    if (!parts.empty()) parted.push_back({std::string(sources.name(file)), sources.text(file), std::move(parts)});
  };
  for (const auto& tree : files.trees) add(tree->file, parts_of(*tree));
  std::map<FileId, Stated> stated;
  for (const StatedFacts& facts : files.facts) stated[facts.where.file].push_back(&facts);
  for (const auto& [file, facts] : stated) add(file, parts_of(file, facts, sources));
  std::ranges::sort(parted, {}, &PartedFile::path);
  return parted;
}

}  // namespace tunec
