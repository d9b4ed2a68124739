// The walk over a host's bodies: conditions decided, inclusions followed, values computed and typed.
#include "plan/settle/collect.h"

#include <algorithm>

#include "base/overloaded.h"
#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "plan/platform/caveats.h"
#include "plan/platform/convert.h"
#include "syntax/walk.h"

namespace tunec {
namespace {

constexpr std::size_t deepest = 200;  // inclusions

bool is_own(const BoundStatement& statement, bool exact) {
  const auto* setting = std::get_if<BoundSetting>(&statement);
  return setting != nullptr && (exact || mentions_identity(*setting->value));
}

// Makes candidates of bound settings.
class Maker {
 public:
  Maker(const Fleet& fleet, const Catalogue& catalogue, const Subject& subject, Reporter& reporter)
      : catalogue_(catalogue), subject_(subject), reporter_(reporter), evaluate(fleet, subject, reporter) {}

  std::optional<Candidate> make(const BoundSetting& setting, Origin origin, LeftOut& left_out) {
    Candidate candidate;
    candidate.param = setting.param;
    for (const ast::Expr* instance : setting.instances) {
      const Value value = evaluate(*instance);
      if (value.poisoned()) return std::nullopt;
      const std::string text = to_text(value);
      if (!fits_instance(text, instance->span)) return std::nullopt;
      candidate.instances.push_back(text);
    }
    candidate.name = full_name(setting.param->name, candidate.instances);
    candidate.origin = std::move(origin);
    candidate.origin.where = setting.where;
    candidate.origin.forced = setting.assign->kind == ast::AssignKind::override_;
    candidate.origin.unchecked = setting.assign->kind == ast::AssignKind::unchecked;
    candidate.origin.only_where_available = setting.assign->where_available;
    if (setting.assign->because) candidate.origin.because = *setting.assign->because;
    candidate.value = evaluate(*setting.value);
    if (candidate.value.poisoned()) {
      left_out.spoiled.push_back(candidate.name);
      return std::nullopt;
    }
    if (candidate.origin.only_where_available) {
      if (const auto lack = unavailable(*setting.param, *subject_.facts, catalogue_))
        return move_or_drop(std::move(candidate), *lack, *setting.value, left_out);
    }
    if (settle(candidate, *setting.value)) return candidate;
    left_out.spoiled.push_back(std::move(candidate.name));
    return std::nullopt;
  }

 private:
  static std::string full_name(std::string_view pattern, const std::vector<std::string>& instances) {
    std::string name;
    std::size_t next = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      name += pattern[i];
      if (pattern[i] == '(' && next < instances.size()) name += instances[next++];
    }
    return name;
  }

