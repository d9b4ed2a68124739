// Writes JSON as nlohmann::ordered_json::dump(2) would, without building values: a tenth of the time
// (test: emit_manifest_test.cpp). Calls follow the text: key() before each member of an object, and an end
// for each begin.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tunec {

std::string json_string(std::string_view text);  // in quotes

class JsonWriter {
 public:
  // `depth`: of the place where the text will stand.
  explicit JsonWriter(std::size_t depth = 0) : depth_(depth) {}
  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  void key(std::string_view name);
  void string(std::string_view text) { raw(json_string(text)); }
  void raw(std::string_view json);  // a value that is JSON already, written for this depth
  std::string take() { return std::move(text_); }

 private:
  void begin(char bracket);
  void end(char bracket);
  void next_line();
  std::size_t depth_;
  bool empty_ = true;      // nothing in the current object or array so far
  bool after_key_ = true;  // the next value stands on the current line
  std::string text_;
};

}  // namespace tunec
