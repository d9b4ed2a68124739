// Most joints follow from a word and its neighbour. The tree adds what these two do not show: where
// statements begin, which `(` begins the arguments of a call, which `-` is a sign, and what is a pattern.
#include "format/joints.h"

#include "syntax/lexeme.h"

namespace tunec::format {
namespace {

using syntax::Kind;
using syntax::Node;
using syntax::Rule;

bool is_statement(const Node& node) {
  switch (node.number) {
    case Rule::doc:
    case Rule::include:
    case Rule::when:
    case Rule::number:
    case Rule::assign:
    case Rule::forced:
    case Rule::block:
    case Rule::clause:
    case Rule::host:
    case Rule::expectation: return true;
    default: return false;
  }
}

class Placer {
 public:
  Placer(Words& words, const syntax::Cst& tree, std::uint32_t first)
      : words_(words), tree_(tree), first_(first), at_(first) {}

  void run() {
    for (std::size_t i = 0; i < tree_.size(); ++i) {
      while (!open_.empty() && i >= open_.back().end) open_.pop_back();
      const Node& node = tree_[i];
      if (node.is_word) {
        if (node.number != Kind::START) word(node);
        continue;
      }
      if (!open_.empty() && has_statements(open_.back().rule) && is_statement(node)) begins_statement_ = true;
      if (node.number == Rule::expr && !in_expr(i)) expr_end_ = i + node.size;
      if (node.number == Rule::pattern) pattern_end_ = i + node.size, in_pattern_ = false;
      open_.push_back({node.number, i + node.size});
    }
    words_.all[first_].joint = must_stay() ? Joint::fixed : Joint::declaration;
  }

 private:
  struct Open {
    int rule;
    std::size_t end;
  };

  static bool has_statements(int rule) {
    return rule == Rule::body || rule == Rule::policy || rule == Rule::budget || rule == Rule::test;
  }
  bool in_expr(std::size_t i) const { return i < expr_end_; }

  // The parser reads two lines that begin with keywords of declarations as two declarations (lexeme.h). If a
  // comment separates such words, and the first of them does not begin a line, it must not become the first
  // word of a line.
  bool must_stay() const {
    const Word& name = words_.all[first_ + 1];
    return first_ > 0 && !words_.all[first_].new_line && syntax::begins_declaration(name.kind) &&
           !words_.comments_before(first_ + 1).empty();
  }

  void word(const Node& node) {
    const std::size_t i = static_cast<std::size_t>(&node - tree_.data());
    Word& word = words_.all[at_];
    word.joint = joint(i, node.number);
    before_ = node.number;
    if (word.kind == Kind::LBRACE) blocks_.push_back(at_);
    if (word.kind == Kind::RBRACE) {
      words_.all[blocks_.back()].match = at_;
      blocks_.pop_back();
    }
    ++at_;
  }

  // The joint of word i of the tree.
  Joint joint(std::size_t i, int kind) {
    const int rule = open_.back().rule;
    const bool after_sign = after_sign_;
    after_sign_ = rule == Rule::operand && kind == Kind::MINUS;
    if (begins_statement_ || (rule == Rule::budget && (kind == Kind::TOTAL || kind == Kind::PART))) {
      begins_statement_ = false;
      return Joint::statement;
    }
    if (i < pattern_end_) {
      const bool inside = in_pattern_;
      in_pattern_ = true;
      return inside ? Joint::as_written : Joint::fixed;
    }
    switch (kind) {
      case Kind::RBRACE: return Joint::close;
      case Kind::LBRACE:
      case Kind::ASSIGN: return Joint::fixed;
      case Kind::DOT:
      case Kind::DOTS:
      case Kind::COMMA:
      case Kind::COLON: return Joint::tight;
      case Kind::RPAREN:
      case Kind::RBRACKET: return Joint::inner;
      case Kind::LPAREN:
        if (rule == Rule::arguments || rule == Rule::profile) return Joint::tight;
        break;
      default: break;
    }
    if (before_ == Kind::DOT || before_ == Kind::DOTS || after_sign) return Joint::tight;
    if (before_ == Kind::LPAREN || before_ == Kind::LBRACKET) return Joint::inner;
    if (before_ == Kind::COMMA) return Joint::space;
    return in_expr(i) || may_begin_line(rule, kind) ? Joint::space : Joint::fixed;
  }

  // Outside of expressions.
  static bool may_begin_line(int rule, int kind) {
    switch (kind) {
      case Kind::STRING:
        return rule == Rule::doc || rule == Rule::clause || rule == Rule::forced || rule == Rule::waive;
      case Kind::WHERE:
        return rule == Rule::assign || rule == Rule::forced || rule == Rule::clause || rule == Rule::argument;
      case Kind::DEFAULT: return rule == Rule::assign;
      case Kind::BECAUSE: return rule == Rule::forced || rule == Rule::waive;
      case Kind::PER: return rule == Rule::clause;
      case Kind::ON: return rule == Rule::waive;
      case Kind::OWNER:
      case Kind::UNTIL: return rule == Rule::term;
      default: return false;
    }
  }

  Words& words_;
  const syntax::Cst& tree_;
  std::uint32_t first_, at_;
  std::vector<Open> open_;
  std::vector<std::uint32_t> blocks_;
  std::size_t expr_end_ = 0, pattern_end_ = 0;
  int before_ = 0;
  bool begins_statement_ = false, in_pattern_ = false, after_sign_ = false;
};

}  // namespace

void place_joints(Words& words, const syntax::Cst& tree, std::uint32_t first) {
  Placer(words, tree, first).run();
}

}  // namespace tunec::format