  // Instances become parts of file names and keys.
  bool fits_instance(const std::string& text, Span where) {
    const bool plain = std::ranges::all_of(
        text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
    const bool climbs = ("/" + text + "/").find("/../") != std::string::npos;
    if (!text.empty() && text.size() <= 256 && plain && !climbs && !is_placeholder(text)) return true;
    if (is_placeholder(text)) {
      reporter_.report(where, diag::placeholder, "the name of this instance", text)
          .hosts(subject_.hosts, subject_.facts->describe());
    } else {
      reporter_
          .report(where, diag::wrong_form, "the name of an instance",
                  text.empty() ? "empty" : to_source(Value{text}))
          .at("it is one line of 1 to 256 bytes, with no `..` in a path");
    }
    return false;
  }

  // Types the value. False if it is not one of the parameter's, which was reported.
  bool settle(Candidate& candidate, const ast::Expr& written) {
    if (candidate.origin.unchecked) return true;
    const Caveat* caveat = caveat_for(*candidate.param, candidate.value, *subject_.facts);
    // What is known of just this value says more than that it is not of the type.
    if (caveat != nullptr && caveat->value && !works(caveat->fate)) return true;
    auto value = convert({*candidate.param, candidate.name, evaluate.place(written.span), subject_, &written},
                         candidate.value, reporter_);
    if (!value) return false;
    candidate.value = std::move(*value);
    return true;
  }

  // Of a parameter that this machine does not have: the value goes to the one that it became, if the machine
  // has that.
  std::optional<Candidate> move_or_drop(Candidate candidate, const Unavailable& lack,
                                        const ast::Expr& written, LeftOut& left_out) {
    Dropped dropped{candidate.name, candidate.value, candidate.origin, lack.why, "", ""};
    const ParamInfo* heir = lack.moved.empty() ? nullptr : catalogue_.find(lack.moved);
    if (heir == nullptr || !takes_over(*heir, *candidate.param) ||
        unavailable(*heir, *subject_.facts, catalogue_)) {
      left_out.dropped.push_back(std::move(dropped));
      return std::nullopt;
    }
    // By what was written first: a bare number counts in its unit
    const bool typed = settle(candidate, written);
    candidate.origin.moved_from = std::exchange(candidate.name, full_name(heir->name, candidate.instances));
    candidate.param = heir;
    if (!typed || !settle(candidate, written)) {
      left_out.spoiled.push_back(std::move(candidate.name));
      return std::nullopt;
    }
    dropped.moved = candidate.name;
    left_out.dropped.push_back(std::move(dropped));
    return candidate;
  }

  static bool takes_over(const ParamInfo& heir, const ParamInfo& param) {
    return heir.type == param.type && heir.element == param.element &&
           std::ranges::count(heir.name, '(') == std::ranges::count(param.name, '(');
  }

  const Catalogue& catalogue_;
  const Subject& subject_;
  Reporter& reporter_;

 public:
  Evaluator evaluate;
};

class Collector {
 public:
  Collector(const Fleet& fleet, const Catalogue& catalogue, const Subject& subject, Reporter& reporter)
      : fleet_(fleet), subject_(subject), reporter_(reporter), maker_(fleet, catalogue, subject, reporter) {}

  Candidates run(const Host& host) {
    std::optional<std::size_t> exact;
    for (const HostDeclaration* declaration : host.by_name) exact = enter_declaration(*declaration, true);
    for (const HostDeclaration* declaration : host.by_pattern) {
      const std::size_t node = enter_declaration(*declaration, false);
      if (exact) result_.graph.add_edge(*exact, node);
    }
    // Pools after all else: who lists them is known only then. Types come with the pools.
    follow_offers(OfferKind::pool);
    follow_offers(OfferKind::instance_type);
    result_.graph.close();
    result_.used_identity = maker_.evaluate.used_identity;
    result_.used_labels = std::move(maker_.evaluate.used_labels);
    return std::move(result_);
  }

 private:
  struct Frame {
    std::size_t node;
    Origin path;  // via and profiles up to here
  };
  struct Offered {
    std::size_t node;
    Origin path;
    const BoundOffers* statement;
    std::vector<std::string> names;
  };

  std::size_t enter_declaration(const HostDeclaration& declaration, bool exact) {
    const Frame frame{result_.graph.add_node(), {}};
    for (const BoundStatement& statement : declaration.body) {
      if (!is_own(statement, exact)) visit(statement, frame);
    }
    return frame.node;
  }

  void visit_all(const Body& body, const Frame& frame) {
    for (const BoundStatement& statement : body) visit(statement, frame);
  }

  void visit(const BoundStatement& statement, const Frame& frame) {
    std::visit(overloaded{
                   [&](const BoundSetting& setting) {
                     auto candidate = maker_.make(setting, frame.path, result_.left_out);
                     if (!candidate) return;
                     candidate->node = frame.node;
                     result_.all.push_back(std::move(*candidate));
                   },
                   [&](const BoundOffers& offers) { list_offers(offers, frame); },
                   [&](const BoundInclude& include) { follow(include, frame); },
                   [&](const BoundWhen& when) {
                     const auto on = maker_.evaluate.decision(*when.condition);
                     if (on) visit_all(*on ? when.then : when.otherwise, frame);
                   },
               },
               statement);
  }

