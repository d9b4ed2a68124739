#include "site/machines.h"

#include <algorithm>

#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "machine/facts_schema.h"

namespace tunec {

KnownNames& Machines::known_names() {
  if (!known_names_) known_names_.emplace(files_);
  return *known_names_;
}

const StatedFacts* Machines::find_stated(const std::string& name) {
  if (!stated_) stated_.emplace(files_.facts, reporter_);
  return stated_->find(name);
}

Machines::Known Machines::of(const Host& host, const std::string& as) {
  const StatedFacts* imported = find_stated(host.name);
  std::vector<Source> own;
  for (const auto* list : {&host.by_pattern, &host.by_name}) {
    for (const HostDeclaration* declaration : *list) {
      if (const Source& stating = inline_facts(declaration); stating.tree) own.push_back(stating);
    }
  }
  if (imported == nullptr && own.empty()) return nothing_of(host);
  std::vector<const FactTree*> key{imported == nullptr ? nullptr : imported->tree.get()};
  for (const Source& source : own) key.push_back(source.tree.get());
  Known& known = by_source_[as][std::move(key)];
  if (!known.first) known = read(host, as, imported, own);
  return known;
}

// Mistakes are reported where the first host to have them states them.
Machines::Known Machines::read(const Host& host, const std::string& as, const StatedFacts* imported,
                               const std::vector<Source>& own) {
  FactTree tree = imported != nullptr ? *moved(imported->tree, imported->shift) : FactTree{};
  for (const Source& source : own) tree = merged(std::move(tree), *moved(source.tree, source.shift));
  if (tree.span == Span{}) tree.span = host.declared;
  if (!as.empty()) tree = on_platform(std::move(tree), as);
  const FactTree stated_labels = take_labels(tree);
  auto& labels = labels_.of(stated_labels);
  if (!labels) labels = read_labels(stated_labels, reporter_);
  auto& facts = facts_.of(tree);
  if (!facts) facts = read_facts(tree, host.name, platforms_, reporter_);
  return {facts, labels};
}

Machines::Known Machines::nothing_of(const Host& host) {
  missing_ = true;
  if (!files_.incomplete) {
    Draft draft = reporter_.report(host.declared, diag::no_facts, host.name);
    draft.key("no facts").hosts({host.name});
    const std::vector<std::string>& known = known_names().sorted();
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

const Machines::Source& Machines::inline_facts(const HostDeclaration* declaration) {
  const auto [found, first] = inline_facts_.try_emplace(declaration);
  if (!first) return found->second;
  for (const ast::Statement& statement : declaration->syntax->body) {
    const auto* block = std::get_if<ast::Block>(&statement.node);
    if (block == nullptr || block->path.parts.size() != 1 || block->path.parts[0].name.text != "facts")
      continue;
    found->second = read_inline(statement, *block);
  }
  return found->second;
}

// A text that was read before means the same here. After errors it may not, since the parser recovers as the
// surroundings allow; and a mistake is said at each of its places.
Machines::Source Machines::read_inline(const ast::Statement& statement, const ast::Block& block) {
  const auto said = [this] { return reporter_.errors() + reporter_.warnings(); };
  const std::string_view text = sources_.text(statement.span);
  if (!reporter_.has_errors()) {
    if (const auto known = inline_by_text_.find(text); known != inline_by_text_.end())
      return {known->second.tree, {known->second.tree->span, statement.span}};
  }
  const std::size_t before = said();
  Source read{fact_tree(block.body, statement.span, reporter_), {statement.span, statement.span}};
  if (said() == before && !reporter_.has_errors()) inline_by_text_.emplace(text, read);
  return read;
}

}  // namespace tunec
