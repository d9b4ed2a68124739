// The kernel's command line: by a drop-in of /etc/default/grub that extends GRUB_CMDLINE_LINUX and never
// replaces it. Hosts whose boot entries are edited with grubby (BLS: RHEL, Rocky) read no such file; there
// the command carries it.
#include <algorithm>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"boot"};

// A word of the enumeration that is spelled as nothing stands for the bare key: nosmt, next to nosmt=force.
bool spelled_as_nothing(const Setting& setting) {
  const std::string word = to_text(setting.value);
  return std::ranges::any_of(setting.param->values, [&](const EnumValue& value) {
    return value.name == word && value.spell.empty();
  });
}

std::string assignment(const Setting& setting) {
  if (setting.param->type == ValueType::flag || spelled_as_nothing(setting)) return setting.key;
  // A key that contains `=` is the whole text before the value: "isolcpus=domain,", "hugepagesz=1G
  // hugepages=".
  const bool open = setting.key.find('=') != std::string::npos;
  return fmt::format("{}{}{}", setting.key, open ? "" : "=", spell(setting));
}

// A key may be several words (hugepagesz=1G hugepages=); blanks after its last `=` belong to the value.
void add_words(const Setting& setting, std::vector<std::string>& words) {
  if (setting.param->type == ValueType::flag && setting.value == Value{false}) return;
  if (setting.param->is_repeated) {
    for (const std::string& item : spell_items(setting))
      words.push_back(quote_cmdline(fmt::format("{}={}", setting.key, item)));
    return;
  }
  const std::string text = assignment(setting);
  std::size_t begin = 0;
  for (std::size_t blank = setting.key.find(' '); blank != std::string::npos;
       blank = setting.key.find(' ', begin)) {
    words.push_back(quote_cmdline(std::string_view(text).substr(begin, blank - begin)));
    begin = blank + 1;
  }
  words.push_back(quote_cmdline(std::string_view(text).substr(begin)));
}

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  std::vector<std::string> words;
  for (const Setting* setting : host.settings) add_words(*setting, words);
  const std::string line = fmt::format("{}", fmt::join(words, " "));
  if (host.platform.bls) {
    out.step(Effect::reboot, fmt::format("grubby --update-kernel=ALL --args={}", quote_shell_word(line)),
             "boot entries are edited with grubby here", host.settings);
    return;
  }
  File& file = out.file("etc/default/grub.d/60-tunec.cfg");
  file.plain(fmt::format("# {}", written_by));
  file.joined(host.settings, fmt::format("GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX{}{}\"",
                                         line.empty() ? "" : " ", quote_shell_double(line)));
  out.step(Effect::reboot, "update-grub", "grub.cfg holds a copy of the command line");
}

}  // namespace

extern const Backend backend_grub{
    .name = "grub",
    .summary = "the kernel's command line, for GRUB or grubby",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
