// The Formation operator's JSON. A record's key is the path of a value:
//
//   a.b          member `b` of the object `a`
//   list[name]   the object of `list` whose member `name` is the instance
//   list[]       an object of `list`; the instance only orders the objects
//   a.{}         the member of `a` that is named after the instance
//
// Objects are sorted by key and lists by instance, so that a change of one value changes one line.
#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "render/backend.h"
#include "render/spell.h"

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view surfaces[] = {"formation"};

// Compares instances so that "2" comes before "10": they order the objects of a list.
struct Natural {
  bool operator()(const std::string& a, const std::string& b) const {
    const auto number = [](const std::string& text) {
      return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
    };
    return number(a) && number(b) && a.size() != b.size() ? a.size() < b.size() : a < b;
  }
};

struct Node {
  bool list = false;
  std::string identity;  // of a list: the member that contains the instance in each of its objects
  const Setting* leaf = nullptr;
  std::map<std::string, Node, Natural> children;
  Settings settings;  // all settings below it
};

// Takes one step along a path, "cpus", "{}" or "pools[name]". Makes nodes that do not exist yet.
Node* step_into(Node* at, std::string_view part, const Setting& setting, std::size_t& next) {
  const auto instance = [&] {
    return next < setting.instances.size() ? setting.instances[next++] : std::string();
  };
  const std::size_t bracket = part.find('[');
  if (bracket == part.npos) return &at->children[part == "{}" ? instance() : std::string(part)];
  Node& list = at->children[std::string(part.substr(0, bracket))];
  list.list = true;
  list.identity = part.substr(bracket + 1, part.size() - bracket - 2);
  return &list.children[instance()];
}

// Follows the record's key, not the setting's, where a dot in an instance would look like a new part.
void insert(Node& root, const Setting& setting) {
  const std::string_view path = setting.param->key;
  Node* at = &root;
  std::size_t next = 0;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    at = step_into(at, path.substr(begin, end - begin), setting, next);
    at->settings.push_back(&setting);
    begin = end + 1;
  }
  at->leaf = &setting;
}

// Sources are UTF-8. If a text is not after all, this must not throw.
std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string value_text(const Json& value) {
  if (!value.is_array()) return dump(value);
  std::vector<std::string> items;
  for (const Json& item : value) items.push_back(dump(item));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

class Printer {
 public:
  explicit Printer(File& file) : file_(file) {}

  // `before`: the beginning of the line, `"cpus": `. `after`: its end, which is a comma except for the last
  // element.
  void print(const Node& node, const std::string& before, std::string_view after, std::size_t depth) {
    const std::string indent(2 * depth, ' ');
    if (node.leaf != nullptr) {
      file_.joined({node.leaf},
                   fmt::format("{}{}{}{}", indent, before, value_text(to_json(*node.leaf)), after));
      return;
    }
    file_.plain(fmt::format("{}{}{}", indent, before, node.list ? '[' : '{'));
    std::size_t left = node.children.size();
    for (const auto& [key, child] : node.children) {
      const std::string_view comma = --left == 0 ? "" : ",";
      if (node.list) {
        print_item(child, node.identity, key, comma, depth + 1);
      } else {
        print(child, dump(key) + ": ", comma, depth + 1);
      }
    }
    file_.plain(fmt::format("{}{}{}", indent, node.list ? ']' : '}', after));
  }

 private:
  // An object of a list. The key that names it comes first, and belongs to all settings of the object.
  void print_item(const Node& item, const std::string& identity, const std::string& instance,
                  std::string_view after, std::size_t depth) {
    const std::string indent(2 * depth, ' ');
    file_.plain(indent + "{");
    if (!identity.empty()) {
      const std::string_view comma = item.children.empty() ? "" : ",";
      file_.joined(item.settings, fmt::format("{}  {}: {}{}", indent, dump(identity), dump(instance), comma));
    }
    std::size_t left = item.children.size();
    for (const auto& [key, child] : item.children)
      print(child, dump(key) + ": ", --left == 0 ? "" : ",", depth + 1);
    file_.plain(fmt::format("{}}}{}", indent, after));
  }

  File& file_;
};

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  Node root;
  for (const Setting* setting : host.settings) insert(root, *setting);
  Printer(out.file("etc/formation/form-config.json")).print(root, "", "", 0);
  // Formation's programs are form-state, form-dns, form-p2p and so on. Guests run below form-vmm, so a
  // restart of that one would end them.
  const std::string unit = "form-[!v]*.service";
  out.restart(unit, Restart::if_running, fmt::format("systemctl try-restart '{}'", unit),
              "Formation's services read their configuration when they start", {.needs = ready_for_services});
  out.note("Formation in containers, and form-vmm, whose guests end with it, are to be restarted by hand");
}

}  // namespace

extern const Backend backend_formation{
    .name = "formation",
    .summary = "the Formation operator's configuration",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
