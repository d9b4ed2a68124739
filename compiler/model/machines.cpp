#include "model/machines.h"

#include <algorithm>

#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "model/facts_read.h"
#include "model/pattern.h"

namespace tunec {

const std::vector<std::string>& Machines::known_names() {
  if (!known_names_.empty()) return known_names_;
  for (const auto& [name, host] : files_.inventory) known_names_.push_back(name);
  for (const StatedFacts& stated : files_.facts) {
    if (has_wildcard(stated.pattern)) continue;
    auto expanded = expand_pattern(stated.pattern);
    if (const auto* names = std::get_if<std::vector<std::string>>(&expanded)) known_names_.insert(known_names_.end(), names->begin(), names->end());
  }
  std::ranges::sort(known_names_);
  known_names_.erase(std::ranges::unique(known_names_).begin(), known_names_.end());
  return known_names_;
}

Machines::Known Machines::of(const Host& host, const std::string& as) {
  const FactTree* imported = stated(host.name);
  std::vector<const HostDeclaration*> stating;
  for (const auto* list : {&host.by_pattern, &host.by_name}) {
    for (const HostDeclaration* declaration : *list) {
      if (inline_facts(declaration) != nullptr) stating.push_back(declaration);
    }
  }
  if (imported == nullptr && stating.empty()) return nothing_of(host);
  std::string key = fmt::format("{}{}", as, static_cast<const void*>(imported));
  for (const HostDeclaration* declaration : stating) key += fmt::format(" {}", static_cast<const void*>(declaration));
  Known& known = by_source_[key];
  if (known.first) return known;
  FactTree tree = imported != nullptr ? *imported : FactTree{};
  for (const HostDeclaration* declaration : stating) tree = merged(std::move(tree), *inline_facts(declaration));
  if (tree.span == Span{}) tree.span = host.declared;
  if (!as.empty()) tree = on_platform(std::move(tree), as);
  const FactTree labels = take_labels(tree);
  auto& labels_known = labels_by_text_[canonical(labels)];
  if (!labels_known) labels_known = read_labels(labels, reporter_);
  auto& facts_known = facts_by_text_[canonical(tree)];
  if (!facts_known) facts_known = read_facts(tree, host.name, platforms_, reporter_);
  return known = {facts_known, labels_known};
}

Machines::Known Machines::nothing_of(const Host& host) {
  missing_ = true;
  if (!files_.incomplete) {
    Draft draft = reporter_.report(host.declared, diag::no_facts, host.name);
    draft.key("no facts").hosts({host.name});
    const std::vector<std::string>& known = known_names();
    if (const auto near = nearest(host.name, std::vector<std::string_view>(known.begin(), known.end()))) {
      draft.help(fmt::format("did you mean `{}`, of which something is known?", *near));
    }
  }
  static const Known nothing = [] {
    auto facts = std::make_shared<Facts>();
    facts->faulty = true;
    auto labels = std::make_shared<Labels>();
    labels->faulty = true;
    return Known{std::move(facts), std::move(labels)};
  }();
  return nothing;
}

const FactTree* Machines::stated(const std::string& name) {
  if (!std::exchange(indexed_, true)) index_stated();
  if (const auto found = stated_by_name_.find(name); found != stated_by_name_.end()) return found->second->tree.get();
  for (const StatedFacts* stated : stated_patterns_) {
    if (matches_pattern(stated->pattern, name)) return stated->tree.get();
  }
  return nullptr;
}

void Machines::index_stated() {
  for (const StatedFacts& stated : files_.facts) {
    if (has_wildcard(stated.pattern) || stated.pattern.find('[') != std::string::npos) {
      stated_patterns_.push_back(&stated);
    } else if (const auto [known, first] = stated_by_name_.emplace(stated.pattern, &stated); !first) {
      reporter_.report(stated.where, diag::declared_twice, "the machine", stated.pattern).label(known->second->where, "first stated here");
    }
  }
}

const FactTree* Machines::inline_facts(const HostDeclaration* declaration) {
  auto [found, first] = inline_facts_.try_emplace(declaration);
  if (first) {
    for (const ast::Statement& statement : declaration->syntax->body) {
      const auto* block = std::get_if<ast::Block>(&statement.node);
      if (block == nullptr || block->path.parts.size() != 1 || block->path.parts[0].name.text != "facts") continue;
      found->second = std::make_unique<FactTree>(fact_tree(block->body, statement.span, reporter_));
    }
  }
  return found->second.get();
}

}  // namespace tunec
