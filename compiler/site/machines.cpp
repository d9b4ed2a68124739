#include "site/machines.h"

#include <algorithm>

#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "machine/facts_schema.h"

namespace tunec {

HostNames& Machines::host_names() {
  if (!host_names_) host_names_.emplace(files_);
  return *host_names_;
}

const ImportedFacts* Machines::find_imported(const std::string& name) {
  if (!stated_) stated_.emplace(files_.facts, reporter_);
  return stated_->find(name);
}

Machines::Known Machines::of(const Host& host, const std::string& as) {
  const ImportedFacts* imported = find_imported(host.name);
  std::vector<Source> own;
  for (const auto* list : {&host.by_pattern, &host.by_name}) {
    for (const HostDeclaration* declaration : *list) {
      if (Source source = inline_facts(declaration); source.tree) own.push_back(std::move(source));
    }
  }
  if (imported == nullptr && own.empty()) return nothing_of(host);
  // A tree without other owners belongs to this host alone.
  const auto is_shared = [](const Source& source) { return source.tree.use_count() > 1; };
  const bool alone = own.empty() ? imported->tree.use_count() == 1 : !std::ranges::all_of(own, is_shared);
  if (alone) return read(host, as, imported, own);
  std::vector<const RawFacts*> key{imported == nullptr ? nullptr : imported->tree.get()};
  for (const Source& source : own) key.push_back(source.tree.get());
  Known& shared = by_source_[as][std::move(key)];
  if (!shared.first) shared = read(host, as, imported, own);
  return shared;
}

// Mistakes are reported at the facts of the first host that has them.
Machines::Known Machines::read(const Host& host, const std::string& as, const ImportedFacts* imported,
                               const std::vector<Source>& own) {
  RawFacts tree = imported != nullptr ? *moved(imported->tree, imported->shift) : RawFacts{};
  for (const Source& source : own) {
    const RawFactsPtr over = moved(source.tree, source.shift);
    if (tree.entries.empty()) tree.entries = over->entries;
    else tree = merged(std::move(tree), *over);
  }
  if (tree.span == Span{}) tree.span = host.declared;
  if (!as.empty()) tree = on_platform(std::move(tree), as);
  const RawFacts stated_labels = take_labels(tree);
  auto labels = labels_.of(stated_labels, reporter_, [&] { return read_labels(stated_labels, reporter_); });
  auto facts = facts_.of(tree, reporter_, [&] {
    return read_facts(tree, host.name, platforms_, distinct_platforms_, reporter_);
  });
  return {std::move(facts), std::move(labels)};
}

Machines::Known Machines::nothing_of(const Host& host) {
  missing_ = true;
  if (!files_.incomplete) {
    Draft draft = reporter_.report(host.declared, diag::no_facts, host.name);
    draft.key("no facts").hosts({host.name});
    const std::vector<std::string>& names = host_names().sorted();
    if (const auto near = nearest(host.name, std::vector<std::string_view>(names.begin(), names.end()))) {
      draft.did_you_mean({near->wrong, near->name}, "", ", which has facts");
    }
  }
  static const Known nothing = [] {
    Platform platform;
    platform.faulty = true;
    auto facts = std::make_shared<Facts>();
    facts->platform = std::make_shared<const Platform>(std::move(platform));
    auto labels = std::make_shared<Labels>();
    labels->faulty = true;
    return Known{std::move(facts), std::move(labels)};
  }();
  return nothing;
}

Machines::Source Machines::inline_facts(const HostDeclaration* declaration) {
  const bool many = declaration->syntax->many;
  if (many) {
    if (const auto found = inline_facts_.find(declaration); found != inline_facts_.end())
      return found->second;
  }
  StatementList blocks, misplaced;
  for (const ast::Statement& statement : declaration->syntax->body) {
    if (is_facts_block(statement)) blocks.push_back(&statement);
    else if (is_fact(statement)) misplaced.push_back(&statement);
  }
  Source source;
  if (blocks.size() == 1 && misplaced.empty()) source = read_inline(*blocks.front());
  else if (!blocks.empty() || !misplaced.empty()) source = read_several(blocks, std::move(misplaced));
  if (many) inline_facts_.emplace(declaration, source);
  return source;
}

// Reads several blocks as one. Facts outside any block are read too, although the binder reports them, so
// that they cause no further mistakes.
Machines::Source Machines::read_several(const StatementList& blocks, StatementList statements) {
  for (const ast::Statement* block : blocks) {
    for (const ast::Statement& statement : std::get<ast::Block>(block->node).body)
      statements.push_back(&statement);
  }
  const Span span = blocks.empty() ? statements.front()->span : blocks.front()->span;
  return {raw_facts_of(statements, span, reporter_), {span, span}};
}

// A text that was read before has the same meaning here. This does not hold after errors, since the parser
// recovers depending on the surroundings. It does not hold for a mistake either, which has to be reported at
// each place.
Machines::Source Machines::read_inline(const ast::Statement& statement) {
  StatementList body;
  for (const ast::Statement& inner : std::get<ast::Block>(statement.node).body) body.push_back(&inner);
  const auto reports = [this] { return reporter_.errors() + reporter_.warnings(); };
  const std::string_view text = sources_.text(statement.span);
  if (!reporter_.has_errors()) {
    if (const auto found = inline_by_text_.find(text); found != inline_by_text_.end())
      return {found->second.tree, {found->second.tree->span, statement.span}};
  }
  const std::size_t before = reports();
  Source read{raw_facts_of(body, statement.span, reporter_), {statement.span, statement.span}};
  if (reports() == before && !reporter_.has_errors() &&
      !read_once_.insert(std::hash<std::string_view>{}(text)).second)
    inline_by_text_.emplace(text, read);
  return read;
}

}  // namespace tunec
