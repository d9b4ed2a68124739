// The syntax tree of one .tune file: plain data, names unresolved, each node with its place. Equality ignores
// places, so that `parse(print(tree)) == tree`. After a mistake, a gap is a Missing expression or a name with
// empty text; the mistake was reported.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/out_of_line.h"
#include "base/value.h"

namespace tunec::ast {

// A shared, immutable child, compared by its contents.
template <class T>
class Box {
 public:
  Box(T value) : value_(std::make_shared<const T>(std::move(value))) {}
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }
  bool operator==(const Box& other) const { return value_ == other.value_ || *value_ == *other.value_; }

 private:
  std::shared_ptr<const T> value_;
};

// A child that is rarely present: like std::optional, but as small as a pointer.
template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(T value) : value_(std::make_unique<T>(std::move(value))) {}
  Rare(const Rare& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) { return *this = Rare(other); }
  Rare& operator=(Rare&&) noexcept = default;
  explicit operator bool() const { return value_ != nullptr; }
  bool has_value() const { return value_ != nullptr; }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }
  bool operator==(const Rare& other) const {
    return value_ && other.value_ ? *value_ == *other.value_ : value_ == other.value_;
  }

 private:
  std::unique_ptr<T> value_;
};

struct Name {
  std::string text;
  Span span;
  bool operator==(const Name& other) const { return text == other.text; }
};

struct Expr;

struct Literal {  // 16MiB, on, "plain text", 10.8.0.1/24, 2027-03-31
  Value value;
  std::string_view text;  // as written, in its source; strings have none
  bool operator==(const Literal& other) const { return value == other.value; }
};
struct Text {  // "… {expression} …"; pieces.size() == holes.size() + 1
  std::vector<std::string> pieces;
  std::vector<Box<Expr>> holes;
  bool operator==(const Text&) const = default;
};
struct Argument {  // 25%, size: 2MiB, pool.cpus for pool where pool.cpu_pinning
  Rare<Name> label;
  Box<Expr> value;
  Rare<Name> each;  // the collection after `for`
  std::optional<Box<Expr>> where;
  bool operator==(const Argument&) const = default;
};
struct PathPart {  // name, or name(arguments): a call or an instance, as it turns out
  Name name;
  Rare<std::vector<Argument>> arguments;
  bool operator==(const PathPart&) const = default;
};
struct Path {                   // host.cpu.vendor, siblings(0..1), udev.scheduler(nvme), madvise
  std::vector<PathPart> parts;  // never empty
  bool operator==(const Path&) const = default;
};
struct ListExpr {  // [0..3, 8]
  std::vector<Box<Expr>> items;
  bool operator==(const ListExpr&) const = default;
};
struct RangeExpr {  // 2..16
  Box<Expr> lowest, highest;
  bool operator==(const RangeExpr&) const = default;
};
enum class UnaryOp { minus, not_ };
struct Unary {
  UnaryOp op;
  Box<Expr> operand;
  bool operator==(const Unary&) const = default;
};
enum class BinaryOp {
  or_,
  and_,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  add,
  subtract,
  intersect,
  multiply,
  divide,
  of
};
struct Binary {
  BinaryOp op;
  Box<Expr> left, right;
  bool operator==(const Binary&) const = default;
};
struct Missing {
  bool operator==(const Missing&) const = default;
};

using ExprNode = std::variant<Literal, Text, Path, ListExpr, RangeExpr, Unary, Binary, Missing>;
struct Expr {
  OutOfLine<ExprNode> node;
  Span span;
  bool operator==(const Expr& other) const { return node == other.node; }
};

struct Statement;

struct Doc {
  std::string text;
  bool operator==(const Doc&) const = default;
};
struct Include {  // include hugepages(size: 2MiB)
  Name profile;   // dots belong to the name
  std::vector<Argument> arguments;
  bool operator==(const Include&) const = default;
};
struct When {
  Expr condition;
  std::vector<Statement> then, otherwise;
  bool operator==(const When&) const;
};
struct Block {  // sysctl { … }, module kvm_intel { … }, mount "/srv" { … }, facts { … }
  Path path;
  Rare<Expr> label;
  std::vector<Statement> body;
  bool operator==(const Block&) const;
};
enum class AssignKind { plain, override_, unchecked, let };
struct Assign {  // vm.swappiness = 1;  vcpus = 4..16 default 4;  override x = y because "…";  let x = y
  AssignKind kind = AssignKind::plain;
  Path path;
  Expr value;
  Rare<Expr> default_value;  // after `default`
  bool where_available = false;
  Rare<std::string> because;
  bool operator==(const Assign&) const = default;
};

