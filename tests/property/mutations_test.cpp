// Each broken site is refused for the right reason: an accepted site, broken in one place, gives the
// diagnostic that the mutation names. The unbroken site does not give it. The broken site's files, rendered
// all the same, must break the law; this shows that the law can fail.
#include <gtest/gtest.h>

#include "diagnostics/render.h"
#include "support/checked_site.h"
#include "support/mutations.h"
#include "support/site_generator.h"

namespace tunec::test {
namespace {

bool gives(const Compilation& compilation, const Mutation& mutation) {
  for (const Diagnostic& diagnostic : compilation.reporter.sorted()) {
    if (diagnostic.info->code != mutation.code) continue;
    if (render_text(diagnostic, compilation.sources, {}).find(mutation.says) != std::string::npos)
      return true;
  }
  return false;
}

std::string all_of(const Compilation& compilation) {
  std::string text;
  for (const Diagnostic& diagnostic : compilation.reporter.sorted())
    text += render_text(diagnostic, compilation.sources, {}) + "\n";
  return text.empty() ? "there is no diagnostic\n" : text;
}

// Renders the site without the checks and tests whether its files break the law.
bool law_is_broken(const SiteModel& site, const Compilation& compilation, int law) {
  const RenderedFleet rendered = render(compilation.plan(), default_backends());
  std::map<std::string_view, int> looked;
  for (const LawBroken& broken : broken_laws(ReadSite(site, rendered), looked)) {
    if (broken.number == law) return true;
  }
  return false;
}

class Mutations : public ::testing::TestWithParam<Mutation> {};

TEST_P(Mutations, IsRefusedForTheRightReason) {
  const Mutation& mutation = GetParam();
  check_often({2, 60}, [&] {
    SiteModel site = *plain_site_model();
    mutation.prepare(site);
    const auto before = compile_in_memory(site.files());
    RC_PRE(!before.compilation->reporter.has_errors());
    RC_ASSERT_FALSE(gives(*before.compilation, mutation));
    mutation.apply(site);
    const auto after = compile_in_memory(site.files());
    RC_LOG() << site.text() << all_of(*after.compilation);
    RC_ASSERT(gives(*after.compilation, mutation));
    if (mutation.law != 0) RC_ASSERT(law_is_broken(site, *after.compilation, mutation.law));
  });
}

std::string name_of(const ::testing::TestParamInfo<Mutation>& info) {
  std::string name = info.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Mutations, ::testing::ValuesIn(mutations()), name_of);

}  // namespace
}  // namespace tunec::test
