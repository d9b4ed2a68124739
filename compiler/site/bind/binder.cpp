// `module kvm_intel { nested = off }` and `wireguard wg0 { mtu = 1420 }` look alike, but kvm_intel is part of
// a name and wg0 is an instance. The catalogue decides: it has a record `module.kvm_intel.nested`, and a
// record `wireguard().mtu`.
#include "site/bind/binder.h"

#include <algorithm>
#include <set>

#include "base/overloaded.h"
#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "machine/facts_schema.h"

namespace tunec {
namespace {

// The text of a label that can be a part of a name: a word or a string.
std::string label_text(const ast::Expr& label) {
  if (const auto* literal = std::get_if<ast::Literal>(&label.node)) return to_text(literal->value);
  if (const auto* path = std::get_if<ast::Path>(&label.node)) {
    std::string text;
    for (const auto& part : path->parts) text += (text.empty() ? "" : ".") + part.name.text;
    return text;
  }
  return "";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ".") + part;
  return text;
}

}  // namespace

Span span_of(const ast::Path& path) {
  Span span = path.parts.front().name.span;
  const ast::PathPart& last = path.parts.back();
  span.end = last.name.span.end;
  if (last.arguments && !last.arguments->empty()) span.end = last.arguments->back().value->span.end + 1;
  return span;
}

Body Binder::profile(const std::vector<ast::Statement>& body, const std::vector<ast::Parameter>& parameters) {
  place_ = Place::profile;
  parameters_ = &parameters;
  for (const ast::Parameter& parameter : parameters) {
    if (parameter.default_value) check_names(*parameter.default_value, false);
  }
  Body bound;
  bind_all(body, {}, bound);
  parameters_ = nullptr;
  return bound;
}

Body Binder::host(const std::vector<ast::Statement>& body) {
  place_ = Place::host;
  Body bound;
  bind_all(body, {}, bound);
  return bound;
}

Body Binder::instance_template(TemplateKind kind, const ast::Name& name,
                               const std::vector<ast::Statement>& body) {
  place_ = Place::instance_template;
  template_kind_ = kind;
  fleet_.labels.push_back({ast::Literal{Value{name.text}, {}}, name.span});
  Step step{kind == TemplateKind::pool ? "pool" : "instance", {&fleet_.labels.back()}, nullptr};
  Body bound;
  bind_all(body, {step}, bound);
  return bound;
}

void Binder::bind_all(const std::vector<ast::Statement>& statements, const Prefix& prefix, Body& into) {
  if (prefix.empty()) report_facts(statements);
  for (const ast::Statement& statement : statements) {
    if (prefix.empty() && is_fact(statement)) continue;
    std::visit(overloaded{
                   [&](const ast::Doc&) {},
                   [&](const ast::Include& include) {
                     if (!prefix.empty()) {
                       reporter_.report(statement.span, diag::misplaced_statement, "`include`")
                           .help("include profiles beside the blocks, not in them");
                       return;
                     }
                     bind_include(include, into);
                   },
                   [&](const ast::When& when) {
                     check_names(when.condition, false);
                     BoundWhen bound{&when.condition, {}, {}};
                     bind_all(when.then, prefix, bound.then);
                     bind_all(when.otherwise, prefix, bound.otherwise);
                     into.push_back(std::move(bound));
                   },
                   [&](const ast::Block& block) { bind_block(block, prefix, into); },
                   [&](const ast::Assign& assign) { bind_assign(assign, prefix, into); },
               },
               statement.node);
  }
}

std::vector<const ast::Expr*> Binder::instances_of(const ast::PathPart& part) {
  std::vector<const ast::Expr*> instances;
  if (!part.arguments) return instances;
  for (const ast::Argument& argument : *part.arguments) {
    const bool is_plain = !argument.label && !argument.each;
    if (!is_plain || !instances.empty())
      reporter_
          .report(argument.value->span, diag::bad_argument,
                  fmt::format("`{}(…)` takes the name of one instance", part.name.text))
          .help(is_plain ? "write a line for each instance" : "put a name with a colon in quotes");
    check_names(*argument.value, false);
    if (instances.empty()) instances.push_back(&*argument.value);
  }
  return instances;
}

void Binder::bind_block(const ast::Block& block, const Prefix& prefix, Body& into) {
  if (prefix.empty() && block.path.parts.size() == 1 && block.path.parts[0].name.text == "facts") {
    if (place_ != Place::host)
      reporter_.report(span_of(block.path), diag::misplaced_statement, "`facts`")
          .help("write facts in a host, or in an imported YAML file");
    return;  // resolve reads it
  }
  Prefix steps = prefix;
  for (const ast::PathPart& part : block.path.parts) {
    steps.push_back({part.name.text, instances_of(part), nullptr});
  }
  if (block.label) {
    check_names(*block.label, false);
    steps.back().label = &*block.label;
  }
  if (block.body.empty()) report_empty_block(steps, block);
  bind_all(block.body, steps, into);
}

