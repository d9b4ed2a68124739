// Declarations are collected first and bound afterwards, so that their order has no effect. A shipped profile
// is parsed when an inclusion first names it.
#include "site/bind/resolve.h"

#include <algorithm>
#include <deque>
#include <tuple>

#include "base/overloaded.h"
#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "machine/host_pattern.h"
#include "site/bind/binder.h"
#include "site/bind/comparisons.h"
#include "site/bind/numbers.h"
#include "site/machines.h"

namespace tunec {
namespace {

class Resolver {
 public:
  Resolver(LoadedFiles files, const Knowledge& knowledge, Sources& sources, Reporter& reporter)
      : files_(std::move(files)),
        knowledge_(knowledge),
        sources_(sources),
        reporter_(reporter),
        binder_(
            knowledge.catalogue, fleet_, [this](const ast::Name& name) { return find_profile(name); },
            reporter),
        machines_(files_, knowledge.platforms, sources, reporter) {}

  Fleet run() {
    load_policies();
    for (auto& tree : files_.trees) collect(*tree);
    binder_.mark_constants();
    binder_.bind_numbers_of_site();
    bind_profiles();
    bind_templates();
    check_constants();
    check_policies();
    make_hosts();
    make_tests();
    bind_profiles();  // profiles that hosts named come first
    for (const TestDecl& test : fleet_.tests) binder_.check_expectations(test);
    if (!files_.incomplete) binder_.report_misspelt_numbers();
    report_site();
    if (!files_.incomplete && !fleet_.hosts.empty()) {
      bind_waived_hosts(fleet_, reporter_);
      check_comparisons(files_.trees, fleet_, files_.inventory, knowledge_.platforms, reporter_);
    }
    for (auto& tree : files_.trees) fleet_.trees.push_back(std::move(tree));
    std::ranges::sort(fleet_.policies, {}, [](const PolicyDecl& policy) { return policy.syntax->name.text; });
    return std::move(fleet_);
  }

 private:
  template <class Map>
  bool first_of_its_name(const Map& declared, std::string_view what, const ast::Name& name, Span first) {
    if (declared.find(name.text) == declared.end()) return true;
    reporter_.report(name.span, diag::declared_twice, std::string(what), name.text)
        .label(first, "first declared here");
    return false;
  }

  void collect(const SyntaxTree& tree) {
    for (const ast::Declaration& declaration : tree.root.declarations) {
      std::visit(overloaded{
                     [&](const ast::Site& site) { collect_site(site); },
                     [&](const ast::Import&) {},
                     [&](const ast::Let& let) { collect_constant(let); },
                     [&](const ast::Profile& profile) { collect_profile(profile); },
                     [&](const ast::Host& host) {
                       fleet_.declarations.push_back(
                           std::make_unique<HostDeclaration>(HostDeclaration{&host, host.name.span, {}}));
                     },
                     [&](const ast::Pool& pool) {
                       collect_template(TemplateKind::pool, "pool", pool.name, pool.body);
                     },
                     [&](const ast::InstanceType& type) {
                       collect_template(TemplateKind::instance_type, "instance type", type.name, type.body);
                     },
                     [&](const ast::Policy& policy) { collect_policy(policy); },
                     [&](const ast::Waive& waive) {
                       fleet_.waivers.push_back({&waive, waive.what.span});
                     },
                     [&](const ast::Test& test) {
                       fleet_.tests.push_back({&test, declaration.span, {}});
                     },
                 },
                 declaration.node);
    }
  }

  void collect_site(const ast::Site& site) {
    if (!fleet_.site.empty() && fleet_.site != site.name.text) {
      reporter_.report(site.name.span, diag::declared_twice, "site", site.name.text)
          .label(site_span_, "the site is named here");
      return;
    }
    fleet_.site = site.name.text;
    site_span_ = site.name.span;
  }

  void collect_constant(const ast::Let& let) {
    auto& constants = sources_.shipped(let.name.span.file) ? fleet_.quantities : fleet_.constants;
    const auto same = constants.find(let.name.text);
    if (!first_of_its_name(constants, "constant", let.name,
                           same == constants.end() ? Span{} : same->second.declared))
      return;
    Constant& constant = constants[let.name.text] = {&let, let.name.span};
    if (!let.is_default) return;
    if (auto number = number_declared_by(let, reporter_))
      constant.number = &fleet_.number_params.emplace_back(std::move(*number));
  }

  void collect_profile(const ast::Profile& profile) {
    if (profile.name.text.empty()) return;
    const auto earlier = fleet_.profiles.find(profile.name.text);
    if (earlier != fleet_.profiles.end()) {
      first_of_its_name(fleet_.profiles, "profile", profile.name, earlier->second->declared);
      return;
    }
    auto made = std::make_unique<Profile>(Profile{
        profile.name.text, profile.name.span, &profile, {}, sources_.shipped(profile.name.span.file)});
    unbound_.push_back(made.get());
    fleet_.profiles.emplace(profile.name.text, std::move(made));
  }

