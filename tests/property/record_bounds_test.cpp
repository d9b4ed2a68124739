// A record's bounds and words hold for users. For every record that has some, on every platform, the compiler
// accepts the lowest and the highest value, the default and each word. It refuses a value one step outside
// and an unknown word, with one diagnostic each.
#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "base/units.h"
#include "plan/platform/convert.h"
#include "support/over_memory.h"

namespace tunec::test {
namespace {

// One value for one parameter, and the code of the expected diagnostic; empty if the value is accepted.
struct Try {
  std::string name, value, code;
};

// Parameters whose initial value can be read but not written back: switches that work in one direction,
// amounts that a share replaces.
const std::set<std::string, std::less<>> never_back{
    "sysctl.kernel.kexec_load_disabled", "sysctl.kernel.max_rcu_stall_to_panic",
    "sysctl.kernel.modules_disabled", "sysctl.vm.dirty_background_bytes", "sysctl.vm.dirty_bytes"};
constexpr std::string_view no_word = "\"no-such-word\"";

bool is_list(const ParamInfo& param) { return param.type == ValueType::list; }
ValueType scalar_type(const ParamInfo& param) { return is_list(param) ? param.element : param.type; }

// The next value below (-1) or above (+1) in the parameter's unit; nothing if the language has none.
std::optional<Value> beside(const Value& value, int direction, const ParamInfo& param) {
  const auto moved = [&](const Fraction& by, const Fraction& step) {
    return *sum(by, *product(Fraction(direction), step));
  };
  if (const auto* percent = value.get_if<Percent>())
    return Value{Percent{moved(percent->of_hundred, Fraction(1))}};
  if (const auto* ratio = value.get_if<Ratio>())
    return Value{Ratio{moved(ratio->times, *Fraction::of(1, 2))}};
  if (const auto* decimal = value.get_if<Decimal>())
    return Value{Decimal{moved(decimal->number, Fraction(1)), {}}};
  const auto number = base_number(value);
  if (!number) return std::nullopt;
  const Unit unit = unit_named(param.unit).value_or(Unit{});
  std::int64_t next = 0;
  if (__builtin_add_overflow(*number, direction * unit.base, &next)) return std::nullopt;
  if (value.is<std::int64_t>()) return Value{next};
  return in_unit(next, Unit{unit.dimension, 1});
}

std::string written(const Value& value, const ParamInfo& param) {
  std::string text = to_source(value);
  if (const auto* ratio = value.get_if<Ratio>()) text = ratio->times.text() + "x";
  if (const auto* decimal = value.get_if<Decimal>()) text = decimal->number.text();
  if (scalar_type(param) == ValueType::range) text = fmt::format("[{0}, {0}]", text);
  if (!is_list(param)) return text;
  std::string list = text;
  for (std::uint32_t i = 1; i < param.min_items; ++i) list += ", " + text;
  return fmt::format("[{}]", list);
}

bool within(const Value& value, const std::vector<const Bounds*>& all) {
  return std::ranges::all_of(all, [&](const Bounds* bounds) {
    const auto low = bounds->lowest ? compare(*bounds->lowest, value) : std::optional(0);
    const auto high = bounds->highest ? compare(value, *bounds->highest) : std::optional(0);
    return low && high && *low <= 0 && *high <= 0;
  });
}

std::vector<Try> tries_of(const ParamInfo& param, const Platform& machine) {
  std::vector<Try> tries;
  const auto add = [&](std::string value, std::string code) {
    tries.push_back({param.name, std::move(value), std::move(code)});
  };
  std::vector<const Bounds*> bounds;
  for (const Bounds& limits : param.bounds) {
    if (holds_on(limits, machine.kernel, machine.os)) bounds.push_back(&limits);
  }
  for (const Bounds* limits : bounds) {
    const auto edge = [&](const std::optional<Value>& value, int outward) {
      if (!value) return;
      if (within(*value, bounds)) add(written(*value, param), "");
      if (const auto outside = beside(*value, outward, param)) add(written(*outside, param), "T0402");
    };
    edge(limits->lowest, -1);
    edge(limits->highest, 1);
  }
  if (const Value* default_value = param.default_value(machine.kernel, machine.os))
    add(to_source(*default_value), never_back.contains(param.name) ? "T0402" : "");
  for (const EnumValue& word : param.values) add(fmt::format("\"{}\"", word.name), "");
  if (scalar_type(param) == ValueType::enumeration) add(std::string(no_word), "T0403");
  if (param.type == ValueType::boolean || param.type == ValueType::flag) {
    for (const char* state : {"on", "off"}) add(state, "");
    add("2", counts_as_on(param, Value{std::int64_t{2}}) ? "" : "T0401");
  }
  return tries;
}

// The statement that gives a parameter its value. An instance gets a name.
std::string statement(const Try& attempt) {
  std::string name = attempt.name;
  const auto instance = [](std::string_view before) {
    if (before.ends_with("node") || before.ends_with("cpu")) return "(\"0\")";
    if (before.ends_with("hugepages")) return "(\"2048kB\")";
    return before.ends_with("devices") ? "(\"0000:65:00.0\")" : "(\"x1\")";
  };
  const std::size_t first = name.find("()");
  // A surface whose settings all belong to instances
  if (first != std::string::npos && name.find('.') > first) {
    const std::string surface = name.substr(0, first), rest = name.substr(first + 3);
    const bool unit = surface == "unit" || surface == "dropin";
    return fmt::format("{} {} {{ {} }}", surface,
                       unit                 ? "\"x1.service\""
                       : surface == "mount" ? "\"/srv/x1\""
                                            : "x1",
                       rest.starts_with("peer().")
                           ? fmt::format("peer p1 {{ {} = {} }}", rest.substr(7), attempt.value)
                           : fmt::format("{} = {}", rest, attempt.value));
  }
  for (std::size_t at = name.find("()"); at != std::string::npos; at = name.find("()", at + 2))
    name.replace(at, 2, instance(name.substr(0, at)));
  return fmt::format("{} = {}", name, attempt.value);
}

// Pools and instance types are declarations of the site.
bool declared(const Try& attempt) {
  return attempt.name.starts_with("pool().") || attempt.name.starts_with("instance().");
}

struct Site {
  std::string text;
  std::map<std::uint32_t, const Try*> lines;

