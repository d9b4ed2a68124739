#include "host/trial/notices.h"

#include <unistd.h>

#include "base/lines.h"
#include "host/files.h"

namespace tunec::host {
namespace {

constexpr std::string_view motd = "run/motd.d/tunec-trial";
constexpr std::string_view required = "run/reboot-required", packages = "run/reboot-required.pkgs";
constexpr std::string_view own_line = "tunec-host\n";

FileState open_to_all(std::string content) {
  return {std::move(content), 0644, ::geteuid(), ::getegid(), std::nullopt, ""};
}

void put(const Files& files, std::string_view path, std::string content) {
  for (const std::string& directory : files.missing_directories(path)) files.make_directory(directory, 0755);
  files.set(path, open_to_all(std::move(content)));
}

// The lines of the others.
std::string without_own(const State& state) {
  std::string rest;
  std::string_view text = state ? std::string_view(state->content) : "";
  while (!text.empty()) {
    const std::string line = std::string(next_line(text)) + "\n";
    if (line != own_line) rest += line;
  }
  return rest;
}

}  // namespace

void write_motd(const Machine& machine, const std::string& text) { put(Files(machine.root), motd, text); }

void remove_motd(const Machine& machine) { Files(machine.root).set(motd, std::nullopt); }

void ask_for_reboot(const Machine& machine) {
  const Files files(machine.root);
  if (!files.read(required)) put(files, required, "*** System restart required ***\n");
  put(files, packages, without_own(files.read(packages)) + std::string(own_line));
}

void take_back_reboot_request(const Machine& machine) {
  const Files files(machine.root);
  const State state = files.read(packages);
  const std::string rest = without_own(state);
  if (!state || rest == state->content) return;
  if (!rest.empty()) return files.set(packages, open_to_all(rest));
  files.set(packages, std::nullopt);
  files.set(required, std::nullopt);
}

}  // namespace tunec::host
