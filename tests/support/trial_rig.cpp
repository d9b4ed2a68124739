#include "support/trial_rig.h"

#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>

#include "host/loader/grub_entry.h"
#include "output/tree/directory.h"

namespace tunec::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* swappiness = "/proc/sys/vm/swappiness";
constexpr const char* env = "root/boot/grub/grubenv";

// The text between the first two quotes after `from`.
std::string quoted_after(const std::string& text, std::size_t from) {
  const std::size_t begin = text.find('\'', from) + 1;
  return text.substr(begin, text.find('\'', begin) - begin);
}

// Programs of the operator run as they would; but the time that they have is a second.
int run_hook(std::string command) {
  constexpr std::string_view limit = "--signal=KILL ";
  const std::size_t at = command.find(limit) + limit.size();
  command.replace(at, command.find(' ', at) - at, "1");
  const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): that is what is tested
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// In one step, as the programs of GRUB and initramfs-tools do it.
void replace(const Scratch& scratch, const std::string& path, const std::string& content) {
  scratch.write("draft", content);
  fs::rename(scratch.at("draft"), scratch.at(path));
}

}  // namespace

TrialRig::TrialRig() {
  for (const char* directory :
       {"root/boot/grub", "root/etc/default/grub.d", "root/etc/systemd/system", "root/run"})
    scratch.make_directory(directory);
  scratch.write("root/boot/initrd.img-6.1.0-9-amd64", "old initrd");
  scratch.write(env, "# GRUB Environment Block\n");
  scratch.write("root/boot/grub/grub.cfg", grub_cfg("root/etc/default/grub.d"));
  set_value("/proc/sys/kernel/osrelease", "6.1.0-9-amd64");
  compile_tree();
  reboot();
}

void TrialRig::compile_tree(bool with_modules) const {
  const std::string modules =
      R"({"effect": "reload", "command": "update-initramfs -u -k all", "files": ["etc/modprobe.d/60.conf"]}, )";
  compile_with(
      "etc/default/grub.d/60.cfg", {"GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX new=1\"\n", 0644, 0, "reboot"},
      (with_modules ? modules : "") +
          R"({"effect": "reboot", "command": "update-grub", "files": ["etc/default/grub.d/60.cfg"]})",
      with_modules);
}

void TrialRig::compile_with(const std::string& line_file, const RigFile& line, const std::string& boot_steps,
                            bool with_modules) const {
  RigFiles files{{line_file, line}, {"etc/sysctl.d/90.conf", {"vm.swappiness = 10\n"}}};
  std::string steps =
      R"({"effect": "live", "command": "sysctl", "files": ["etc/sysctl.d/90.conf"], "sets_values": true})";
  if (with_modules) files["etc/modprobe.d/60.conf"] = {"options kvm x=1\n"};
  steps += ", " + boot_steps;
  compile(
      files, steps,
      R"({"name": "boot.new", "file": ")" + line_file +
          R"(", "effect": "reboot", "read": "/proc/cmdline", "expect": "new=1"},)"
          R"({"name": "sysctl.vm.swappiness", "file": "etc/sysctl.d/90.conf", "effect": "live", )"
          R"("read": "/proc/sys/vm/swappiness", "expect": "10", "write": true})",
      R"({"kind": "before", "what": "dpkg is at work", "locked": "/var/lib/dpkg/lock-frontend", "instead": "wait"})");
}

// As grub-mkconfig makes it, with what drop-ins add.
std::string TrialRig::grub_cfg(const std::string& drop_ins) const {
  std::string words;
  constexpr std::string_view opening = "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX";
  for (const std::string& name : scratch.names(drop_ins)) {
    const std::string text = scratch.read(drop_ins + "/" + name);
    if (text.starts_with(opening)) words += text.substr(opening.size(), text.find("\"\n") - opening.size());
  }
  return fmt::format(
      "set default=0\n"
      "menuentry 'Debian' --class debian --unrestricted $menuentry_id_option 'gnulinux-simple' {{\n"
      "\tload_video\n"
      "\techo\t'Loading Linux ...'\n"
      "\tlinux\t/boot/vmlinuz-6.1.0-9-amd64 root=UUID=1 ro{} quiet\n"
      "\tinitrd\t/boot/microcode.img /boot/initrd.img-6.1.0-9-amd64\n"
      "}}\n"
      "if [ -f ${{config_directory}}/custom.cfg ]; then source ${{config_directory}}/custom.cfg; fi\n",
      words);
}

std::string TrialRig::grubenv(const std::string& name) const {
  return host::grubenv_value(scratch.read(env), name);
}

