// Runs yaml-cpp over a text, and rewords its errors. yaml_builder.cpp builds the tree.
#include "source/yaml.h"

#include <algorithm>
#include <istream>
#include <streambuf>
#include <unordered_map>

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "source/yaml_read.h"

namespace tunec::yaml {

namespace {

// yaml-cpp's messages, reworded for people who did not write yaml-cpp.
std::string plainly(const std::string& message) {
  static const std::unordered_map<std::string_view, std::string_view> plain_words = {
      {"end of map not found", misplaced},
      {"end of sequence not found", misplaced},
      {"end of map flow not found", "a `{` is not closed before this"},
      {"end of sequence flow not found", "a `[` is not closed before this"},
      {"illegal map value", "a `:` cannot stand here"},
      {"illegal block entry", "a `-` cannot stand here"},
      {"illegal flow end", "this bracket closes nothing"},
      {"illegal EOF in scalar", "the file ends inside quotes"},
      {"unknown token", "a value cannot begin with this character unless it is quoted"},
  };
  const auto found = plain_words.find(message);
  return found == plain_words.end() ? message : std::string(found->second);
}

// Finds a line at or before `at` that is indented by a tab: yaml-cpp reports a different mistake for it.
std::optional<std::size_t> tab_before(std::string_view text, std::size_t at) {
  for (std::size_t begin = 0; begin <= at && begin < text.size();) {
    const std::size_t indented = text.find_first_not_of(' ', begin);
    if (indented != std::string_view::npos && text[indented] == '\t') {
      const std::size_t content = text.find_first_not_of(" \t", indented);
      if (content != std::string_view::npos && text[content] != '\n' && text[content] != '\r' &&
          text[content] != '#')
        return indented;
    }
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) break;
    begin = end + 1;
  }
  return std::nullopt;
}

// A stream over a text that the caller owns.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // never written: streambuf just has no const interface
    setg(begin, begin, begin + text.size());
  }
};

std::optional<std::size_t> first_control(std::string_view text) {
  const auto found = std::find_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == '\x7f';
  });
  if (found == text.end()) return std::nullopt;
  return static_cast<std::size_t>(found - text.begin());
}

}  // namespace

NodePtr Node::find(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name->scalar == key) return value;
  }
  return nullptr;
}

std::string Node::text(std::string_view key) const {
  const NodePtr found = find(key);
  return found ? found->scalar : std::string();
}

std::vector<std::string> Node::texts(std::string_view key) const {
  std::vector<std::string> all;
  if (const NodePtr found = find(key)) {
    for (const NodePtr& item : found->items) all.push_back(item->scalar);
  }
  return all;
}

std::optional<std::pair<std::size_t, std::string_view>> first_bad_byte(std::string_view text) {
  if (const auto at = first_bad_utf8(text)) return std::pair(*at, std::string_view("not UTF-8 text"));
  if (const auto at = first_control(text))
    return std::pair(*at, std::string_view("control characters cannot stand in YAML"));
  return std::nullopt;
}

std::optional<Error> read(std::string_view stream, Builder& builder) {
  ViewBuffer buffer(stream);
  std::istream in(&buffer);
  try {
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    return stop.error;
  } catch (const YAML::Exception& error) {
    const Span where = builder.place_of(error.mark.is_null() ? YAML::Mark() : error.mark);
    return Error{where, plainly(error.msg)};
  }
  return std::nullopt;
}

Document parse(FileId file, const Sources& sources) {
  const std::string_view text = sources.text(file);
  if (const auto bad = first_bad_byte(text)) {
    const auto at = static_cast<std::uint32_t>(bad->first);
    return {nullptr, Error{{file, at, at}, std::string(bad->second)}};
  }
  Builder builder(file, text, {{0, 0}});
  if (auto error = read(text, builder)) {
    const std::size_t line_end = std::min(text.find('\n', error->where.begin), text.size());
    if (const auto tab = tab_before(text, line_end)) {
      const auto at = static_cast<std::uint32_t>(*tab);
      return {nullptr, Error{{file, at, at + 1}, "a line is indented by a tab: YAML is indented by blanks"}};
    }
    return {nullptr, std::move(error)};
  }
  if (!builder.root) {
    const auto empty = std::make_shared<Node>();
    empty->span.file = file;
    builder.root = empty;
  }
  return {builder.root, std::nullopt};
}

}  // namespace tunec::yaml
