// The functions of the language that read only their arguments. If they refuse an argument, they return the
// reason; the caller adds the place.
#include <algorithm>
#include <span>
#include <unordered_map>

#include <fmt/format.h>

#include "base/suggest.h"
#include "base/units.h"
#include "machine/host_pattern.h"
#include "plan/expr/parts.h"
#include "plan/platform/by_node.h"
#include "plan/platform/convert.h"

namespace tunec {
namespace {

using Arguments = std::vector<Value>;
using Result = std::variant<Value, std::string>;

std::string shown(const Value& value) { return fmt::format("{} {}", type_name(value), to_source(value)); }

// The only argument if it is a list or range; otherwise all arguments as a list.
Arguments spread(const Arguments& arguments) {
  if (arguments.size() == 1 && arguments[0].is<Range>()) return arguments[0].as<Range>().ends;
  if (arguments.size() == 1 && arguments[0].is<List>()) return arguments[0].as<List>().items;
  return arguments;
}

Arguments without_unknown(Arguments values) {
  std::erase_if(values, [](const Value& value) { return value.poisoned(); });
  return values;
}

Result extreme(const Arguments& arguments, int sign) {
  const Arguments values = without_unknown(spread(arguments));
  if (values.empty()) return Value{Poison{}};
  Value best = values.front();
  for (const Value& value : values) {
    const auto order = compare(value, best);
    if (!order) return fmt::format("{} and {} cannot be compared", shown(value), shown(best));
    if (*order * sign > 0) best = value;
  }
  return best;
}

Result clamp(const Arguments& a) {
  const auto low = compare(a[0], a[1]), high = compare(a[0], a[2]), ends = compare(a[1], a[2]);
  if (!low || !high || !ends)
    return fmt::format("clamp needs three values of one kind, not {}, {} and {}", shown(a[0]), shown(a[1]),
                       shown(a[2]));
  if (*ends > 0)
    return fmt::format("clamp's lowest value {} is above its highest {}", to_source(a[1]), to_source(a[2]));
  return *low < 0 ? a[1] : *high > 0 ? a[2] : a[0];
}

Result sum(const Arguments& arguments) {
  std::optional<Value> total;
  for (const Value& value : without_unknown(spread(arguments))) {
    total = total ? arithmetic(ast::BinaryOp::add, *total, value) : value;
    if (!total) return fmt::format("the values to sum are not of one kind: {}", shown(value));
  }
  return total.value_or(Value{Poison{}});  // without a summand, the kind of the sum is unknown
}

Result count(const Value& value) {
  if (const List* list = value.get_if<List>()) return Value{static_cast<std::int64_t>(list->items.size())};
  if (const auto cpus = as_cpus(value)) return Value{std::int64_t{cpus->size()}};
  return fmt::format("count takes a list or a CPU set, not {}", shown(value));
}

// Rounds down to (or up to) a whole number.
Result rounded(const Value& value, bool up) {
  if (value.is<std::int64_t>()) return value;
  const auto* decimal = value.get_if<Decimal>();
  if (decimal == nullptr) return fmt::format("only a number can be rounded, not {}", shown(value));
  const auto number = up ? decimal->number.ceil() : decimal->number.floor();
  if (!number) return fmt::format("{} is too large", shown(value));
  return Value{*number};
}

Result siblings(const Value& value, RecordedFacts& facts) {
  const auto cpus = as_cpus(value);
  if (!cpus) return fmt::format("siblings takes CPUs, not {}", shown(value));
  CpuSet all;
  for (const CpuSet& core : facts.cores()) {
    if (!(core & *cpus).empty()) all = all | core;
  }
  return Value{all};
}

Result node(const Value& value, RecordedFacts& facts) {
  const auto* number = value.get_if<std::int64_t>();
  if (number == nullptr) return fmt::format("node takes a node's number, not {}", shown(value));
  const std::vector<NumaNode>& nodes = facts.nodes();
  if (*number < 0 || static_cast<std::size_t>(*number) >= nodes.size()) {
    return fmt::format("there is no NUMA node {}: the machine has {}", *number, nodes.size());
  }
  return Value{nodes[static_cast<std::size_t>(*number)].cpus};
}

Result on_node(const Arguments& a, RecordedFacts& facts) {
  const auto* node = a[1].get_if<std::int64_t>();
  const auto nodes = static_cast<std::int64_t>(facts.nodes().size());
  const auto pages = node == nullptr ? std::nullopt : number_on_node(a[0], *node, nodes);
  return pages ? Result{*pages}
               : Result{fmt::format("on_node takes numbers and a node, not {} and {}", shown(a[0]),
                                    shown(a[1]))};
}

Result first(const Arguments& a) {
  const auto* number = a[0].get_if<std::int64_t>();
  const auto cpus = as_cpus(a[1]);
  if (number == nullptr || !cpus || *number < 0)
    return fmt::format("first takes a count and CPUs, not {} and {}", shown(a[0]), shown(a[1]));
  CpuSet lowest;
  for (const int cpu : cpus->cpus()) {
    if (lowest.size() < *number) lowest.insert(cpu, cpu);
  }
  return Value{lowest};
}

Result conditions(const Arguments& arguments, bool decisive) {
  bool unknown = false;
  for (const Value& value : spread(arguments)) {
    if (value.poisoned()) {
      unknown = true;
      continue;
    }
    const bool* on = value.get_if<bool>();
    if (on == nullptr) return fmt::format("a condition is on or off, not {}", shown(value));
    if (*on == decisive) return Value{decisive};
  }
  return unknown ? Value{Poison{}} : Value{!decisive};
}

Result within(const Value& list, const Value& range) {
  const List* items = list.get_if<List>();
  if (items == nullptr) return fmt::format("within takes a list, not {}", shown(list));
  if (auto held = within_prefixes(*items, range)) return *held;
  Value low, high;
  if (const Range* ends = range.get_if<Range>()) {
    low = ends->ends[0];
    high = ends->ends[1];
  } else if (const List* pair = range.get_if<List>(); pair != nullptr && pair->items.size() == 2) {
    low = pair->items[0];
    high = pair->items[1];
  } else {
    return fmt::format("within takes a range such as 1..9 or prefixes, not {}", shown(range));
  }
  List held;
  for (const Value& item : items->items) {
    const Range* span = item.get_if<Range>();  // it is enough that the range overlaps
    const auto above = compare(low, span != nullptr ? span->ends[1] : item),
               below = compare(span != nullptr ? span->ends[0] : item, high);
    if (above && below && *above <= 0 && *below <= 0) held.items.push_back(item);
  }
  return Value{std::move(held)};
}

// A single item is treated as a list of one.
List listed(const Value& value) { return value.is<List>() ? value.as<List>() : List{{value}}; }

Result matching(const Value& list, const Value& pattern) {
  const std::string fits = to_text(pattern);
  List found;
  for (const Value& item : listed(list).items) {
    if (matches_pattern(fits, to_text(item))) found.items.push_back(item);
  }
  return Value{std::move(found)};
}

Result without_end(const Value& list, const Value& end) {
  const std::string ending = to_text(end);
  List found;
  for (const Value& item : listed(list).items) {
    const std::string text = to_text(item);
    if (text.size() > ending.size() && text.ends_with(ending))
      found.items.push_back(symbol(text.substr(0, text.size() - ending.size())));
  }
  return Value{std::move(found)};
}

Result repeated(const Value& list) {
  const List all = listed(list);
  const bool texts = std::ranges::all_of(
      all.items, [](const Value& item) { return item.is<std::string>() || item.is<Word>(); });
  List found;
  const auto holds = [](std::span<const Value> items, const Value& item) {
    return std::ranges::any_of(items, [&](const Value& other) { return same(other, item); });
  };
  if (texts) {  // there may be thousands
    std::unordered_map<std::string, std::size_t> times;
    for (const Value& item : all.items) {
      if (++times[to_text(item)] == 2) found.items.push_back(item);
    }
    return Value{std::move(found)};
  }
  for (std::size_t i = 0; i < all.items.size(); ++i) {
    if (holds(std::span(all.items).subspan(i + 1), all.items[i]) && !holds(found.items, all.items[i]))
      found.items.push_back(all.items[i]);
  }
  return Value{std::move(found)};
}

// Returns the items that differ from one of the names only by one or two slips of the fingers. These items
// probably mean that name.
Result near(const Value& list, const Value& names) {
  List found;
  const List all_names = listed(names);
  for (const Value& item : listed(list).items) {
    const std::string text = to_text(item);
    const std::size_t limit = text.size() > 12 ? 2 : 1;
    const auto distance = [&](const Value& name) { return edit_distance(text, to_text(name), limit); };
    const auto is_it = [&](const Value& name) { return to_text(name) == text; };
    if (std::ranges::none_of(all_names.items, is_it) &&
        std::ranges::any_of(all_names.items, [&](const Value& name) { return distance(name) <= limit; }))
      found.items.push_back(item);
  }
  return Value{std::move(found)};
}

// The first parts of a version: 6.8 for 6.8.0-31. A missing part is 0, so that 6 and 6.0 are one series.
Result series(const Value& value, const Value& count) {
  const auto* version = value.get_if<Version>();
  const auto* parts = count.get_if<std::int64_t>();
  if (version == nullptr || parts == nullptr || *parts < 1)
    return fmt::format("series takes a version and a count, not {} and {}", shown(value), shown(count));
  std::string text;
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::min<std::int64_t>(*parts, 4)); ++i) {
    text += fmt::format("{}{}", i > 0 ? "." : "", i < version->parts.size() ? version->parts[i] : 0);
  }
  return Value{*Version::parse(text)};
}

