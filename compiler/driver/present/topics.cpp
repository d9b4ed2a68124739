// Shipped files are ours and formatted: a declaration begins at the start of a line, and ends with the first
// `}` at the start of a line. A fact is a row of the table in the language's README.
#include "driver/present/topics.h"

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>

#include "base/table.h"
#include "site/builtin_names.h"

namespace tunec {
namespace {

constexpr std::string_view pages = "tests/cases/topics/";
constexpr std::string_view language = "grammar/README.md";

std::string_view line_at(std::string_view text, std::size_t at) {
  return text.substr(at, std::min(text.find('\n', at), text.size()) - at);
}

// Calls `use(name, text)` for each declaration that begins with the keyword.
template <class Use>
void each_declaration(std::string_view text, std::string_view keyword, const Use& use) {
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view line = line_at(text, at);
    if (line.starts_with(keyword) && line.substr(keyword.size()).starts_with(' ')) {
      const std::string_view rest = line.substr(keyword.size() + 1);
      const std::size_t close = line.ends_with('}') ? at + line.size() : text.find("\n}", at) + 2;
      use(rest.substr(0, rest.find_first_of("( {")), text.substr(at, close - at));
    }
    at += line.size() + 1;
  }
}

template <class Use>
void each_declared(const Library& library, const Use& use) {
  const auto look = [&](std::string_view folder, std::string_view keyword, std::string_view kind) {
    for (const ShippedFile* file : library.under(folder)) {
      if (!file->path.ends_with(".tune")) continue;
      each_declaration(file->text, keyword, [&](std::string_view name, std::string_view text) {
        use(kind, name, file->path, text);
      });
    }
  };
  look("stdlib/intents/", "profile", "intent");
  look("profiles/", "profile", "profile");
  look("stdlib/policies/", "policy", "policy");
  look("stdlib/policies/", "budget", "policy");
}

// The cells of one row of a Markdown table.
std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  for (row.remove_prefix(1); !row.empty();) {
    const std::size_t end = std::min(row.find('|'), row.size());
    std::string_view cell = row.substr(0, end);
    while (cell.starts_with(' ')) cell.remove_prefix(1);
    while (cell.ends_with(' ')) cell.remove_suffix(1);
    cells.emplace_back(cell);
    row.remove_prefix(std::min(end + 1, row.size()));
  }
  return cells;
}

// The names in backticks.
std::vector<std::string> quoted_names(const std::string& cell) {
  std::vector<std::string> names;
  for (std::size_t open = cell.find('`'); open != std::string::npos;) {
    const std::size_t close = cell.find('`', open + 1);
    names.push_back(cell.substr(open + 1, close - open - 1));
    open = close == std::string::npos ? close : cell.find('`', close + 1);
  }
  return names;
}

// Calls `use(names, cells)` for each row of the table of facts; the names stand in backticks.
template <class Use>
void each_fact(const Library& library, const Use& use) {
  const ShippedFile* file = library.find(language);
  if (file == nullptr) return;
  const std::size_t heading = file->text.find("\n## Facts\n");
  if (heading == std::string_view::npos) return;
  const std::string_view section = file->text.substr(heading,
                                                     file->text.find("\n## ", heading + 1) - heading);
  for (std::size_t at = 0; at < section.size(); at += line_at(section, at).size() + 1) {
    const std::string_view line = line_at(section, at);
    if (!line.starts_with("| `")) continue;
    const std::vector<std::string> cells = cells_of(line);
    const std::vector<std::string> names = quoted_names(cells[0]);
    use(names, cells);
  }
}

std::string declaration_text(std::string_view kind, std::string_view name, std::string_view path,
                             std::string_view source) {
  return fmt::format("{} {} ({})\n\n{}\n", kind, name, path, source);
}

bool is_of_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

// A shipped line that calls the function; empty if none does.
std::string example_of(std::string_view function, const Library& library) {
  const std::string call = fmt::format("{}(", function);
  for (const std::string_view folder : {"stdlib/intents/", "profiles/", "stdlib/policies/"}) {
    for (const ShippedFile* file : library.under(folder)) {
      const std::string_view text = file->text;
      for (std::size_t at = text.find(call); at != text.npos; at = text.find(call, at + 1)) {
        if (at == 0 || is_of_name(text[at - 1])) continue;
        const std::size_t begin = text.rfind('\n', at) + 1;
        const std::string_view line = line_at(text, begin);
        const std::size_t indent = line.find_first_not_of(' ');
        if (line[indent] == '#' || line.find('"') < at - begin || line.substr(indent).starts_with("include "))
          continue;
        return fmt::format("\n  {}\n  ({})\n", line.substr(indent), file->path);
      }
    }
  }
  return "";
}

std::string fact_text(const std::vector<std::string>& cells) {
  std::string text = fmt::format("fact {}\n\n  is        {}\n", cells[0], cells[1]);
  if (cells.size() > 2) text += fmt::format("  read as   {}\n", cells[2]);
  return text + "\n`tunec explain facts` shows how facts are written.\n";
}

}  // namespace

