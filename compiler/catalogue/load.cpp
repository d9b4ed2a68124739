// Reads a record key by key (catalogue/record.h), with a function for each group of keys.
#include "catalogue/load.h"

#include <algorithm>
#include <array>

#include "base/regex.h"
#include "base/suggest.h"
#include "base/units.h"
#include "base/whole_number.h"
#include "catalogue/instance_types.h"
#include "catalogue/members.h"
#include "catalogue/ordinary.h"
#include "catalogue/param_text.h"
#include "catalogue/record.h"

namespace tunec {
namespace {

// Reads one value for all kernels, or a list of {linux: INTERVAL, os: DISTRIBUTION, KEY: …}, where `os` may
// be left out. Calls `add` for each value with its conditions.
template <class Add>
void read_by_kernel(Record& record, const yaml::Node& node, std::string_view key, std::string_view example,
                    const Add& add) {
  const bool by_kernel = node.kind == yaml::Node::Kind::sequence && !node.items.empty() &&
                         node.items.front()->kind == yaml::Node::Kind::map;
  if (!by_kernel) return add(node, std::nullopt, "");
  for (const auto& item : node.items) {
    const auto found = item->find(key);
    const auto versions = item->find("linux");
    const auto interval = versions ? VersionInterval::parse(versions->scalar) : std::nullopt;
    const auto os = item->find("os");
    if (found && interval) add(*found, interval, os ? os->scalar : "");
    else
      record.bad(*item,
                 fmt::format("a {} by version is written {}", key == "value" ? "default" : key, example));
  }
}

void read_range(Record& record, ParamInfo& param) {
  const yaml::Node* node = record.find("range");
  if (node == nullptr) return;
  read_by_kernel(
      record, *node, "range", "{linux: \"..5.8\", range: 0..100}",
      [&](const yaml::Node& text, const std::optional<VersionInterval>& linux_, const std::string& os) {
        auto bounds = bounds_from(text.scalar, param);
        if (!bounds) return record.bad(text, fmt::format("`{}` is not a range such as 0..100", text.scalar));
        bounds->linux_ = linux_;
        bounds->os = os;
        param.bounds.push_back(std::move(*bounds));
      });
}

void read_values(Record& record, ParamInfo& param) {
  const yaml::Node* node = record.find("values");
  if (node == nullptr) return;
  for (const auto& item : node->items) {
    EnumValue value;
    if (item->kind == yaml::Node::Kind::scalar) {
      value.name = value.spell = item->scalar;
    } else {
      const auto name = item->find("name");
      if (!name) {
        record.bad(*item, "a value needs a name");
        continue;
      }
      value.name = value.spell = name->scalar;
      for (const auto& [key, entry] : item->entries) {
        if (key->scalar == "spell") {
          value.spell = entry->scalar;
        } else if (key->scalar == "loads") {
          for (const auto& module : entry->items) value.loads.push_back(module->scalar);
          if (entry->kind == yaml::Node::Kind::scalar) value.loads.push_back(entry->scalar);
        } else if (key->scalar == "early") {
          for (const auto& module : entry->items) value.early.push_back(module->scalar);
          if (entry->kind == yaml::Node::Kind::scalar) value.early.push_back(entry->scalar);
        } else if (key->scalar != "name") {
          record.bad(*key, fmt::format("values have no key `{}`", key->scalar));
        }
      }
    }
    param.values.push_back(std::move(value));
  }
}

void read_type(Record& record, ParamInfo& param) {
  const std::string text = record.text("type");
  const yaml::Node* where = record.find("type");
  if (where == nullptr) return record.bad(record.node(), "the record has no `type`");
  if (!read_type_name(text, param)) record.bad(*where, fmt::format("`{}` is not a type", text));
}

void read_items(Record& record, ParamInfo& param) {
  const yaml::Node* node = record.find("items");
  if (node == nullptr) return;
  const std::string& text = node->scalar;
  const std::size_t dots = std::min(text.find(".."), text.size());
  const std::string_view low(text.data(), dots), high(std::string_view(text).substr(dots));
  const auto least = whole_number<std::uint32_t>(low);
  const auto most = high.empty()      ? least
                    : high.size() > 2 ? whole_number<std::uint32_t>(high.substr(2))
                                      : std::optional(0U);  // any number
  if (!least || !most)
    return record.bad(*node, fmt::format("`items: {}` is neither a number nor a range", text));
  param.min_items = *least;
  param.max_items = *most;
}

void read_caveat_condition(Record& record, const std::string& key, const yaml::Node& value,
                           const ParamInfo& param, Caveat& caveat) {
  const auto interval = [&](std::optional<VersionInterval>& into) {
    into = VersionInterval::parse(value.scalar);
    if (!into)
      record.bad(value, fmt::format("`{}` is not an interval of versions such as 5.13..6.6", value.scalar));
  };
  constexpr std::array<std::pair<std::string_view, Fate>, 5> fates{{{"absent", Fate::absent},
                                                                    {"ignored", Fate::ignored},
                                                                    {"rejected", Fate::rejected},
                                                                    {"risky", Fate::risky},
                                                                    {"unsafe", Fate::unsafe}}};
  constexpr std::array<std::pair<std::string_view, Severity>, 3> severities{
      {{"error", Severity::error}, {"warning", Severity::warning}, {"note", Severity::note}}};
  constexpr std::array<std::pair<std::string_view, std::string Caveat::*>, 8> texts{
      {{"config", &Caveat::config},
       {"os", &Caveat::os},
       {"cpu", &Caveat::cpu},
       {"builtin", &Caveat::builtin},
       {"initramfs", &Caveat::initramfs},
       {"why", &Caveat::why},
       {"instead", &Caveat::instead},
       {"moved", &Caveat::moved}}};
  if (const auto text = named(texts, key)) {
    caveat.** text = value.scalar;
    return;
  }
  if (key == "linux") return interval(caveat.linux_);
  if (key == "libvirt") return interval(caveat.libvirt);
  if (key == "systemd") return interval(caveat.systemd);
  if (key == "qemu") return interval(caveat.qemu);
  if (key == "by_node") {
    caveat.by_node = value.scalar == "true";
    return;
  }
  if (key == "value") {
    caveat.value = value.quoted && value.scalar.find(' ') != std::string::npos
                       ? Value{value.scalar}
                       : value_in_unit(value.scalar, param);
    return;
  }
  if (key == "range") {
    const auto bounds = bounds_from(value.scalar, param);
    if (!bounds) return record.bad(value, fmt::format("`{}` is not a range such as 0..100", value.scalar));
    caveat.lowest = bounds->lowest;
    caveat.highest = bounds->highest;
    return;
  }
  if (key == "is") {
    const auto fate = named(fates, value.scalar);
    if (!fate)
      return record.bad(value, fmt::format("`is: {}`: a caveat is absent, ignored, rejected, risky or unsafe",
                                           value.scalar));
    caveat.fate = *fate;
    return;
  }
  if (key == "severity") {
    caveat.severity = named(severities, value.scalar);
    if (!caveat.severity) record.bad(value, fmt::format("`{}` is not a severity", value.scalar));
    return;
  }
  record.bad(value, fmt::format("caveats have no key `{}`", key));
}

void read_caveats(Record& record, ParamInfo& param) {
  const yaml::Node* node = record.find("caveats");
  if (node == nullptr) return;
  for (const auto& item : node->items) {
    Caveat caveat;
    for (const auto& [key, value] : item->entries)
      read_caveat_condition(record, key->scalar, *value, param, caveat);
    if (!item->find("is") || caveat.why.empty()) record.bad(*item, "a caveat needs `is` and `why`");
    if (caveat.fate == Fate::unsafe && caveat.severity)
      record.bad(*item, "what is unsafe is an error until it is waived: it has no `severity`");
    const bool gone = caveat.fate == Fate::absent || caveat.fate == Fate::ignored;
    if (!caveat.moved.empty() && (!gone || caveat.value || caveat.lowest || caveat.highest))
      record.bad(*item, "`moved` is for what is absent or ignored there, whatever its value");
    param.caveats.push_back(std::move(caveat));
  }
}

// NAME, {name: NAME, values: {OWN: COMMON, …}, item: 1}, or a list of these.
void read_states(Record& record, ParamInfo& param) {
  const yaml::Node* node = record.find("state");
  if (node == nullptr) return;
  const auto add = [&](const yaml::Node& entry) {
    StateOf state;
    if (entry.kind == yaml::Node::Kind::scalar) state.name = entry.scalar;
    for (const auto& [key, value] : entry.entries) {
      if (key->scalar == "name") {
        state.name = value->scalar;
      } else if (key->scalar == "values") {
        for (const auto& [own, common] : value->entries)
          state.values.push_back({scalar_from_text(own->scalar), scalar_from_text(common->scalar)});
      } else if (key->scalar == "until") {
        state.is_passing = value->scalar == "others";
      } else if (key->scalar == "item" && value->scalar.size() == 1 && value->scalar >= "1" &&
                 value->scalar <= "9") {
        state.item = static_cast<std::uint32_t>(value->scalar.front() - '0');
      } else {
        record.bad(*key, "a state is a name, or {name: NAME, values: {OWN: COMMON}, item: 1, until: others}");
      }
    }
    if (state.name.empty() || param.name.find("()") != std::string::npos)
      record.bad(entry, "a state has a name, and parameters with instances have none in common");
    param.states.push_back(std::move(state));
  };
  if (node->kind != yaml::Node::Kind::sequence) return add(*node);
  for (const auto& item : node->items) add(*item);
}

void read_target(Record& record, ParamInfo& param) {
  const std::size_t dot = param.name.find('.');
  std::string first = param.name.substr(0, dot);
  if (first.ends_with("()")) first.resize(first.size() - 2);
  param.surface = record.text("surface", first);
  param.key = record.text("key", dot == std::string::npos ? param.name : param.name.substr(dot + 1));
  param.separator = record.text("separator", " ");
  if (const auto spell = record.texts("spell"); spell.size() == 2) {
    param.spell_off = spell[0];
    param.spell_on = spell[1];
  } else if (!spell.empty()) {
    record.bad(record.node(), "`spell` takes two texts: for off and for on");
  }
  constexpr std::array<std::pair<std::string_view, MergePolicy>, 4> merges{{{"replace", MergePolicy::replace},
                                                                            {"max", MergePolicy::max},
                                                                            {"min", MergePolicy::min},
                                                                            {"union", MergePolicy::union_}}};
  if (const auto effect = effect_named(record.text("effect", "live"))) param.effect = *effect;
  else record.bad(record.node(), "`effect` is live, reload, restart or reboot");
  if (const auto merge = named(merges, record.text("merge", "replace"))) param.merge = *merge;
  else record.bad(record.node(), "`merge` is replace, max, min or union");
  if (const auto order = whole_number<int>(record.text("order", "0"))) param.order = *order;
  else record.bad(record.node(), "`order` is a whole number");
}

void read_defaults(Record& record, ParamInfo& param) {
  const yaml::Node* node = record.find("default");
  if (node == nullptr || node->kind == yaml::Node::Kind::null || node->kind == yaml::Node::Kind::map) return;
  read_by_kernel(
      record, *node, "value", "{linux: \"..6.12\", value: 0}",
      [&](const yaml::Node& value, const std::optional<VersionInterval>& linux_, const std::string& os) {
        param.defaults.push_back({linux_, os, default_from(value, param)});
      });
}

void read_pattern(Record& record, ParamInfo& param) {
  param.pattern = record.text("pattern");
  param.pattern_why = record.text("pattern_why");
  if (param.pattern.empty()) return;
  if (const auto fault = regex_fault(param.pattern))
    record.bad(*record.find("pattern"), fmt::format("`pattern` is not a regular expression: {}", *fault));
}

void read_mode(Record& record, ParamInfo& param) {
  const std::string text = record.text("mode");
  if (text.empty()) return;
  if (const auto mode = write_mode_named(text)) param.mode = *mode;
  else record.bad(*record.find("mode"), fmt::format("`{}` is not a mode", text));
}

void read_collects(Record& record, ParamInfo& param) {
  const yaml::Node* node = record.find("collects");
  if (node == nullptr) return;
  constexpr std::array<std::pair<std::string_view, Collects>, 2> all{
      {{"loads", Collects::loads}, {"early", Collects::early}}};
  const auto collects = named(all, node->scalar);
  if (collects) param.collects = *collects;
  else record.bad(*node, "`collects` is loads or early");
}

// A parameter that takes any value, with the names of the one that was meant.
ParamInfo stand_in(const ParamInfo& meant) {
  ParamInfo any;
  any.name = meant.name;
  any.surface = meant.surface;
  any.key = meant.key;
  any.type = ValueType::any;
  return any;
}

std::vector<LocatedParam> read_record(const yaml::Node& node, const yaml::Node* defaults,
                                      Reporter& reporter) {
  Record record(node, defaults, reporter);
  ParamInfo param;
  param.name = record.text("name");
  param.unit = record.text("unit");
  if (param.name.empty()) record.bad(node, "the record has no `name`");
  if (!unit_named(param.unit))
    record.bad(*record.find("unit"), fmt::format("`{}` is not a unit", param.unit));
  read_type(record, param);
  read_items(record, param);
  read_instance_types(record, param);
  read_range(record, param);
  read_values(record, param);
  read_target(record, param);
  read_states(record, param);
  read_caveats(record, param);
  read_mode(record, param);
  param.ordered = record.text("ordered") == "true";
  param.words = record.texts("words");
  param.required = record.text("required") == "true";
  read_pattern(record, param);
  read_defaults(record, param);
  read_ordinary(record, param);
  param.loads = record.texts("loads");
  param.early = record.texts("early");
  read_collects(record, param);
  param.instance = record.text("instance") == "path" ? InstanceForm::path : InstanceForm::any;
  param.is_repeated = record.text("repeated") == "true";
  param.if_builtin = record.text("if_builtin");
  param.listens = record.text("listens");
  param.other_end = record.text("other_end");
  param.repeats = record.text("repeats");
  param.misspelt = record.texts("misspelt");
  if (const yaml::Node* within = record.find("within")) {
    param.within_memory = within->scalar == "memory";
    if (!param.within_memory) record.bad(*within, "`within` is memory: nothing else bounds an amount");
  }
  param.names = read_module_use(record, "names");
  param.instance_names = read_module_use(record, "instance_names");
  param.status = record.text("status");
  param.doc = record.text("doc");
  param.source = record.text("source");
  if (param.doc.empty() || param.source.empty())
    record.bad(node, fmt::format("`{}` needs `doc` and `source`", param.name));
  std::vector<ParamInfo> params = read_members(record, std::move(param));
  record.report_unused();
  const yaml::NodePtr name = node.find("name");
  std::vector<LocatedParam> located;
  for (ParamInfo& own : params) {
    located.push_back(
        {record.failed() ? stand_in(own) : std::move(own), name ? name->span : node.span, record.failed()});
  }
  return located;
}

}  // namespace

// [4096, 131072, 6291456], or one value.
Value default_from(const yaml::Node& node, const ParamInfo& param) {
  if (node.kind == yaml::Node::Kind::scalar) {
    if (param.type == ValueType::string) return Value{node.scalar};
    if (param.type == ValueType::cpuset) {
      if (auto set = CpuSet::parse(node.scalar)) return Value{*set};
    }
    return value_in_unit(node.scalar, param);
  }
  std::vector<Value> items;
  for (const auto& item : node.items) items.push_back(value_in_unit(item->scalar, param));
  return param.type == ValueType::range && items.size() == 2 ? range_of(items[0], items[1])
                                                             : list_of(std::move(items));
}

std::vector<LocatedParam> read_params(const yaml::Node& root, Reporter& reporter) {
  std::vector<LocatedParam> params;
  const yaml::NodePtr records = root.find("records");
  const yaml::NodePtr defaults = root.find("defaults");
  for (const auto& [key, value] : root.entries) {
    if (key->scalar != "records" && key->scalar != "defaults" && key->scalar != "elsewhere" &&
        key->scalar != "aliases")
      reporter.report(key->span, diag::bad_record,
                      fmt::format("beside `records:` and `defaults:` there is no `{}:`", key->scalar));
  }
  if (!records || records->kind != yaml::Node::Kind::sequence) {
    reporter.report(records ? records->span : root.span, diag::bad_record, "the file has no list `records:`");
    return params;
  }
  for (const auto& node : records->items) {
    for (LocatedParam& located : read_record(*node, defaults.get(), reporter))
      if (!located.param.name.empty()) params.push_back(std::move(located));
  }
  return params;
}

std::vector<ParamInfo> load_params(FileId file, const Sources& sources, Reporter& reporter) {
  std::vector<ParamInfo> params;
  const yaml::Document document = yaml::parse(file, sources);
  if (document.error) reporter.report(document.error->where, diag::bad_yaml, document.error->reason);
  std::vector<LocatedParam> all;
  if (!document.error) all = read_params(*document.root, reporter);
  for (LocatedParam& located : all)
    if (!located.faulty) params.push_back(std::move(located.param));
  return params;
}

}  // namespace tunec
