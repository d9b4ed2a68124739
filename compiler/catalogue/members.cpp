#include "catalogue/members.h"

#include <array>

#include "catalogue/load.h"
#include "catalogue/param_text.h"

namespace tunec {
namespace {

constexpr std::array<std::pair<std::string_view, MemberRole>, 3> roles{
    {{"common", MemberRole::common}, {"initial", MemberRole::initial}, {"each", MemberRole::each}}};
constexpr std::array<std::pair<std::string_view, CombineRule>, 9> rules{
    {{"or", CombineRule::either},
     {"and", CombineRule::both},
     {"max", CombineRule::max},
     {"min", CombineRule::min},
     {"common_if_set", CombineRule::common_if_set},
     {"copied", CombineRule::copied},
     {"own", CombineRule::own},
     {"initial", CombineRule::initial},
     {"nothing", CombineRule::nothing}}};

void read_combines(Record& record, ParamInfo& param) {
  const yaml::Node* node = record.find("combines");
  if (node == nullptr) return;
  const auto add = [&](const yaml::Node& word, Combination combination) {
    const auto rule = named(rules, word.scalar);
    if (!rule) return record.bad(word, fmt::format("`{}` is no rule of `combines`", word.scalar));
    combination.rule = *rule;
    param.combines.push_back(std::move(combination));
  };
  if (node->kind == yaml::Node::Kind::scalar) return add(*node, {});
  for (const auto& item : node->items) {
    Combination combination;
    if (const auto versions = item->find("linux"))
      combination.linux_ = VersionInterval::parse(versions->scalar);
    if (const auto where = item->find("where")) combination.where = where->scalar;
    if (const auto rule = item->find("is")) add(*rule, std::move(combination));
    else record.bad(*item, "an entry of `combines` is {linux: INTERVAL, where: PARAMETER, is: RULE}");
  }
}

// "net.ipv4.conf.all.rp_filter" of "net.ipv4.conf().rp_filter"
std::string with_instance(std::string name, std::string_view hole, std::string_view instance) {
  if (const std::size_t at = name.find(hole); at != std::string::npos)
    name.replace(at, hole.size(), instance);
  return name;
}

bool is_unread(CombineRule rule, MemberRole role) {
  return rule == CombineRule::nothing || (rule == CombineRule::own && role == MemberRole::common) ||
         (rule == CombineRule::initial && role == MemberRole::one);
}

// If nothing reads this member, a value does nothing: neither good nor the harm that it would do elsewhere.
void note_unread(ParamInfo& param, const std::string& generic_name, const std::vector<Member>& members,
                 const std::string& why) {
  std::vector<Caveat> unread;
  for (const Combination& combination : param.combines) {
    if (!is_unread(combination.rule, param.role)) continue;
    Caveat caveat;
    caveat.linux_ = combination.linux_;
    caveat.fate = Fate::ignored;
    caveat.severity = Severity::warning;
    caveat.why = combination.rule == CombineRule::own ? why : "no code of the kernel reads it";
    caveat.instead = "delete the line";
    const auto each = std::ranges::find(members, MemberRole::each, &Member::role);
    if (combination.rule == CombineRule::own && each != members.end())
      caveat.instead = fmt::format("write `{}`",
                                   with_instance(generic_name, "()", "(\"" + each->instance + "\")"));
    unread.push_back(std::move(caveat));
    if (combination.linux_) continue;
    std::erase_if(param.caveats, [](const Caveat& other) {
      return other.fate == Fate::risky || other.fate == Fate::unsafe;
    });
  }
  param.caveats.insert(param.caveats.end(), unread.begin(), unread.end());
}

// A write of a common value may copy it to the instances, so it comes before theirs.
std::int32_t place_of(const ParamInfo& param, MemberRole role) {
  return param.order - (role == MemberRole::common ? 2 : 1);
}

// The value of a record's key for this member alone, as in `default: { all: off, default: on }`.
const yaml::Node* own_node(Record& record, std::string_view key, std::string_view member) {
  const yaml::Node* node = record.find(key);
  if (node == nullptr || node->kind != yaml::Node::Kind::map) return nullptr;
  const auto found = node->find(member);
  return found ? found.get() : nullptr;
}

ParamInfo as_member(Record& record, const ParamInfo& generic, const Member& member) {
  ParamInfo own = generic;
  own.name = with_instance(own.name, "()", "." + member.instance);
  own.key = with_instance(own.key, "{}", member.instance);
  own.members.clear();
  own.member_of = generic.name;
  own.role = member.role;
  own.order = place_of(generic, member.role);
  if (const yaml::Node* value = own_node(record, "default", member.instance))
    own.defaults = {{std::nullopt, "", default_from(*value, own)}};
  if (const yaml::Node* names = own_node(record, "misspelt", member.instance)) {
    for (const auto& name : names->items) own.misspelt.push_back(name->scalar);
  }
  return own;
}

}  // namespace

std::vector<ParamInfo> read_members(Record& record, ParamInfo param) {
  param.slash = record.text("slash");
  const std::string unread = record.text("unread");
  const yaml::Node* members = record.find("members");
  read_combines(record, param);
  std::vector<ParamInfo> all;
  if (members != nullptr && param.name.find("()") != std::string::npos) {
    if (record.find("key") == nullptr) param.key = with_instance(param.key, "()", ".{}");
    for (const auto& [instance, word] : members->entries) {
      const auto role = named(roles, word->scalar);
      if (role) param.members.push_back({instance->scalar, *role});
      else record.bad(*word, fmt::format("`{}`: a member is common, initial or each", word->scalar));
    }
    for (const Member& member : param.members) {
      if (member.role == MemberRole::each) continue;
      all.push_back(as_member(record, param, member));
      note_unread(all.back(), param.name, param.members, unread);
    }
    // An instance that nobody sets has the value that the initial one had when it was made.
    param.defaults.clear();
  }
  note_unread(param, param.name, param.members, unread);
  all.insert(all.begin(), std::move(param));
  return all;
}

}  // namespace tunec