// Devices that go to a guest together: an IOMMU group if it is given, else all functions of a device, whose
// addresses differ only in the last digit: 0000:65:00.0 and 0000:65:00.1.
bool together(const PciDevice& a, const PciDevice& b) {
  if (a.group >= 0 && b.group >= 0) return a.group == b.group;
  const auto device = [](std::string_view address) { return address.substr(0, address.rfind('.')); };
  return device(a.address) == device(b.address);
}

// Devices in the facts' form: 10de:1ff2 for 10de:1ff2:17aa:1613 (the form of modules' ids), and 0000:17:00.0
// for 17:00.0.
Result device_ids(const Value& ids) {
  List all;
  for (const Value& id : listed(ids).items) {
    const std::string text = to_text(id);
    const Value whole = scalar_from_text(text);
    if (whole.is<Word>() && whole.as<Word>().kind == WordKind::pci_address) {
      all.items.push_back(whole);
      continue;
    }
    const std::size_t device = text.find(':');
    const std::size_t end = device == std::string::npos ? device : text.find(':', device + 1);
    all.items.push_back(scalar_from_text(std::string_view(text).substr(0, end)));
  }
  return Value{std::move(all)};
}

// For devices given by id, their ids; for devices given by address, their addresses.
Result functions(const Value& devices, RecordedFacts& facts) {
  List all;
  for (const Value& wanted : listed(devices).items) {
    const Value device = scalar_from_text(to_text(wanted));
    const std::string text = to_text(device);
    const bool by_address = device.is<Word>() && device.as<Word>().kind == WordKind::pci_address;
    const auto key = by_address ? &PciDevice::address : &PciDevice::id;
    for (const PciDevice& given : facts.pci()) {
      if (given.*key != text) continue;
      for (const PciDevice& other : facts.pci()) {
        const Value beside{Word{by_address ? WordKind::pci_address : WordKind::pci_id, other.*key}};
        if (together(given, other) && !other.bridge &&
            std::ranges::find(all.items, beside) == all.items.end())
          all.items.push_back(beside);
      }
    }
  }
  return Value{std::move(all)};
}

