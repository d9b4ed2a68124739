// The lexer as a deterministic automaton over bytes: ANTLR's own is not deterministic, and simulates that one
// piece by piece at run time. ANTLR takes the longest word and, of the rules that match it, the first: so
// does the table. Rules that give up early
// (`*?`) would need more than sets of places; the grammar has none, and a test compares the two lexers.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "automaton.h"

namespace tunec::grammar {
namespace {

using antlr4::atn::ATN;
using antlr4::atn::ATNState;
using antlr4::atn::RuleTransition;
using antlr4::atn::Transition;

constexpr int symbols = 128;  // bytes above ASCII look like DEL: TuneLexer.g4

// A place in the automaton: a rule of the lexer, a state, and where the fragments that it is in go on.
struct Place {
  std::size_t rule = 0;
  const ATNState* state = nullptr;
  std::vector<const ATNState*> callers;
  auto key() const { return std::tie(rule, state->stateNumber, callers); }
  bool operator<(const Place& other) const { return key() < other.key(); }
};
using Places = std::set<Place>;

// With all that can be reached from there without a character.
void add(Places& places, Place place) {
  if (!places.insert(place).second) return;
  if (ends_rule(place.state)) {
    if (place.callers.empty()) return;
    place.state = place.callers.back();
    place.callers.pop_back();
    return add(places, std::move(place));
  }
  for (const Transition* transition : place.state->transitions) {
    if (!transition->isEpsilon()) continue;
    Place next = place;
    next.state = transition->target;
    if (const auto* call = dynamic_cast<const RuleTransition*>(transition))
      next.callers.push_back(call->followState);
    add(places, std::move(next));
  }
}

Places after(const Places& places, int symbol) {
  Places next;
  for (const Place& place : places) {
    for (const Transition* transition : place.state->transitions) {
      if (!transition->isEpsilon() && transition->matches(static_cast<std::size_t>(symbol), 0, 0x10FFFF))
        add(next, {place.rule, transition->target, place.callers});
    }
  }
  return next;
}

struct State {
  int kind = 0;  // of the word that ends here; 0: none
  std::array<int, symbols> next{};
};

// State 0 has no way out and is where no word is; state 1 is the beginning of one.
std::vector<State> deterministic(const ATN& atn) {
  Places start;
  for (const Transition* transition : atn.modeToStartState[0]->transitions)
    add(start, {transition->target->ruleIndex, transition->target, {}});
  std::map<Places, int> known{{{}, 0}, {start, 1}};
  std::vector<Places> todo{{}, start};
  std::vector<State> states;
  for (std::size_t i = 0; i < todo.size(); ++i) {
    State state;
    const Places here = todo[i];
    for (const Place& place : here) {
      const bool ends = ends_rule(place.state) && place.callers.empty();
      if (ends && state.kind == 0) state.kind = static_cast<int>(atn.ruleToTokenType[place.rule]);
    }
    for (int symbol = 0; symbol < symbols; ++symbol) {
      const auto [entry, fresh] = known.try_emplace(after(here, symbol), static_cast<int>(todo.size()));
      if (fresh) todo.push_back(entry->first);
      state.next[static_cast<std::size_t>(symbol)] = entry->second;
    }
    states.push_back(state);
  }
  return states;
}

// States that no continuation tells apart become one (Moore). Keeps 0 and 1 where they are.
std::vector<State> minimal(const std::vector<State>& states) {
  std::vector<int> part(states.size());
  std::size_t parts = 0;
  for (;;) {
    std::map<std::pair<int, std::vector<int>>, int> known;
    std::vector<int> finer;
    for (const State& state : states) {
      std::vector<int> next;
      for (const int to : state.next) next.push_back(part[static_cast<std::size_t>(to)]);
      finer.push_back(
          known.try_emplace({state.kind, std::move(next)}, static_cast<int>(known.size())).first->second);
    }
    part = std::move(finer);
    if (known.size() == parts) break;
    parts = known.size();
  }
  std::vector<State> out(parts);
  for (std::size_t i = 0; i < states.size(); ++i) {
    State& state = out[static_cast<std::size_t>(part[i])];
    state.kind = states[i].kind;
    std::ranges::transform(states[i].next, state.next.begin(),
                           [&](int to) { return part[static_cast<std::size_t>(to)]; });
  }
  return out;
}

}  // namespace

bool write_lexer(const ATN& atn, std::ostream& out) {
  const std::vector<State> states = minimal(deterministic(atn));
  std::map<std::vector<int>, int> classes;  // bytes that every state treats alike
  std::vector<int> class_of;
  for (int byte = 0; byte < 256; ++byte) {
    std::vector<int> column;
    for (const State& state : states)
      column.push_back(state.next[static_cast<std::size_t>(std::min(byte, symbols - 1))]);
    class_of.push_back(
        classes.try_emplace(std::move(column), static_cast<int>(classes.size())).first->second);
  }
  // A row: the kind of the word that ends here, then where each class of bytes leads, as the place of that
  // row.
  const std::size_t width = classes.size() + 1;
  std::vector<std::size_t> rows(states.size() * width);
  for (std::size_t state = 0; state < states.size(); ++state) {
    rows[state * width] = static_cast<std::size_t>(states[state].kind);
    for (std::size_t symbol = 0; symbol < symbols; ++symbol) {
      rows[state * width + 1 + static_cast<std::size_t>(class_of[symbol])] =
          static_cast<std::size_t>(states[state].next[symbol]) * width;
    }
  }
  std::ranges::for_each(class_of, [](int& number) { ++number; });  // its column
  if (rows.size() > 0xFFFF) return false;
  out << "\n// The lexer: " << states.size()
      << " states.\ninline constexpr std::uint16_t lexer_start = " << width << ";\n";
  write_array(out, "std::uint8_t", "lexer_column", class_of);
  write_array(out, "std::uint16_t", "lexer_rows", rows);
  return true;
}

}  // namespace tunec::grammar
