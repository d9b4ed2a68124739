// Both formats give the same two relations: host in group, and group in group. The groups of a host are all
// groups that contain it, directly or through others.
#include "site/inventory.h"

#include <algorithm>
#include <set>

#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "machine/host_pattern.h"

namespace tunec {
namespace {

struct Groups {
  std::map<std::string, std::set<std::string>> parents;      // of a group
  std::map<std::string, std::set<std::string>> memberships;  // of a host, direct
  std::map<std::string, Span> places;
  std::set<std::string> declared;        // groups that have their own section
  std::map<std::string, Span> children;  // groups that are named as children
};

// Ansible writes ranges as kvm[01:10], sometimes with a step; ours are kvm[01..10].
std::vector<std::string> host_names(std::string_view text, Span where, Reporter& reporter) {
  std::string pattern(text);
  for (std::size_t open = pattern.find('['); open != std::string::npos; open = pattern.find('[', open + 1)) {
    const std::size_t colon = pattern.find(':', open);
    if (colon != std::string::npos) pattern.replace(colon, 1, "..");
  }
  auto expanded = expand_pattern(pattern);
  if (const auto* bad = std::get_if<BadPattern>(&expanded)) {
    reporter.report(where, diag::bad_pattern, std::string(text), bad->reason);
    return {};
  }
  return std::get<std::vector<std::string>>(expanded);
}

void add_host(Groups& groups, std::string_view text, Span where, const std::string& group,
              Reporter& reporter) {
  for (const std::string& name : host_names(text, where, reporter)) {
    auto& member_of = groups.memberships[name];
    if (group != "all" && group != "ungrouped") member_of.insert(group);
    groups.places.emplace(name, where);
  }
}

void read_group(const std::string& name, const yaml::Node& group, Groups& groups, Reporter& reporter) {
  if (group.kind == yaml::Node::Kind::null) return;
  if (group.kind != yaml::Node::Kind::map) {
    reporter.report(group.span, diag::bad_inventory,
                    fmt::format("group `{}` is a map with hosts, children or vars", name));
    return;
  }
  for (const auto& [key, value] : group.entries) {
    if (key->scalar == "hosts") {
      for (const auto& [host, vars] : value->entries)
        add_host(groups, host->scalar, host->span, name, reporter);
    } else if (key->scalar == "children") {
      for (const auto& [child, body] : value->entries) {
        if (name != "all") groups.parents[child->scalar].insert(name);
        read_group(child->scalar, *body, groups, reporter);
      }
    } else if (key->scalar != "vars") {
      reporter.report(key->span, diag::bad_inventory,
                      fmt::format("a group has hosts, children and vars, no `{}`", key->scalar));
    }
  }
}

// For each group, computed once: the groups that contain it, including itself.
class GroupClosure {
 public:
  explicit GroupClosure(const Groups& groups) {
    for (const auto& [child, parents] : groups.parents) {
      names_.insert(child);
      names_.insert(parents.begin(), parents.end());
    }
    for (const auto& [host, direct] : groups.memberships) names_.insert(direct.begin(), direct.end());
    for (const std::string& name : names_) numbers_.emplace(name, numbers_.size());
    parents_.resize(names_.size());
    for (const auto& [child, parents] : groups.parents) {
      for (const std::string& parent : parents) parents_[numbers_.at(child)].push_back(numbers_.at(parent));
    }
    all_.resize(names_.size());
  }

  // Sorted.
  std::vector<std::string> of(const std::set<std::string>& direct) {
    std::vector<bool> any(names_.size());
    for (const std::string& group : direct) {
      const std::vector<bool>& above = closed(numbers_.at(group));
      for (std::size_t i = 0; i < any.size(); ++i) any[i] = any[i] || above[i];
    }
    std::vector<std::string> found;
    std::size_t i = 0;
    for (const std::string& name : names_) {
      if (any[i++]) found.push_back(name);
    }
    return found;
  }

