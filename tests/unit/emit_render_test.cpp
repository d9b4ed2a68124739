// Rendering: the input of each backend, the number of calls, and the files that hosts share.
#include "render/render.h"

#include <gtest/gtest.h>

#include "render/spell.h"

namespace tunec {
namespace {

int emitted = 0;  // calls of a backend; backends are plain functions

constexpr std::string_view sysctl_surfaces[] = {"sysctl"};
constexpr std::string_view both_surfaces[] = {"sysctl", "boot"};

void emit_sysctl(const HostView& host, Output& out) {
  ++emitted;
  File& file = out.file("etc/sysctl.d/90-tunec.conf");
  file.plain("# written by tunec");
  for (const Setting* setting : host.on("sysctl"))
    file.line(*setting, "{} = {}", setting->key, spell(*setting));
  out.step(Effect::live, "sysctl --system", "new values");
}

void emit_boot(const HostView& host, Output& out) {
  File& file = out.file("etc/boot");
  std::string text;
  for (const Setting* setting : host.on("boot")) text += setting->key;
  if (!text.empty()) file.joined(host.on("boot"), text);
  out.step(Effect::reboot, "reboot", "boot parameters");
  out.step(Effect::live, "sysctl --system", "and more");
}

void emit_peers(std::span<const FleetHost> fleet, FleetOutput& out) {
  for (const FleetHost& host : fleet) {
    for (const Setting* setting : host.view.settings) {
      out.host(host.name).file("etc/aaa").line(*setting, "{}", fleet.size());
      out.site().file("site/targets").line(*setting, "{}", host.name);
    }
    out.host(host.name).step(Effect::restart, "restart " + std::string(host.name), "peers");
  }
}

const Backend backend_sysctl{"sysctl", "", sysctl_surfaces, true, {}, {}, emit_sysctl};
const Backend backend_boot{"boot", "", both_surfaces, true, {}, {}, emit_boot};
const FleetBackend backend_peers{"peers", "", sysctl_surfaces, true, {}, true, emit_peers};

class RenderTest : public ::testing::Test {
 protected:
  RenderTest() {
    swappiness_.order = 1;
    settings_ = {setting(param_, "sysctl", "b"), setting(swappiness_, "sysctl", "a"),
                 setting(reboot_, "boot", "z"), setting(param_, "sysctl", "c")};
    reboot_.effect = Effect::reboot;
    emitted = 0;
  }
  static Setting setting(const ParamInfo& param, std::string surface, std::string key) {
    Setting result;
    result.param = &param;
    result.name = surface + '.' + key;
    result.surface = std::move(surface);
    result.key = std::move(key);
    result.value = Value{std::int64_t{1}};
    return result;
  }
  HostPlan host(std::string name, std::vector<std::size_t> which) const {
    HostPlan plan;
    plan.name = std::move(name);
    plan.facts = facts_;
    for (const std::size_t i : which) plan.settings.push_back(&settings_[i]);
    return plan;
  }
  // HostPlans can be moved but not copied, and a braced list would copy them.
  template <class... Hosts>
  static std::vector<HostPlan> list_of_hosts(Hosts&&... hosts) {
    std::vector<HostPlan> list;
    (list.push_back(std::forward<Hosts>(hosts)), ...);
    return list;
  }
  ParamInfo param_, swappiness_, reboot_;
  std::vector<Setting> settings_;
  std::shared_ptr<const Facts> facts_ = std::make_shared<Facts>();
};

TEST_F(RenderTest, hosts_of_one_view_share_what_is_written_once) {
  Plan plan;
  for (int i = 100; i < 200; ++i) plan.hosts.push_back(host("kvm-" + std::to_string(i), {0, 2}));
  plan.hosts.push_back(host("other", {0, 3}));
  const Backends backends{{&backend_boot, &backend_sysctl}, {}};
  const RenderedFleet fleet = render(plan, backends);
  EXPECT_EQ(emitted, 2);
  ASSERT_EQ(fleet.hosts.size(), 101U);
  EXPECT_EQ(fleet.hosts[0].artifacts[1].get(), fleet.hosts[99].artifacts[1].get());
  EXPECT_EQ(fleet.hosts[0].steps.get(), fleet.hosts[99].steps.get());
  EXPECT_EQ(fleet.hosts[100].name, "other");
  EXPECT_EQ(fleet.hosts[100].artifacts.size(), 1U);  // no file for a surface without settings
}

TEST_F(RenderTest, another_platform_is_another_view_and_other_facts_are_not) {
  Plan plan;
  plan.hosts = list_of_hosts(host("a", {0}), host("b", {0}), host("c", {0}));
  auto facts = std::make_shared<Facts>(*plan.hosts[1].facts);
  facts->memory = 1;
  plan.hosts[1].facts = facts;
  facts = std::make_shared<Facts>(*plan.hosts[2].facts);
  Platform platform;
  platform.os = "another";
  facts->platform = std::make_shared<const Platform>(platform);
  plan.hosts[2].facts = facts;
  const Backends backends{{&backend_sysctl}, {}};
  render(plan, backends);
  EXPECT_EQ(emitted, 2);
}

TEST_F(RenderTest, settings_stand_by_order_and_lines_know_them) {
  Plan plan;
  plan.hosts = list_of_hosts(host("a", {1, 0, 2, 3}));
  const Backends backends{{&backend_sysctl}, {}};
  const RenderedFleet fleet = render(plan, backends);
  const Artifact& file = *fleet.hosts[0].artifacts.at(0);
  EXPECT_EQ(file.content, "# written by tunec\nb = 1\nc = 1\na = 1\n");
  ASSERT_EQ(file.lines.size(), 3U);
  EXPECT_EQ(file.lines[0].number, 2U);
  EXPECT_EQ(file.lines[0].settings, std::vector<const Setting*>{&settings_[0]});
  EXPECT_EQ(file.lines[2].settings, std::vector<const Setting*>{&settings_[1]});
}

TEST_F(RenderTest, steps_are_sorted_and_said_once) {
  Plan plan;
  plan.hosts = list_of_hosts(host("a", {0, 2}));
  const Backends backends{{&backend_boot, &backend_sysctl}, {}};
  const RenderedFleet fleet = render(plan, backends);
  const std::vector<Step>& steps = *fleet.hosts[0].steps;
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].command, "sysctl --system");
  EXPECT_EQ(steps[0].why, "and more");
  EXPECT_EQ(steps[1].command, "reboot");
  EXPECT_EQ(fleet.hosts[0].artifacts.at(0)->effect, Effect::reboot);
  // For the files of both backends
  EXPECT_EQ(steps[0].files, (std::vector<std::string>{"etc/boot", "etc/sysctl.d/90-tunec.conf"}));
  EXPECT_EQ(steps[1].files, std::vector<std::string>{"etc/boot"});
}

