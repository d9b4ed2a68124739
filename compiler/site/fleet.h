// A site with every name bound: parameters to catalogue records, inclusions to profiles, hosts to facts.
// Nothing is computed yet. Points into the syntax trees, which it owns, and into the catalogue, which
// outlives it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "catalogue/catalogue.h"
#include "machine/facts.h"
#include "syntax/parse.h"

namespace tunec {

struct BoundSetting {
  const ParamInfo* param = nullptr;
  std::vector<const ast::Expr*> instances;  // one for each () of the parameter's name
  const ast::Expr* value = nullptr;
  const ast::Assign* assign = nullptr;  // how it was written: override, unchecked, where available
  Span where;                           // the path, as the user wrote it
};
// `pools = […]`, and in a pool `instance_types = […]`: the host also includes the bodies of these names.
enum class TemplateKind { pool, instance_type };
struct BoundTemplates {
  TemplateKind kind = TemplateKind::pool;
  const ast::Expr* value = nullptr;
  Span where;
};
struct Profile;
struct BoundInclude {
  const Profile* profile = nullptr;
  const ast::Include* include = nullptr;
  Span where;
};
struct BoundWhen;
using BoundStatement = std::variant<BoundSetting, BoundTemplates, BoundInclude, BoundWhen>;
using Body = std::vector<BoundStatement>;
struct BoundWhen {
  const ast::Expr* condition = nullptr;
  Body then, otherwise;
};

struct Profile {
  std::string name;
  Span declared;
  const ast::Profile* syntax = nullptr;
  Body body;
  bool shipped = false;  // part of tunec: mistakes in it are shown at the user's inclusion
};

// A pool or an instance type: settings of one instance. Everything that lists it includes it.
struct InstanceTemplate {
  std::string name;
  Span declared;
  Body body;
};

// One `host` or `hosts` declaration, shared by all the hosts that it names.
struct HostDeclaration {
  const ast::Host* syntax = nullptr;
  Span declared;
  Body body;
};

struct Host {
  std::string name;
  Span declared;
  std::vector<const HostDeclaration*> by_name;     // `host NAME`; these beat
  std::vector<const HostDeclaration*> by_pattern;  // `hosts PATTERN`
  std::vector<std::string> groups;
  std::shared_ptr<const Facts> facts;
  std::shared_ptr<const Labels> labels;
};

struct Constant {
  const ast::Let* syntax = nullptr;
  Span declared;
  bool looks_at_settings = false;  // then only policies can use it
  // For a constant with a default: a number that policies read, and that hosts have as a setting of this
  // name. No file carries it.
  const ParamInfo* number = nullptr;
};
struct PolicyDecl {
  const ast::Policy* syntax = nullptr;
  Span declared;
  bool names_nothing = false;  // it compares with a name that no host has, which was reported
};
struct WaiverDecl {
  const ast::Waive* syntax = nullptr;
  Span declared;
  const ParamInfo* param = nullptr;  // the parameter whose risk is taken; null if it is for a policy
  bool names_something = false;      // there is such a policy or parameter
  bool names_no_host = false;        // it matches no host, which was reported
};
struct TestDecl {
  const ast::Test* syntax = nullptr;
  Span declared;
  std::vector<Host> hosts;  // sorted by name
};

struct Fleet {
  std::string site;
  std::vector<Host> hosts;  // sorted by name
  std::map<std::string, Constant, std::less<>> constants;
  // The shipped policies' constants, which may look at settings
  std::map<std::string, Constant, std::less<>> quantities;
  std::map<std::string, InstanceTemplate, std::less<>> pools, instance_types;
  Body numbers;  // values that the site gives to all of its hosts: they beat only the defaults
  std::vector<PolicyDecl> policies;  // sorted by name
  std::vector<WaiverDecl> waivers;
  std::vector<TestDecl> tests;

  // The others point into these; boxed, so that they never move.
  std::vector<std::unique_ptr<const SyntaxTree>> trees;
  std::map<std::string, std::unique_ptr<Profile>, std::less<>> profiles;
  std::vector<std::unique_ptr<HostDeclaration>> declarations;
  std::deque<ast::Expr> labels;  // names of pools and types, as the expressions they stand for
  std::deque<ParamInfo> number_params;
  std::deque<ast::Assign> number_assigns;  // the site's `let`, as the statements they stand for
};

// The number of this name that policies declare with a default; null if there is none.
inline const ParamInfo* number_named(const Fleet& fleet, std::string_view name) {
  for (const auto* constants : {&fleet.quantities, &fleet.constants}) {
    const auto found = constants->find(name);
    if (found != constants->end() && found->second.number != nullptr) return found->second.number;
  }
  return nullptr;
}

}  // namespace tunec
