// capture: what `verify` reads, as an archive that can leave the machine. It holds no secrets, and says what
// was left out. All that hwloc-gather-topology --io takes is in it.
#include <algorithm>
#include <cstring>
#include <map>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/capture/places.h"
#include "host/capture/snapshot.h"
#include "host/commands.h"
#include "host/generations.h"
#include "host/plan.h"
#include "host/tree.h"
#include "host/verify/findings.h"
#include "host/verify/secrets.h"
#include "host/written.h"
#include "output/tree/paths.h"

namespace tunec::host {
namespace {

constexpr std::size_t most_bytes = std::size_t{4} << 20;

class Capture {
 public:
  explicit Capture(const Machine& machine) : machine_(machine) {}

  void add_kernel() {
    for (const Place& place : kernel_places) add(machine_.kernel, place);
  }
  void add_files(const std::vector<std::string>& more) {
    for (const Place& place : file_places) add(machine_.root, place);
    for (const std::string& path : more) add(machine_.root, path, Reads::owners);
  }
  void add_outputs(const Evidence& evidence) {
    for (const std::string_view command : read_commands) {
      const auto text = evidence.output(std::string(command));
      if (text) add_text(place_of_output(command), *text);
      else leave_out(place_of_output(command), fmt::format("`{}` is not there, or fails", command));
    }
  }
  void add_text(const std::string& path, std::string content) {
    entries_[path] = {path, std::move(content), 0644, false, false, 0};
  }
  void leave_out(const std::string& path, std::string why) { left_out_[path] = std::move(why); }

  std::size_t unreadable() const { return unreadable_; }  // files

  std::string archive() {
    std::string list;
    for (const auto& [path, why] : left_out_) list += fmt::format("{}: {}\n", path, why);
    add_text(left_out_file, list);
    std::vector<TarEntry> all;
    for (auto& [path, entry] : entries_) all.push_back(std::move(entry));
    std::ranges::sort(all, path_less, &TarEntry::path);
    return tar_of(all);
  }

 private:
  void add(const std::string& before, const Place& place) {
    std::vector<std::string> found = {""};
    for (std::string_view rest = place.path; !rest.empty();) {
      const std::string part(rest.substr(0, rest.find('/')));
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
      std::vector<std::string> next;
      for (const std::string& directory : found) {
        const std::string folder = directory.empty() ? "" : directory + "/";
        if (part.find_first_of("*?[") == std::string::npos) {
          next.push_back(folder + part);
          continue;
        }
        for (const std::string& name : names(before + "/" + directory)) {
          if (fits_pattern(part, name)) next.push_back(folder + name);
        }
      }
      found = std::move(next);
    }
    for (const std::string& path : found) add(before, path, place.reads);
  }

  void add(const std::string& before, const std::string& path, Reads reads) {
    if (entries_.contains(path)) return;
    const std::string whole = before + "/" + path;
    struct stat status {};
    if (::lstat(whole.c_str(), &status) != 0) return;
    if (S_ISLNK(status.st_mode)) return add_link(whole, path);
    if (S_ISDIR(status.st_mode)) {
      entries_[path] = {path, "", 0755, false, true, 0};
      for (const std::string& name : names(whole)) add(before, path + "/" + name, reads);
      return;
    }
    if (S_ISREG(status.st_mode)) add_file(whole, path, status, reads);
  }

  void add_link(const std::string& whole, const std::string& path) {
    char target[4096];
    const ssize_t length = ::readlink(whole.c_str(), target, sizeof target);
    if (length > 0)
      entries_[path] = {path, std::string(target, static_cast<std::size_t>(length)), 0777, true, false, 0};
  }

  void add_file(const std::string& whole, const std::string& path, const struct stat& status, Reads reads) {
    const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
    if (is_secret_file(path)) return leave_out(path, "a key");
    if (std::ranges::find(never_read, name) != std::end(never_read))
      return leave_out(path, "reading it acts on a device");
    const unsigned needed = reads == Reads::everybody ? 0004 : 0444;
    if ((status.st_mode & needed) == 0) return leave_out(path, "not for everybody to read");
    const Fd fd(::open(whole.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    std::string content;
    char buffer[65536];
    ssize_t count = fd.get() < 0 ? -1 : 0;
    while (fd.get() >= 0 && content.size() <= most_bytes &&
           (count = ::read(fd.get(), buffer, sizeof buffer)) > 0)
      content.append(buffer, static_cast<std::size_t>(count));
    if (count < 0) {
      ++unreadable_;
      return leave_out(path, std::strerror(errno));
    }
    if (content.size() > most_bytes) return leave_out(path, "longer than 4 MiB");
    const bool is_words = path == command_line.substr(1);
    std::string shown = is_words ? words_without_secrets(content) : without_secrets(content);
    if (shown != content) leave_out(path, "secrets in it");
    const bool is_of_kernel = path.starts_with("proc/") || path.starts_with("sys/");
    entries_[path] = {path,
                      std::move(shown),
                      status.st_mode & 07777U,
                      false,
                      false,
                      is_of_kernel ? 0 : status.st_mtim.tv_sec};
  }

  static std::vector<std::string> names(const std::string& directory) {
    const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return fd.get() < 0 ? std::vector<std::string>() : names_in(fd.get(), directory);
  }

  const Machine& machine_;
  std::map<std::string, TarEntry> entries_;
  std::map<std::string, std::string> left_out_;
  std::size_t unreadable_ = 0;
};

// The generation in place, if there is one and we may read it.
std::optional<Generation> current_of(const Machine& machine) {
  try {
    const Generations generations(machine);
    const std::optional<int> number = generations.current();
    return number ? std::optional(generations.load(*number)) : std::nullopt;
  } catch (const TreeFault&) {
    return std::nullopt;
  } catch (const Refused&) {
    return std::nullopt;
  }
}

std::string about(const Machine& machine, const std::optional<Generation>& generation) {
  std::string text = fmt::format("{}\nhost: {}\nboot: {}\n", capture_schema, name_of_machine(machine),
                                 boot_id(machine));
  if (generation)
    text += fmt::format("generation: {}\nboot of the generation: {}\nstaged: {}\n", generation->number,
                        generation->boot_id,
                        wanted_by(*generation, boot_id(machine)).is_staged ? "yes" : "no");
  return text;
}

}  // namespace

int capture(const Machine& machine, const std::string& path) {
  Capture capture(machine);
  const std::optional<Generation> generation = current_of(machine);
  std::vector<std::string> files;
  if (generation) {
    for (const GenerationFile& file : generation->files) files.push_back(file.path);
    files.emplace_back(written_file);
  }
  capture.add_text(about_file, about(machine, generation));
  if (generation) {
    std::vector<LiveValue> rounded;
    std::ranges::copy_if(generation->values, std::back_inserter(rounded), &LiveValue::is_rounded);
    capture.add_text(rounded_file, text_of(rounded));
  }
  if (machine.live) {
    capture.add_kernel();
    capture.add_outputs(evidence_of(machine));
  }
  capture.add_files(files);
  const std::string archive = capture.archive();
  if (::geteuid() != 0)
    machine.warn(fmt::format("this is not the whole machine: without root, {} files could not be read\n",
                             capture.unreadable()));
  if (path == "-") {
    machine.say(archive);
    return exit_as_wanted;
  }
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (fd.get() < 0) tree_fault_errno(path, errno);
  write_all(fd.get(), archive, path);
  machine.warn(fmt::format("{} is written; {} in it lists what was left out\n", path, left_out_file));
  return exit_as_wanted;
}

}  // namespace tunec::host
