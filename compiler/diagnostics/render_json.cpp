// Diagnostics for programs: one object on one line. Lines and columns count from 1, columns in code points.
#include <nlohmann/json.hpp>

#include "diagnostics/fixes.h"
#include "diagnostics/render.h"

namespace tunec {

namespace {

using Json = nlohmann::ordered_json;

// Adds nothing for a place in no file.
void add_place(Json& into, Span where, const Sources& sources) {
  if (where.file.index >= sources.size()) return;
  const LineColumn begin = sources.position(where.file, where.begin);
  const LineColumn end = sources.position(where.file, std::max(where.begin, where.end));
  into["file"] = std::string(sources.name(where.file));
  into["line"] = begin.line;
  into["column"] = begin.column;
  into["end"] = Json{{"line", end.line}, {"column", end.column}};
}

// Each edit replaces the text at its place; an empty place is where the text is inserted.
Json fixes_json(const std::vector<Fix>& fixes, const Sources& sources) {
  Json all = Json::array();
  for (const Fix& fix : fixes) {
    Json edits = Json::array();
    for (const Edit& edit : fix.edits) {
      Json entry = Json::object();
      add_place(entry, edit.where, sources);
      entry["text"] = edit.text;
      edits.push_back(std::move(entry));
    }
    all.push_back({{"what", fix.what}, {"certain", fix.is_certain}, {"edits", std::move(edits)}});
  }
  return all;
}

}  // namespace

std::string render_json(const Diagnostic& diagnostic, const Sources& sources) {
  constexpr const char* severities[] = {"note", "warning", "error"};
  Json json;
  json["code"] = std::string(diagnostic.info->code);
  json["name"] = std::string(diagnostic.info->name);
  json["severity"] = severities[static_cast<std::size_t>(diagnostic.severity)];
  json["message"] = diagnostic.message;
  add_place(json, diagnostic.where, sources);
  if (!diagnostic.at.empty()) json["at"] = diagnostic.at;
  json["labels"] = Json::array();
  for (const Label& label : diagnostic.labels) {
    Json entry = Json::object();
    add_place(entry, label.where, sources);
    entry["text"] = label.text;
    json["labels"].push_back(std::move(entry));
  }
  json["notes"] = diagnostic.notes;
  json["help"] = diagnostic.help;
  const std::string_view entry_help = diagnostic.info->help;
  if (diagnostic.help.empty() && !entry_help.empty()) json["help"].push_back(std::string(entry_help));
  json["hosts"] = diagnostic.hosts;
  if (const auto fixes = fixes_of(diagnostic, sources); !fixes.empty())
    json["fixes"] = fixes_json(fixes, sources);
  // A file name on Linux need not be UTF-8; all other texts are.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tunec
