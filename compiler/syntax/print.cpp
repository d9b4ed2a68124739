// The AST as canonical text: one statement a line, two blanks a level, parentheses only where the table of
// operators.h needs them, and names in quotes only if they are no names.
#include "syntax/print.h"

#include <algorithm>

#include "base/overloaded.h"
#include "syntax/keywords.h"
#include "syntax/literals.h"
#include "syntax/operators.h"

namespace tunec {
namespace {

using syntax::infix;

constexpr int primary_tightness = 10;

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Like the lexer's ID: letters, digits, _ and inner hyphens, not beginning with a digit.
bool is_name(std::string_view text) {
  if (text.empty() || !is_alnum(text.front()) || (text.front() >= '0' && text.front() <= '9')) return false;
  if (text.back() == '-' || text.find("--") != std::string_view::npos) return false;
  return std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_dotted(std::string_view text) {
  for (std::size_t dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
    if (!is_name(text.substr(0, dot))) return false;
    text.remove_prefix(dot + 1);
  }
  return is_name(text);
}

// Whether a block with this name needs quotes around it.
bool is_reserved(std::string_view text) {
  const auto* keyword = std::ranges::find(syntax::keywords, text, &syntax::Keyword::word);
  return keyword != syntax::keywords.end() && (keyword->begins & syntax::Keyword::reserved) != 0;
}

std::string quoted(std::string_view text) { return "\"" + syntax::escape(text) + "\""; }
std::string part_name(std::string_view text) { return is_name(text) ? std::string(text) : quoted(text); }

int tightness(const ast::Expr& expr) {
  if (const auto* binary = std::get_if<ast::Binary>(&expr.node)) return infix(binary->op).tightness;
  if (std::holds_alternative<ast::RangeExpr>(expr.node)) return syntax::range_infix().tightness;
  if (const auto* unary = std::get_if<ast::Unary>(&expr.node))
    return unary->op == ast::UnaryOp::not_ ? syntax::not_tightness : syntax::minus_tightness;
  return primary_tightness;
}

class Printer {
 public:
  std::string take() { return std::move(out_); }

  void expr(const ast::Expr& expr) {
    std::visit(
        overloaded{
            [&](const ast::Literal& literal) { this->literal(literal); },
            [&](const ast::Text& text) { this->text(text); },
            [&](const ast::Path& path) { this->path(path); },
            [&](const ast::ListExpr& list) { this->list(list); },
            [&](const ast::RangeExpr& range) { joined(range.lowest, syntax::range_infix(), range.highest); },
            [&](const ast::Unary& unary) { this->unary(unary); },
            [&](const ast::Binary& binary) { joined(binary.left, infix(binary.op), binary.right); },
            [&](const ast::Missing&) { out_ += "\"\""; }},
        expr.node);
  }

  void file(const ast::File& file) {
    for (const ast::Declaration& declaration : file.declarations) {
      if (!out_.empty()) out_ += '\n';
      std::visit([&](const auto& node) { print(node); }, declaration.node);
      out_ += '\n';
    }
  }

 private:
  void literal(const ast::Literal& literal) {
    if (const auto* string = literal.value.get_if<std::string>()) out_ += quoted(*string);
    else out_ += literal.text.empty() ? to_source(literal.value) : literal.text;
  }
  void text(const ast::Text& text) {
    out_ += '"';
    for (std::size_t i = 0; i < text.pieces.size(); ++i) {
      out_ += syntax::escape(text.pieces[i]);
      if (i == text.holes.size()) break;
      out_ += '{';
      expr(*text.holes[i]);
      out_ += '}';
    }
    out_ += '"';
  }
  void path(const ast::Path& path) {
    for (std::size_t i = 0; i < path.parts.size(); ++i) {
      if (i > 0) out_ += '.';
      out_ += part_name(path.parts[i].name.text);
      if (path.parts[i].arguments) arguments(*path.parts[i].arguments);
    }
  }
  void arguments(const std::vector<ast::Argument>& arguments) {
    out_ += '(';
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (i > 0) out_ += ", ";
      if (arguments[i].label) out_ += arguments[i].label->text + ": ";
      expr(*arguments[i].value);
      if (arguments[i].each) out_ += " for " + arguments[i].each->text;
      if (arguments[i].where) out_ += " where ", expr(**arguments[i].where);
    }
    out_ += ')';
  }
  void list(const ast::ListExpr& list) {
    out_ += '[';
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      if (i > 0) out_ += ", ";
      expr(*list.items[i]);
    }
    out_ += ']';
  }
  void at_least(const ast::Expr& operand, int wanted) {
    const bool loose = tightness(operand) < wanted;
    if (loose) out_ += '(';
    expr(operand);
    if (loose) out_ += ')';
  }
  void unary(const ast::Unary& unary) {
    const bool is_not = unary.op == ast::UnaryOp::not_;
    out_ += is_not ? "not " : "-";
    at_least(*unary.operand, is_not ? syntax::not_tightness : syntax::minus_tightness);
  }
  void joined(const ast::Box<ast::Expr>& left, const syntax::Infix& by, const ast::Box<ast::Expr>& right) {
    at_least(*left, by.chains ? by.tightness : by.tightness + 1);
    const bool range = !by.op;
    (out_ += range ? "" : " ").append(by.text).append(range ? "" : " ");
    at_least(*right, by.tightness + 1);
  }