using StatementNode = std::variant<Doc, Include, When, Block, Assign>;
struct Statement {
  OutOfLine<StatementNode> node;
  Span span;
  bool operator==(const Statement& other) const { return node == other.node; }
};

struct Site {
  Name name;
  bool operator==(const Site&) const = default;
};
struct Import {
  std::string path;
  Span path_span;
  bool operator==(const Import& o) const { return path == o.path; }
};
struct Let {  // let reserve = 2GiB;  let hugepage_bounds default 2GiB..16GiB
  Name name;
  Expr value;
  bool is_default = false;  // others may give it a different value
  bool operator==(const Let&) const = default;
};
struct Parameter {  // size: size = 2MiB
  Name name;
  Rare<Name> type;
  Rare<Expr> default_value;
  bool operator==(const Parameter&) const = default;
};
struct Profile {
  Name name;
  std::vector<Parameter> parameters;
  std::vector<Statement> body;
  bool operator==(const Profile&) const = default;
};
// `host NAME` and `hosts PATTERN`. The name is the pattern's text: kvm-[02..40], db-*.
struct Host {
  Name name;
  bool many = false;
  std::vector<Statement> body;
  bool operator==(const Host&) const = default;
};
struct Pool {
  Name name;
  std::vector<Statement> body;
  bool operator==(const Pool&) const = default;
};
struct InstanceType {
  Name name;
  std::vector<Statement> body;
  bool operator==(const InstanceType&) const = default;
};
enum class RuleKind { require, forbid, unique, disjoint };
struct Rule {  // require A;  forbid B;  unique C per D;  disjoint E
  RuleKind kind = RuleKind::require;
  // A condition; or a value that must not be equal, or overlap, between any two items that the policy is for
  Expr value;
  Rare<Expr> per;  // only items with an equal `per` are compared
  bool operator==(const Rule&) const = default;
};
struct Part {  // of a budget: part "huge pages" = EXPR
  std::string name;
  Expr value;
  bool operator==(const Part&) const = default;
};
// A budget is a policy that demands that its parts fit its total.
struct Policy {
  bool budget = false;
  Name name;
  std::string doc;
  Rare<Name> scope;  // host (also when absent), pool, node, pair, fleet, …: see site/builtin_names.h
  Rare<Expr> per;    // `for fleet per host.rack`: each group of hosts for itself
  Rare<Expr> where;  // selects the items; comes before everything else
  // `let reserve = …`: names for values that conditions, rules and texts use; they may read settings
  std::vector<Let> lets;
  std::vector<Expr> conditions;  // `when …`: the policy applies where all of them hold
  std::vector<Rule> rules;
  Rare<Expr> total;  // of a budget
  std::vector<Part> parts;
  std::string severity;  // after `else`: error (also when absent), warning, note
  Rare<Expr> message;    // a string, with holes
  Rare<Expr> help;
  bool operator==(const Policy&) const = default;
};
struct Waive {  // waive P on host db-* owner "…" until 2027-03-31 because "…"
  Name what;    // a policy, or a parameter whose risk is taken; dots belong to the name
  Name hosts;   // a pattern
  Rare<std::string> owner;
  std::optional<Date> until;
  std::string because;
  bool broken = false;  // its owner, end or reason has a mistake, which was reported
  bool operator==(const Waive&) const = default;
};
struct Test {
  Name name;
  std::vector<Host> hosts;
  std::vector<Expr> expectations;
  bool operator==(const Test&) const = default;
};

using DeclarationNode =
    std::variant<Site, Import, Let, Profile, Host, Pool, InstanceType, Policy, Waive, Test>;
struct Declaration {
  OutOfLine<DeclarationNode> node;
  Span span;
  bool operator==(const Declaration& other) const { return node == other.node; }
};

struct File {
  std::vector<Declaration> declarations;
  bool operator==(const File&) const = default;
};

inline bool When::operator==(const When& o) const {
  return condition == o.condition && then == o.then && otherwise == o.otherwise;
}
inline bool Block::operator==(const Block& o) const {
  return path == o.path && label == o.label && body == o.body;
}

}  // namespace tunec::ast