  void say(std::string_view line) { text.append(line).append("\n"), ++line_; }
  void say(std::string_view line, const Try& about) {
    say(line);
    lines[line_] = &about;
  }

 private:
  std::uint32_t line_ = 0;
};

// One host for the first try of each parameter, one for the second, and so on, because a host cannot have two
// values of a parameter.
Site site_of(const std::string& platform, const std::vector<std::vector<Try>>& tries) {
  std::size_t most = 0;
  for (const auto& of_one : tries) most = std::max(most, of_one.size());
  Site site;
  const std::string facts = fmt::format(
      "facts {{ os = \"{}\"  memory = 16384GiB  cpu {{ vendor = intel  cores = 8 }} }}", platform);
  site.say("site bounds");
  for (std::size_t i = 0; i < most; ++i) {
    site.say(fmt::format("host h{} {{ {}", i, facts));
    for (const auto& of_one : tries) {
      if (i < of_one.size() && !declared(of_one[i])) site.say(statement(of_one[i]), of_one[i]);
    }
    site.say("}");
  }
  std::string pools, types;
  for (const auto& of_one : tries) {
    for (const Try& attempt : of_one) {
      if (!declared(attempt)) continue;
      const bool pool = attempt.name.starts_with("pool");
      std::string& names = pool ? pools : types;
      const std::string name = fmt::format("p{}", names.size());
      names += name + ", ";
      site.say(fmt::format("{} {} {{ {} = {} }}", pool ? "pool" : "instance type", name,
                           attempt.name.substr(attempt.name.find('.') + 1), attempt.value),
               attempt);
    }
  }
  site.say("instance type general {}");  // a record names it as its default
  site.say(fmt::format("pool all {{ instance_types = [{}] }}", types));
  site.say(fmt::format("host offers {{ {}  pools = [{}all] }}", facts, pools));
  return site;
}

// Returns how many tries end otherwise than expected.
int count_wrong(const std::string& platform, const std::vector<std::vector<Try>>& tries) {
  const Site site = site_of(platform, tries);
  MemoryFileSystem files;
  files.files["main.tune"] = site.text;
  const auto run = compile_in_memory(files);
  std::map<std::uint32_t, std::vector<std::string>> reported;
  for (const Diagnostic& diagnostic : run.compilation->reporter.sorted()) {
    const std::string code(diagnostic.info->code);
    const bool of_values = code >= "T0401" && code <= "T0408";
    if (!of_values && code >= "T0400") continue;  // caveats, policies, conflicts
    const Sources& sources = run.compilation->sources;
    const std::uint32_t line = sources.position(diagnostic.where.file, diagnostic.where.begin).line;
    EXPECT_TRUE(site.lines.contains(line)) << code << " " << diagnostic.message << "\n"
                                           << sources.line(diagnostic.where.file, line);
    reported[line].push_back(code);
  }
  int wrong = 0;
  for (const auto& [line, attempt] : site.lines) {
    const std::vector<std::string> expected = attempt->code.empty() ? std::vector<std::string>{}
                                                                    : std::vector{attempt->code};
    if (reported[line] == expected) continue;
    if (++wrong <= 20)
      ADD_FAILURE() << attempt->name << " = " << attempt->value << ": "
                    << testing::PrintToString(reported[line]) << ", not " << testing::PrintToString(expected);
  }
  return wrong;
}

class RecordBounds : public testing::TestWithParam<std::string> {};

TEST_P(RecordBounds, AreWhatAUserMeets) {
  const auto knowledge = open_knowledge("", DiskFileSystem());
  Platform machine;
  machine.os = GetParam().substr(0, GetParam().find(' '));
  machine.release = GetParam().substr(GetParam().find(' ') + 1);
  ASSERT_TRUE(knowledge->platforms.complete(machine));

  std::vector<std::vector<Try>> tries;
  std::size_t count = 0;
  for (const std::string_view name : knowledge->catalogue.names()) {
    const ParamInfo& param = *knowledge->catalogue.find(name);
    if (!param.curated) continue;
    tries.push_back(tries_of(param, machine));
    count += tries.back().size();
  }
  EXPECT_GT(count, 3000u);

  // So many that fewer errors than tunec keeps come of them.
  constexpr std::ptrdiff_t at_once = 200;
  int wrong = 0;
  for (auto begin = tries.begin(); begin != tries.end();) {
    const auto end = begin + std::min(at_once, tries.end() - begin);
    wrong += count_wrong(GetParam(), {begin, end});
    begin = end;
  }
  EXPECT_EQ(wrong, 0);
}

INSTANTIATE_TEST_SUITE_P(OnEveryPlatform, RecordBounds,
                         testing::ValuesIn(open_knowledge("", DiskFileSystem())->platforms.names()),
                         [](const auto& platform) {
                           std::string name = platform.param;
                           std::ranges::replace_if(
                               name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

}  // namespace
}  // namespace tunec::test