  void follow(const BoundInclude& include, const Frame& frame) {
    const Profile& profile = *include.profile;
    if (const auto open = std::ranges::find(open_, &profile); open != open_.end()) {
      std::string chain;
      for (auto at = open; at != open_.end(); ++at) chain += "`" + (*at)->name + "` → ";
      reporter_.report(include.where, diag::include_cycle, profile.name, chain + "`" + profile.name + "`");
      return;
    }
    const std::optional<Span> outer_place = maker_.evaluate.stand_in;
    const std::optional<Span> inner_place = !profile.shipped ? std::nullopt
                                            : outer_place    ? outer_place
                                                             : std::optional(include.where);
    if (open_.size() == deepest) {
      reporter_
          .report(maker_.evaluate.place(include.where), diag::expression_too_long, static_cast<int>(deepest),
                  "inclusions, one in the other")
          .help("include what is needed directly");
      return;
    }
    Parameters parameters;
    const std::string key = bind_arguments(include, inner_place, parameters);
    const auto [known, first] = nodes_.try_emplace({&profile, key}, 0);
    if (first) known->second = result_.graph.add_node();
    result_.graph.add_edge(frame.node, known->second);
    if (!first) return;
    Frame inner{known->second, frame.path};
    inner.path.via.push_back(include.where);
    inner.path.profiles.push_back(profile.name);
    const Parameters* outer = std::exchange(maker_.evaluate.parameters, &parameters);
    open_.push_back(&profile);
    maker_.evaluate.stand_in = inner_place;
    visit_all(profile.body, inner);
    maker_.evaluate.stand_in = outer_place;
    open_.pop_back();
    maker_.evaluate.parameters = outer;
  }

  // The values of a profile's parameters, and a text that tells one set of them from another.
  std::string bind_arguments(const BoundInclude& include, std::optional<Span> inner_place,
                             Parameters& parameters) {
    const auto& declared = include.profile->syntax->parameters;
    std::size_t position = 0;
    for (const ast::Argument& argument : include.include->arguments) {
      // One too many: the binder has reported it
      if (!argument.label && position >= declared.size()) continue;
      const std::string& name = argument.label ? argument.label->text : declared[position++].name.text;
      parameters[name] = maker_.evaluate(*argument.value);
    }
    const Parameters* outer = maker_.evaluate.parameters;
    const std::optional<Span> outer_place = std::exchange(maker_.evaluate.stand_in, inner_place);
    for (const ast::Parameter& parameter : declared) {
      if (parameters.contains(parameter.name.text)) continue;
      maker_.evaluate.parameters = &parameters;  // a default may use the parameters before it
      parameters[parameter.name.text] = parameter.standard ? maker_.evaluate(*parameter.standard)
                                                           : Value{Poison{}};
      maker_.evaluate.parameters = outer;
    }
    maker_.evaluate.stand_in = outer_place;
    std::string key;
    for (const auto& [name, value] : parameters) key += name + "=" + to_source(value) + ";";
    return key;
  }

  void list_offers(const BoundOffers& offers, const Frame& frame) {
    const Value value = maker_.evaluate(*offers.value);
    if (value.poisoned()) return;
    Offered offered{frame.node, frame.path, &offers, {}};
    const std::vector<Value> items = value.is<List>() ? value.as<List>().items : std::vector<Value>{value};
    for (const Value& item : items) offered.names.push_back(to_text(item));
    (offers.kind == OfferKind::pool ? pools_ : types_).push_back(std::move(offered));
  }

  // Of the lists of pools, an includer's beats those of what it includes; of the rest all count.
  void follow_offers(OfferKind kind) {
    result_.graph.close();
    const std::vector<Offered> lists = std::exchange(kind == OfferKind::pool ? pools_ : types_, {});
    for (const Offered& offered : lists) {
      const bool beaten = kind == OfferKind::pool && std::ranges::any_of(lists, [&](const Offered& other) {
                            return result_.graph.includes(other.node, offered.node);
                          });
      if (beaten) continue;
      for (std::size_t i = 0; i < offered.names.size(); ++i)
        follow_offer(kind, offered.names[i], offered, place_of(offered, i));
    }
  }