int TrialRig::run_command(const std::string& command) {
  ran.push_back(command);
  for (const std::string& one : failing) {
    if (command.starts_with(one)) return 1;
  }
  if (command.starts_with("env -i ")) return run_hook(command);
  if (command.starts_with("command -v ")) {
    const std::string name = command.substr(11, command.find(' ', 11) - 11);
    return missing.contains(name) ? 1 : 0;
  }
  if (command.starts_with("grub-editenv ")) {
    done.push_back(command.substr(command.rfind("' ") + 2));
    std::string text = scratch.read(env);
    const std::size_t at = text.find("tunec_trial=");
    if (at != text.npos) text.erase(at, text.find('\n', at) + 1 - at);
    if (command.ends_with(" set tunec_trial=armed")) text += "tunec_trial=armed\n";
    replace(scratch, env, text);
  } else if (command.starts_with("cp -a ")) {
    const std::string from = quoted_after(command, 0), to = quoted_after(command, command.find(" '", 8));
    fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  } else if (command == "update-grub") {
    replace(scratch, "root/boot/grub/grub.cfg", grub_cfg("root/etc/default/grub.d"));
  } else if (command.starts_with("mkinitramfs -o ")) {
    scratch.write("root/boot/tunec-trial.img", "trial initrd");
  } else if (command.starts_with("update-initramfs")) {
    const bool has = scratch.exists("root/etc/modprobe.d/60.conf");
    replace(scratch, "root/boot/initrd.img-6.1.0-9-amd64", has ? "new initrd" : "old initrd");
  } else if (command.starts_with("systemctl reboot")) {
    asked_to_reboot = true;
  }
  return 0;
}

std::optional<std::string> TrialRig::answer(const std::string& command) {
  for (const std::string& one : failing) {
    if (command.find(one) != command.npos) return std::nullopt;
  }
  if (command.starts_with("grub-probe --target=fs ")) return file_system + "\n";
  if (command.starts_with("grub-probe --target=abstraction ")) return abstraction + "\n";
  if (command.starts_with("systemctl list-units --failed")) return failed_units;
  if (command.starts_with("systemctl list-units --type")) return running_units;
  if (command.starts_with("systemctl list-unit-files")) return enabled_units;
  if (command.find(" virsh ") != command.npos) {
    if (!has_libvirt) return std::nullopt;
    return command.ends_with(" --all")         ? defined_guests
           : command.ends_with(" --autostart") ? autostarted
                                               : guests;
  }
  if (command.starts_with("unshare ")) {
    const auto numbers = scratch.names("root/var/lib/tunec/generations");
    return grub_cfg(fmt::format("root/var/lib/tunec/generations/{}/staged/grub.d", numbers.back()));
  }
  const auto found = outputs.find(command);
  return found == outputs.end() ? std::nullopt : std::optional(found->second);
}

host::Machine TrialRig::machine() {
  host::Machine machine = running();
  machine.program = "/usr/local/sbin/tunec-host";
  machine.run = [this](const std::string& command) { return run_command(command); };
  machine.output = [this](const std::string& command) { return answer(command); };
  machine.settle = [this](const std::string&) {
    done.push_back("settle");
    return settles_until_fault-- == 0 ? settle_fault : std::string();
  };
  return machine;
}

int TrialRig::trial(host::TrialOptions options) {
  host::TreeChoice choice = tree();
  choice.host = "kvm-01";
  return code_of([&] { return host::apply_trial(machine(), choice, options); });
}
int TrialRig::confirm() {
  return code_of([&] { return host::confirm(machine()); });
}
int TrialRig::boot() {
  return code_of([&] { return host::boot(machine()); });
}
int TrialRig::judge() {
  return code_of([&] { return host::judge(machine()); });
}
int TrialRig::overdue(bool judged) {
  return code_of([&] { return host::overdue(machine(), judged); });
}
int TrialRig::go_back(bool force) {
  return code_of([&] {
    const auto code = host::rollback_trial(machine(), std::nullopt, force);
    return code ? *code : host::rollback(machine(), std::nullopt, force);
  });
}
int TrialRig::go_on() {
  return code_of([&] {
    const auto code = host::resume_trial(machine());
    return code ? *code : host::resume(machine());
  });
}
int TrialRig::status() {
  return code_of([&] { return host::report_with_trial(machine(), host::status); });
}

bool TrialRig::has_unit(const std::string& name, const std::string& target) const {
  const std::string units = "root/etc/systemd/system/";
  return scratch.exists(units + name) && scratch.exists(units + target + ".target.d/tunec-trial.conf");
}

void TrialRig::reboot() {
  asked_to_reboot = false;
  set_value("/proc/sys/kernel/random/boot_id", fmt::format("boot {}", ++boots_));
  scratch.clear("root/run");
  scratch.make_directory("root/run");
  set_value("/proc/cmdline", choose_entry());
  set_value(swappiness, "60");
  if (has_unit("tunec-trial.service", "sysinit")) boot();
  if (scratch.exists("root/etc/sysctl.d/90.conf")) set_value(swappiness, swappiness_of_boot);
}

std::string TrialRig::choose_entry() {
  const std::string custom = "root/boot/grub/custom.cfg";
  std::string entry = scratch.read("root/boot/grub/grub.cfg");
  if (grubenv("tunec_trial") == "armed" && grub_can_write && scratch.exists(custom)) {
    std::string text = scratch.read(env);
    text.replace(text.find("=armed"), 6, "=tried");
    scratch.write(env, text);
    entry = scratch.read(custom);
  }
  const auto booted = host::first_entry(entry);
  return booted ? fmt::format("{}", fmt::join(booted->words, " ")) : "";
}

void TrialRig::reboot_to_the_end() {
  reboot();
  complete_boot();
  if (has_unit("tunec-trial-judge.service", "basic")) judge();
}

}  // namespace tunec::test
