#include "host/apply/preflight.h"

#include <algorithm>
#include <cstdint>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "host/apply/guests.h"
#include "host/shadows.h"

namespace tunec::host {
namespace {

// A lock of fcntl(2), as dpkg takes it.
bool is_locked(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  struct flock lock {};
  lock.l_type = F_WRLCK, lock.l_whence = SEEK_SET;
  return fd.get() >= 0 && ::fcntl(fd.get(), F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

void add_checks(const Machine& machine, const Evidence& evidence, const Manifest& manifest,
                std::vector<std::string>& reasons) {
  for (const Check& check : manifest.checks) {
    if (check.kind == "before" && !check.locked.empty()) {
      if (is_locked(machine.root + check.locked))
        reasons.push_back(fmt::format("{} ({} is locked): {}", check.what, check.locked, check.instead));
      continue;
    }
    if (check.kind != "before" && check.kind != "assumed") continue;
    const CheckResult result = look_at(evidence, check);
    if (result.verdict == CheckResult::Verdict::right ||
        result.verdict == CheckResult::Verdict::nothing_to_read)
      continue;
    if (check.kind == "before") reasons.push_back(fmt::format("{}: {}", check.what, check.instead));
    else
      reasons.push_back(
          fmt::format("{}: the site assumes {}, but here it is {}: mend the host's facts in the site, and "
                      "compile again",
                      check.what, result.wanted, result.found.empty() ? "nothing" : result.found));
  }
}

void add_shadows(const Evidence& evidence, const Manifest& manifest, std::vector<std::string>& reasons) {
  Shadows shadows(evidence);
  for (const Setting& setting : manifest.settings) {
    if (const auto shadow = shadows.of(setting))
      reasons.push_back(
          fmt::format("{} = {} would be lost at the next boot: {} is read later and sets {}: take "
                      "the line out there, or set it in the site",
                      setting.name, setting.expect, shadow->by, shadow->value));
  }
}

// The tools write a new image beside the old one before they replace it.
void add_room(const Machine& machine, const Generation& generation, std::vector<std::string>& reasons) {
  const bool boots = std::ranges::any_of(generation.left,
                                         [](const Step& step) { return step.effect == "reboot"; });
  struct statvfs room {};
  const std::string boot = machine.root + "/boot";
  if (!boots || ::statvfs(boot.c_str(), &room) != 0) return;
  std::uint64_t largest = 0;
  for (const std::string& name : Files(machine.root).names("boot")) {
    struct stat status {};
    if (name.starts_with("init") && ::stat((boot + "/" + name).c_str(), &status) == 0)
      largest = std::max(largest, static_cast<std::uint64_t>(status.st_size));
  }
  const std::uint64_t there = static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize;
  constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
  const std::uint64_t needed = largest + mebibyte;
  if (there < needed)
    reasons.push_back(
        fmt::format("{} has {} MiB left, and a new boot image takes {} MiB: remove kernels that "
                    "are no longer used (apt autoremove)",
                    boot, there / mebibyte, needed / mebibyte));
}

}  // namespace

std::vector<std::string> preflight(const Machine& machine, const Plan& plan, Counts when) {
  std::vector<std::string> reasons;
  const Evidence evidence = evidence_of(machine);
  if (machine.live) add_checks(machine, evidence, plan.generation.manifest, reasons);
  if (machine.live && when == Counts::now) add_harms(evidence, plan.generation.manifest, reasons);
  add_shadows(evidence, plan.generation.manifest, reasons);
  add_room(machine, plan.generation, reasons);
  return reasons;
}

void refuse_by_preflight(const Machine& machine, const Plan& plan, Counts when) {
  const std::vector<std::string> reasons = preflight(machine, plan, when);
  if (reasons.empty()) return;
  for (std::size_t i = 0; i + 1 < reasons.size(); ++i) machine.warn(reasons[i] + "\n");
  throw Refused{fmt::format("{}\nnothing was changed; --force applies it all the same", reasons.back())};
}

}  // namespace tunec::host
