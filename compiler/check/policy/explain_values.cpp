#include "check/policy/explain_values.h"

#include <algorithm>

#include "base/overloaded.h"
#include "syntax/print.h"

namespace tunec {
namespace {

constexpr std::size_t max_values = 6;
constexpr std::size_t max_length = 100;  // of a value: a list of a thousand CPUs helps nobody

class Explainer {
 public:
  Explainer(Evaluator& evaluate, const Fleet& fleet) : evaluate_(evaluate), fleet_(fleet) {}

  void look(const ast::Expr& expr) {
    std::visit(overloaded{
                   [&](const ast::Path& path) { look(path, expr); },
                   [&](const ast::Unary& unary) { look(*unary.operand); },
                   [&](const ast::Binary& binary) {
                     look(*binary.left);
                     look(*binary.right);
                   },
                   [&](const ast::RangeExpr& range) {
                     look(*range.lowest);
                     look(*range.highest);
                   },
                   [&](const ast::ListExpr& list) {
                     for (const auto& item : list.items) look(*item);
                   },
                   [](const auto&) {},
               },
               expr.node);
  }

  std::string text() const { return shown_.empty() ? "" : fmt::format("where {}", fmt::join(shown_, ", ")); }

 private:
  void look(const ast::Path& path, const ast::Expr& expr) {
    const ast::PathPart& first = path.parts.front();
    if (path.parts.size() == 1 && first.arguments) {
      if (first.name.text == "set") return;
      // The arguments explain more than the result: the items that were counted, not that there were 3.
      const std::size_t before = shown_.size();
      for (const ast::Argument& argument : *first.arguments) {
        if (!argument.each) look(*argument.value);
      }
      if (shown_.size() == before) show(expr);
      return;
    }
    if (path.parts.size() == 1 && !is_defined(first.name.text)) return;  // a word
    show(expr);
  }

  bool is_defined(const std::string& name) const {
    const auto is_it = [&](const ast::Let& let) { return let.name.text == name; };
    return (evaluate_.scope().lets != nullptr && std::ranges::any_of(*evaluate_.scope().lets, is_it)) ||
           fleet_.quantities.contains(name) || fleet_.constants.contains(name) ||
           (evaluate_.scope().names != nullptr && evaluate_.scope().names->contains(name));
  }

  // Settings of the site are shown at their places.
  void show(const ast::Expr& expr) {
    if (shown_.size() == max_values) return;
    const auto& path = std::get<ast::Path>(expr.node);
    const bool could_be_setting = path.parts.size() > 1;
    const std::size_t before = evaluate_.trace().looked_at.size();
    const Value value = evaluate_(expr);
    const bool found = evaluate_.trace().looked_at.size() > before;
    evaluate_.trace().looked_at.resize(before);
    if (value.poisoned() || (could_be_setting && found)) return;
    std::string is = to_source(value);
    if (is.size() > max_length) is = is.substr(0, is.find_last_of(" ,", max_length)) + " …";
    const std::string text = print(expr);
    if (text.size() > max_length) return;
    std::string line = fmt::format("`{}` = {}", text, is);
    if (std::ranges::find(shown_, line) == shown_.end()) shown_.push_back(std::move(line));
  }

  Evaluator& evaluate_;
  const Fleet& fleet_;
  std::vector<std::string> shown_;
};

}  // namespace

std::string explain_values(const ast::Expr& rule, Evaluator& evaluate, const Fleet& fleet) {
  Explainer explainer(evaluate, fleet);
  explainer.look(rule);
  return explainer.text();
}

}  // namespace tunec
