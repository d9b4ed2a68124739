// Facts are literals. An expression that would have to be computed is not allowed.
#include "machine/raw_facts.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "base/overloaded.h"
#include "diagnostics/diag.h"

namespace tunec {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> lists{
    {{"disk", "disks"}, {"nic", "nics"}, {"gpu", "gpus"}, {"pci", "pci"}, {"node", "nodes"}}};

RawFacts scalar(Value value, Span span) {
  RawFacts tree;
  tree.kind = RawFacts::Kind::scalar;
  tree.value = std::move(value);
  tree.span = span;
  return tree;
}

RawFacts from_expr(const ast::Expr& expr, Reporter& reporter);

// [0..3, 8] can be a list of numbers or a CPU set; a range of numbers makes it a CPU set.
RawFacts from_list(const ast::ListExpr& list, Span span, Reporter& reporter) {
  RawFacts tree;
  tree.kind = RawFacts::Kind::list;
  tree.span = span;
  for (const auto& item : list.items) tree.items.push_back(shared(from_expr(*item, reporter)));
  return tree;
}

RawFacts from_expr(const ast::Expr& expr, Reporter& reporter) {
  return std::visit(
      overloaded{
          [&](const ast::Literal& literal) { return scalar(literal.value, expr.span); },
          [&](const ast::ListExpr& list) { return from_list(list, expr.span, reporter); },
          [&](const ast::RangeExpr& range) {
            const RawFacts low = from_expr(*range.lowest, reporter),
                           high = from_expr(*range.highest, reporter);
            return scalar(range_of(low.value, high.value), expr.span);
          },
          [&](const ast::Path& path) {
            if (path.parts.size() == 1 && !path.parts[0].arguments)
              return scalar(symbol(path.parts[0].name.text), expr.span);
            reporter.report(expr.span, diag::bad_facts, "facts are plain values: they cannot be computed");
            return scalar(Value{Poison{}}, expr.span);
          },
          [&](const ast::Missing&) { return scalar(Value{Poison{}}, expr.span); },
          [&](const auto&) {
            reporter.report(expr.span, diag::bad_facts, "facts are plain values: they cannot be computed");
            return scalar(Value{Poison{}}, expr.span);
          },
      },
      expr.node);
}

// The entries of a block while it is read, since several statements may add to one entry.
using Drafts = std::map<std::string, std::pair<Span, RawFacts>, std::less<>>;

RawFacts& draft_of(Drafts& drafts, std::string_view key, Span span, RawFacts::Kind kind) {
  const auto [draft, fresh] = drafts.try_emplace(std::string(key));
  RawFacts& tree = draft->second.second;
  if (fresh) {
    draft->second.first = tree.span = span;
    tree.kind = kind;
  }
  return tree;
}

std::string joined_names(const ast::Path& path) {
  std::string name;
  for (const auto& part : path.parts) name += (name.empty() ? "" : ".") + part.name.text;
  return name;
}

RawFacts from_statements(const StatementList& statements, Span span, Reporter& reporter);

void report_twice(Span where, const std::string& name, Span first, Reporter& reporter) {
  reporter.report(where, diag::declared_twice, "fact", name).label(first, "first given here");
}

// Unites two maps of one name. If both give the same fact, that is reported, and the first counts.
RawFacts united(RawFacts first, const RawFacts& second, const std::string& name, Reporter& reporter) {
  for (const RawFacts::Entry& entry : second.entries) {
    const auto same = std::ranges::find(first.entries, entry.key, &RawFacts::Entry::key);
    if (same == first.entries.end()) {
      add_entry(first, entry);
      continue;
    }
    const std::string inner = name + "." + entry.key;
    if (same->tree->kind == RawFacts::Kind::map && entry.tree->kind == RawFacts::Kind::map)
      same->tree = shared(united(*same->tree, *entry.tree, inner, reporter));
    else report_twice(entry.span, inner, same->span, reporter);
  }
  return first;
}

void add_map(Drafts& drafts, const std::string& name, const RawFacts& map, Span span, Reporter& reporter) {
  RawFacts& into = draft_of(drafts, name, span, RawFacts::Kind::map);
  if (into.kind == RawFacts::Kind::map) into = united(std::move(into), map, name, reporter);
  else report_twice(span, name, into.span, reporter);
}

// `gpu 0000:65:00.0 { … }` and `gpu(0000:65:00.0) { … }` mean the same.
const ast::Expr* label_of(const ast::Block& block) {
  if (block.label) return &*block.label;
  const auto& arguments = block.path.parts.back().arguments;
  return arguments && arguments->size() == 1 ? &*arguments->front().value : nullptr;
}

void add_block(Drafts& drafts, const ast::Block& block, Span span, Reporter& reporter) {
  const std::string name = joined_names(block.path);
  StatementList statements;
  for (const ast::Statement& statement : block.body) statements.push_back(&statement);
  RawFacts body = from_statements(statements, span, reporter);
  const auto* list = std::ranges::find(lists, name, [](const auto& pair) { return pair.first; });
  if (list == lists.end()) return add_map(drafts, name, body, span, reporter);
  RawFacts& into = draft_of(drafts, list->second, span, RawFacts::Kind::list);
  if (into.kind != RawFacts::Kind::list)
    return report_twice(span, std::string(list->second), into.span, reporter);
  if (const ast::Expr* label_expr = label_of(block)) {
    const std::string_view key = name == "gpu" || name == "pci" ? "address" : name == "node" ? "" : "name";
    RawFacts label = from_expr(*label_expr, reporter);
    const auto* number = label.value.get_if<std::int64_t>();
    if (key.empty() && number != nullptr && *number != std::ssize(into.items))
      reporter.report(
          label_expr->span, diag::bad_facts,
          fmt::format("nodes stand in their order: this is node {}, not {}", into.items.size(), *number));
    if (!key.empty() && body.find(key) == nullptr)
      add_entry(body, {std::string(key), label_expr->span, shared(std::move(label))});
  }
  into.items.push_back(shared(std::move(body)));
}

// `cpu.cores = 16` is `cpu { cores = 16 }`.
void add_assign(Drafts& drafts, const ast::Assign& assign, Span span, Reporter& reporter) {
  RawFacts tree = from_expr(assign.value, reporter);
  const auto& parts = assign.path.parts;
  for (std::size_t i = parts.size(); i-- > 1;) {
    RawFacts map;
    map.span = span;
    map.entries.push_back({parts[i].name.text, span, shared(std::move(tree))});
    tree = std::move(map);
  }
  const std::string& name = parts.front().name.text;
  if (parts.size() > 1) return add_map(drafts, name, tree, span, reporter);
  const auto [draft, fresh] = drafts.try_emplace(name, span, std::move(tree));
  if (!fresh) report_twice(span, name, draft->second.first, reporter);
}

RawFacts from_statements(const StatementList& statements, Span span, Reporter& reporter) {
  Drafts drafts;
  for (const ast::Statement* each : statements) {
    const ast::Statement& statement = *each;
    std::visit(
        overloaded{
            [&](const ast::Assign& assign) {
              if (assign.where_available)
                reporter.report(statement.span, diag::misplaced_statement, "`where available`")
                    .help("facts describe what a machine has");
              add_assign(drafts, assign, statement.span, reporter);
            },
            [&](const ast::Block& block) { add_block(drafts, block, statement.span, reporter); },
            [&](const ast::Doc&) {},
            [&](const ast::Include&) {
              reporter.report(statement.span, diag::misplaced_statement, "`include`");
            },
            [&](const ast::When&) { reporter.report(statement.span, diag::misplaced_statement, "`when`"); },
        },
        statement.node);
  }
  RawFacts map;
  map.span = span;
  map.entries.reserve(drafts.size() + 1);  // a label may join them
  for (auto& [name, draft] : drafts)
    map.entries.push_back({name, draft.first, shared(std::move(draft.second))});
  return map;
}

void mix(std::size_t& hash, std::size_t more) { hash = (hash ^ more) * 0x9E3779B97F4A7C15U + (hash >> 29); }

// Equal values of one kind have one hash.
std::size_t hash_of(const Value& value) {
  if (const auto* text = value.get_if<std::string>()) return std::hash<std::string>{}(*text);
  if (const auto* word = value.get_if<Word>()) return std::hash<std::string>{}(word->text) + 1;
  if (const auto* number = value.get_if<std::int64_t>()) return std::hash<std::int64_t>{}(*number);
  if (const auto* size = value.get_if<Bytes>()) return std::hash<std::int64_t>{}(size->count) + 1;
  return std::hash<std::string>{}(to_source(value));
}

bool same_value(const Value& a, const Value& b) {
  // 5.10 and 5.1 are equal numbers
  const bool told_by_text = a.is<Decimal>() || a.is<Range>() || a.is<List>() || a.is<Version>();
  return (!told_by_text && a == b) || to_source(a) == to_source(b);
}

// Compares two trees once, even if aliases repeat them.
class Comparison {
 public:
  bool same(const RawFacts& a, const RawFacts& b) {
    if (&a == &b) return true;
    if (a.kind != b.kind || a.items.size() != b.items.size() || a.entries.size() != b.entries.size())
      return false;
    if (a.kind == RawFacts::Kind::scalar) return same_value(a.value, b.value);
    const auto same_trees = [&](const RawFactsPtr& x, const RawFactsPtr& y) { return same_shared(x, y); };
    return std::ranges::equal(a.items, b.items, same_trees) &&
           std::ranges::equal(a.entries, b.entries, [&](const RawFacts::Entry& x, const RawFacts::Entry& y) {
             return x.key == y.key && same_shared(x.tree, y.tree);
           });
  }

