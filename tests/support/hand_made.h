// Sites built setting by setting, for tests of the backends' output: one record, one value, one line. If
// TUNEC_SAMPLES=DIR is set, the trees are also written to that directory, for the oracles.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "render/render.h"

namespace tunec::test {

ParamInfo record(std::string surface, std::string key, ValueType type = ValueType::string);
ParamInfo list_record(std::string surface, std::string key, std::string separator = "");
ParamInfo seconds(std::string surface, std::string key);
Value words(std::vector<std::string> texts);
Value cpus(const char* text);

class HandMadeSite {
 public:
  HandMadeSite& host(const std::string& name, const Platform& platform = {});
  // Refers to the most recently named host.
  HandMadeSite& set(ParamInfo param, Value value, std::vector<std::string> instances = {});
  RenderedFleet render();
  const std::deque<Setting>& settings() const { return settings_; }

 private:
  Plan plan_;
  std::deque<ParamInfo> params_;
  std::deque<Setting> settings_;
};

const Artifact* find(const Artifacts& artifacts, std::string_view path);
// The content of a file without its heading line.
std::string body(const Artifacts& artifacts, std::string_view path);
std::string body(const RenderedFleet& fleet, std::string_view path, std::size_t host = 0);
std::vector<std::string> steps(const RenderedFleet& fleet, std::size_t host = 0);
// Conservation: every setting is the source of a line in a file, or is carried by a step.
void expect_all_carried(const HandMadeSite& site, const RenderedFleet& fleet);

}  // namespace tunec::test
