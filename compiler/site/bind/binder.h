// Binds statements: each path to its record in the catalogue, each inclusion to its profile, and each name in
// an expression to its meaning. A statement is bound once, however many hosts it reaches.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "diagnostics/reporter.h"
#include "site/fleet.h"

namespace tunec {

class Binder {
 public:
  // Reports names that it does not find
  using FindProfile = std::function<const Profile*(const ast::Name& name)>;

  Binder(const Catalogue& catalogue, Fleet& fleet, FindProfile find_profile, Reporter& reporter)
      : catalogue_(catalogue), fleet_(fleet), find_profile_(std::move(find_profile)), reporter_(reporter) {}

  // `parameters`: the parameters of the profile that has this body.
  Body profile(const std::vector<ast::Statement>& body, const std::vector<ast::Parameter>& parameters);
  Body host(const std::vector<ast::Statement>& body);
  // The body of `pool NAME` or `instance type NAME`.
  Body instance_template(TemplateKind kind, const ast::Name& name, const std::vector<ast::Statement>& body);
  // Binds names in an expression of an expectation, or of a constant for policies. Paths there are settings.
  void check_condition(const ast::Expr& expr);
  // The same in a policy, whose scope also offers names.
  void check_policy(const ast::Policy& policy);
  void check_value(const ast::Expr& expr);  // for a constant
  void mark_constants();           // marks those that read settings, before any expression is checked
  void bind_numbers_of_site();     // the site's `let NAME = …` for numbers that policies declare
  void report_misspelt_numbers();  // called last: reports constants that nothing read
  // Binds names in a test's expectations, where paths are settings of its hosts.
  void check_expectations(const TestDecl& test);

 private:
  // One step of a setting's name: a text, and the arguments in parentheses or the label of a block.
  struct Step {
    std::string text;
    std::vector<const ast::Expr*> instances;
    // Whether the label is an instance of this step, or a step of its own: the catalogue decides
    const ast::Expr* label = nullptr;
  };
  using Prefix = std::vector<Step>;
  enum class Place { profile, host, instance_template };

  void report_facts(const std::vector<ast::Statement>& statements);
  void bind_all(const std::vector<ast::Statement>& statements, const Prefix& prefix, Body& into);
  // The name in the parentheses of a path's part. A label or a second name is a mistake.
  std::vector<const ast::Expr*> instances_of(const ast::PathPart& part);
  void bind_block(const ast::Block& block, const Prefix& prefix, Body& into);
  void bind_include(const ast::Include& include, Body& into);
  void bind_assign(const ast::Assign& assign, const Prefix& prefix, Body& into);
  void bind_number(const ast::Assign& assign, const Prefix& prefix, Body& into);
  bool bind_templates(const ast::Assign& assign, const Prefix& prefix, Span where, Body& into);
  const ParamInfo* find_param(const Prefix& steps, const ast::Assign& assign, std::string_view suffix,
                              Span where, std::vector<const ast::Expr*>& instances);
  bool report_instance_missing(const Prefix& steps, Span where);
  std::optional<Near> with_surface(std::string_view name) const;
  const ParamInfo* improvise(const std::string& name, Span where);
  void report_unknown(const std::string& name, Span where);
  // For an option without a record: a description of its module, if the module has no record either.
  struct AboutModule {
    std::string what_is_it;
    std::optional<Near> near{};
  };
  std::optional<AboutModule> about_module(const std::string& name) const;
  bool is_of_unknown_module(const std::string& name) const;
  void report_empty_block(const Prefix& steps, const ast::Block& block);
  void check_names(const ast::Expr& expr, bool settings_too);
  void check_path(const ast::Path& path, Span span, bool settings_too);
  void check_call(const ast::PathPart& call, Span span);
  void check_argument(const ast::Argument& argument, bool settings_too);
  bool check_scoped(const ast::Path& path, Span span);
  bool check_collection(const ast::Name& name, bool as_scope);
  void check_host_in_view(const std::string& what, Span span);
  std::set<std::string_view> surfaces_with_instances() const;
  std::string surface_around(std::string_view collection) const;
  bool needs_settings(const ast::Expr& expr, std::set<std::string_view>& open);
  bool is_setting(const ast::Path& path);
  void check_setting_of(const ast::Path& path, Span span);
  void check_question(const ast::PathPart& call, Span span);
  bool check_host_of_test(std::string_view name, Span span);

  const Catalogue& catalogue_;
  Fleet& fleet_;
  FindProfile find_profile_;
  Reporter& reporter_;
  std::set<std::string, std::less<>> bare_names_;  // of records with instances, without their ()
  std::set<std::string, std::less<>> read_constants_;
  const std::vector<ast::Parameter>* parameters_ = nullptr;
  std::vector<std::string> scopes_;  // what paths may begin with in the current policy, besides surfaces
  bool host_in_view_ = true;         // false in a policy for the fleet, or for pairs
  bool goes_over_hosts_ = false;     // `… for host` is allowed
  const TestDecl* test_ = nullptr;   // the test whose expectations are checked
  Place place_ = Place::host;
  TemplateKind template_kind_ = TemplateKind::pool;
};

void bind_waivers(Fleet& fleet, const Catalogue& catalogue, bool incomplete, Reporter& reporter);
// Called when all hosts are known: reports waivers for hosts that do not exist.
void bind_waived_hosts(Fleet& fleet, Reporter& reporter);

Span span_of(const ast::Path& path);

}  // namespace tunec