 private:
  bool same_shared(const RawFactsPtr& a, const RawFactsPtr& b) {
    if (a->content != b->content) return false;
    if (a->kind == RawFacts::Kind::scalar || (a.use_count() == 1 && b.use_count() == 1)) return same(*a, *b);
    // Without this, repeated aliases would take exponential time
    if (seen_.contains({a.get(), b.get()})) return true;
    if (!same(*a, *b)) return false;
    seen_.emplace(a.get(), b.get());
    return true;
  }

  std::set<std::pair<const RawFacts*, const RawFacts*>> seen_;
};

class Mover {
 public:
  explicit Mover(const Shift& shift) : shift_(shift) {}

  RawFactsPtr operator()(const RawFactsPtr& tree) {
    if (tree.use_count() == 1) return shared(copy(*tree));
    RawFactsPtr& copied = moved_[tree.get()];
    if (!copied) copied = shared(copy(*tree));
    return copied;
  }

 private:
  RawFacts copy(const RawFacts& tree) {
    RawFacts made;
    made.kind = tree.kind;
    made.value = tree.value;
    made.span = shift_(tree.span);
    for (const RawFactsPtr& item : tree.items) made.items.push_back((*this)(item));
    for (const auto& [key, span, value] : tree.entries)
      made.entries.push_back({key, shift_(span), (*this)(value)});
    return made;
  }

