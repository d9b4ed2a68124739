// Declarations are collected first and bound afterwards, so that their order means nothing. Shipped profiles are parsed
// when an inclusion first names one of them.
#include "model/resolve.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "base/overloaded.h"
#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "model/bind.h"
#include "model/facts_read.h"
#include "model/pattern.h"

namespace tunec {
namespace {

class Resolver {
 public:
  Resolver(LoadedFiles files, const Knowledge& knowledge, Sources& sources, Reporter& reporter)
      : files_(std::move(files)), knowledge_(knowledge), sources_(sources), reporter_(reporter),
        binder_(knowledge.catalogue, fleet_, [this](const ast::Name& name) { return find_profile(name); }, reporter) {}

  Fleet run() {
    load_policies();
    for (auto& tree : files_.trees) collect(*tree);
    bind_profiles();
    bind_offers();
    check_constants();
    check_policies();
    make_hosts();
    make_tests();
    bind_profiles();  // those that hosts named first
    report_site();
    for (auto& tree : files_.trees) fleet_.trees.push_back(std::move(tree));
    std::ranges::sort(fleet_.policies, {}, [](const PolicyDecl& policy) { return policy.syntax->name.text; });
    return std::move(fleet_);
  }

 private:
  template <class Map>
  bool first_of_its_name(const Map& known, std::string_view what, const ast::Name& name, Span first) {
    if (known.find(name.text) == known.end()) return true;
    reporter_.report(name.span, diag::declared_twice, std::string(what), name.text).label(first, "first declared here");
    return false;
  }

  void collect(const SyntaxTree& tree) {
    for (const ast::Declaration& declaration : tree.root.declarations) {
      std::visit(overloaded{
                     [&](const ast::Site& site) { collect_site(site); },
                     [&](const ast::Import&) {},
                     [&](const ast::Let& let) {
                       auto& constants = sources_.shipped(let.name.span.file) ? fleet_.quantities : fleet_.constants;
                       const auto known = constants.find(let.name.text);
                       if (first_of_its_name(constants, "constant", let.name, known == constants.end() ? Span{} : known->second.declared)) {
                         constants[let.name.text] = {&let, let.name.span};
                       }
                     },
                     [&](const ast::Profile& profile) { collect_profile(profile); },
                     [&](const ast::Host& host) {
                       fleet_.declarations.push_back(std::make_unique<HostDeclaration>(HostDeclaration{&host, host.name.span, {}}));
                     },
                     [&](const ast::Pool& pool) { collect_offer(OfferKind::pool, "pool", pool.name, pool.body); },
                     [&](const ast::InstanceType& type) { collect_offer(OfferKind::instance_type, "instance type", type.name, type.body); },
                     [&](const ast::Policy& policy) { collect_policy(policy); },
                     [&](const ast::Waive& waive) { fleet_.waivers.push_back({&waive, waive.what.span}); },
                     [&](const ast::Test& test) { fleet_.tests.push_back({&test, declaration.span, {}}); },
                 },
                 declaration.node);
    }
  }

  void collect_site(const ast::Site& site) {
    if (!fleet_.site.empty() && fleet_.site != site.name.text) {
      reporter_.report(site.name.span, diag::declared_twice, "site", site.name.text).label(site_span_, "the site is named here");
      return;
    }
    fleet_.site = site.name.text;
    site_span_ = site.name.span;
  }

  void collect_profile(const ast::Profile& profile) {
    if (profile.name.text.empty()) return;
    const auto known = fleet_.profiles.find(profile.name.text);
    if (known != fleet_.profiles.end()) {
      first_of_its_name(fleet_.profiles, "profile", profile.name, known->second->declared);
      return;
    }
    auto made = std::make_unique<Profile>(Profile{profile.name.text, profile.name.span, &profile, {}, sources_.shipped(profile.name.span.file)});
    unbound_.push_back(made.get());
    fleet_.profiles.emplace(profile.name.text, std::move(made));
  }

