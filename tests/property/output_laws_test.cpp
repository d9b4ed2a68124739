// Laws of the output of generated sites: annotating changes nothing but comments, and steps agree with files.
#include <gtest/gtest.h>

#include <algorithm>

#include "render/annotate.h"
#include "support/case_reader.h"
#include "support/checked_site.h"
#include "support/site_generator.h"

namespace tunec::test {
namespace {

bool is_origin(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return line.starts_with("# main.tune:") || line.starts_with("# tunec:");
}

// The lines without the comments that annotate() adds.
std::vector<std::string> without_origins(const Artifact& artifact) {
  std::vector<std::string> lines = lines_of(artifact.content);
  std::erase_if(lines, is_origin);
  return lines;
}

void compare(const Artifacts& plain, const Artifacts& annotated) {
  RC_ASSERT(plain.size() == annotated.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    RC_ASSERT(without_origins(*annotated[i]) == lines_of(plain[i]->content));
    RC_ASSERT(without_annotations(annotated[i]->content) == plain[i]->content);
    RC_ASSERT(without_annotations(plain[i]->content) == plain[i]->content);
    const auto before = lines_of(plain[i]->content), after = lines_of(annotated[i]->content);
    RC_ASSERT(plain[i]->lines.size() == annotated[i]->lines.size());
    for (std::size_t n = 0; n < plain[i]->lines.size(); ++n) {
      const ArtifactLine &old = plain[i]->lines[n], &now = annotated[i]->lines[n];
      RC_ASSERT(old.settings == now.settings);
      RC_ASSERT(before.at(old.number - 1) == after.at(now.number - 1));
    }
  }
}

TEST(OutputLaws, AnnotatingAddsCommentsAndKeepsTheLinesOfSettings) {
  check_often({50, 4}, [] {
    const SiteModel site = *any_site_model();
    const auto compiled = compile_in_memory(site.files());
    RC_PRE(!compiled.compilation->reporter.has_errors());
    RenderedFleet annotated = compiled.rendered;
    annotate(annotated, compiled.compilation->sources);
    compare(compiled.rendered.site, annotated.site);
    for (std::size_t i = 0; i < annotated.hosts.size(); ++i)
      compare(compiled.rendered.hosts[i].artifacts, annotated.hosts[i].artifacts);
  });
}

// A reboot is nobody's step. The step that makes the initramfs anew serves files of several effects.
bool has_step(const std::vector<Step>& steps, Effect effect) {
  return std::ranges::any_of(steps, [effect](const Step& step) {
    const bool initramfs = overlap(step.order.makes, Ready::initramfs);
    return !step.command.empty() && (initramfs ? step.effect >= effect : step.effect == effect);
  });
}

TEST(OutputLaws, AFileThatNeedsMoreThanToBeWrittenHasAStepOfThatEffect) {
  check_often({50, 4}, [] {
    const SiteModel site = *any_site_model();
    const auto compiled = compile_in_memory(site.files());
    RC_PRE(!compiled.compilation->reporter.has_errors());
    for (const RenderedHost& host : compiled.rendered.hosts) {
      for (const auto& artifact : host.artifacts) {
        if (artifact->effect == Effect::live || artifact->effect == Effect::reboot) continue;
        RC_LOG() << artifact->path << "\n" << site.text();
        RC_ASSERT(has_step(*host.steps, artifact->effect));
      }
    }
  });
}

TEST(OutputLaws, NoUnitIsStartedAnewTwice) {
  check_often({50, 4}, [] {
    const SiteModel site = *any_site_model();
    const auto compiled = compile_in_memory(site.files());
    for (const RenderedHost& host : compiled.rendered.hosts) {
      std::vector<std::string> units;
      for (const Step& step : *host.steps) {
        if (!step.unit.empty()) units.push_back(step.unit);
      }
      std::ranges::sort(units);
      RC_ASSERT(std::ranges::adjacent_find(units) == units.end());
    }
  });
}

}  // namespace
}  // namespace tunec::test