  static Span place_of(const Offered& offered, std::size_t index) {
    const auto* list = std::get_if<ast::ListExpr>(&offered.statement->value->node);
    return list != nullptr && list->items.size() == offered.names.size() ? list->items[index]->span
                                                                         : offered.statement->value->span;
  }

  void follow_offer(OfferKind kind, const std::string& name, const Offered& offered, Span where) {
    const auto& known = kind == OfferKind::pool ? fleet_.pools : fleet_.instance_types;
    const std::string_view what = kind == OfferKind::pool ? "pool" : "instance type";
    const auto found = known.find(name);
    if (found == known.end()) {
      std::vector<std::string_view> names;
      for (const auto& [other, offer] : known) names.push_back(other);
      const auto near = nearest(name, names);
      Draft draft = reporter_.report(where, diag::unknown_name, std::string(what), name);
      if (near) draft.help(fmt::format("did you mean `{}`?", *near));
      return;
    }
    const auto [node, first] = offer_nodes_.try_emplace(&found->second, 0);
    if (first) node->second = result_.graph.add_node();
    result_.graph.add_edge(offered.node, node->second);
    if (!first) return;
    Frame inner{node->second, offered.path};
    inner.path.via.push_back(offered.statement->where);
    inner.path.profiles.push_back(fmt::format("{} {}", what, name));
    visit_all(found->second.body, inner);
  }

  const Fleet& fleet_;
  const Subject& subject_;
  Reporter& reporter_;
  Maker maker_;
  Candidates result_;
  std::map<std::pair<const Profile*, std::string>, std::size_t> nodes_;
  std::map<const Offer*, std::size_t> offer_nodes_;
  std::vector<const Profile*> open_;
  std::vector<Offered> pools_, types_;
};

}  // namespace

std::size_t InclusionGraph::add_node() {
  includers_.emplace_back();
  return includers_.size() - 1;
}

void InclusionGraph::close() {
  const std::size_t count = includers_.size();
  above_.assign(count, std::vector<bool>(count, false));
  for (std::size_t node = 0; node < count; ++node) {
    std::vector<std::size_t> waiting = includers_[node];
    while (!waiting.empty()) {
      const std::size_t above = waiting.back();
      waiting.pop_back();
      if (above_[node][above]) continue;
      above_[node][above] = true;
      waiting.insert(waiting.end(), includers_[above].begin(), includers_[above].end());
    }
  }
}

bool InclusionGraph::includes(std::size_t a, std::size_t b) const {
  return a < above_.size() && b < above_.size() && above_[b][a];
}

Candidates collect_shared(const Host& host, const Fleet& fleet, const Catalogue& catalogue,
                          const Subject& subject, Reporter& reporter) {
  return Collector(fleet, catalogue, subject, reporter).run(host);
}

std::vector<Candidate> collect_own(const Host& host, const Fleet& fleet, const Catalogue& catalogue,
                                   const Subject& subject, LeftOut& left_out, Reporter& reporter) {
  Maker maker(fleet, catalogue, subject, reporter);
  std::vector<Candidate> own;
  const auto collect = [&](const HostDeclaration& declaration, bool exact, std::size_t node) {
    for (const BoundStatement& statement : declaration.body) {
      if (!is_own(statement, exact)) continue;
      if (auto candidate = maker.make(std::get<BoundSetting>(statement), {}, left_out)) {
        candidate->node = node;
        own.push_back(std::move(*candidate));
      }
    }
  };
  for (const HostDeclaration* declaration : host.by_name) collect(*declaration, true, 0);
  for (const HostDeclaration* declaration : host.by_pattern) collect(*declaration, false, 1);
  return own;
}

bool mentions_identity(const ast::Expr& expr) {
  return ast::any_within(expr, [](const ast::Expr& within) {
    const auto* path = std::get_if<ast::Path>(&within.node);
    if (path == nullptr || path->parts.size() < 2 || path->parts[0].name.text != "host") return false;
    const std::string& what = path->parts[1].name.text;
    return what == "name" || what == "number" || what == "groups" || what == "rack" || what == "label";
  });
}

}  // namespace tunec
