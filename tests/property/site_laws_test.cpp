// Laws of whole generated sites: the order of declarations changes no byte, and each value in `tunec why` is
// the value on the line that it names.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "support/case_reader.h"
#include "support/checked_site.h"
#include "support/scratch.h"
#include "support/site_generator.h"
#include "support/unquote.h"

namespace tunec::test {
namespace {

TEST(SiteLaws, TheOrderOfDeclarationsShowsInNoByte) {
  check_often({50, 4}, [] {
    const SiteModel site = *any_site_model();
    const RandomSite other = any_order_of({site.declarations()});
    const auto first = compile_in_memory(site.files()), second = compile_in_memory(other.files());
    RC_LOG() << "in another order:\n" << other.text();
    RC_ASSERT(first.compilation->reporter.has_errors() == second.compilation->reporter.has_errors());
    RC_ASSERT(every_byte(first.rendered) == every_byte(second.rendered));
  });
}

std::vector<nlohmann::json> why_all(const std::string& site, const std::string& host) {
  const std::string command = fmt::format("{} why {} {} all --format json 2>/dev/null", TUNEC_BINARY, site,
                                          host);
  std::string output;
  std::array<char, 4096> part{};
  FILE* pipe = ::popen(command.c_str(), "r");
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe))
    output.append(part.data(), size);
  ::pclose(pipe);
  std::vector<nlohmann::json> objects;
  for (const std::string& line : lines_of(output)) objects.push_back(nlohmann::json::parse(line));
  return objects;
}

bool has(const std::optional<Pairs>& pairs, const std::string& key, const std::string& value) {
  return pairs && std::ranges::count(*pairs, std::pair(key, value)) == 1;
}

// net.ipv4.conf.eth0/100 → net/ipv4/conf/eth0.100
std::string proc_path(std::string key) {
  for (char& c : key) {
    if (c == '.' || c == '/') c = c == '.' ? '/' : '.';
  }
  return key;
}

// `hugepagesz=1G hugepages=` is two words. A key that ends with `=` needs no second one, and a flag has no
// value.
bool on_boot_line(const Pairs& cmdline, const std::string& key, const std::string& value) {
  const std::string last = key.substr(key.rfind(' ') + 1);
  const std::size_t equals = last.find('=');
  const auto found = find(cmdline, last.substr(0, equals));
  const std::string before = equals == std::string::npos ? "" : last.substr(equals + 1);
  return found && (*found == before || *found == before + value);
}

bool in_json(std::string line, const std::string& key, const std::string& value) {
  if (line.ends_with(',')) line.pop_back();
  const auto object = nlohmann::json::parse("{" + line + "}", nullptr, false);
  const std::string name = key.substr(key.rfind('.') + 1);
  if (!object.is_object() || !object.contains(name)) return false;
  const nlohmann::json& found = object.at(name);
  if (found.is_array()) return true;  // `why` prints it as one text
  return (found.is_string() ? found.get<std::string>() : found.dump()) == value ||
         (found.is_number_float() && std::stod(value) == found.get<double>());
}

// Checks that the line named by `why`, read on its own, has the value that `why` prints. Nothing for surfaces
// where one line carries several settings, or a list takes several lines.
std::optional<bool> confirmed(const nlohmann::json& why, const HostFiles& files) {
  const std::string surface = why.at("surface"), key = why.at("key"), value = why.at("written"),
                    place = why.at("file");
  if (surface == "boot") return on_boot_line(files.cmdline, key, value);
  const std::size_t colon = place.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  const auto text = files.texts.find(place.substr(0, colon));
  if (text == files.texts.end()) return false;
  const std::vector<std::string> lines = lines_of(text->second);
  const std::size_t number = std::stoul(place.substr(colon + 1));
  if (number == 0 || number > lines.size()) return false;
  const std::string& line = lines[number - 1];
  if (surface == "sysctl") return has(read_sysctl(line), proc_path(key), value);
  if (surface == "module") return has(read_modprobe(line), key, value);
  if (surface == "sysfs") return has(read_tmpfiles(line), "/sys/" + key, value);
  if (surface == "formation") return in_json(line, key, value);
  if (surface == "unit" || surface == "dropin" || surface == "mount") {
    const std::size_t dot = key.find('.');
    return line.starts_with(key.substr(dot + 1) + "=") &&
           (value.find(' ') != std::string::npos ||
            unquote_systemd(line.substr(line.find('=') + 1)) == value);
  }
  if (surface == "udev") {
    const auto rules = read_udev(line);
    return rules && rules->size() == 1 && find(rules->front().assignments, "ATTR{" + key + "}") == value;
  }
  return std::nullopt;
}

TEST(SiteLaws, WhySaysWhatStandsThere) {
  std::map<std::string, int> seen;
  check_often({20, 50}, [&seen] {
    const SiteModel site = *any_site_model();
    const auto run = compile_in_memory(site.files());
    if (run.compilation->reporter.has_errors()) return;
    const Scratch scratch;
    scratch.write("main.tune", site.text());
    const ReadSite read(site, run.rendered);
    const HostFiles& host = read.files[*rc::gen::inRange<std::size_t>(0, read.files.size())];
    for (const nlohmann::json& why : why_all(scratch.at("main.tune"), host.name)) {
      const auto fine = confirmed(why, host);
      if (!fine) continue;
      RC_LOG() << why.dump() << "\n" << host.cmdline_text << "\n";
      RC_ASSERT(*fine);
      ++seen[why.at("surface")];
    }
  });
  for (const char* surface :
       {"boot", "sysctl", "module", "sysfs", "formation", "unit", "dropin", "mount", "udev"})
    EXPECT_GT(seen[surface], 0) << surface;
}

}  // namespace
}  // namespace tunec::test
