// The manifest: its content, and that its text equals nlohmann's.
#include "output/manifest.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "output/sums.h"

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;

class ManifestTest : public ::testing::Test {
 protected:
  ManifestTest() {
    const Effect effects[] = {Effect::live, Effect::restart, Effect::reboot, Effect::reboot};
    const char* names[] = {"sysctl.vm.swappiness", "qemu.user", "boot.isolcpus", "boot.\"odd\""};
    for (std::size_t i = 0; i < 4; ++i) {
      params_[i].effect = effects[i];
      settings_[i].param = &params_[i];
      settings_[i].name = names[i];
    }
    host_.name = "kvm-01";
    host_.platform = "debian 12, Linux 6.1";
    host_.artifacts = {artifact("etc/a", {0, 1, 2}, Effect::reboot),
                       artifact("etc/b", {2, 3}, Effect::reboot)};
    host_.steps = std::make_shared<const std::vector<Step>>(
        std::vector<Step>{{Effect::live, "sysctl --system", "new values", {}, {}},
                          {Effect::reboot, "reboot", "boot", {&settings_[2]}, {}}});
  }
  std::shared_ptr<const Artifact> artifact(std::string path, const std::vector<std::size_t>& which,
                                           Effect effect) {
    Artifact made;
    made.path = std::move(path);
    made.content = "abc";
    made.mode = 0600;
    made.effect = effect;
    for (const std::size_t i : which)
      made.lines.push_back({static_cast<std::uint32_t>(i + 1), {&settings_[i]}});
    return std::make_shared<const Artifact>(std::move(made));
  }
  ParamInfo params_[4];
  Setting settings_[4];
  RenderedHost host_;
};

TEST_F(ManifestTest, is_what_nlohmann_would_write) {
  Manifests manifests("0.1.0");
  const std::string text = manifests.manifest(host_);
  EXPECT_EQ(text, Json::parse(text).dump(2) + '\n');
  EXPECT_EQ(text, manifests.manifest(host_));  // a second time, from remembered parts
}

TEST_F(ManifestTest, of_a_host_with_nothing_too) {
  RenderedHost bare;
  bare.name = "a\"b";
  const std::string text = Manifests("1").manifest(bare);
  EXPECT_EQ(text, Json::parse(text).dump(2) + '\n');
  EXPECT_EQ(Json::parse(text)["host"], "a\"b");
}

TEST_F(ManifestTest, lists_files_and_what_they_need) {
  const Json manifest = Json::parse(Manifests("0.1.0").manifest(host_));
  const Json& file = manifest["files"][0];
  EXPECT_EQ(file["path"], "etc/a");
  EXPECT_EQ(file["mode"], "0600");
  EXPECT_EQ(file.size(), 4U);  // and nothing that repeats the content
  EXPECT_EQ(file["effect"], "reboot");
  EXPECT_EQ(file["needs"].dump(),
            R"([{"effect":"restart","for":["qemu.user"]},{"effect":"reboot","for":["boot.isolcpus"]}])");
  EXPECT_EQ(manifest["reboot"], Json::parse(R"(["boot.\"odd\"", "boot.isolcpus"])"));
  EXPECT_EQ(manifest["restart"], Json::parse(R"(["qemu.user"])"));
  EXPECT_EQ(manifest["apply"][1]["command"], "reboot");
  EXPECT_EQ(manifest["tunec"], "0.1.0");
  EXPECT_EQ(manifest["platform"], "debian 12, Linux 6.1");
}

TEST_F(ManifestTest, does_not_change_with_the_content_of_a_file) {
  const std::string before = Manifests("0.1.0").manifest(host_);
  Artifact other = *host_.artifacts[0];
  other.content = "another text";
  host_.artifacts[0] = std::make_shared<const Artifact>(std::move(other));
  EXPECT_EQ(Manifests("0.1.0").manifest(host_), before);
}

TEST_F(ManifestTest, a_file_that_needs_less_than_its_settings_says_so) {
  host_.artifacts = {artifact("etc/a", {0, 1}, Effect::reload)};
  host_.steps = nullptr;
  const Json manifest = Json::parse(Manifests("0.1.0").manifest(host_));
  EXPECT_EQ(manifest["files"][0]["needs"].dump(), R"([{"effect":"reload","for":["qemu.user"]}])");
  EXPECT_EQ(manifest["restart"], Json::array());
}

TEST(Sums, are_as_sha256sum_reads_them) {
  TreeFile plain{"a/etc/x", std::make_shared<const std::string>("abc")};
  TreeFile odd{"a/etc/y\\x2d", std::make_shared<const std::string>("abc")};
  const std::string hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  const TreeFile files[] = {plain, odd};
  EXPECT_EQ(sums_of(FilesInMemory(files)), hash + "  a/etc/x\n\\" + hash + "  a/etc/y\\\\x2d\n");
}

std::string key_of(const Setting& setting) { return setting.key.empty() ? "" : "/proc/" + setting.key; }
std::string seven(const Setting&) { return "7"; }

TEST_F(ManifestTest, lists_where_settings_are_read_back) {
  params_[0].surface = params_[1].surface = params_[2].surface = "x";
  settings_[0].key = "a", settings_[1].key = "b";  // the third cannot be read
  params_[1].mode = WriteMode::one_way;
  params_[3].surface = "y";
  RenderedFleet fleet;
  fleet.reads = {{"x", key_of, seven, "sysctl --system"}};
  Manifests manifests("1");
  manifests.prepare(fleet);
  const std::string text = manifests.manifest(host_);
  const Json manifest = Json::parse(text);
  EXPECT_EQ(manifest["schema"], "tunec manifest 1");
  EXPECT_EQ(
      manifest["settings"].dump(),
      R"([{"name":"sysctl.vm.swappiness","file":"etc/a","effect":"live","read":"/proc/a","expect":"7","write":true},)"
      R"({"name":"qemu.user","file":"etc/a","effect":"restart","read":"/proc/b","expect":"7"}])");
  EXPECT_NE(text.find("\n    {\"name\": \"qemu.user\", "), std::string::npos) << "a line for each";
  EXPECT_EQ(manifest["apply"][0]["sets_values"], true);
  EXPECT_FALSE(manifest["apply"][1].contains("sets_values"));
}

TEST_F(ManifestTest, names_the_files_of_a_step) {
  RenderedHost host = host_;
  std::vector<Step> steps = *host_.steps;
  steps[0].files = {"etc/a", "etc/b"};
  host.steps = std::make_shared<const std::vector<Step>>(steps);
  const Json manifest = Json::parse(Manifests("1").manifest(host));
  EXPECT_EQ(manifest["apply"][0]["files"].dump(), R"(["etc/a","etc/b"])");
  EXPECT_FALSE(manifest["apply"][1].contains("files"));
}

}  // namespace
}  // namespace tunec