std::vector<Topic> topics_named(const Library& library, std::string_view name) {
  std::vector<Topic> topics;
  if (const ShippedFile* page = library.find(fmt::format("{}{}.md", pages, name)))
    topics.push_back({"page", std::string(name), std::string(page->text)});
  each_declared(library, [&](std::string_view kind, std::string_view found, std::string_view path,
                             std::string_view source) {
    if (found == name)
      topics.push_back({std::string(kind), std::string(name), declaration_text(kind, name, path, source)});
  });
  if (const FunctionName* function = function_named(name); function != nullptr && !function->of_test)
    topics.push_back({"function", std::string(name),
                      fmt::format("function {}\n{}", function->summary, example_of(name, library))});
  const std::string as_read = name.starts_with("host.") ? std::string(name) : fmt::format("host.{}", name);
  const std::string written = as_read.substr(5);
  each_fact(library, [&](const std::vector<std::string>& names, const std::vector<std::string>& cells) {
    const auto has = [](const std::vector<std::string>& all, const std::string& one) {
      return std::ranges::find(all, one) != all.end();
    };
    if (has(names, written) || (cells.size() > 2 && has(quoted_names(cells[2]), as_read)))
      topics.push_back({"fact", std::string(name), fact_text(cells)});
  });
  return topics;
}

std::vector<std::string> topic_names(const Library& library) {
  std::vector<std::string> names;
  for (const ShippedFile* page : library.under(pages)) {
    std::string_view name = page->path;
    name.remove_prefix(pages.size());
    names.emplace_back(name.substr(0, name.rfind('.')));
  }
  each_declared(library, [&](std::string_view /*kind*/, std::string_view name, std::string_view /*path*/,
                             std::string_view /*source*/) { names.emplace_back(name); });
  each_fact(library, [&](const std::vector<std::string>& all, const std::vector<std::string>& /*cells*/) {
    names.insert(names.end(), all.begin(), all.end());
  });
  for (const FunctionName& function : function_names()) {
    if (!function.of_test) names.emplace_back(function.name);
  }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

std::string topic_json(const Topic& topic) {
  const nlohmann::ordered_json object{{"kind", topic.kind}, {"name", topic.name}, {"text", topic.text}};
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

namespace {

// The text after `doc "`, up to its end.
std::string doc_in(std::string_view text) {
  constexpr std::string_view mark = "doc \"";
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return "";
  std::string doc;
  for (std::size_t i = at + mark.size(); i < text.size() && text[i] != '"'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    doc += text[i];
  }
  return doc;
}

std::string kind_of_list(std::string_view kind) {
  return kind == "policies" ? "policy" : std::string(kind.substr(0, kind.size() - 1));
}

}  // namespace

std::vector<ListedTopic> listed(const Compilation& knowledge, std::string_view kind) {
  const Library& library = knowledge.library;
  std::vector<ListedTopic> rows;
  if (kind == "facts") {
    each_fact(library, [&](const std::vector<std::string>& names, const std::vector<std::string>& cells) {
      for (const std::string& name : names) rows.push_back({name, cells[1]});
    });
  } else if (kind == "functions") {
    for (const FunctionName& function : function_names()) {
      if (!function.of_test) rows.push_back({std::string(function.name), std::string(function.summary)});
    }
  } else if (kind == "pages") {
    for (const ShippedFile* page : library.under(pages)) {
      const std::string_view name = page->path.substr(pages.size());
      const std::string_view heading = line_at(page->text, 0);
      rows.push_back(
          {std::string(name.substr(0, name.rfind('.'))),
           std::string(heading.substr(std::min(heading.size(), heading.find_first_not_of("# "))))});
    }
  } else if (kind == "platforms") {
    for (const std::string& name : knowledge.platforms.names()) rows.push_back({name, ""});
  } else if (kind == "surfaces") {
    std::map<std::string, std::size_t> parameters;
    for (const std::string_view name : knowledge.catalogue.names())
      ++parameters[std::string(name.substr(0, name.find_first_of(".(")))];
    for (const auto& [surface, count] : parameters) rows.push_back({surface, counted(count, "parameter")});
  } else {
    const std::string one = kind_of_list(kind);
    each_declared(library, [&](std::string_view found, std::string_view name, std::string_view /*path*/,
                               std::string_view text) {
      if (found == one) rows.push_back({std::string(name), doc_in(text)});
    });
  }
  return rows;
}

std::string listed_json(std::string_view kind, const ListedTopic& row) {
  return nlohmann::ordered_json{{"kind", kind_of_list(kind)}, {"name", row.name}, {"summary", row.summary}}
             .dump() +
         "\n";
}

std::string listed_host_json(const HostPlan& host) {
  nlohmann::ordered_json object{{"kind", "host"},
                                {"name", host.name},
                                {"platform", host.facts->platform->describe()},
                                {"memory", host.facts->memory},
                                {"cpus", host.facts->cpus.size()},
                                {"groups", host.groups}};
  if (host.labels && !host.labels->rack.poisoned()) object["rack"] = to_text(host.labels->rack);
  return object.dump() + "\n";
}

}  // namespace tunec
