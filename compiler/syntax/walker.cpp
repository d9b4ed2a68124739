// An automaton with a stack. For each state and word, a table says whether to take the word, call a rule or
// leave the current rule.
#include "syntax/walker.h"

namespace tunec::syntax {

Walked walk(const Lexemes& words, std::uint32_t from, Rule::Number rule, Cst& tree) {
  using grammar::Step;
  constexpr auto none = static_cast<std::size_t>(-1);
  struct Open {
    std::size_t node;  // its place in the tree
    std::size_t then;  // the state after it
  };
  std::vector<Open> open{{tree.size(), none}};
  std::uint32_t at = from;
  std::size_t state = rule;
  const auto column = [&](std::size_t word) { return static_cast<std::size_t>(words[word].kind + 1); };
  tree.push_back({static_cast<std::int16_t>(rule), false, false, at, at, 1});
  for (;;) {
    std::size_t step = grammar::parser_steps[state * grammar::parser_width + column(at)];
    if (static_cast<Step>(step % 8) == Step::look)
      step = grammar::parser_second[step / 8 * grammar::parser_width + column(at + 1)];
    switch (static_cast<Step>(step % 8)) {
      case Step::match:
        tree.push_back({static_cast<std::int16_t>(words[at].kind), true, false, at, at, 1});
        ++at;
        state = step / 8;
        break;
      case Step::call: {
        const grammar::Call call = grammar::parser_calls[step / 8];
        open.push_back({tree.size(), call.then});
        tree.push_back({static_cast<std::int16_t>(call.rule), false, false, at, at, 1});
        state = call.rule;
        break;
      }
      case Step::leave: {
        Node& node = tree[open.back().node];
        node.last = at - 1;
        node.size = static_cast<std::uint32_t>(tree.size() - open.back().node);
        state = open.back().then;
        open.pop_back();
        if (open.empty()) return {true, at};
        break;
      }
      default: return {false, at};
    }
  }
}

}  // namespace tunec::syntax