  Shift shift_;
  std::map<const RawFacts*, RawFactsPtr> moved_;  // keeps shared trees shared
};

}  // namespace

const RawFacts* RawFacts::find(std::string_view key) const {
  const auto found = std::ranges::lower_bound(entries, key, {}, &Entry::key);
  return found == entries.end() || found->key != key ? nullptr : found->tree.get();
}

RawFactsPtr RawFactsOfYaml::of(const yaml::NodePtr& node) {
  const bool repeated = node.use_count() > 1;
  if (repeated) {
    if (const auto found = shared_.find(node); found != shared_.end()) return found->second;
  }
  RawFacts tree;
  tree.span = node->span;
  switch (node->kind) {
    case yaml::Node::Kind::null: break;  // an empty map: no fact is given
    case yaml::Node::Kind::scalar:
      tree = scalar(node->quoted ? Value{node->scalar} : scalar_from_text(node->scalar), node->span);
      break;
    case yaml::Node::Kind::sequence:
      tree.kind = RawFacts::Kind::list;
      tree.items.reserve(node->items.size());
      for (const auto& item : node->items) tree.items.push_back(of(item));
      break;
    case yaml::Node::Kind::map:
      tree.entries.reserve(node->entries.size());
      for (const auto& [key, value] : node->entries)
        tree.entries.push_back({key->scalar, key->span, of(value)});
      std::ranges::sort(tree.entries, {}, &RawFacts::Entry::key);
      break;
  }
  RawFactsPtr made = shared(std::move(tree));
  if (repeated) shared_.emplace(node, made);
  return made;
}

RawFactsPtr raw_facts_of(const StatementList& statements, Span span, Reporter& reporter) {
  return shared(from_statements(statements, span, reporter));
}

bool holds_poison(const RawFacts& tree) {
  if (tree.kind == RawFacts::Kind::scalar) return tree.value.poisoned();
  return std::ranges::any_of(tree.items, [](const RawFactsPtr& item) { return holds_poison(*item); }) ||
         std::ranges::any_of(tree.entries, [](const RawFacts::Entry& e) { return holds_poison(*e.tree); });
}

void add_entry(RawFacts& map, RawFacts::Entry entry) {
  map.entries.insert(std::ranges::lower_bound(map.entries, entry.key, {}, &RawFacts::Entry::key),
                     std::move(entry));
}

RawFacts merged(RawFacts under, const RawFacts& over) {
  std::vector<RawFacts::Entry> both;
  both.reserve(under.entries.size() + over.entries.size());
  auto next = under.entries.begin();
  for (const RawFacts::Entry& entry : over.entries) {
    for (; next != under.entries.end() && next->key < entry.key; ++next) both.push_back(std::move(*next));
    if (next == under.entries.end() || next->key != entry.key) {
      both.push_back(entry);
      continue;
    }
    RawFacts::Entry& same = *next++;
    const bool maps = same.tree->kind == RawFacts::Kind::map && entry.tree->kind == RawFacts::Kind::map;
    if (maps) same.tree = shared(merged(*same.tree, *entry.tree));
    both.push_back(maps ? std::move(same) : entry);
  }
  std::move(next, under.entries.end(), std::back_inserter(both));
  under.entries = std::move(both);
  return under;
}

RawFactsPtr moved(const RawFactsPtr& tree, const Shift& shift) {
  return shift.from == shift.to ? tree : Mover(shift)(tree);
}

RawFactsPtr shared(RawFacts tree) {
  tree.content = content_hash(tree);
  return std::make_shared<const RawFacts>(std::move(tree));
}

std::size_t content_hash(const RawFacts& tree) {
  std::size_t hash = static_cast<std::size_t>(tree.kind) + 1;
  if (tree.kind == RawFacts::Kind::scalar) mix(hash, hash_of(tree.value));
  for (const RawFactsPtr& item : tree.items) mix(hash, item->content);
  for (const RawFacts::Entry& entry : tree.entries)
    mix(hash, std::hash<std::string>{}(entry.key)), mix(hash, entry.tree->content);
  return hash;
}

bool same_content(const RawFacts& a, const RawFacts& b) { return Comparison().same(a, b); }

}  // namespace tunec
