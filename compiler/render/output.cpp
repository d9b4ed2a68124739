// Counts the lines of a file as they are added, so that each can be traced to its settings.
#include "render/output.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace tunec {

void File::add(Settings settings, std::string text) {
  for (const Setting* setting : settings) {
    artifact_.effect = std::max(artifact_.effect, std::min(setting->param->effect, strongest_));
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

void Output::step(Effect effect, std::string command, std::string why, Order order, Settings settings) {
  steps_.push_back({effect, std::move(command), std::move(why), std::move(settings), order, {}, {}});
}

Step& Output::restart(std::string unit, Restart how, std::string command, std::string why, Order order) {
  return steps_.emplace_back(
      Step{Effect::restart, std::move(command), std::move(why), {}, order, std::move(unit), how});
}

void Output::note(std::string text) { steps_.push_back({Effect::live, "", std::move(text), {}, {}, {}, {}}); }

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

namespace {

constexpr std::size_t ready_bits = 8;  // of Ready

// Moves steps behind those that make what they need, and keeps their order otherwise. If steps wait for one
// another, the first of them comes first.
class WorkingOrder {
 public:
  explicit WorkingOrder(std::vector<Step> steps) : steps_(std::move(steps)) {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      waiting_.insert(i);
      for (std::size_t bit = 0; bit < ready_bits; ++bit) makers_[bit] += makes(steps_[i], bit) ? 1 : 0;
    }
  }

  std::vector<Step> run() {
    std::vector<Step> ordered;
    release();
    while (ordered.size() < steps_.size()) {
      if (free_.empty()) free_.insert(waiting_.extract(waiting_.begin()));
      Step& next = steps_[free_.extract(free_.begin()).value()];
      bool done_with_one = false;
      for (std::size_t bit = 0; bit < ready_bits; ++bit) {
        if (makes(next, bit)) done_with_one |= --makers_[bit] == 0;
      }
      if (done_with_one) release();
      ordered.push_back(std::move(next));
    }
    return ordered;
  }

 private:
  static bool has(Ready set, std::size_t bit) { return overlap(set, static_cast<Ready>(1U << bit)); }
  static bool makes(const Step& step, std::size_t bit) { return has(step.order.makes, bit); }

  bool waits(const Step& step) const {
    for (std::size_t bit = 0; bit < ready_bits; ++bit) {
      if (has(step.order.needs, bit) && !makes(step, bit) && makers_[bit] > 0) return true;
    }
    return false;
  }

  void release() {
    for (auto i = waiting_.begin(); i != waiting_.end();) {
      const auto next = std::next(i);
      if (!waits(steps_[*i])) free_.insert(waiting_.extract(i));
      i = next;
    }
  }

  std::vector<Step> steps_;
  // For each Ready, the number of remaining steps that make it
  std::array<std::size_t, ready_bits> makers_{};
  std::set<std::size_t> waiting_, free_;
};

// One command serves the files of both steps.
void join(Step& step, const Step& other) {
  step.order = {step.order.needs | other.order.needs, step.order.makes | other.order.makes};
  step.files.insert(step.files.end(), other.files.begin(), other.files.end());
  std::ranges::sort(step.files);
  const auto repeated = std::ranges::unique(step.files);
  step.files.erase(repeated.begin(), repeated.end());
}

// Two backends may want to restart one unit, each with its own command: the strongest command is enough for
// both.
void start_units_once(std::vector<Step>& steps) {
  std::map<std::string, std::size_t> first;
  std::vector<Step> left;
  for (Step& step : steps) {
    const auto [at, fresh] = step.unit.empty() ? std::pair{first.end(), true}
                                               : first.try_emplace(step.unit, left.size());
    if (fresh) {
      left.push_back(std::move(step));
      continue;
    }
    Step& other = left[at->second];
    if (step.how > other.how) std::swap(other, step);
    other.leaves_processes |= step.leaves_processes;
    if (other.instead.empty()) other.instead = step.instead;
    join(other, step);
  }
  steps = std::move(left);
}

// If one command serves files of several effects, it occurs once, with the strongest.
void raise_to_strongest(std::vector<Step>& steps) {
  std::map<std::string_view, Effect> strongest;
  for (const Step& step : steps) {
    Effect& effect = strongest.try_emplace(step.command, step.effect).first->second;
    effect = std::max(effect, step.effect);
  }
  for (Step& step : steps) {
    if (!step.command.empty()) step.effect = strongest.at(step.command);
  }
}

}  // namespace

void tidy(std::vector<Step>& steps) {
  raise_to_strongest(steps);
  // Sorted by text, since the addresses of settings have no meaningful order. A command contains the values
  // of its settings, so equal commands carry equal settings.
  std::ranges::stable_sort(steps, {},
                           [](const Step& step) { return std::tie(step.effect, step.command, step.why); });
  // If two steps give different reasons for one command, the first reason stays. Notes differ by their text.
  std::vector<Step> distinct;
  for (Step& step : steps) {
    Step* last = distinct.empty() ? nullptr : &distinct.back();
    const bool same = last != nullptr && last->effect == step.effect && last->command == step.command &&
                      (!step.command.empty() || last->why == step.why);
    if (!same) distinct.push_back(std::move(step));
    else join(*last, step);
  }
  start_units_once(distinct);
  steps = WorkingOrder(std::move(distinct)).run();
}

}  // namespace tunec