  void collect_offer(OfferKind kind, std::string_view what, const ast::Name& name, const std::vector<ast::Statement>& body) {
    auto& known = kind == OfferKind::pool ? fleet_.pools : fleet_.instance_types;
    const auto found = known.find(name.text);
    if (!first_of_its_name(known, what, name, found == known.end() ? Span{} : found->second.declared)) return;
    known[name.text] = {name.text, name.span, {}};
    offers_.push_back({kind, &name, &body});
  }

  // A site's policy replaces a shipped one of its name: the way to set other bounds.
  void collect_policy(const ast::Policy& policy) {
    const auto same = std::ranges::find(fleet_.policies, policy.name.text, [](const PolicyDecl& p) { return p.syntax->name.text; });
    if (same == fleet_.policies.end()) {
      fleet_.policies.push_back({&policy, policy.name.span});
    } else if (sources_.shipped(same->declared.file)) {
      *same = {&policy, policy.name.span};
    } else {
      reporter_.report(policy.name.span, diag::declared_twice, "policy", policy.name.text).label(same->declared, "first declared here");
    }
  }

  void load_policies() {
    for (const ShippedFile* file : knowledge_.library.under("stdlib/policies/")) {
      fleet_.trees.push_back(parse_text(fmt::format("tunec:{}", file->path), std::string(file->text), true, sources_, reporter_));
      collect(*fleet_.trees.back());
    }
  }

  const Profile* find_profile(const ast::Name& name) {
    if (name.text.empty()) return nullptr;
    if (const auto known = fleet_.profiles.find(name.text); known != fleet_.profiles.end()) return known->second.get();
    const ShippedFile* file = knowledge_.library.with_profile(name.text);
    if (file == nullptr) {
      report_unknown_profile(name);
      return nullptr;
    }
    fleet_.trees.push_back(parse_text(fmt::format("tunec:{}", file->path), std::string(file->text), true, sources_, reporter_));
    for (const ast::Declaration& declaration : fleet_.trees.back()->root.declarations) {
      // A site's profile of the same name stays what it is.
      const auto* profile = std::get_if<ast::Profile>(&declaration.node);
      if (profile != nullptr && !fleet_.profiles.contains(profile->name.text)) collect_profile(*profile);
    }
    const auto known = fleet_.profiles.find(name.text);
    return known == fleet_.profiles.end() ? nullptr : known->second.get();  // a mistake in the file is reported
  }

  void report_unknown_profile(const ast::Name& name) {
    const std::vector<std::string> shipped = knowledge_.library.profile_names();
    std::vector<std::string_view> names(shipped.begin(), shipped.end());
    for (const auto& [own, profile] : fleet_.profiles) names.push_back(own);
    if (files_.incomplete) return;
    auto draft = reporter_.report(name.span, diag::unknown_profile, name.text);
    if (const auto near = nearest(name.text, names)) draft.help(fmt::format("did you mean `{}`?", *near));
  }

  void bind_profiles() {
    while (!unbound_.empty()) {
      Profile* profile = unbound_.front();
      unbound_.pop_front();
      profile->body = binder_.profile(profile->syntax->body, profile->syntax->parameters);
    }
  }

  void bind_offers() {
    for (const auto& [kind, name, body] : offers_) {
      auto& known = kind == OfferKind::pool ? fleet_.pools : fleet_.instance_types;
      known[name->text].body = binder_.offer(kind, *name, *body);
    }
  }

