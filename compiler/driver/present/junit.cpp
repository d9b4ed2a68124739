#include "driver/present/junit.h"

#include <algorithm>

#include <fmt/core.h>

#include "diagnostics/snippet.h"
#include "source/sources.h"

namespace tunec {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0;
  void add(const JunitCase& test) {
    ++tests;
    if (!test.message.empty()) ++(test.error ? errors : failures);
  }
  std::string attributes() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", tests, failures, errors);
  }
};

std::string suite(const std::string& file, const std::vector<JunitCase>& cases) {
  Counts counts;
  std::string body;
  for (const JunitCase& test : cases) {
    if (test.file != file) continue;
    counts.add(test);
    body += fmt::format("    <testcase classname=\"{}\" name=\"{}\" file=\"{}\"", xml_text(file),
                        xml_text(test.name), xml_text(file));
    if (test.line > 0) body += fmt::format(" line=\"{}\"", test.line);
    if (test.message.empty()) {
      body += "/>\n";
    } else {
      const std::string_view kind = test.error ? "error" : "failure";
      body += fmt::format(">\n      <{} message=\"{}\">{}</{}>\n    </testcase>\n", kind,
                          xml_text(test.message), xml_text(test.text), kind);
    }
  }
  return fmt::format("  <testsuite name=\"{}\" {}>\n{}  </testsuite>\n", xml_text(file), counts.attributes(),
                     body);
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  const auto bad = [](std::string_view rest) { return first_bad_utf8(rest).value_or(rest.size()); };
  for (std::size_t sound = bad(text), at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (at == sound) {  // a file's name need not be UTF-8
      out += replacement;
      sound = at + 1 + bad(text.substr(at + 1));
    } else if (text.substr(at, 3) == "\xEF\xBF\xBE" || text.substr(at, 3) == "\xEF\xBF\xBF") {
      out += replacement;
      at += 2;
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\n' || c == '\t' || c == '\r') {
      // A raw line end or tab in an attribute would become a blank
      out += fmt::format("&#{};", static_cast<int>(c));
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += replacement;
    } else {
      out += c;
    }
  }
  return steering_escaped(out, [](std::uint32_t number) { return fmt::format("&#x{:x};", number); });
}

std::string junit(const std::vector<JunitCase>& cases) {
  Counts all;
  std::vector<std::string> files;
  for (const JunitCase& test : cases) {
    all.add(test);
    if (std::ranges::find(files, test.file) == files.end()) files.push_back(test.file);
  }
  std::string text = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n",
                                 all.attributes());
  for (const std::string& file : files) text += suite(file, cases);
  return text + "</testsuites>\n";
}

}  // namespace tunec