// For people: 407.9GiB, not 417696MiB. If the number divides evenly, it stays exact.
std::string about(const Value& value) {
  const auto* size = value.get_if<Bytes>();
  std::string exact = to_text(value);
  constexpr std::int64_t mega = 1 << 20, giga = 1 << 30;
  if (size == nullptr || size->count < giga || size->count % giga == 0 || exact.ends_with("GB")) return exact;
  const auto tenths = static_cast<std::int64_t>((size->count - 1) / mega * 10 / 1024 + 1);
  return tenths % 10 == 0 ? fmt::format("{}GiB", tenths / 10)
                          : fmt::format("{}.{}GiB", tenths / 10, tenths % 10);
}

}  // namespace

std::variant<Value, std::string> call_function(std::string_view name, const std::vector<Value>& a,
                                               RecordedFacts facts) {
  if (name == "clamp") return clamp(a);
  if (name == "max") return extreme(a, 1);
  if (name == "min") return extreme(a, -1);
  if (name == "sum") return sum(a);
  if (name == "count") return count(a[0]);
  if (name == "floor") return rounded(a[0], false);
  if (name == "ceil") return rounded(a[0], true);
  if (name == "about") return Value{about(a[0])};
  if (name == "series") return series(a[0], a[1]);
  if (name == "siblings") return siblings(a[0], facts);
  if (name == "node") return node(a[0], facts);
  if (name == "by_node") return Value{a[0].is<List>()};
  if (name == "on_node") return on_node(a, facts);
  if (name == "first") return first(a);
  if (name == "all") return conditions(a, false);
  if (name == "any") return conditions(a, true);
  if (name == "within") return within(a[0], a[1]);
  if (name == "matching") return matching(a[0], a[1]);
  if (name == "without_end") return without_end(a[0], a[1]);
  if (name == "near") return near(a[0], a[1]);
  if (name == "repeated") return repeated(a[0]);
  if (name == "device_ids") return device_ids(a[0]);
  if (name == "functions") return functions(a[0], facts);
  if (name == "basename") {
    const std::string text = to_text(a[0]);
    return Value{text.substr(text.find_last_of('/') + 1)};
  }
  if (name == "cpus") {
    const auto set = as_cpus(a[0]);
    return set ? Result{Value{*set}} : Result{fmt::format("{} is not a set of CPUs", shown(a[0]))};
  }
  if (auto result = call_network_function(name, a)) return std::move(*result);
  return fmt::format("`{}` is not computed here", name);
}

}  // namespace tunec