  void collect_template(TemplateKind kind, std::string_view what, const ast::Name& name,
                        const std::vector<ast::Statement>& body) {
    auto& templates = kind == TemplateKind::pool ? fleet_.pools : fleet_.instance_types;
    const auto found = templates.find(name.text);
    if (!first_of_its_name(templates, what, name, found == templates.end() ? Span{} : found->second.declared))
      return;
    templates[name.text] = {name.text, name.span, {}};
    templates_.push_back({kind, &name, &body});
  }

  // A site's policy replaces the shipped policy of the same name; so a site can set other bounds.
  void collect_policy(const ast::Policy& policy) {
    const auto same = std::ranges::find(fleet_.policies, policy.name.text,
                                        [](const PolicyDecl& p) { return p.syntax->name.text; });
    if (same == fleet_.policies.end()) {
      fleet_.policies.push_back({&policy, policy.name.span});
    } else if (sources_.shipped(same->declared.file)) {
      *same = {&policy, policy.name.span};
    } else {
      reporter_.report(policy.name.span, diag::declared_twice, "policy", policy.name.text)
          .label(same->declared, "first declared here");
    }
  }

  void load_policies() {
    for (const ShippedFile* file : knowledge_.library.under("stdlib/policies/")) {
      fleet_.trees.push_back(parse_text(fmt::format("tunec:{}", file->path), std::string(file->text), true,
                                        sources_, reporter_));
      collect(*fleet_.trees.back());
    }
  }

  const Profile* find_profile(const ast::Name& name) {
    if (name.text.empty()) return nullptr;
    if (const auto found = fleet_.profiles.find(name.text); found != fleet_.profiles.end())
      return found->second.get();
    const ShippedFile* file = knowledge_.library.with_profile(name.text);
    if (file == nullptr) {
      report_unknown_profile(name);
      return nullptr;
    }
    fleet_.trees.push_back(
        parse_text(fmt::format("tunec:{}", file->path), std::string(file->text), true, sources_, reporter_));
    for (const ast::Declaration& declaration : fleet_.trees.back()->root.declarations) {
      // A site's profile of the same name takes precedence.
      const auto* profile = std::get_if<ast::Profile>(&declaration.node);
      if (profile != nullptr && !fleet_.profiles.contains(profile->name.text)) collect_profile(*profile);
    }
    const auto found = fleet_.profiles.find(name.text);
    // A mistake in that file was reported
    return found == fleet_.profiles.end() ? nullptr : found->second.get();
  }

  void report_unknown_profile(const ast::Name& name) {
    const std::vector<std::string> shipped = knowledge_.library.profile_names();
    std::vector<std::string_view> names(shipped.begin(), shipped.end());
    for (const auto& [own, profile] : fleet_.profiles) names.push_back(own);
    if (files_.incomplete) return;
    auto draft = reporter_.report(name.span, diag::unknown_profile, name.text);
    if (const auto near = nearest(name.text, names)) draft.did_you_mean(*near);
  }

  void bind_profiles() {
    while (!unbound_.empty()) {
      Profile* profile = unbound_.front();
      unbound_.pop_front();
      profile->body = binder_.profile(profile->syntax->body, profile->syntax->parameters);
    }
  }

  void bind_templates() {
    for (const auto& [kind, name, body] : templates_) {
      auto& templates = kind == TemplateKind::pool ? fleet_.pools : fleet_.instance_types;
      templates[name->text].body = binder_.instance_template(kind, *name, *body);
    }
  }

  void check_constants() {
    for (const auto* constants : {&fleet_.constants, &fleet_.quantities}) {
      for (const auto& [name, constant] : *constants) {
        if (constant.looks_at_settings) binder_.check_condition(constant.syntax->value);
        else binder_.check_value(constant.syntax->value);
      }
    }
  }

  void check_policies() {
    for (const PolicyDecl& policy : fleet_.policies) binder_.check_policy(*policy.syntax);
    bind_waivers(fleet_, knowledge_.catalogue, files_.incomplete, reporter_);
  }

  using Hosts = std::map<std::string, Host>;

  void add_hosts(HostDeclaration& declaration, Hosts& hosts) {
    declaration.body = binder_.host(declaration.syntax->body);
    const ast::Host& syntax = *declaration.syntax;
    if (syntax.name.text.empty()) return;
    for (const std::string& name : names_of(syntax)) {
      Host& host = hosts[name];
      if (host.name.empty()) {
        host.name = name;
        host.declared = declaration.declared;
      }
      if (!syntax.many && !host.by_name.empty()) {
        reporter_.report(declaration.declared, diag::declared_twice, "host", name)
            .label(host.by_name.front()->declared, "first declared here");
        continue;
      }
      if (!syntax.many) host.declared = declaration.declared;
      (syntax.many ? host.by_pattern : host.by_name).push_back(&declaration);
    }
  }