  // Statements

  void line() { out_.append(1, '\n').append(static_cast<std::size_t>(depth_) * 2, ' '); }
  void body(const std::vector<ast::Statement>& statements) {
    if (statements.empty()) {
      out_ += "{ }";
      return;
    }
    out_ += '{';
    ++depth_;
    for (const ast::Statement& statement : statements) {
      line();
      std::visit([&](const auto& node) { print(node); }, statement.node);
    }
    --depth_;
    line();
    out_ += '}';
  }
  void print(const ast::Doc& doc) { out_ += "doc " + quoted(doc.text); }
  void print(const ast::Include& include) {
    out_ += "include " + include.profile.text;
    if (!include.arguments.empty()) arguments(include.arguments);
  }
  void print(const ast::When& first) {
    const ast::When* when = &first;
    for (out_ += "when ";; out_ += " else when ") {
      expr(when->condition);
      out_ += ' ';
      body(when->then);
      const auto* next = when->otherwise.size() == 1 ? std::get_if<ast::When>(&when->otherwise.front().node)
                                                     : nullptr;
      if (next == nullptr) break;
      when = next;
    }
    if (when->otherwise.empty()) return;
    out_ += " else ";
    body(when->otherwise);
  }
  void print(const ast::Block& block) {
    const ast::PathPart& first = block.path.parts.front();
    if (is_name(first.name.text) && is_reserved(first.name.text)) {
      ast::Path rest = block.path;
      rest.parts.erase(rest.parts.begin());
      out_ += quoted(first.name.text);
      if (first.arguments) arguments(*first.arguments);
      if (!rest.parts.empty()) out_ += '.', path(rest);
    } else {
      path(block.path);
    }
    out_ += ' ';
    if (block.label) expr(*block.label), out_ += ' ';
    body(block.body);
  }
  void print(const ast::Assign& assign) {
    if (assign.kind == ast::AssignKind::override_) out_ += "override ";
    if (assign.kind == ast::AssignKind::unchecked) out_ += "unchecked ";
    if (assign.kind == ast::AssignKind::let) out_ += "let ";
    path(assign.path);
    out_ += " = ";
    expr(assign.value);
    if (assign.where_available) out_ += " where available";
    if (assign.default_value) out_ += " default ", expr(*assign.default_value);
    if (assign.because) out_ += " because " + quoted(*assign.because);
  }

  // Declarations

