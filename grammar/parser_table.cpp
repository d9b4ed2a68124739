// The parser as tables: for each state and the word that comes next, what to do. ANTLR's automaton leaves it
// to a simulator to find which way a word leads; here all ways are followed once. Where one word does not
// decide, a row for the word after it does.
#include <algorithm>
#include <iostream>
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

// A state and where the rules that were called to get there go on; below the bottom lies whoever calls the
// rule.
struct Place {
  const ATNState* state = nullptr;
  std::vector<const ATNState*> callers;
  bool operator<(const Place& other) const {
    return std::tie(state->stateNumber, callers) < std::tie(other.state->stateNumber, other.callers);
  }
};
using Places = std::set<Place>;
using Words = std::map<ssize_t, Places>;  // a word that may come, and where it leads

struct Step {
  enum Kind { mistake, match, call, leave, look } kind = mistake;  // the numbers are those of the table
  const ATNState* to = nullptr;                                    // after the word, or after the call
  const RuleTransition* rule = nullptr;
  Words words;
  int code = 0;
};

class Tables {
 public:
  explicit Tables(const antlr4::Parser& parser)
      : atn_(parser.getATN()), rules_(parser.getRuleNames()), words_(parser.getVocabulary()) {
    for (const ATNState* state : atn_.states) {
      for (const Transition* transition : state->transitions) {
        if (const auto* call = dynamic_cast<const RuleTransition*>(transition))
          follows_[call->target->ruleIndex].push_back(call->followState);
      }
    }
    for (const ATNState* start : atn_.ruleToStartState) number(start);
    for (std::size_t i = 0; i < order_.size(); ++i) make_row(order_[i]);
  }

  bool good() const { return good_; }
  void write(std::ostream& out) const {
    out << "\n// The parser. What to do is 8 * argument + kind of step. Rule r begins in state r.\n"
        << "enum class Step : std::uint8_t { mistake, match, call, leave, look };\n"
        << "inline constexpr std::size_t parser_width = " << width()
        << ";  // a word's column is its kind + 1\n"
        << "struct Call { std::uint16_t rule, then; };\ninline constexpr Call parser_calls[] = {\n";
    for (const auto& [rule, then] : calls_) out << "    {" << rule << ", " << then << "},\n";
    out << "};\n// Where one word does not decide.\nstruct TwoWords { Rule::Number rule; Kind::Number first; "
           "};\ninline constexpr TwoWords two_words[] = {\n";
    for (const auto& [rule, first] : two_words_)
      out << "    {Rule::" << rules_[rule]
          << ", Kind::" << words_.getSymbolicName(static_cast<std::size_t>(first)) << "},\n";
    out << "};\n";
    write_array(out, "std::uint16_t", "parser_steps", steps_);
    write_array(out, "std::uint16_t", "parser_second", second_);
  }

 private:
  std::size_t width() const { return words_.getMaxTokenType() + 2; }

  int number(const ATNState* state) {
    const auto [entry, fresh] = numbers_.try_emplace(state, static_cast<int>(order_.size()));
    if (fresh) order_.push_back(state);
    return entry->second;
  }

  // Adds the words that may come at a place.
  void follow(Place place, Words& found, Places& seen) const {
    if (!seen.insert(place).second) return;
    if (ends_rule(place.state)) {
      if (!place.callers.empty()) {
        place.state = place.callers.back();
        place.callers.pop_back();
        return follow(std::move(place), found, seen);
      }
      if (const auto callers = follows_.find(place.state->ruleIndex); callers != follows_.end()) {
        for (const ATNState* then : callers->second) follow({then, {}}, found, seen);
      }
      return;
    }
    for (const Transition* transition : place.state->transitions) {
      Place next{transition->target, place.callers};
      if (const auto* call = dynamic_cast<const RuleTransition*>(transition))
        next.callers.push_back(call->followState);
      if (transition->isEpsilon()) {
        follow(std::move(next), found, seen);
      } else {
        for (const ssize_t word : transition->label().toList()) found[word].insert(next);
      }
    }
  }
  Words following(const Place& place) const {
    Words found;
    Places seen;
    follow(place, found, seen);
    return found;
  }

