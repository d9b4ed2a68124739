// Files below /sys, which systemd-tmpfiles writes at boot.
#include <fmt/format.h>

#include "render/backend.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"sysfs"};
constexpr std::string_view command = "systemd-tmpfiles --create /etc/tmpfiles.d/tunec.conf";

// tmpfiles.d(5): in paths as in arguments, specifiers begin with %, and C's escapes are replaced.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\' || c == '%') result += c;
    if (c == '\n') {
      result += "\\n";
    } else {
      result += c;
    }
  }
  return result;
}

// The path is one word. A `*` stays in it: tmpfiles writes to all matches.
std::string path_word(std::string_view key) {
  const std::string path = escaped(fmt::format("/sys/{}", key));
  if (path.find_first_of(" \t\"'") == path.npos) return path;
  std::string result = "\"";
  for (const char c : path) {
    if (c == '"') result += '\\';
    result += c;
  }
  return result + "\"";
}

// The argument is the rest of the line. Blanks at its ends would be lost, and a lone - would mean no
// argument.
std::string argument(std::string_view value) {
  std::string text = escaped(value);
  if (text == "-") return "\\x2d";
  if (text.ends_with(' ')) text.replace(text.size() - 1, 1, "\\x20");
  if (text.starts_with(' ')) text.replace(0, 1, "\\x20");
  return text;
}

// A pattern matches several files, and each is read back.
std::string read_path(const Setting& setting) { return "/sys/" + setting.key; }

const ReadBack reads[] = {
    {"sysfs", read_path, [](const Setting& setting) { return spell(setting); }, command}};

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  File& file = out.file("etc/tmpfiles.d/tunec.conf");
  file.plain(fmt::format("# {}", written_by));
  for (const Setting* setting : host.settings) {
    file.line(*setting, "w {} - - - - {}", path_word(setting->key), argument(spell(*setting)));
  }
  out.step(Effect::live, std::string(command), "writes the files below /sys",
           {.needs = Ready::modules, .makes = Ready::kernel_state});
}

}  // namespace

extern const Backend backend_tmpfiles{
    .name = "tmpfiles",
    .summary = "files below /sys",
    .surfaces = surfaces,
    .reads = reads,
    .emit = emit,
};

}  // namespace tunec
