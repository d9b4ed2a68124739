#include "support/systemd_boot_rig.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fnmatch.h>

#include "host/loader/type1_entry.h"

namespace tunec::test {
namespace {

namespace fs = std::filesystem;

std::string file_of(const std::string& name) {
  return fmt::format("kernel/sys/firmware/efi/efivars/{}-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", name);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

struct Counter {
  std::size_t begin, end;
  int left, done;
};

// "+2-1" before ".conf"
std::optional<Counter> counter_of(const std::string& name) {
  const std::size_t plus = name.rfind('+'), dot = name.rfind(".conf");
  if (plus == name.npos || dot == name.npos) return std::nullopt;
  const std::string text = name.substr(plus + 1, dot - plus - 1);
  const std::size_t dash = text.find('-');
  return Counter{plus, dot, std::stoi(text), dash == text.npos ? 0 : std::stoi(text.substr(dash + 1))};
}

}  // namespace

SystemdBootRig::SystemdBootRig() {
  scratch.clear("root/boot");
  scratch.make_directory(partition + "/loader/entries");
  scratch.make_directory(partition + "/id/6.1.0-9-amd64");
  scratch.make_directory("kernel/sys/firmware/efi/efivars");
  scratch.write(partition + "/id/6.1.0-9-amd64/linux", "kernel");
  scratch.write(partition + "/id/6.1.0-9-amd64/microcode.img", "microcode");
  scratch.write(initrd(), "old initrd");
  put("etc/kernel/cmdline", {"root=UUID=1 ro quiet\n"});
  install_kernel();
  SystemdBootRig::compile_tree(false);
  set_value("/proc/cmdline", SystemdBootRig::choose_entry());
}

void SystemdBootRig::compile_tree(bool with_modules) const {
  const std::string modules = with_modules ? R"(, "etc/modprobe.d/60.conf")" : "";
  compile_with(
      "etc/kernel/cmdline", {"root=UUID=1 ro quiet new=1\n", 0644, 0, "reboot"},
      R"({"effect": "reboot", "command": "update-initramfs -u -k all", "files": ["etc/kernel/cmdline")" +
          modules + "]}",
      with_modules);
}

// As 90-loaderentry.install writes it.
void SystemdBootRig::install_kernel() const {
  std::string line = scratch.exists("root/etc/kernel/cmdline") ? scratch.read("root/etc/kernel/cmdline")
                                                               : value("/proc/cmdline");
  while (line.ends_with('\n')) line.pop_back();
  scratch.write("draft",
                "title      Debian GNU/Linux 12\nversion    6.1.0-9-amd64\nmachine-id id\nsort-key   debian\n"
                "options    " +
                    line +
                    " systemd.machine_id=id\n"
                    "linux      /id/6.1.0-9-amd64/linux\ninitrd     /id/6.1.0-9-amd64/microcode.img\n"
                    "initrd     /id/6.1.0-9-amd64/initrd.img-6.1.0-9-amd64\n");
  fs::rename(scratch.at("draft"), scratch.at(base));
}

std::optional<std::string> SystemdBootRig::variable(const std::string& name) const {
  if (!scratch.exists(file_of(name))) return std::nullopt;
  const std::string bytes = scratch.read(file_of(name));
  std::string text;
  for (std::size_t i = 4; i + 2 < bytes.size(); i += 2) text += bytes[i];
  return text;
}

void SystemdBootRig::set_variable(const std::string& name, const std::string& text) const {
  std::string bytes("\6\0\0\0", 4);
  for (const char c : text) bytes += {c, '\0'};
  scratch.write(file_of(name), bytes + std::string(2, '\0'));
}

void SystemdBootRig::remove_variable(const std::string& name) const { fs::remove(scratch.at(file_of(name))); }

int SystemdBootRig::run_command(const std::string& command) {
  if (command.starts_with("mkinitramfs -o ") && !failing.contains("mkinitramfs")) {
    ran.push_back(command);
    scratch.write(partition + "/tunec-trial.img", "trial initrd");
    return 0;
  }
  if (!command.starts_with("update-initramfs")) return TrialRig::run_command(command);
  ran.push_back(command);
  if (failing.contains("update-initramfs")) return 1;
  scratch.write("draft", scratch.exists("root/etc/modprobe.d/60.conf") ? "new initrd" : "old initrd");
  fs::rename(scratch.at("draft"), scratch.at(initrd()));
  install_kernel();
  return 0;
}

std::optional<std::string> SystemdBootRig::answer(const std::string& command) {
  if (command.starts_with("stat --file-system")) return file_system_of_boot + "\n";
  return TrialRig::answer(command);
}

std::string SystemdBootRig::choose_entry() {
  for (const char* volatile_one : {"LoaderInfo", "LoaderEntrySelected", "LoaderBootCountPath"})
    remove_variable(volatile_one);
  if (boots_something_else) return "root=UUID=2 rescue";
  set_variable("LoaderInfo", "systemd-boot 252.39-1~deb12u2");
  const std::string wanted = lower(variable("LoaderEntryOneShot").value_or(""));
  if (!firmware_keeps_variables) remove_variable("LoaderEntryOneShot");
  std::vector<std::string> names = entries();
  std::erase_if(names, [&](const std::string& name) {
    const auto entry = host::read_type1_entry(scratch.read(partition + "/loader/entries/" + name));
    return !name.ends_with(".conf") || name.starts_with('.') ||
           !scratch.exists(partition + entry.first("linux"));
  });
  const auto rank = [&](const std::string& name) {
    const auto counter = counter_of(name);
    const auto entry = host::read_type1_entry(scratch.read(partition + "/loader/entries/" + name));
    return std::make_pair(counter && counter->left == 0, entry.first("sort-key").empty());
  };
  std::ranges::sort(names, [&](const std::string& a, const std::string& b) {
    return rank(a) != rank(b) ? rank(a) < rank(b) : lower(a) > lower(b);
  });
  const auto find = [&](const std::string& pattern) {
    return std::ranges::find_if(names, [&](const std::string& name) {
      return ::fnmatch(pattern.c_str(), lower(name).c_str(), 0) == 0;
    });
  };
  auto found = find(chosen.empty() ? wanted : chosen);
  if (found == names.end()) found = find(default_pattern);
  std::string name = found == names.end() ? names.front() : *found;
  set_variable("LoaderEntrySelected", lower(name));
  if (const auto counter = counter_of(name)) {
    const std::string next = fmt::format("{}+{}-{}.conf", name.substr(0, counter->begin),
                                         std::max(counter->left - 1, 0), counter->done + 1);
    const std::string folder = partition + "/loader/entries/";
    fs::rename(scratch.at(folder + name), scratch.at(folder + next));
    set_variable("LoaderBootCountPath", "\\loader\\entries\\" + next);
    name = next;
  }
  const auto entry = host::read_type1_entry(scratch.read(partition + "/loader/entries/" + name));
  return fmt::format("{}", fmt::join(entry.words(), " "));
}

// systemd-bless-boot.service
void SystemdBootRig::complete_boot() {
  const auto path = variable("LoaderBootCountPath");
  if (!path || cmdline().find("systemd.mask=systemd-bless-boot.service") != std::string::npos) return;
  const std::string name = path->substr(path->rfind('\\') + 1), folder = partition + "/loader/entries/";
  const auto counter = counter_of(name);
  if (counter && scratch.exists(folder + name))
    fs::rename(scratch.at(folder + name), scratch.at(folder + name.substr(0, counter->begin) + ".conf"));
}

}  // namespace tunec::test
