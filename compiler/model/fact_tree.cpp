// Facts are literals: an expression that would have to be computed has no place in them.
#include "model/fact_tree.h"

#include <algorithm>
#include <array>

#include "base/overloaded.h"
#include "diagnostics/diag.h"

namespace tunec {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> lists{
    {{"disk", "disks"}, {"nic", "nics"}, {"gpu", "gpus"}, {"pci", "pci"}, {"node", "nodes"}}};

FactTree scalar(Value value, Span span) {
  FactTree tree;
  tree.kind = FactTree::Kind::scalar;
  tree.value = std::move(value);
  tree.span = span;
  return tree;
}

FactTree from_expr(const ast::Expr& expr, Reporter& reporter);

// [0..3, 8] is both a list of numbers and a CPU set; ranges of numbers say which.
FactTree from_list(const ast::ListExpr& list, Span span, Reporter& reporter) {
  FactTree tree;
  tree.kind = FactTree::Kind::list;
  tree.span = span;
  for (const auto& item : list.items) tree.items.push_back(from_expr(*item, reporter));
  return tree;
}

FactTree from_expr(const ast::Expr& expr, Reporter& reporter) {
  return std::visit(
      overloaded{
          [&](const ast::Literal& literal) { return scalar(literal.value, expr.span); },
          [&](const ast::ListExpr& list) { return from_list(list, expr.span, reporter); },
          [&](const ast::RangeExpr& range) {
            const FactTree low = from_expr(*range.lowest, reporter), high = from_expr(*range.highest, reporter);
            return scalar(range_of(low.value, high.value), expr.span);
          },
          [&](const ast::Path& path) {
            if (path.parts.size() == 1 && !path.parts[0].arguments) return scalar(symbol(path.parts[0].name.text), expr.span);
            reporter.report(expr.span, diag::bad_facts, "facts are plain values: nothing is computed in them");
            return scalar(Value{Poison{}}, expr.span);
          },
          [&](const ast::Missing&) { return scalar(Value{Poison{}}, expr.span); },
          [&](const auto&) {
            reporter.report(expr.span, diag::bad_facts, "facts are plain values: nothing is computed in them");
            return scalar(Value{Poison{}}, expr.span);
          },
      },
      expr.node);
}

FactTree& entry_of(FactTree& map, std::string_view key, Span span, FactTree::Kind kind) {
  for (auto& entry : map.entries) {
    if (entry.key == key) return entry.tree;
  }
  FactTree tree;
  tree.kind = kind;
  tree.span = span;
  map.entries.push_back({std::string(key), span, std::move(tree)});
  return map.entries.back().tree;
}

std::string joined_names(const ast::Path& path) {
  std::string name;
  for (const auto& part : path.parts) name += (name.empty() ? "" : ".") + part.name.text;
  return name;
}

void add_block(FactTree& map, const ast::Block& block, Span span, Reporter& reporter) {
  const std::string name = joined_names(block.path);
  FactTree body = fact_tree(block.body, span, reporter);
  const auto* list = std::ranges::find(lists, name, [](const auto& pair) { return pair.first; });
  if (list == lists.end()) {
    FactTree& into = entry_of(map, name, span, FactTree::Kind::map);
    into = merged(std::move(into), body);
    return;
  }
  if (block.label) {
    const std::string_view key = name == "gpu" || name == "pci" ? "address" : name == "node" ? "" : "name";
    if (!key.empty()) body.entries.push_back({std::string(key), block.label->span, from_expr(*block.label, reporter)});
  }
  entry_of(map, list->second, span, FactTree::Kind::list).items.push_back(std::move(body));
}

void append_canonical(const FactTree& tree, std::string& text) {
  switch (tree.kind) {
    case FactTree::Kind::scalar:
      text += to_source(tree.value);
      break;
    case FactTree::Kind::list:
      text += '[';
      for (const FactTree& item : tree.items) {
        append_canonical(item, text);
        text += ',';
      }
      text += ']';
      break;
    case FactTree::Kind::map: {
      std::vector<const FactTree::Entry*> sorted;
      for (const auto& entry : tree.entries) sorted.push_back(&entry);
      std::ranges::sort(sorted, {}, &FactTree::Entry::key);
      text += '{';
      for (const auto* entry : sorted) {
        text += entry->key + '=';
        append_canonical(entry->tree, text);
        text += ';';
      }
      text += '}';
      break;
    }
  }
}

}  // namespace

const FactTree* FactTree::find(std::string_view key) const {
  for (const auto& entry : entries) {
    if (entry.key == key) return &entry.tree;
  }
  return nullptr;
}

FactTree fact_tree(const yaml::Node& node) {
  FactTree tree;
  tree.span = node.span;
  switch (node.kind) {
    case yaml::Node::Kind::null:
      break;  // an empty map: nothing is stated
    case yaml::Node::Kind::scalar:
      return scalar(node.quoted ? Value{node.scalar} : scalar_from_text(node.scalar), node.span);
    case yaml::Node::Kind::sequence:
      tree.kind = FactTree::Kind::list;
      for (const auto& item : node.items) tree.items.push_back(fact_tree(*item));
      break;
    case yaml::Node::Kind::map:
      for (const auto& [key, value] : node.entries) tree.entries.push_back({key->scalar, key->span, fact_tree(*value)});
      break;
  }
  return tree;
}

FactTree fact_tree(const std::vector<ast::Statement>& body, Span span, Reporter& reporter) {
  FactTree map;
  map.span = span;
  for (const ast::Statement& statement : body) {
    std::visit(overloaded{
                   [&](const ast::Assign& assign) {
                     const std::string name = joined_names(assign.path);
                     if (assign.where_available) reporter.report(statement.span, diag::misplaced_statement, "`where available`").help("facts say what a machine has");
                     if (map.find(name) != nullptr) {
                       reporter.report(statement.span, diag::declared_twice, "fact", name);
                       return;
                     }
                     map.entries.push_back({name, statement.span, from_expr(assign.value, reporter)});
                   },
                   [&](const ast::Block& block) { add_block(map, block, statement.span, reporter); },
                   [&](const ast::Doc&) {},
                   [&](const ast::Include&) { reporter.report(statement.span, diag::misplaced_statement, "`include`"); },
                   [&](const ast::When&) { reporter.report(statement.span, diag::misplaced_statement, "`when`"); },
               },
               statement.node);
  }
  return map;
}

FactTree merged(FactTree under, const FactTree& over) {
  for (const auto& entry : over.entries) {
    const auto same = std::ranges::find(under.entries, entry.key, &FactTree::Entry::key);
    if (same == under.entries.end()) {
      under.entries.push_back(entry);
    } else if (same->tree.kind == FactTree::Kind::map && entry.tree.kind == FactTree::Kind::map) {
      same->tree = merged(std::move(same->tree), entry.tree);
    } else {
      *same = entry;
    }
  }
  return under;
}

std::string canonical(const FactTree& tree) {
  std::string text;
  append_canonical(tree, text);
  return text;
}

}  // namespace tunec
