// The kernel's command line. For GRUB: a drop-in of /etc/default/grub, which extends GRUB_CMDLINE_LINUX and
// never replaces it. For grubby's boot entries (BLS: RHEL, Rocky), no file is read, so the command carries
// the line. For systemd-boot, and for Proxmox's tool with any boot loader: etc/kernel/cmdline.
#include <algorithm>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/initramfs.h"
#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"boot"};

// If a word of the enumeration is spelt as an empty text, the key stands alone: nosmt, beside nosmt=force.
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
    words.push_back(text.substr(begin, blank - begin));
    begin = blank + 1;
  }
  words.push_back(text.substr(begin));
}

using Quote = std::string (*)(std::string_view word);

std::string line_of(const Settings& settings, Quote quote) {
  std::vector<std::string> words;
  for (const Setting* setting : settings) add_words(*setting, words);
  std::ranges::transform(words, words.begin(), quote);
  return fmt::format("{}", fmt::join(words, " "));
}

// One line for each setting, so that a change of one setting changes one line.
void write_grub(const HostView& host, Output& out) {
  File& file = out.file("etc/default/grub.d/60-tunec.cfg");
  file.plain(fmt::format("# {}", written_by));
  for (const Setting* setting : host.settings) {
    const std::string words = line_of({setting}, quote_cmdline);  // empty for a flag that is off
    file.line(*setting, "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX{}{}\"", words.empty() ? "" : " ",
              quote_shell_double(words));
  }
  out.step(Effect::reboot, "update-grub", "grub.cfg holds a copy of the command line",
           {.needs = Ready::initramfs});
  if (host.platform.boot_loader.empty())
    out.note(
        "GRUB is assumed to read etc/default/grub.d: if the host boots in another way, state "
        "`boot_loader` in its facts");
}

// The file is the whole command line: one line without comments, since kernel-install of systemd 252
// (90-loaderentry.install) and proxmox-boot-tool pass on everything in it. With dracut 059, `kernel-install
// add` also rebuilds the initramfs (50-dracut.install).
void write_cmdline(const HostView& host, Output& out) {
  out.file("etc/kernel/cmdline").joined(host.settings, line_of(host.settings, quote_kernel_word));
  if (host.platform.boot_loader == "proxmox-boot-tool") {
    out.step(Effect::reboot, "proxmox-boot-tool refresh",
             "copies kernels and command line to the boot partitions", {.needs = Ready::initramfs});
  } else if (has_dracut(host.platform)) {
    out.step(
        Effect::reboot,
        "for k in /lib/modules/*/vmlinuz; do v=${k%/vmlinuz}; kernel-install add \"${v##*/}\" \"$k\"; done",
        "boot entries hold a copy of the command line", {.needs = Ready::initramfs});
  } else {
    // On Debian and Ubuntu, systemd-boot has a hook that update-initramfs runs, and that runs kernel-install.
    make_initramfs(Effect::reboot, host.platform, out,
                   "its hook for systemd-boot makes the boot entries anew");
  }
}

// Boot loaders treat quotes differently, so words that need quotes are not read back.
std::string read_words(const Setting& setting) {
  std::vector<std::string> words;
  add_words(setting, words);
  const std::string text = fmt::format("{}", fmt::join(words, " "));
  return text.find_first_of("\"'\\$") == std::string::npos && line_of({&setting}, quote_cmdline) == text
             ? text
             : "";
}

const ReadBack reads[] = {
    {"boot", [](const Setting&) -> std::string { return "/proc/cmdline"; }, read_words}};

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  const std::string_view loader = host.platform.boot_loader;
  if (loader == "systemd-boot" || loader == "proxmox-boot-tool") return write_cmdline(host, out);
  if (loader != "grubby") return write_grub(host, out);
  out.step(Effect::reboot,
           fmt::format("grubby --update-kernel=ALL --args={}",
                       quote_shell_word(line_of(host.settings, quote_cmdline))),
           "boot entries are edited with grubby here", {.needs = Ready::initramfs}, host.settings);
}

}  // namespace

extern const Backend backend_grub{
    .name = "grub",
    .summary = "the kernel's command line, for GRUB, grubby, systemd-boot or proxmox-boot-tool",
    .surfaces = surfaces,
    .reads = reads,
    .emit = emit,
};

}  // namespace tunec