  void check_constants() {
    binder_.mark_constants();
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

  void make_hosts() {
    std::map<std::string, Host> hosts;
    const auto add = [&](const std::string& name, Span declared) -> Host& {
      Host& host = hosts[name];
      if (host.name.empty()) {
        host.name = name;
        host.declared = declared;
      }
      return host;
    };
    for (const auto& declaration : fleet_.declarations) {
      declaration->body = binder_.host(declaration->syntax->body);
      const ast::Host& syntax = *declaration->syntax;
      hosts_declared_ = true;
      if (syntax.name.text.empty()) continue;
      for (const std::string& name : names_of(syntax)) {
        Host& host = add(name, declaration->declared);
        if (!syntax.many && !host.by_name.empty()) {
          reporter_.report(declaration->declared, diag::declared_twice, "host", name).label(host.by_name.front()->declared, "first declared here");
          continue;
        }
        if (!syntax.many) host.declared = declaration->declared;
        (syntax.many ? host.by_pattern : host.by_name).push_back(declaration.get());
      }
    }
    for (auto& [name, host] : hosts) {
      if (const auto listed = files_.inventory.find(name); listed != files_.inventory.end()) host.groups = listed->second.groups;
      host.facts = facts_of(host);
      fleet_.hosts.push_back(std::move(host));
    }
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
        reporter_.report(syntax.name.span, diag::bad_pattern, pattern, "one host has one name").help("write `hosts` for several");
        return {};
      }
      return std::get<std::vector<std::string>>(expanded);
    }
    std::vector<std::string> names;
    for (const std::string& name : known_names()) {
      if (matches_pattern(pattern, name)) names.push_back(name);
    }
    if (names.empty() && !files_.incomplete) {
      reporter_.report(syntax.name.span, diag::matches_nothing, "the pattern", pattern).help("`*` picks among the hosts that imported facts or an inventory name");
    }
    return names;
  }

  // Hosts that the imported files name, for patterns with `*`.
  const std::vector<std::string>& known_names() {
    if (!known_names_.empty()) return known_names_;
    for (const auto& [name, host] : files_.inventory) known_names_.push_back(name);
    for (const StatedFacts& stated : files_.facts) {
      if (has_wildcard(stated.pattern)) continue;
      auto expanded = expand_pattern(stated.pattern);
      if (const auto* names = std::get_if<std::vector<std::string>>(&expanded)) known_names_.insert(known_names_.end(), names->begin(), names->end());
    }
    std::ranges::sort(known_names_);
    known_names_.erase(std::ranges::unique(known_names_).begin(), known_names_.end());
    return known_names_;
  }

  // The facts of files, beaten by what the declarations state; shared by hosts for which they are the same.
  std::shared_ptr<const Facts> facts_of(const Host& host) {
    const FactTree* stated = stated_facts(host.name);
    std::vector<const HostDeclaration*> stating;
    for (const auto* list : {&host.by_pattern, &host.by_name}) {
      for (const HostDeclaration* declaration : *list) {
        if (inline_facts(declaration) != nullptr) stating.push_back(declaration);
      }
    }
    if (stated == nullptr && stating.empty()) {
      report_no_facts(host);
      static const auto nothing = [] {
        auto facts = std::make_shared<Facts>();
        facts->faulty = true;
        return std::shared_ptr<const Facts>(std::move(facts));
      }();
      return nothing;
    }
    std::string key = fmt::format("{}", static_cast<const void*>(stated));
    for (const HostDeclaration* declaration : stating) key += fmt::format(" {}", static_cast<const void*>(declaration));
    auto& by_source = facts_by_source_[key];
    if (by_source) return by_source;
    FactTree tree = stated != nullptr ? *stated : FactTree{};
    for (const HostDeclaration* declaration : stating) tree = merged(std::move(tree), *inline_facts(declaration));
    if (tree.span == Span{}) tree.span = host.declared;
    auto& by_text = facts_by_text_[canonical(tree)];
    if (!by_text) by_text = read_facts(tree, host.name, knowledge_.platforms, reporter_);
    return by_source = by_text;
  }

  void report_no_facts(const Host& host) {
    facts_missing_ = true;
    if (files_.incomplete) return;
    Draft draft = reporter_.report(host.declared, diag::no_facts, host.name);
    draft.key("no facts").hosts({host.name});
    const std::vector<std::string>& known = known_names();
    if (const auto near = nearest(host.name, std::vector<std::string_view>(known.begin(), known.end()))) {
      draft.help(fmt::format("did you mean `{}`, of which something is known?", *near));
    }
  }

