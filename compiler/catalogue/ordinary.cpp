#include "catalogue/ordinary.h"

#include <algorithm>
#include <bit>

#include "base/units.h"
#include "catalogue/param_text.h"

namespace tunec {
namespace {

// A host has less memory than its facts say: firmware, crashkernel= and the kernel take some.
constexpr double usable = 0.95;

bool holds(const OrdinaryBound& bound, const std::optional<Version>& kernel,
           const std::optional<Version>& systemd, std::int64_t memory) {
  const auto within = [](const std::optional<VersionInterval>& interval,
                         const std::optional<Version>& version) {
    return !interval || (version && interval->contains(*version));
  };
  return within(bound.linux_, kernel) && within(bound.systemd, systemd) && memory >= bound.above;
}

std::int64_t count_for(const OrdinaryBound& bound, std::int64_t memory) {
  auto count = static_cast<std::int64_t>(usable * static_cast<double>(memory / bound.bytes_for_one));
  if (bound.power_of_two)
    count = static_cast<std::int64_t>(
        std::bit_ceil(static_cast<std::uint64_t>(std::max<std::int64_t>(count, 1))));
  count = std::max(count, bound.least);
  return bound.most > 0 ? std::min(count, bound.most) : count;
}

Value in_unit_of(const ParamInfo& param, std::int64_t count) {
  return value_in_unit(std::to_string(count), param);
}

std::int64_t amount(const yaml::Node& node) { return base_number(scalar_from_text(node.scalar)).value_or(0); }

OrdinaryBound read_bound(Record& record, const yaml::Node& node, const ParamInfo& param) {
  OrdinaryBound bound;
  for (const auto& [key, value] : node.entries) {
    const std::string& name = key->scalar;
    if (name == "linux") bound.linux_ = VersionInterval::parse(value->scalar);
    else if (name == "systemd") bound.systemd = VersionInterval::parse(value->scalar);
    else if (name == "value") bound.value = value_in_unit(value->scalar, param);
    else if (name == "one_for") bound.bytes_for_one = amount(*value);
    else if (name == "power_of_two") bound.power_of_two = value->scalar == "true";
    else if (name == "least") bound.least = amount(*value);
    else if (name == "most") bound.most = amount(*value);
    else if (name == "above") bound.above = amount(*value);
    else record.bad(*key, fmt::format("`ordinary` has no key `{}`", name));
  }
  return bound;
}

}  // namespace

void read_ordinary(Record& record, ParamInfo& param) {
  const yaml::Node* node = record.find("ordinary");
  if (node == nullptr) return;
  if (node->kind == yaml::Node::Kind::scalar) {
    if (node->scalar == "default") param.ordinary.emplace_back();
    else record.bad(*node, "`ordinary` is `default`, or {one_for: 128KiB, …}");
  } else if (node->kind == yaml::Node::Kind::map) {
    param.ordinary.push_back(read_bound(record, *node, param));
  } else {
    for (const auto& item : node->items) param.ordinary.push_back(read_bound(record, *item, param));
  }
}

std::optional<Value> ordinary_value(const ParamInfo& param, const std::optional<Version>& kernel,
                                    const std::optional<Version>& systemd, std::string_view os,
                                    std::int64_t memory) {
  const auto found = std::ranges::find_if(
      param.ordinary, [&](const OrdinaryBound& bound) { return holds(bound, kernel, systemd, memory); });
  if (found == param.ordinary.end()) return std::nullopt;
  if (found->value) return found->value;
  if (found->bytes_for_one > 0) {
    if (memory <= 0) return std::nullopt;
    return in_unit_of(param, count_for(*found, memory));
  }
  const Value* value = param.default_value(kernel, os);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

}  // namespace tunec