  // What can be done in a state: a word taken, a rule called, or this rule left.
  void steps_of(const ATNState* state, std::vector<Step>& steps, std::set<const ATNState*>& seen) {
    if (!seen.insert(state).second) return;
    if (ends_rule(state)) {
      steps.push_back({Step::leave, nullptr, nullptr, following({state, {}}), Step::leave});
      return;
    }
    for (const Transition* transition : state->transitions) {
      if (const auto* call = dynamic_cast<const RuleTransition*>(transition)) {
        const std::pair<std::size_t, int> entry{call->target->ruleIndex, number(call->followState)};
        const auto at = std::find(calls_.begin(), calls_.end(), entry) - calls_.begin();
        if (at == std::ssize(calls_)) calls_.push_back(entry);
        steps.push_back({Step::call, call->followState, call, following({call->target, {call->followState}}),
                         static_cast<int>(8 * at) + Step::call});
      } else if (transition->isEpsilon()) {
        steps_of(transition->target, steps, seen);
      } else {
        Step step{Step::match, transition->target, nullptr, {}, 8 * number(transition->target) + Step::match};
        for (const ssize_t word : transition->label().toList())
          step.words[word].insert({transition->target, {}});
        steps.push_back(std::move(step));
      }
    }
  }

  void make_row(const ATNState* state) {
    std::vector<Step> steps;
    std::set<const ATNState*> seen;
    steps_of(state, steps, seen);
    for (ssize_t word = -1; word + 2 <= static_cast<ssize_t>(width()); ++word) {
      std::vector<const Step*> fitting;
      for (const Step& step : steps) {
        if (step.words.contains(word)) fitting.push_back(&step);
      }
      if (fitting.empty()) steps_.push_back(Step::mistake);
      else if (fitting.size() == 1) steps_.push_back(fitting.front()->code);
      else steps_.push_back(look(*state, word, fitting));
    }
  }

  int look(const ATNState& state, ssize_t first, const std::vector<const Step*>& fitting) {
    const auto row = second_.size() / width();
    // What no way wants is a mistake of the second word: the first way finds it there.
    second_.resize(second_.size() + width(), fitting.front()->code);
    std::map<ssize_t, const Step*> taken;
    for (const Step* step : fitting) {
      for (const Place& place : step->words.at(first)) {
        for (const auto& [second, places] : following(place)) {
          if (const auto [entry, fresh] = taken.try_emplace(second, step); !fresh && entry->second != step) {
            std::cerr << "TuneParser.g4: rule " << rules_[state.ruleIndex] << ": "
                      << words_.getDisplayName(static_cast<std::size_t>(first)) << " and then "
                      << words_.getDisplayName(static_cast<std::size_t>(second))
                      << " may go on in several ways; two words must decide\n";
            good_ = false;
          }
          second_[row * width() + static_cast<std::size_t>(second + 1)] = step->code;
        }
      }
    }
    two_words_.emplace(state.ruleIndex, first);
    return static_cast<int>(8 * row) + Step::look;
  }

  const ATN& atn_;
  const std::vector<std::string>& rules_;
  const antlr4::dfa::Vocabulary& words_;
  std::map<std::size_t, std::vector<const ATNState*>> follows_;
  std::map<const ATNState*, int> numbers_;
  std::vector<const ATNState*> order_;
  std::vector<std::pair<std::size_t, int>> calls_;
  std::set<std::pair<std::size_t, ssize_t>> two_words_;
  std::vector<int> steps_, second_;
  bool good_ = true;
};

}  // namespace

bool write_parser(const antlr4::Parser& parser, std::ostream& out) {
  const Tables tables(parser);
  tables.write(out);
  return tables.good();
}

}  // namespace tunec::grammar
