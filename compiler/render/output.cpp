// Counts the lines of a file as they are added, so that each can be traced to its settings.
#include "render/output.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tunec {

void File::add(Settings settings, std::string text) {
  for (const Setting* setting : settings) {
    artifact_.effect = std::max(artifact_.effect, setting->param->effect);
  }
  // A text of several lines (a section of JSON) belongs to its settings as a whole.
  const auto height = static_cast<std::uint32_t>(std::ranges::count(text, '\n')) + 1;
  for (std::uint32_t line = 0; line < height && !settings.empty(); ++line) {
    artifact_.lines.push_back({next_line_ + line, settings});
  }
  next_line_ += height;
  artifact_.content += text;
  artifact_.content += '\n';
}

File& Output::file(std::string path) {
  const auto found = files_.find(path);
  return found == files_.end() ? new_file(std::move(path)) : found->second;
}

File& Output::new_file(std::string path) {
  const auto made = files_.emplace(std::move(path), File());
  made->second.artifact_.path = made->first;
  return made->second;
}

void Output::step(Effect effect, std::string command, std::string why, Settings settings) {
  steps_.push_back({effect, std::move(command), std::move(why), std::move(settings)});
}

std::vector<Artifact> Output::take_artifacts() {
  std::vector<Artifact> artifacts;
  for (auto& [path, file] : files_) {
    if (!file.artifact_.lines.empty()) artifacts.push_back(std::move(file.artifact_));
  }
  files_.clear();
  return artifacts;
}

std::vector<Step> Output::take_steps() {
  std::vector<Step> steps = std::exchange(steps_, {});
  tidy(steps);
  return steps;
}

void tidy(std::vector<Step>& steps) {
  // By text alone, since the addresses of settings have no meaningful order. A command contains the values of
  // the settings that it carries, so equal commands carry equal settings.
  std::ranges::stable_sort(steps, {},
                           [](const Step& step) { return std::tie(step.effect, step.command, step.why); });
  // If two steps give reasons for one command, the first in order stays.
  const auto key = [](const Step& step) { return std::tie(step.effect, step.command); };
  const auto rest = std::ranges::unique(steps, {}, key);
  steps.erase(rest.begin(), rest.end());
}

}  // namespace tunec