  const FactTree* stated_facts(const std::string& name) {
    if (stated_by_name_.empty() && !files_.facts.empty()) index_stated();
    if (const auto found = stated_by_name_.find(name); found != stated_by_name_.end()) return found->second->tree.get();
    for (const StatedFacts* stated : stated_patterns_) {
      if (matches_pattern(stated->pattern, name)) return stated->tree.get();
    }
    return nullptr;
  }

  void index_stated() {
    for (const StatedFacts& stated : files_.facts) {
      if (has_wildcard(stated.pattern) || stated.pattern.find('[') != std::string::npos) {
        stated_patterns_.push_back(&stated);
      } else if (const auto [known, first] = stated_by_name_.emplace(stated.pattern, &stated); !first) {
        reporter_.report(stated.where, diag::declared_twice, "the machine", stated.pattern).label(known->second->where, "first stated here");
      }
    }
  }

  const FactTree* inline_facts(const HostDeclaration* declaration) {
    auto [found, first] = inline_facts_.try_emplace(declaration);
    if (first) {
      for (const ast::Statement& statement : declaration->syntax->body) {
        const auto* block = std::get_if<ast::Block>(&statement.node);
        if (block == nullptr || block->path.parts.size() != 1 || block->path.parts[0].name.text != "facts") continue;
        found->second = std::make_unique<FactTree>(fact_tree(block->body, statement.span, reporter_));
      }
    }
    return found->second.get();
  }

  void make_tests() {
    for (TestDecl& test : fleet_.tests) {
      for (const ast::Host& syntax : test.syntax->hosts) {
        fleet_.declarations.push_back(std::make_unique<HostDeclaration>(HostDeclaration{&syntax, syntax.name.span, binder_.host(syntax.body)}));
        Host host{syntax.name.text, syntax.name.span, {fleet_.declarations.back().get()}, {}, {}, {}};
        host.facts = facts_of(host);
        test.hosts.push_back(std::move(host));
      }
    }
  }

  void report_site() {
    for (const StatedFacts& stated : files_.facts) {
      const bool used = std::ranges::any_of(fleet_.hosts, [&](const Host& host) { return matches_pattern(stated.pattern, host.name); });
      if (used) break;  // facts of hosts that this site leaves out are no mistake; facts of nobody are
      if (&stated == &files_.facts.back() && !fleet_.hosts.empty() && !facts_missing_) reporter_.report(stated.where, diag::matches_nothing, "the facts of", stated.pattern);
    }
    if (files_.incomplete) return;
    if (fleet_.site.empty() && !fleet_.hosts.empty()) reporter_.report(fleet_.hosts.front().declared, diag::no_site);
    if (!fleet_.site.empty() && !hosts_declared_) reporter_.report(site_span_, diag::no_hosts, fleet_.site);
  }

  struct OfferSyntax {
    OfferKind kind;
    const ast::Name* name;
    const std::vector<ast::Statement>* body;
  };

  LoadedFiles files_;
  const Knowledge& knowledge_;
  Sources& sources_;
  Reporter& reporter_;
  Fleet fleet_;
  Binder binder_;
  Span site_span_;
  bool hosts_declared_ = false, facts_missing_ = false;
  std::deque<Profile*> unbound_;
  std::vector<OfferSyntax> offers_;
  std::vector<std::string> known_names_;
  std::unordered_map<std::string, const StatedFacts*> stated_by_name_;
  std::vector<const StatedFacts*> stated_patterns_;
  std::unordered_map<const HostDeclaration*, std::unique_ptr<FactTree>> inline_facts_;
  std::unordered_map<std::string, std::shared_ptr<const Facts>> facts_by_source_, facts_by_text_;
};

}  // namespace

Fleet resolve(LoadedFiles files, const Knowledge& knowledge, Sources& sources, Reporter& reporter) {
  return Resolver(std::move(files), knowledge, sources, reporter).run();
}

}  // namespace tunec