 private:
  const std::vector<bool>& closed(std::size_t group) {
    std::vector<bool>& above = all_[group];
    if (!above.empty()) return above;
    above.resize(names_.size());
    std::vector<std::size_t> waiting{group};
    while (!waiting.empty()) {
      const std::size_t next = waiting.back();
      waiting.pop_back();
      if (above[next]) continue;  // also ends a cycle of groups
      above[next] = true;
      for (const std::size_t parent : parents_[next]) {
        if (!above[parent]) waiting.push_back(parent);
      }
    }
    return above;
  }

  std::set<std::string> names_;
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::vector<std::size_t>> parents_;
  std::vector<std::vector<bool>> all_;  // empty: not computed yet
};

// Ansible reports the same mistake: "includes undefined group".
void report_undeclared(const Groups& groups, Reporter& reporter) {
  const std::vector<std::string_view> names(groups.declared.begin(), groups.declared.end());
  for (const auto& [child, where] : groups.children) {
    if (groups.declared.contains(child) || child == "all" || child == "ungrouped") continue;
    Draft draft = reporter.report(where, diag::bad_inventory, fmt::format("there is no group `{}`", child));
    if (const auto near = nearest(child, names)) draft.did_you_mean(*near);
    else draft.help(fmt::format("a group has a section of its own: `[{}]`", child));
  }
}

void finish(const Groups& groups, Inventory& into) {
  GroupClosure closure(groups);
  std::map<std::set<std::string>, std::vector<std::string>> groups_of;  // many hosts are in the same groups
  for (const auto& [host, direct] : groups.memberships) {
    const auto [found, is_new] = groups_of.try_emplace(direct);
    if (is_new) found->second = closure.of(direct);
    InventoryHost& entry = into[host];
    entry.where = groups.places.at(host);
    std::set<std::string> all(found->second.begin(), found->second.end());
    all.insert(entry.groups.begin(), entry.groups.end());
    entry.groups.assign(all.begin(), all.end());
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

}  // namespace

bool looks_like_inventory(const yaml::Node& root) {
  if (root.kind != yaml::Node::Kind::map || root.find("hosts")) return false;
  return std::ranges::any_of(root.entries, [](const auto& entry) {
    return entry.second->find("hosts") || entry.second->find("children");
  });
}

void read_inventory(const yaml::Node& root, Inventory& into, Reporter& reporter) {
  Groups groups;
  for (const auto& [name, group] : root.entries) read_group(name->scalar, *group, groups, reporter);
  finish(groups, into);
}

void read_ini_inventory(FileId file, const Sources& sources, Inventory& into, Reporter& reporter) {
  Groups groups;
  enum class Section { hosts, children, vars } section = Section::hosts;
  std::string group = "ungrouped";
  const std::string_view text = sources.text(file);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = trimmed(text.substr(begin, end - begin));
    const Span where{file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    begin = end + 1;
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[' && line.back() == ']') {
      const std::string_view heading = line.substr(1, line.size() - 2);
      const std::size_t colon = heading.find(':');
      group = heading.substr(0, colon);
      const std::string_view kind = colon == std::string_view::npos ? "" : heading.substr(colon + 1);
      if (kind != "" && kind != "children" && kind != "vars") {
        reporter.report(
            where, diag::bad_inventory,
            fmt::format("a section is [group], [group:children] or [group:vars], not [{}]", heading));
      }
      if (kind != "vars") groups.declared.insert(group);
      section = kind == "children" ? Section::children : kind == "vars" ? Section::vars : Section::hosts;
    } else if (section == Section::children) {
      const std::string child(line.substr(0, line.find_first_of(" \t#")));
      groups.children.emplace(child, where);
      if (group != "all") groups.parents[child].insert(group);
    } else if (section == Section::hosts) {
      add_host(groups, line.substr(0, line.find_first_of(" \t")), where, group, reporter);
    }
  }
  report_undeclared(groups, reporter);
  finish(groups, into);
}

}  // namespace tunec
