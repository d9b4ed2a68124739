#include "host/verify/findings.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "host/live.h"
#include "host/shadows.h"
#include "host/verify/secrets.h"

namespace tunec::host {
namespace {

bool is_same(const State& now, const State& wanted, bool is_of_capture) {
  if (!is_of_capture || !now || !wanted) return same(now, wanted);
  return now->mode == wanted->mode && without_secrets(now->content) == without_secrets(wanted->content);
}

std::string difference(const FileState& now, const FileState& wanted, bool is_of_capture) {
  std::vector<std::string> texts;
  if (is_of_capture ? without_secrets(now.content) != without_secrets(wanted.content)
                    : now.content != wanted.content)
    texts.emplace_back("its content");
  if (now.mode != wanted.mode) texts.push_back(fmt::format("mode {:04o}, not {:04o}", now.mode, wanted.mode));
  if (!is_of_capture && (now.uid != wanted.uid || now.gid != wanted.gid))
    texts.push_back(fmt::format("owner {}:{}, not {}:{}", now.uid, now.gid, wanted.uid, wanted.gid));
  return fmt::format("{}", fmt::join(texts, "; "));
}

Finding look_at(const Evidence& evidence, const Wanted& wanted, const GenerationFile& file) {
  Finding finding{"file", "/" + file.path, Status::equal, "", "", ""};
  try {
    const State now = evidence.file(file.path);
    if (!now) finding.status = Status::missing;
    else if (!is_same(now, file.after, wanted.is_of_capture)) {
      finding.status = Status::differs;
      finding.note = difference(*now, *file.after, wanted.is_of_capture);
    }
  } catch (const TreeFault& fault) {
    finding.status = Status::differs;
    finding.note = fault.text;
  }
  return finding;
}

// Whether a command that `apply` runs makes the setting effective: of udev's rules, not of a module's
// options, which a command at most copies into the initramfs.
bool is_made_effective(const Manifest& manifest, const Setting& setting) {
  if (setting.read.starts_with("/sys/module/")) return false;
  return std::ranges::any_of(manifest.steps, [&](const Step& step) {
    const bool is_run = step.effect == "live" || step.effect == "reload";
    return is_run && std::ranges::find(step.files, setting.file) != step.files.end();
  });
}

std::string shadow_text(const Shadow& shadow) {
  return fmt::format("{} is read later and sets {}", shadow.by, shadow.value);
}

// In the boot that it was applied in, a setting that counts from the next boot cannot count yet.
Finding look_at(const Evidence& evidence, const Wanted& wanted, const Setting& setting, Shadows& shadows) {
  const std::optional<std::string> shown = evidence.value(setting.read);
  Finding finding{"value", setting.name, Status::equal, setting.expect, shown.value_or(""), setting.read};
  finding.may_be_hidden = !setting.write;
  const std::optional<Shadow> shadow = shadows.of(setting);
  if (!shown) finding.status = Status::unsupported;
  else if (shadow) finding.status = Status::shadowed;
  else if (shows(setting.read, *shown, setting.expect)) finding.status = Status::equal;
  else if (const LiveValue* made = made_of(wanted.values, setting, *shown); made && made->is_rounded)
    finding.status = Status::rounded;
  else if (wanted.is_new && (wanted.is_staged || setting.effect == "reboot"))
    finding.status = Status::next_boot;
  else if (wanted.is_new && !setting.write && !is_made_effective(wanted.manifest, setting))
    finding.status = setting.effect == "live" ? Status::next_boot : Status::next_load;
  else finding.status = Status::differs;
  if (shadow) finding.note = shadow_text(*shadow);
  if (setting.read != command_line || !shown) return finding;
  // The whole line would say little, and may hold what is nobody's business.
  finding.found = "";
  if (const std::string later = replaced_by(*shown, setting.expect); !later.empty()) {
    finding.status = Status::shadowed;
    finding.note = fmt::format("`{}` stands later on the command line", later);
  }
  return finding;
}

bool counts_at_load(const Manifest& manifest, const std::string& name) {
  return std::ranges::any_of(manifest.settings, [&](const Setting& setting) {
    return setting.name == name && setting.effect == "reload" && !setting.write &&
           !is_made_effective(manifest, setting);
  });
}

Finding look_at(const Evidence& evidence, const Wanted& wanted, const Check& check) {
  const CheckResult result = host::look_at(evidence, check);
  Finding finding{check.kind,   check.name,   Status::equal, result.wanted,
                  result.found, result.where, check.what};
  finding.may_be_hidden = true;
  switch (result.verdict) {
    case CheckResult::Verdict::right: return finding;
    case CheckResult::Verdict::nothing_to_read: finding.status = Status::unsupported; return finding;
    case CheckResult::Verdict::fewer: finding.status = Status::fewer; break;
    case CheckResult::Verdict::wrong: finding.status = Status::differs; break;
  }
  const bool counts_later = check.effect == "reboot" || (wanted.is_staged && check.kind == "effect");
  if (wanted.is_new && counts_later) finding.status = Status::next_boot;
  else if (wanted.is_new && counts_at_load(wanted.manifest, check.name)) finding.status = Status::next_load;
  return finding;
}

// One thing gives one finding. How many pages there are is more useful than that the number differs.
void drop_repeated(std::vector<Finding>& findings) {
  std::map<std::pair<std::string, std::string>, Status> of_effects;
  for (const Finding& finding : findings) {
    if (finding.kind == "effect") of_effects[{finding.name, finding.where}] = finding.status;
  }
  std::set<std::pair<std::string, std::string>> repeated;
  for (Finding& finding : findings) {
    const auto effect = of_effects.find({finding.name, finding.where});
    if (finding.kind != "value" || effect == of_effects.end()) continue;
    repeated.insert(effect->first);
    const bool is_short = effect->second != Status::equal;
    if (finding.status == Status::differs || (finding.status == Status::rounded && is_short))
      finding.status = effect->second;
  }
  std::erase_if(findings, [&](const Finding& finding) {
    return finding.kind == "effect" && repeated.contains({finding.name, finding.where});
  });
}

}  // namespace

std::string_view status_name(Status status) {
  constexpr std::string_view names[] = {"equal",
                                        "rounded",
                                        "at the next boot",
                                        "at the next load",
                                        "at the next start",
                                        "unsupported here",
                                        "fewer than asked",
                                        "shadowed",
                                        "not there",
                                        "differs"};
  return names[static_cast<std::size_t>(status)];
}

Wanted wanted_by(const Generation& generation, const std::string& boot) {
  // Until the boot of a trial, only its files are there.
  const bool is_staged = generation.staged || generation.phase == Phase::trying;
  Wanted wanted{generation.manifest, {}, generation.values, false, boot == generation.boot_id, is_staged};
  std::ranges::copy_if(generation.files, std::back_inserter(wanted.files),
                       [](const GenerationFile& file) { return file.after.has_value(); });
  return wanted;
}

Status Wanted::not_started() const {
  return !is_new ? Status::differs : is_staged ? Status::next_boot : Status::next_start;
}

std::vector<Finding> look(const Evidence& evidence, const Wanted& wanted) {
  std::vector<Finding> findings;
  for (const GenerationFile& file : wanted.files) findings.push_back(look_at(evidence, wanted, file));
  Shadows shadows(evidence);
  if (!evidence.is_running) {
    // What the first boot of an image would lose.
    for (const Setting& setting : wanted.manifest.settings) {
      const std::optional<Shadow> shadow = shadows.of(setting);
      if (!shadow) continue;
      Finding finding{"value", setting.name, Status::shadowed, setting.expect, "", setting.read};
      finding.note = shadow_text(*shadow);
      findings.push_back(std::move(finding));
    }
    return findings;
  }
  for (const Setting& setting : settings_of_files(evidence, wanted.manifest.settings))
    findings.push_back(look_at(evidence, wanted, setting, shadows));
  for (const Check& check : wanted.manifest.checks) {
    if (is_of_verify(check)) findings.push_back(look_at(evidence, wanted, check));
  }
  drop_repeated(findings);
  look_at_units(evidence, wanted, findings);
  look_at_tunnels(evidence, wanted, findings);
  return findings;
}

bool is_fine(const Finding& finding) {
  return finding.status == Status::equal || finding.status == Status::rounded || is_nothing(finding);
}

bool is_nothing(const Finding& finding) {
  return finding.status == Status::unsupported && finding.may_be_hidden;
}

int exit_code_of(const std::vector<Finding>& findings) {
  int code = exit_as_wanted;
  for (const Finding& finding : findings) {
    if (is_fine(finding)) continue;
    const bool counts_later = finding.status == Status::next_boot || finding.status == Status::next_load ||
                              finding.status == Status::next_start;
    if (!counts_later) return exit_differs;
    code = exit_to_do;
  }
  return code;
}

}  // namespace tunec::host