// A module without options: it would have no line in modprobe.d, so the user wants something else.
void Binder::report_empty_block(const Prefix& steps, const ast::Block& block) {
  std::vector<std::string> parts;
  for (const Step& step : steps) {
    parts.push_back(step.text);
    if (step.label != nullptr) parts.push_back(label_text(*step.label));
  }
  if (parts.size() != 2 || !catalogue_.is_carried(parts[0])) return;
  reporter_.report(span_of(block.path), diag::empty_block, fmt::format("{} {}", parts[0], parts[1]))
      .at("no option of the module is set")
      .help("to load it at boot, list it among the modules that modules-load.d names; else delete the block");
}

void Binder::bind_include(const ast::Include& include, Body& into) {
  if (place_ == Place::instance_template) {
    reporter_.report(include.profile.span, diag::misplaced_statement, "`include`");
    return;
  }
  const Profile* profile = find_profile_(include.profile);
  if (profile == nullptr) return;  // reported already
  const auto& parameters = profile->syntax->parameters;
  std::set<std::string_view> given;
  std::size_t position = 0;
  const std::size_t errors_before = reporter_.errors();
  for (const ast::Argument& argument : include.arguments) {
    check_names(*argument.value, false);
    std::string_view name;
    if (argument.label) {
      name = argument.label->text;
    } else if (position < parameters.size()) {
      name = parameters[position++].name.text;
    }
    const auto parameter = std::ranges::find(
        parameters, name, [](const ast::Parameter& p) { return std::string_view(p.name.text); });
    const Span where = argument.label ? argument.label->span : argument.value->span;
    if (parameter == parameters.end()) {
      std::vector<std::string_view> names;
      for (const ast::Parameter& declared : parameters) names.push_back(declared.name.text);
      auto draft = reporter_.report(where, diag::bad_argument,
                                    fmt::format("profile `{}` has no parameter {}", profile->name,
                                                name.empty() ? "for this" : fmt::format("`{}`", name)));
      if (const auto near = nearest(name, names)) draft.did_you_mean(*near);
      else draft.help(names.empty() ? "it has none" : fmt::format("it has {}", fmt::join(names, ", ")));
    } else if (!given.insert(name).second) {
      reporter_.report(where, diag::bad_argument, fmt::format("parameter `{}` is given twice", name))
          .help("keep one of the two");
    }
  }
  for (const ast::Parameter& parameter : parameters) {
    if (parameter.default_value || given.contains(parameter.name.text)) continue;
    reporter_
        .report(include.profile.span, diag::bad_argument,
                fmt::format("profile `{}` needs its parameter `{}`", profile->name, parameter.name.text))
        .label(profile->declared, "declared here")
        .help(fmt::format("write `include {}({}: …)`", profile->name, parameter.name.text));
  }
  // After wrong arguments, the profile's body would only cause follow-up mistakes
  if (reporter_.errors() > errors_before) return;
  into.push_back(BoundInclude{profile, &include, include.profile.span});
}

// `pools = […]` in hosts and profiles; `instance_types = […]` in pools.
bool Binder::bind_templates(const ast::Assign& assign, const Prefix& prefix, Span where, Body& into) {
  if (assign.path.parts.size() != 1 || assign.path.parts[0].arguments) return false;
  const std::string& name = assign.path.parts[0].name.text;
  if (place_ != Place::instance_template && prefix.empty() && name == "pools") {
    check_names(assign.value, false);
    if (assign.where_available)
      reporter_.report(where, diag::misplaced_statement, "`where available`")
          .help("pools exist on every host: list them in `pools = […]`");
    into.push_back(BoundTemplates{TemplateKind::pool, &assign.value, where});
    return true;
  }
  if (place_ == Place::instance_template && template_kind_ == TemplateKind::pool &&
      name == "instance_types") {
    into.push_back(BoundTemplates{TemplateKind::instance_type, &assign.value, where});
  }
  return false;
}

void Binder::bind_assign(const ast::Assign& assign, const Prefix& prefix, Body& into) {
  const Span where = span_of(assign.path);
  if (assign.where_available && assign.kind == ast::AssignKind::unchecked) {
    reporter_.report(where, diag::misplaced_statement, "`where available`")
        .help(
            "`unchecked` sets it whatever is known of the host, `where available` asks just that: keep one "
            "of the two");
  }
  if (assign.because && assign.because->find_first_not_of(" \t") == std::string::npos)
    reporter_.report(where, diag::bad_literal, to_source(Value{*assign.because}), "a reason")
        .help("say why: `because \"…\"`");
  if (assign.kind == ast::AssignKind::let) return bind_number(assign, prefix, into);
  if (bind_templates(assign, prefix, where, into)) return;
  check_names(assign.value, false);
  if (assign.default_value) check_names(*assign.default_value, false);
  Prefix steps = prefix;
  for (const ast::PathPart& part : assign.path.parts) {
    steps.push_back({part.name.text, instances_of(part), nullptr});
  }
  const auto add = [&](std::string_view suffix, const ast::Expr& value) {
    std::vector<const ast::Expr*> instances;
    if (const ParamInfo* param = find_param(steps, assign, suffix, where, instances)) {
      into.push_back(BoundSetting{param, std::move(instances), &value, &assign, where});
    }
  };
  add("", assign.value);
  if (assign.default_value) add(".default", *assign.default_value);
}

