// Laws of the renderer: it can show any diagnostic, whatever the file contains and wherever the span points.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

#include "diagnostics/render.h"
#include "support/generators.h"

namespace tunec {
namespace {

constexpr DiagInfo info{"some", "T0999", Severity::error, "", ""};

Span span_in(FileId file, const std::string& text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  return {file, *rc::gen::inRange(0U, size + 3), *rc::gen::inRange(0U, size + 3)};
}

Diagnostic arbitrary_diagnostic(Sources& sources) {
  const std::string text = *gen::text();
  const FileId file = sources.add(*gen::text(), text);
  Diagnostic diagnostic;
  diagnostic.info = &info;
  diagnostic.where = span_in(file, text);
  diagnostic.message = *gen::text();
  diagnostic.at = *gen::text();
  diagnostic.labels.push_back({span_in(file, text), *gen::text()});
  diagnostic.notes = {*gen::text()};
  diagnostic.hosts = {*gen::text()};
  return diagnostic;
}

RC_GTEST_PROP(RenderLaw, text_is_utf8_with_no_control_characters_but_line_ends, ()) {
  Sources sources;
  const std::string text = render_text(arbitrary_diagnostic(sources), sources, TextStyle{false});
  for (const char c : text) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
  RC_ASSERT(!first_bad_utf8(text));
  RC_ASSERT(text.ends_with("= see `tunec explain T0999`\n"));
}

RC_GTEST_PROP(RenderLaw, json_is_one_line_that_keeps_the_message, ()) {
  Sources sources;
  const Diagnostic diagnostic = arbitrary_diagnostic(sources);
  const std::string json = render_json(diagnostic, sources);
  RC_ASSERT(json.find('\n') == json.npos);
  RC_ASSERT(nlohmann::json::parse(json).at("message") == diagnostic.message);
}

}  // namespace
}  // namespace tunec
