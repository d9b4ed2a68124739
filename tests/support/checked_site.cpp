#include "support/checked_site.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace tunec::test {

ReadSite::ReadSite(SiteModel site, const RenderedFleet& rendered) : model(std::move(site)) {
  const auto exporters = read_exporters(rendered);
  for (const RenderedHost& host : rendered.hosts) files.push_back(read_host(host));
  for (const HostFiles& host : files) {
    const auto its = exporters.find(host.name);
    hosts.push_back({model.roles[role_of(host.name)].machine, host,
                     its == exporters.end() ? std::map<std::string, int>() : its->second});
  }
}

std::vector<LawBroken> broken_laws(const ReadSite& site, std::map<std::string_view, int>& looked) {
  static const std::vector<HostLaw> of_hosts = host_laws();
  static const std::vector<FleetLaw> of_fleets = fleet_laws();
  std::vector<LawBroken> broken;
  const auto tell = [&](const auto& law, const std::string& who, const Ledger& ledger) {
    looked[law.rule] += ledger.looked();
    for (const std::string& fault : ledger.faults())
      broken.push_back({law.number, fmt::format("{} {}: {}{}", law.number, law.rule, who, fault)});
  };
  for (const HostCase& host : site.hosts) {
    if (!host.files.fault.empty()) broken.push_back({0, host.files.name + ": " + host.files.fault});
    for (const HostLaw& law : of_hosts) {
      Ledger ledger;
      law.check(host, ledger);
      tell(law, host.files.name + ": ", ledger);
    }
  }
  for (const FleetLaw& law : of_fleets) {
    Ledger ledger;
    law.check(site.hosts, ledger);
    tell(law, "", ledger);
  }
  return broken;
}

void check_often(Often often, const std::function<void()>& property) {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  rc::detail::TestMetadata metadata;
  metadata.id = fmt::format("{}/{}", info->test_suite_name(), info->name());
  metadata.description = info->name();
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  const bool count_given = std::getenv("RC_PARAMS") != nullptr &&
                           std::string_view(std::getenv("RC_PARAMS")).find("max_success") !=
                               std::string_view::npos;
  params.maxSuccess = count_given ? std::max(1, params.maxSuccess / often.fraction) : often.usually;
  const auto result = rc::detail::checkTestable(property, metadata, params);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  if (!result.template is<rc::detail::SuccessResult>()) FAIL() << text.str();
  std::cout << text.str() << "\n";
}

}  // namespace tunec::test
