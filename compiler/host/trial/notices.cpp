#include "host/trial/notices.h"

#include <unistd.h>

#include "host/files.h"

namespace tunec::host {
namespace {

constexpr std::string_view motd = "run/motd.d/tunec-trial";

}  // namespace

void write_motd(const Machine& machine, const std::string& text) {
  const Files files(machine.root);
  for (const std::string& directory : files.missing_directories(motd)) files.make_directory(directory, 0755);
  files.set(motd, FileState{text, 0644, ::geteuid(), ::getegid(), std::nullopt, ""});
}

void remove_motd(const Machine& machine) { Files(machine.root).set(motd, std::nullopt); }

}  // namespace tunec::host
