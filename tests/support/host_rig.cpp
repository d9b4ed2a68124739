#include "support/host_rig.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "base/cpu_set.h"
#include "host/live.h"
#include "output/tree/directory.h"

namespace tunec::test {
namespace {

namespace fs = std::filesystem;

enum class Times { none, written, changed };

std::string describe(const fs::path& top, Times times, const std::string& without) {
  std::vector<std::string> lines;
  for (auto entry = fs::recursive_directory_iterator(top); entry != fs::recursive_directory_iterator();
       ++entry) {
    const std::string path = entry->path().lexically_relative(top);
    if (path == without) {
      entry.disable_recursion_pending();
      continue;
    }
    struct stat status {};
    ::lstat(entry->path().c_str(), &status);
    std::string line = fmt::format("{} {:o} {}:{}", path, status.st_mode, status.st_uid, status.st_gid);
    if (S_ISREG(status.st_mode)) {
      std::ifstream file(entry->path(), std::ios::binary);
      if (times != Times::none) line += fmt::format(" {}.{}", status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
      // A test may make a file that is larger than the memory: a hole
      constexpr off_t max_shown = 16 << 20;
      line += status.st_size > max_shown ? fmt::format(" {} bytes", status.st_size)
                                         : " " + std::string(std::istreambuf_iterator<char>(file), {});
    }
    if (times == Times::changed) line += fmt::format(" {}.{}", status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
    lines.push_back(std::move(line));
  }
  std::ranges::sort(lines);
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

// Of a list of CPUs below 64: "0-3,40".
std::string mask_of(const std::string& list) {
  std::uint64_t mask = 0;
  for (const int cpu : CpuSet::parse(list).value_or(CpuSet()).cpus()) mask |= std::uint64_t{1} << cpu;
  return fmt::format("{:08x},{:08x}", mask >> 32, mask & 0xffffffffU);
}

// The values have no times: a kernel's file has none either.
std::string values_below(const fs::path& top) {
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(top)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    lines.push_back(entry.path().lexically_relative(top).string() + " " +
                    std::string(std::istreambuf_iterator<char>(file), {}));
  }
  std::ranges::sort(lines);
  return fmt::format("{}", fmt::join(lines, ""));
}

}  // namespace

HostRig::HostRig() {
  scratch.make_directory("root/etc");
  scratch.make_directory("root/var/lib");
  scratch.make_directory("kernel/proc/sys/kernel/random");
  scratch.write("root/etc/hostname", "kvm-01\n");
  scratch.write("root/etc/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\n");
  set_value("/proc/sys/kernel/random/boot_id", "first");
  set_value("/proc/cmdline", "ro quiet");
}

host::Machine HostRig::image() {
  host::Machine machine;
  machine.root = scratch.at("root");
  machine.live = false;
  machine.run = [this](const std::string& command) {
    ran.push_back(command);
    return failing.contains(command) ? 1 : 0;
  };
  machine.say = [this](const std::string& text) { said += text; };
  machine.warn = [this](const std::string& text) { warned += text; };
  return machine;
}

host::Machine HostRig::running() {
  host::Machine machine = image();
  machine.live = true;
  machine.output = [this](const std::string& command) -> std::optional<std::string> {
    const auto found = outputs.find(command);
    return found == outputs.end() ? std::nullopt : std::optional(found->second);
  };
  machine.kernel = scratch.at("kernel");
  machine.write = [this, before = machine.kernel.size()](const std::string& path, std::string_view text) {
    const auto made = made_by_kernel.find(path.substr(before));
    return host::write_kernel_file(path,
                                   made == made_by_kernel.end() ? text : made->second(std::string(text)));
  };
  return machine;
}

void HostRig::compile(const RigFiles& files, const std::string& steps, const std::string& settings,
                      const std::string& checks) const {
  using Json = nlohmann::ordered_json;
  scratch.clear("tree");
  scratch.make_directory("tree");
  Json list = Json::array();
  for (const auto& [path, file] : files) {
    list.push_back({{"path", path}, {"mode", fmt::format("{:04o}", file.mode)}, {"effect", file.effect}});
    scratch.make_directory("tree/" + fs::path(path).parent_path().string());
    scratch.write("tree/" + path, file.content);
  }
  scratch.write("tree/manifest.json", Json{{"schema", "tunec manifest 1"},
                                           {"host", "kvm-01"},
                                           {"platform", "debian 12, Linux 6.1"},
                                           {"tunec", "tunec 0"},
                                           {"files", list},
                                           {"apply", Json::parse("[" + steps + "]")},
                                           {"notes", Json::array()},
                                           {"settings", Json::parse("[" + settings + "]")},
                                           {"checks", Json::parse("[" + checks + "]")}}
                                          .dump());
}

void HostRig::fulfil(const std::vector<host::Check>& checks) const {
  for (const host::Check& check : checks) {
    if (!host::is_of_verify(check)) continue;
    const std::size_t count = check.reading.join == host::Join::count
                                  ? static_cast<std::size_t>(check.least.value_or(1))
                                  : 1;
    for (std::size_t i = 0; i < count; ++i) {
      std::string path = check.reading.read;
      for (const std::string pattern : {"[0-9]*", "*"}) {
        for (std::size_t at = path.find(pattern); at != path.npos; at = path.find(pattern))
          path.replace(at, pattern.size(), std::to_string(i));
      }
      std::string text = check.is.value_or(std::to_string(static_cast<long long>(check.least.value_or(0))));
      // Enough for whatever is taken away.
      if (check.reading.is_cpus && check.least) text = "0-1023";
      if (check.begins || check.lacks) text = "Not affected";
      if (check.reading.is_mask) text = mask_of(text);
      if (!check.reading.line.empty()) {
        // The number stands in the first column that is read, or behind the word.
        const std::size_t column = check.reading.columns.empty() ? 2 : check.reading.columns.front();
        std::string line;
        for (std::size_t place = 1; place <= 16; ++place)
          line += place == check.reading.at ? check.reading.line + " " : place == column ? text + " " : "0 ";
        text = line + (scratch.exists("kernel" + path) ? "\n" + value(path) : "");
      }
      set_value(path, text);
    }
  }
}

void HostRig::put(const std::string& path, const RigFile& file) const {
  const std::string whole = "root/" + path;
  scratch.make_directory(fs::path(whole).parent_path());
  scratch.write(whole, file.content);
  if (::geteuid() == 0 && ::chown(scratch.at(whole).c_str(), file.owner, file.owner) != 0) std::abort();
  ::chmod(scratch.at(whole).c_str(), file.mode);
}

void HostRig::set_value(const std::string& path, const std::string& value) const {
  scratch.make_directory("kernel" + fs::path(path).parent_path().string());
  scratch.write("kernel" + path, value + "\n");
}

std::string HostRig::value(const std::string& path) const {
  std::string text = scratch.read("kernel" + path);
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

int HostRig::code_of(const std::function<int()>& command) {
  said = warned = refusal = "";
  ran.clear();
  try {
    return command();
  } catch (const host::Refused& refused) {
    refusal = refused.text;
  } catch (const host::Failed& failed) {
    refusal = failed.text;
  } catch (const TreeFault& fault) {
    refusal = fault.text;
  }
  return host::exit_usage_or_io;
}

int HostRig::apply(const host::Machine& machine, host::ApplyMode mode, bool force, bool restart) {
  host::TreeChoice choice = tree();
  if (machine.live) choice.host = "kvm-01";  // the machine's own name is that of the real one
  return code_of([&] { return host::apply(machine, choice, {mode, force, restart}); });
}
int HostRig::rollback(const host::Machine& machine, std::optional<int> number, bool force) {
  return code_of([&] { return host::rollback(machine, number, force); });
}
int HostRig::resume(const host::Machine& machine) {
  return code_of([&] { return host::resume(machine); });
}

std::string HostRig::state(bool with_times) const {
  return describe(scratch.at("root"), with_times ? Times::changed : Times::written, "var/lib/tunec") +
         values_below(scratch.at("kernel"));
}

std::string HostRig::contents() const {
  return describe(scratch.at("root"), Times::none, "var/lib/tunec") + values_below(scratch.at("kernel"));
}

std::string HostRig::store() const {
  return scratch.exists("root/var/lib/tunec") ? describe(scratch.at("root/var/lib/tunec"), Times::changed, "")
                                              : "";
}

}  // namespace tunec::test
