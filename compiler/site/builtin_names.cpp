// The functions of the language. plan/expr/functions.cpp computes those that read only their arguments, in
// this order.
#include "site/builtin_names.h"

#include <algorithm>
#include <array>

namespace tunec {
namespace {

constexpr auto functions = std::to_array<FunctionName>({
    {"about", 1, 1, "about(size): for messages, rounded up to one digit: 407.9GiB of 417696MiB"},
    {"addresses", 1, 1, "addresses(prefixes): each without its length, 10.8.0.1 of 10.8.0.1/24"},
    {"all", 1, 1, "all(conditions): on if none is off"},
    {"any", 1, 1, "any(conditions): on if one is on"},
    {"basename", 1, 1, "basename(text): what follows its last slash"},
    {"by_node", 1, 1, "by_node(pages): on if there is a number for each NUMA node"},
    {"ceil", 1, 1, "ceil(number): the next whole number up"},
    {"clamp", 3, 3, "clamp(value, lowest, highest)"},
    {"count", 1, 1, "count(list or CPU set): how many"},
    {"cpus", 1, 1, "cpus(list): a CPU set"},
    {"device_ids", 1, 1,
     "device_ids(devices): as the facts have them, ids without what follows vendor and device, addresses "
     "with their domain"},
    {"diagnostics", 0, 1,
     "diagnostics() or diagnostics(host): codes and policies' names of all that is wrong with the test's "
     "hosts, or with one",
     true},
    {"files", 1, 1, "files(host): the paths of the files that it gets", true},
    {"first", 2, 2, "first(count, cpus): the lowest so many CPUs"},
    {"floor", 1, 1, "floor(number): the whole number at or below"},
    {"functions", 1, 1,
     "functions(ids or addresses): those of all that goes with these PCI devices, but bridges: their IOMMU "
     "group, or else the functions of one device"},
    {"if", 3, 3, "if(condition, then, else): one value or the other"},
    {"instances", 1, 1, "instances(parameter): the names under which the host sets it"},
    {"known", 2, 2, "known(value, other): the value, or the other where nobody set it"},
    {"lines", 2, 2, "lines(host, path): the lines of a file that it gets", true},
    {"listeners", 0, 1,
     "listeners(), listeners(tcp) or listeners(udp): every port, or range of ports, that the host's settings "
     "listen on"},
    {"lookup", 3, 3,
     "lookup(key, value, wanted): what is wanted of the fleet's instance whose key is the value; of a list, "
     "of each that is found"},
    {"matching", 2, 2, "matching(list, pattern): the items that a pattern such as \"db-*\" fits"},
    {"max", 1, -1, "max(a, b, …), max(list) or max(range)"},
    {"min", 1, -1, "min(a, b, …), min(list) or min(range)"},
    {"near", 2, 2,
     "near(list, names): the items that are none of the names, but one or two letters away from one"},
    {"networks", 1, 1, "networks(prefixes): each without its host's bits, 10.8.0.0/24 of 10.8.0.1/24"},
    {"node", 1, 1, "node(number): the CPUs of a NUMA node"},
    {"on_node", 2, 2,
     "on_node(pages, node): of numbers by node that node's; of one number its share, as the kernel spreads "
     "it"},
    {"overlapping", 1, 1,
     "overlapping(list): the numbers, ranges and prefixes that share something with another of the list"},
    {"port", 1, 1, "port(endpoint): 51820 of \"vpn.example.net:51820\""},
    {"ports", 1, 1, "ports(list): the ranges that ports and ranges such as \"5900-5964\" make together"},
    {"repeated", 1, 1, "repeated(list): the items that it holds more than once"},
    {"series", 2, 2, "series(version, count): its first so many parts, 6.8 of 6.8.0-31"},
    {"set", 1, 1, "set(parameter): on if the host sets it"},
    {"siblings", 1, 1, "siblings(cpus): all threads of the cores that these CPUs are of"},
    {"steps", 1, 1, "steps(host): the commands that make its files count", true},
    {"sum", 1, 1, "sum(list)"},
    {"within", 2, 2,
     "within(list, range) or within(list, prefixes): the items that the range, or one of the prefixes, "
     "holds"},
    {"without_end", 2, 2, "without_end(list, end): the items that end so, without that end"},
});

constexpr std::array<std::string_view, 13> fields{"because", "default",   "effect",   "instance", "key",
                                                  "name",    "override",  "profiles", "risk",     "status",
                                                  "surface", "unchecked", "value"};

}  // namespace

std::span<const FunctionName> function_names() { return functions; }
std::span<const std::string_view> setting_fields() { return fields; }

const FunctionName* function_named(std::string_view name) {
  const auto* found = std::ranges::lower_bound(functions, name, {}, &FunctionName::name);
  return found != functions.end() && found->name == name ? found : nullptr;
}

std::optional<std::string> plain_name(const ast::Expr& expr) {
  if (const auto* path = std::get_if<ast::Path>(&expr.node)) {
    const ast::PathPart& first = path->parts.front();
    return path->parts.size() == 1 && !first.arguments ? std::optional(first.name.text) : std::nullopt;
  }
  const auto* literal = std::get_if<ast::Literal>(&expr.node);
  return literal != nullptr && literal->value.is<std::string>()
             ? std::optional(literal->value.as<std::string>())
             : std::nullopt;
}

}  // namespace tunec
