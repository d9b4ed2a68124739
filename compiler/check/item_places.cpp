#include "check/item_places.h"

#include "base/overloaded.h"
#include "syntax/walk.h"

namespace tunec {
namespace {

// The expression as a word; nothing if it has to be computed.
std::optional<Value> word_of(const ast::Expr& expr) {
  if (const auto* literal = std::get_if<ast::Literal>(&expr.node)) return literal->value;
  if (const auto* path = std::get_if<ast::Path>(&expr.node)) {
    if (path->parts.size() == 1 && !path->parts.front().arguments)
      return symbol(path->parts.front().name.text);
  }
  if (const auto* text = std::get_if<ast::Text>(&expr.node); text != nullptr && text->holes.empty())
    return Value{text->pieces.empty() ? std::string() : text->pieces.front()};
  return std::nullopt;
}

}  // namespace

std::optional<Span> ItemPlaces::find(const Setting& setting, const Value& item, const Sources& sources) {
  if (statements_.empty()) {
    for (const auto& [name, profile] : fleet_.profiles) add(profile->body);
    for (const auto& declaration : fleet_.declarations) add(declaration->body);
  }
  const auto place_in = [&](const Origin& origin) -> std::optional<Span> {
    // The statement of another list may have added the item; that statement does not contain it
    const auto statement = statements_.find(origin.where);
    if (statement == statements_.end() || statement->second->param != setting.param) return std::nullopt;
    std::optional<Span> place;
    ast::any_within(*statement->second->value, [&](const ast::Expr& within) {
      const auto word = word_of(within);
      if (!word || !same(*word, item)) return false;
      place = within.span;
      return true;
    });
    if (place && sources.shipped(origin.where.file)) return user_place(origin, sources);
    return place;
  };
  if (auto place = place_in(setting.origin)) return place;
  for (const Origin& origin : setting.also_set_by) {
    if (auto place = place_in(origin)) return place;
  }
  return std::nullopt;
}

void ItemPlaces::add(const Body& body) {
  for (const BoundStatement& statement : body) {
    std::visit(overloaded{
                   [&](const BoundSetting& setting) { statements_.emplace(setting.where, &setting); },
                   [&](const BoundWhen& when) { add(when.then), add(when.otherwise); },
                   [](const auto&) {},
               },
               statement);
  }
}

}  // namespace tunec