const ParamInfo* Binder::find_param(const Prefix& steps, const ast::Assign& assign, std::string_view suffix,
                                    Span where, std::vector<const ast::Expr*>& instances) {
  std::vector<std::string> as_instance, as_name;
  std::vector<const ast::Expr*> label_instances, name_instances;
  for (const Step& step : steps) {
    std::string text = step.text;
    for (const ast::Expr* instance : step.instances) {
      if (text.ends_with("()")) text += "()";
      label_instances.push_back(instance);
      name_instances.push_back(instance);
    }
    if (!step.instances.empty()) text = step.text + "()";
    as_name.push_back(text);
    if (step.label != nullptr) {
      as_name.push_back(label_text(*step.label));
      label_instances.push_back(step.label);
      as_instance.push_back(step.text + "()");
    } else {
      as_instance.push_back(text);
    }
  }
  const std::string instance_name = joined(as_instance) + std::string(suffix),
                    plain_name = joined(as_name) + std::string(suffix);
  if (const ParamInfo* param = catalogue_.find(instance_name)) {
    instances = std::move(label_instances);
    return param;
  }
  if (const ParamInfo* param = catalogue_.find(plain_name)) {
    instances = std::move(name_instances);
    return param;
  }
  if (name_instances.empty()) {
    if (const auto spelt = catalogue_.spelt(plain_name)) {
      for (const std::string& instance : spelt->instances) {
        fleet_.labels.push_back({ast::Literal{Value{instance}, {}}, where});
        instances.push_back(&fleet_.labels.back());
      }
      return spelt->param;
    }
  }
  if (report_instance_missing(steps, where)) return nullptr;
  // A label is an instance if the catalogue has names with an instance there.
  const std::string stem = steps.front().text + "().";
  const bool takes_instances = steps.front().label != nullptr && !catalogue_.names_under(stem).empty();
  const std::string& name = takes_instances ? instance_name : plain_name;
  if (assign.kind == ast::AssignKind::unchecked) {
    instances = takes_instances ? std::move(label_instances) : std::move(name_instances);
    return improvise(name, where);
  }
  if (std::ranges::find(as_name, std::string()) == as_name.end()) report_unknown(name, where);
  return nullptr;
}

// `wireguard { mtu = 1420 }`, while there is only a `wireguard().mtu`.
bool Binder::report_instance_missing(const Prefix& steps, Span where) {
  std::string name;
  for (const Step& step : steps) {
    if (!step.instances.empty() || step.label != nullptr) return false;
    name += (name.empty() ? "" : ".") + step.text;
  }
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    if (catalogue_.find(name.substr(0, dot) + "()" + name.substr(dot)) == nullptr) continue;
    reporter_.report(where, diag::needs_instance, name, "the name of one",
                     fmt::format("{}(NAME){} = …", name.substr(0, dot), name.substr(dot)));
    return true;
  }
  if (catalogue_.find(name + "()") == nullptr) return false;
  reporter_.report(where, diag::needs_instance, name, "the name of one", fmt::format("{}(NAME) = …", name));
  return true;
}

const ParamInfo* Binder::improvise(const std::string& name, Span where) {
  const std::size_t dot = name.find('.');
  std::string surface = name.substr(0, dot);
  const auto family = catalogue_.names_under(surface + ".");
  if (dot == std::string::npos || family.empty()) {
    report_unknown(name, where);
    return nullptr;
  }
  const ParamInfo* relative = catalogue_.find(family.front());
  if (surface.ends_with("()")) surface.resize(surface.size() - 2);
  ParamInfo made;
  made.name = name;
  made.surface = relative->surface;
  made.key = name.substr(dot + 1);
  // If keys of this surface are paths, so is this one
  if (relative->key.find('/') != std::string::npos) std::ranges::replace(made.key, '.', '/');
  made.type = ValueType::any;
  made.separator = relative->separator;
  made.if_builtin = relative->if_builtin;
  made.effect = relative->effect;
  made.instance = relative->instance;
  made.doc = "not in the catalogue";
  return catalogue_.improvise(std::move(made));
}

}  // namespace tunec
