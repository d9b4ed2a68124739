// Checks the invariants of tunec's policies a second time, on the output: the files of every accepted site
// keep them. The laws are in support/invariant_laws*.cpp; `./dev fuzz` runs this test for longer.
#include <gtest/gtest.h>

#include <set>

#include "support/checked_site.h"
#include "support/site_generator.h"

namespace tunec::test {
namespace {

std::string codes_of(const Reporter& reporter) {
  std::set<std::string> codes;
  for (const Diagnostic& diagnostic : reporter.sorted()) {
    if (diagnostic.severity == Severity::error)
      codes.insert(fmt::format("{} {}", diagnostic.info->code, diagnostic.message));
  }
  return fmt::format("{}", fmt::join(codes, "\n  "));
}

// Otherwise a law could hold because no site gives it anything to check. The sites are the same each time.
TEST(InvariantLaws, MostSitesAreAcceptedAndEachLawHasSomethingToLookAt) {
  constexpr int sites = 200;
  int accepted = 0;
  std::map<std::string_view, int> looked;
  std::string refusals;
  std::map<int, std::string> faults;  // the first fault of each law
  for (int i = 0; i < sites; ++i) {
    const SiteModel site = any_site_model()(rc::Random(static_cast<std::uint64_t>(i)), i / 2).value();
    const auto run = compile_in_memory(site.files());
    if (run.compilation->reporter.has_errors()) {
      refusals += fmt::format("site {}:\n  {}\n", i, codes_of(run.compilation->reporter));
      continue;
    }
    ++accepted;
    for (const LawBroken& broken : broken_laws(ReadSite(site, run.rendered), looked))
      faults.try_emplace(broken.number, broken.text + "\n" + site.text());
  }
  std::cout << fmt::format("{} of {} sites are accepted\n{}", accepted, sites, refusals);
  for (const auto& [number, fault] : faults) ADD_FAILURE() << fault;
  EXPECT_GE(accepted, sites * 9 / 10) << refusals;
  for (const auto& [rule, times] : looked) EXPECT_GT(times, 0) << "no site tests the law: " << rule;
}

TEST(InvariantLaws, HoldOnEveryAcceptedSite) {
  check_often({}, [] {
    const SiteModel site = *any_site_model();
    const auto run = compile_in_memory(site.files());
    const bool refused = run.compilation->reporter.has_errors();
    RC_TAG(refused ? "refused: " + codes_of(run.compilation->reporter) : std::string("accepted"));
    if (refused) return;
    std::map<std::string_view, int> looked;
    for (const LawBroken& broken : broken_laws(ReadSite(site, run.rendered), looked)) {
      RC_LOG() << broken.text << "\n";
      RC_FAIL("an accepted site breaks an invariant");
    }
  });
}

}  // namespace
}  // namespace tunec::test