  std::vector<Host> with_facts(Hosts hosts, const std::string& as) {
    std::vector<Host> all;
    for (auto& [name, host] : hosts) {
      if (const auto listed = files_.inventory.find(name); listed != files_.inventory.end())
        host.groups = listed->second.groups;
      std::tie(host.facts, host.labels) = machines_.of(host, as);
      all.push_back(std::move(host));
    }
    return all;
  }

  void make_hosts() {
    Hosts hosts;
    hosts_declared_ = !fleet_.declarations.empty();
    for (const auto& declaration : fleet_.declarations) add_hosts(*declaration, hosts);
    fleet_.hosts = with_facts(std::move(hosts), knowledge_.as);
    report_without_os();
  }

  // Most checks need a version. Tests are exempt, since they may give only the facts that they are about.
  void report_without_os() {
    std::vector<std::string> names;
    Span where;
    for (const Host& host : fleet_.hosts) {
      const Platform& platform = *host.facts->platform;
      if (platform.faulty || !platform.os.empty() || platform.kernel) continue;
      if (names.empty()) where = host.declared;
      names.push_back(host.name);
    }
    if (!names.empty()) reporter_.report(where, diag::os_not_given).hosts(std::move(names));
  }

  std::vector<std::string> names_of(const ast::Host& syntax) {
    const std::string& pattern = syntax.name.text;
    if (std::ranges::count(pattern, '*') > 3) {
      reporter_.report(syntax.name.span, diag::bad_pattern, pattern, "it has more than three `*`");
      return {};
    }
    if (!has_wildcard(pattern)) {
      auto expanded = expand_pattern(pattern);
      if (const auto* bad = std::get_if<BadPattern>(&expanded)) {
        reporter_.report(syntax.name.span, diag::bad_pattern, pattern, bad->reason);
        return {};
      }
      if (!syntax.many && pattern.find('[') != std::string::npos) {
        reporter_.report(syntax.name.span, diag::bad_pattern, pattern, "one host has one name")
            .help("write `hosts` for several");
        return {};
      }
      return std::get<std::vector<std::string>>(expanded);
    }
    std::vector<std::string> names = machines_.matching(pattern);
    if (names.empty() && !files_.incomplete) {
      reporter_.report(syntax.name.span, diag::matches_nothing, "the pattern", pattern)
          .help("`*` picks among the hosts that imported facts or an inventory name");
    }
    return names;
  }

  void make_tests() {
    for (TestDecl& test : fleet_.tests) {
      Hosts hosts;
      for (const ast::Host& syntax : test.syntax->hosts) {
        fleet_.declarations.push_back(
            std::make_unique<HostDeclaration>(HostDeclaration{&syntax, syntax.name.span, {}}));
        add_hosts(*fleet_.declarations.back(), hosts);
      }
      test.hosts = with_facts(std::move(hosts), "");  // the hosts of a test have their own platforms
    }
  }

  void report_site() {
    // It is no mistake that a site leaves out some hosts of the facts; it is one if it leaves out all of
    // them.
    const bool used = std::ranges::any_of(
        fleet_.hosts, [&](const Host& host) { return machines_.has_imported_facts(host.name); });
    if (!files_.facts.empty() && !fleet_.hosts.empty() && !machines_.missing() && !used) {
      reporter_.report(files_.facts.back().where, diag::matches_nothing, "the facts of",
                       files_.facts.back().pattern);
    }
    if (files_.incomplete || files_.trees.empty()) return;
    const bool is_empty = std::ranges::all_of(
        files_.trees, [](const auto& tree) { return tree->root.declarations.empty(); });
    if (fleet_.site.empty() && !fleet_.hosts.empty())
      reporter_.report(fleet_.hosts.front().declared, diag::no_site);
    else if (fleet_.site.empty() && (knowledge_.needs_site || is_empty) && !reporter_.has_errors())
      reporter_.report(Span{files_.trees.front()->file, 0, 0}, diag::no_site);
    if (!fleet_.site.empty() && !hosts_declared_) reporter_.report(site_span_, diag::no_hosts, fleet_.site);
  }

  struct TemplateSyntax {
    TemplateKind kind;
    const ast::Name* name;
    const std::vector<ast::Statement>* body;
  };

  LoadedFiles files_;
  const Knowledge& knowledge_;
  Sources& sources_;
  Reporter& reporter_;
  Fleet fleet_;
  Binder binder_;
  Machines machines_;
  Span site_span_;
  bool hosts_declared_ = false;
  std::deque<Profile*> unbound_;
  std::vector<TemplateSyntax> templates_;
};

}  // namespace

Fleet resolve(LoadedFiles files, const Knowledge& knowledge, Sources& sources, Reporter& reporter) {
  return Resolver(std::move(files), knowledge, sources, reporter).run();
}

}  // namespace tunec