TEST(Steps, that_start_a_unit_are_for_its_files_alone) {
  Setting setting;
  ParamInfo param;
  setting.param = &param;
  const Backend units{"units", "", sysctl_surfaces, true, {}, {}, [](const HostView& host, Output& out) {
                        for (const char* path : {"etc/a.service", "etc/b.service.d/60.conf", "etc/c.service"})
                          out.file(path).line(*host.settings.at(0), "x");
                        out.restart("b.service", Restart::now, "restart b", "", {});
                        out.restart("other.service", Restart::now, "restart other", "", {});
                        out.step(Effect::reload, "reload", "");
                      }};
  setting.surface = "sysctl";
  HostPlan host;
  host.settings = {&setting};
  Plan plan;
  plan.hosts.push_back(std::move(host));
  const RenderedFleet fleet = render(plan, {{&units}, {}});
  std::map<std::string, std::size_t> files;
  for (const Step& step : *fleet.hosts.at(0).steps) files[step.command] = step.files.size();
  EXPECT_EQ(files,
            (std::map<std::string, std::size_t>{{"reload", 3}, {"restart b", 1}, {"restart other", 3}}));
}

TEST(Steps, stand_behind_those_that_make_what_they_need) {
  std::vector<Step> steps{
      {Effect::live, "a sysctl", "", {}, {.needs = Ready::modules | Ready::interfaces}},
      {Effect::live, "b modules", "", {}, {.needs = Ready::udev_rules, .makes = Ready::modules}},
      {Effect::reload, "c rules", "", {}, {.makes = Ready::udev_rules}},
      {Effect::restart, "d mount", "", {}, {.needs = Ready::mounts, .makes = Ready::mounts}},
      {Effect::restart, "e service", "", {}, {.needs = Ready::mounts | Ready::modules}},
      {Effect::reboot, "f first", "", {}, {}},
  };
  tidy(steps);
  std::string order;
  for (const Step& step : steps) order += step.command.substr(0, 1);
  EXPECT_EQ(order, "cbadef");
}

TEST_F(RenderTest, fleet_backends_add_to_hosts_and_site) {
  Plan plan;
  plan.hosts = list_of_hosts(host("a", {0}), host("b", {}), host("c", {0}));
  const Backends backends{{&backend_sysctl}, {&backend_peers}};
  const RenderedFleet fleet = render(plan, backends);
  ASSERT_EQ(fleet.hosts[0].artifacts.size(), 2U);
  EXPECT_EQ(fleet.hosts[0].artifacts[0]->path, "etc/aaa");
  EXPECT_EQ(fleet.hosts[0].artifacts[0]->content, "3\n");
  EXPECT_TRUE(fleet.hosts[1].artifacts.empty());
  EXPECT_EQ(fleet.hosts[2].steps->at(1).command, "restart c");
  EXPECT_EQ(fleet.hosts[0].steps->at(1).command, "restart a");
  ASSERT_EQ(fleet.site.size(), 1U);
  EXPECT_EQ(fleet.site[0]->content, "a\nc\n");
  EXPECT_TRUE(fleet.joins_hosts);
}

TEST_F(RenderTest, a_text_of_several_lines_belongs_to_its_settings_whole) {
  Output out;
  out.file("x").plain("{");
  out.file("x").joined({&settings_[0]}, "1,\n2");
  out.file("x").line(settings_[1], "{}", 3);
  const Artifact artifact = out.take_artifacts().at(0);
  ASSERT_EQ(artifact.lines.size(), 3U);
  EXPECT_EQ(artifact.lines[1].number, 3U);
  EXPECT_EQ(artifact.lines[2].number, 4U);
}

}  // namespace
}  // namespace tunec
