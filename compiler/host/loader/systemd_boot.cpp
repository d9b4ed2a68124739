#include "host/loader/systemd_boot.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lines.h"
#include "host/live.h"
#include "host/loader/efi_variables.h"
#include "host/shell.h"

namespace tunec::host {
namespace {

constexpr const char *one_shot = "LoaderEntryOneShot", *selected = "LoaderEntrySelected";
constexpr std::string_view trial_name = "tunec-trial.conf", armed_name = "tunec-trial+0.conf";
// kernel-install looks for its partition in this order (systemd 252: src/kernel-install/kernel-install.in).
constexpr const char* folders[] = {"efi", "boot", "boot/efi"};
constexpr std::string_view own_line = "etc/kernel/cmdline", vendor_line = "usr/lib/kernel/cmdline";
#define WORD(name, word) constexpr std::string_view name = word;
#include "host/loader/systemd_boot_words.def"
#undef WORD

std::string entries_in(std::string_view folder) { return fmt::format("{}/loader/entries", folder); }

// The names of the files of one entry, whatever its counter says.
std::vector<std::string> names_of(const Files& files, const std::string& folder, std::string_view entry) {
  std::vector<std::string> names = files.names(entries_in(folder));
  std::erase_if(names, [&](const std::string& name) { return name_without_counter(name) != entry; });
  return names;
}

std::vector<std::string> words_in(const State& state) {
  const auto words = words_of(state ? std::string_view(state->content) : "");
  return {words.begin(), words.end()};
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// Microcode stands before the initrd that holds modules, and has no version of a kernel in its name.
std::string main_initrd(const Type1Entry& entry, const std::string& version) {
  const auto initrds = entry.all("initrd");
  for (const std::string& path : initrds) {
    if (!version.empty() && path.substr(path.rfind('/') + 1).find(version) != path.npos) return path;
  }
  return initrds.empty() ? "" : initrds.back();
}

[[noreturn]] void refuse(const std::string& reason) {
  throw Refused{fmt::format("there can be no trial boot here: {}", reason)};
}

}  // namespace

LoaderPlace find_systemd_boot(const Machine& machine) {
  const std::string name = name_without_counter(read_loader_variable(machine, selected).value_or(""));
  const Files files(machine.root);
  for (const char* folder : folders) {
    if (!names_of(files, folder, name).empty()) return {std::string(systemd_boot), folder, name};
  }
  return {std::string(systemd_boot), "", name};
}

bool SystemdBoot::takes(std::string_view path) const { return path == own_line; }

// Debian's hook for initramfs-tools runs it too, but what that makes is an initrd.
bool SystemdBoot::makes_entries(const std::string& command) const {
  return command.find("kernel-install add") != command.npos;
}

std::vector<const char*> SystemdBoot::programs() const { return {"kernel-install"}; }

std::string SystemdBoot::directory() const { return entries_in(place_.folder); }

std::string SystemdBoot::entry_name() const { return fmt::format("{}/{}", directory(), place_.entry); }

std::optional<Type1Entry> SystemdBoot::own_entry() const {
  for (const std::string& name : names_of(files_, place_.folder, place_.entry)) {
    if (const State state = files_.read(fmt::format("{}/{}", directory(), name)))
      return read_type1_entry(state->content);
  }
  return std::nullopt;
}

void SystemdBoot::check_kind() const {
  const std::string& name = place_.entry;
  if (name == trial_name) refuse("this is a trial boot: reboot first");
  // The stub says so, and ignores a command line that is handed to it under Secure Boot
  // (src/boot/efi/stub.c).
  if (!name.ends_with(".conf") || read_loader_variable(machine_, "StubInfo"))
    refuse(fmt::format(
        "`{}` booted, a unified kernel image, which has its command line in itself. --now applies "
        "the tree",
        name));
  if (place_.folder.empty())
    refuse(fmt::format(
        "systemd-boot booted {}, which is not in loader/entries of /efi, /boot or /boot/efi: is its "
        "partition mounted?",
        name));
}

void SystemdBoot::check(const Plan& plan) const {
  if (const std::string reason = variables_not_writable(machine_); !reason.empty())
    refuse(fmt::format("the firmware's variables cannot be written ({}), and one of them starts a trial",
                       reason));
  const auto entry = own_entry();
  if (!entry || entry->first("linux").empty())
    refuse(fmt::format("{} does not name a kernel (`linux`)", files_.shown(entry_name())));
  // The loader renames the entry before it boots it, and the firmware writes no other file system.
  const std::string folder = files_.shown(place_.folder);
  const auto type = machine_.output(fmt::format("stat --file-system --format=%T {}", quoted(folder)));
  if (!type || !type->starts_with("msdos"))
    refuse(fmt::format("{} is not on vfat, which is what the firmware can write", folder));
  if (const auto next = read_loader_variable(machine_, one_shot); next && !next->empty())
    refuse(
        fmt::format("`{}` is pending as the next boot, and the trial would use it up: reboot first, or "
                    "`bootctl set-oneshot \"\"`",
                    *next));
  if (files_.read("etc/kernel/tries"))
    refuse(
        "/etc/kernel/tries makes kernel-install count boots, so which entry boots after the commit is not "
        "sure");
  const auto line = std::ranges::find(plan.generation.files, own_line, &GenerationFile::path);
  const bool is_there = line != plan.generation.files.end() ? line->before.has_value()
                                                            : files_.read(own_line).has_value();
  if (!is_there && !files_.read(vendor_line))
    refuse(
        "there is no /etc/kernel/cmdline, so kernel-install takes the line of whatever runs, also to fall "
        "back "
        "from it: write the line of today there first (/proc/cmdline without BOOT_IMAGE= and initrd=)");
}

off_t SystemdBoot::initrd_size() const {
  off_t largest = 0;
  const auto entry = own_entry();
  for (const std::string& path : entry ? entry->all("initrd") : std::vector<std::string>()) {
    struct stat status {};
    if (::stat(files_.shown(place_.folder + path).c_str(), &status) == 0)
      largest = std::max(largest, status.st_size);
  }
  return largest;
}

// A file that is missing ends the loader (image_start), and the firmware may then wait for a person.
void SystemdBoot::check_files(const Type1Entry& entry) const {
  for (const char* key : {"linux", "initrd", "devicetree"}) {
    for (const std::string& path : entry.all(key)) {
      const std::string file = files_.shown(place_.folder + path);
      if (::access(file.c_str(), R_OK) != 0)
        throw Failed{fmt::format("{}: `{} {}`: there is no {}", files_.shown(entry_name()), key, path, file)};
    }
  }
}

// What kernel-install would write (src/kernel-install/90-loaderentry.install): the words of the file, and the
// machine's identity if the entry is named after it.
BootEntry SystemdBoot::stage(const std::string&, const std::vector<GenerationFile>& staged) {
  const auto entry = own_entry();
  if (!entry) throw Failed{fmt::format("{}: is not there", files_.shown(entry_name()))};
  check_files(*entry);
  entry_ = *entry;
  staged_ = {entry->first("version"), entry->words(), ""};
  staged_.initrd = main_initrd(*entry, staged_.version);
  for (const GenerationFile& file : staged) {
    if (!file.after)
      throw Failed{
          fmt::format("the tree no longer has {}, without which kernel-install takes the line of whatever "
                      "runs",
                      file.path)};
    const std::vector<std::string> before = words_in(file.before ? file.before : files_.read(vendor_line));
    std::vector<std::string> words = words_in(file.after);
    for (const std::string& word : staged_.words) {
      if (has(before, word) || has(words, word)) continue;
      if (word.starts_with(machine_key)) words.push_back(word);
      else
        machine_.warn(
            fmt::format("the trial lacks `{}` of the present entry: it is not in /{}\n", word, own_line));
    }
    staged_.words = std::move(words);
  }
  return staged_;
}

void SystemdBoot::put(const TrialEntry& trial) {
  remove();
  std::vector<std::string> words = staged_.words;
  words.push_back(fmt::format("tunec.trial={}", trial.number));
  words.insert(words.end(), trial.words.begin(), trial.words.end());
  words.emplace_back(no_blessing);
  std::string text = type1_text(entry_, fmt::format("trial of generation {}", trial.number), words,
                                staged_.initrd, trial.initrd.empty() ? "" : "/" + trial.initrd);
  files_.set(fmt::format("{}/{}", directory(), armed_name),
             FileState{std::move(text), 0644, ::geteuid(), ::getegid(), std::nullopt, ""});
  check_files(read_type1_entry(files_.read(fmt::format("{}/{}", directory(), armed_name))->content));
  settle();
}

bool SystemdBoot::is_armed() const {
  return name_without_counter(read_loader_variable(machine_, one_shot).value_or("")) == trial_name;
}

void SystemdBoot::arm() {
  settle();
  set_loader_variable(machine_, one_shot, armed_name);
  if (read_loader_variable(machine_, one_shot) != armed_name)
    throw Failed{fmt::format("{}: the trial is not armed, though the firmware took it", one_shot)};
}

void SystemdBoot::disarm() {
  const auto next = read_loader_variable(machine_, one_shot);
  if (next && (next->empty() || is_armed())) remove_loader_variable(machine_, one_shot);
  if (is_armed()) throw Failed{fmt::format("{}: the trial is still armed", one_shot)};
}

std::string SystemdBoot::absent() const {
  if (!files_.names(directory()).empty()) return "";
  return fmt::format("{} is empty: is /{} mounted?", files_.shown(directory()), place_.folder);
}

void SystemdBoot::remove() {
  files_.discard_leftovers(fmt::format("{}/{}", directory(), armed_name));
  for (const std::string& name : names_of(files_, place_.folder, trial_name))
    files_.set(fmt::format("{}/{}", directory(), name), std::nullopt);
}

std::string SystemdBoot::why_not_booted() const {
  const auto names = names_of(files_, place_.folder, trial_name);
  const bool is_new = std::ranges::find(names, armed_name) != names.end();
  if (!names.empty() && !is_new) return "";  // the loader renamed it
  if (is_armed()) return "systemd-boot did not see it: the firmware booted something else";
  if (is_new)
    return "systemd-boot did not boot it: somebody chose another entry, or its kernel could not be read";
  return "the machine booted something else";
}

std::optional<BootEntry> SystemdBoot::booted_from_now_on() const {
  const auto entry = own_entry();
  if (!entry) return std::nullopt;
  return BootEntry{entry->first("version"), entry->words(), ""};
}

}  // namespace tunec::host