  void print(const ast::Site& site) { out_ += "site " + site.name.text; }
  void print(const ast::Import& import) { out_ += "import " + quoted(import.path); }
  void print(const ast::Let& let) {
    out_ += "let " + let.name.text + (let.is_default ? " default " : " = ");
    expr(let.value);
  }
  void print(const ast::Profile& profile) {
    out_ += "profile " + profile.name.text;
    for (std::size_t i = 0; i < profile.parameters.size(); ++i) {
      const ast::Parameter& parameter = profile.parameters[i];
      out_ += (i == 0 ? "(" : ", ") + parameter.name.text;
      if (parameter.type) out_ += ": " + parameter.type->text;
      if (parameter.default_value) out_ += " = ", expr(*parameter.default_value);
    }
    out_ += profile.parameters.empty() ? " " : ") ";
    body(profile.body);
  }
  void print(const ast::Host& host) {
    out_ += (host.many ? "hosts " : "host ") + host.name.text + " ";
    body(host.body);
  }
  void print(const ast::Pool& pool) {
    out_ += "pool " + pool.name.text + " ";
    body(pool.body);
  }
  void print(const ast::InstanceType& type) {
    out_ += "instance type " + type.name.text + " ";
    body(type.body);
  }
  void print(const ast::Policy& policy) {
    out_ += (policy.budget ? "budget " : "policy ") + policy.name.text + " {";
    ++depth_;
    if (!policy.doc.empty()) line(), print(ast::Doc{policy.doc});
    if (policy.scope) {
      line();
      out_ += "for " + policy.scope->text;
      if (policy.scope->text == "pair") out_ += " of hosts";
      if (policy.per) out_ += " per ", expr(*policy.per);
      if (policy.where) out_ += " where ", expr(*policy.where);
    }
    for (const ast::Let& let : policy.lets) line(), print(let);
    for (const ast::Expr& condition : policy.conditions) line(), out_ += "when ", expr(condition);
    for (const ast::Rule& rule : policy.rules) {
      static constexpr std::string_view words[] = {"require ", "forbid ", "unique ", "disjoint "};
      line();
      out_ += words[static_cast<std::size_t>(rule.kind)];
      expr(rule.value);
      if (rule.per) out_ += " per ", expr(*rule.per);
    }
    if (policy.total) line(), out_ += "total ", expr(*policy.total);
    for (const ast::Part& part : policy.parts)
      line(), out_ += "part " + quoted(part.name) + " = ", expr(part.value);
    if (!policy.severity.empty() || policy.message) {
      line();
      out_ += "else";
      if (!policy.severity.empty()) out_ += " " + policy.severity;
      if (policy.message) out_ += ' ', expr(*policy.message);
    }
    if (policy.help) line(), out_ += "help ", expr(*policy.help);
    --depth_;
    out_ += "\n}";
  }
  void print(const ast::Waive& waive) {
    out_ += "waive " + (is_dotted(waive.what.text) ? waive.what.text : quoted(waive.what.text)) +
            " on host " + waive.hosts.text;
    if (waive.owner) out_ += " owner " + quoted(*waive.owner);
    if (waive.until) out_ += " until " + to_source(Value{*waive.until});
    out_ += " because " + quoted(waive.because);
  }
  void print(const ast::Test& test) {
    out_ += "test " + quoted(test.name.text) + " {";
    ++depth_;
    for (const ast::Host& host : test.hosts) line(), print(host);
    for (const ast::Expr& expectation : test.expectations) line(), out_ += "expect ", expr(expectation);
    --depth_;
    out_ += "\n}";
  }

  std::string out_;
  int depth_ = 0;
};

}  // namespace

std::string print(const ast::File& file) {
  Printer printer;
  printer.file(file);
  return printer.take();
}

std::string print(const ast::Expr& expr) {
  Printer printer;
  printer.expr(expr);
  return printer.take();
}

}  // namespace tunec
