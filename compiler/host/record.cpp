// A generation's record as JSON.
#include "host/record.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_reason.h"

namespace tunec::host {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view schema = "tunec generation 1";

// What the kernel shows need not be UTF-8, and JSON must be.
std::string dump(const Json& json) {
  try {
    return json.dump(1, ' ', true, Json::error_handler_t::strict) + "\n";
  } catch (const Json::exception& error) {
    throw Failed{fmt::format("this cannot be recorded: {}", json_reason(error))};
  }
}

Json json_of(const State& state) {
  if (!state) return nullptr;
  Json json{{"mode", state->mode}, {"uid", state->uid}, {"gid", state->gid}};
  if (state->modified) json["modified"] = {state->modified->tv_sec, state->modified->tv_nsec};
  return json;
}

Json json_of(const LoaderPlace& place) {
  return {{"name", place.name}, {"folder", place.folder}, {"entry", place.entry}};
}

LoaderPlace place_of(const Json& json) { return {json.at("name"), json.at("folder"), json.at("entry")}; }

State state_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  FileState state{"", json.at("mode"), json.at("uid"), json.at("gid"), std::nullopt, ""};
  if (json.contains("modified"))
    state.modified = timespec{json.at("modified").at(0), json.at("modified").at(1)};
  return state;
}

}  // namespace

std::string record_of(const Generation& generation) {
  Json files = Json::array(), left = Json::array();
  const auto add = [&](const GenerationFile& file, bool staged) {
    files.push_back({{"path", file.path},
                     {"changed", file.changed},
                     {"staged", staged},
                     {"before", json_of(file.before)},
                     {"after", json_of(file.after)}});
  };
  for (const GenerationFile& file : generation.files) add(file, false);
  Json trial = nullptr;
  if (generation.trial) {
    for (const GenerationFile& file : generation.trial->staged) add(file, true);
    trial = {
        {"commit", generation.trial->commit},           {"confirm_within", generation.trial->confirm_within},
        {"initrd", generation.trial->initrd},           {"failed_before", generation.trial->failed_before},
        {"directories", generation.trial->directories}, {"loader", json_of(generation.trial->loader)}};
  }
  for (const Step& step : generation.left)
    left.push_back({{"effect", step.effect}, {"command", step.command}, {"why", step.why}});
  return dump({{"schema", schema},
               {"trial", trial},
               {"boot", generation.boot_id},
               {"staged", generation.staged},
               {"directories", generation.directories},
               {"commands", generation.commands},
               {"restarts", generation.restarts},
               {"left", left},
               {"files", files}});
}

namespace {

std::vector<bool> read_record(const Json& json, Generation& generation) {
  if (json.value("schema", "") != schema) throw Refused{"is of another tunec-host"};
  generation.boot_id = json.at("boot");
  generation.staged = json.value("staged", false);
  generation.directories = json.at("directories").get<std::vector<std::string>>();
  generation.commands = json.at("commands").get<std::vector<std::string>>();
  generation.restarts = std::min(json.value("restarts", std::size_t{0}), generation.commands.size());
  for (const Json& step : json.at("left"))
    generation.left.push_back({step.at("effect"), step.at("command"), step.at("why"), {}, false, "", false});
  std::vector<bool> staged;
  for (const Json& file : json.at("files")) {
    generation.files.push_back(
        {file.at("path"), state_of(file.at("before")), state_of(file.at("after")), file.at("changed")});
    staged.push_back(file.value("staged", false));
  }
  if (!json.contains("trial") || json.at("trial").is_null()) return staged;
  const Json& trial = json.at("trial");
  generation.trial = Trial{{},
                           trial.at("commit").get<std::vector<std::string>>(),
                           trial.at("confirm_within"),
                           trial.at("initrd"),
                           trial.at("failed_before").get<std::vector<std::string>>(),
                           trial.at("directories").get<std::vector<std::string>>(),
                           trial.contains("loader") ? place_of(trial.at("loader")) : LoaderPlace(),
                           {},
                           0,
                           ""};
  return staged;
}

}  // namespace

std::vector<bool> read_record(const std::string& text, Generation& generation) {
  try {
    return read_record(Json::parse(text), generation);
  } catch (const Json::exception& error) {
    throw Refused{std::string(json_reason(error))};
  }
}

std::string text_of(const Running& running) {
  return dump({{"libvirt", running.has_libvirt}, {"guests", running.guests}, {"units", running.units}});
}

Running running_of(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    return {json.at("libvirt"), json.at("guests").get<std::vector<std::string>>(),
            json.at("units").get<std::vector<std::string>>()};
  } catch (const Json::exception& error) {
    throw Refused{std::string(json_reason(error))};
  }
}

std::string text_of(const std::vector<LiveValue>& values) {
  Json json = Json::array();
  for (const LiveValue& value : values) {
    json.push_back({{"name", value.name},
                    {"path", value.path},
                    {"before", value.before},
                    {"wanted", value.wanted},
                    {"got", value.got},
                    {"rounded", value.is_rounded}});
  }
  return dump(json);
}

std::vector<LiveValue> values_of(const std::string& text) {
  std::vector<LiveValue> values;
  try {
    for (const Json& value : Json::parse(text))
      values.push_back({value.at("name"), value.at("path"), value.at("before"), value.at("wanted"),
                        value.at("got"), value.value("rounded", false)});
  } catch (const Json::exception& error) {
    throw Refused{fmt::format("a record of values cannot be read: {}", json_reason(error))};
  }
  return values;
}

}  // namespace tunec::host
