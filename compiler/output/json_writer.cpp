#include "output/json_writer.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace tunec {

// Nearly all texts need no escapes. Names come from sources, which are UTF-8. If one is not after all, a
// replacement character is better than no manifest.
std::string json_string(std::string_view text) {
  const bool plain = std::ranges::all_of(
      text, [](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; });
  if (plain) return std::string(1, '"').append(text).append(1, '"');
  using Json = nlohmann::ordered_json;
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void JsonWriter::key(std::string_view name) {
  next_line();
  text_.append(json_string(name)).append(": ");
  after_key_ = true;
}

void JsonWriter::raw(std::string_view json) {
  if (!after_key_) next_line();
  text_ += json;
  after_key_ = empty_ = false;
}

void JsonWriter::begin(char bracket) {
  raw({&bracket, 1});
  ++depth_;
  empty_ = true;
}

void JsonWriter::end(char bracket) {
  --depth_;
  if (!empty_) text_.append(1, '\n').append(2 * depth_, ' ');
  text_ += bracket;
  empty_ = false;
}

// Begins the current object's next member, or the current array's next element.
void JsonWriter::next_line() { text_.append(empty_ ? "\n" : ",\n").append(2 * depth_, ' '); }

}  // namespace tunec
