// What backends write into: files made of lines, each line with the settings it came from, and the steps that
// make them effective. Content only; modes and paths are checked by the tree writer.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "plan/plan.h"

namespace tunec {

struct ArtifactLine {
  std::uint32_t number = 0;              // from 1
  std::vector<const Setting*> settings;  // where it comes from; empty for headings
};

struct Artifact {
  std::string path;  // relative to the host's root: "etc/sysctl.d/90-tunec.conf"
  std::string content;
  unsigned mode = 0644;
  Effect effect = Effect::live;     // the strongest of its settings
  std::vector<ArtifactLine> lines;  // of lines that carry settings
};

// A command of the apply plan, once per host however many ask for it.
struct Step {
  Effect effect = Effect::live;
  std::string command;  // "sysctl --system"
  std::string why;
  // That the command carries itself, where no file can (boot entries of RHEL)
  std::vector<const Setting*> settings;
  bool operator==(const Step&) const = default;
};

void tidy(std::vector<Step>& steps);  // sorted by effect, then command; each command once per effect

// What every file says of itself, behind its own sign for a comment.
inline constexpr std::string_view written_by =
    "Written by tunec. Change the site and compile it again, not this file.";

class File {
 public:
  // One line (no newline in it) that carries a setting.
  template <class... Args>
  void line(const Setting& setting, fmt::format_string<Args...> format, Args&&... args) {
    add({&setting}, fmt::format(format, std::forward<Args>(args)...));
  }
  // One line that carries several.
  void joined(std::vector<const Setting*> settings, std::string text) {
    add(std::move(settings), std::move(text));
  }
  // A line that carries none: a heading, a section, a blank.
  void plain(std::string text) { add({}, std::move(text)); }
  void mode(unsigned mode) { artifact_.mode = mode; }

 private:
  friend class Output;
  friend class FleetOutput;
  void add(std::vector<const Setting*> settings, std::string text);
  Artifact artifact_;
  std::uint32_t next_line_ = 1;
};

class Output {
 public:
  File& file(std::string path);  // the same path gives the same file
  void step(Effect effect, std::string command, std::string why, std::vector<const Setting*> settings = {});
  // Files without any setting are left out; sorted by path
  std::vector<Artifact> take_artifacts();
  std::vector<Step> take_steps();

 private:
  std::map<std::string, File> files_;
  std::vector<Step> steps_;
};

class FleetOutput {
 public:
  // What a host gets that has to do with others, and what it would get in a fleet of its own.
  Output& host(std::string_view name) {
    joined_ = true;
    return hosts_[std::string(name)];
  }
  Output& host_alone(std::string_view name) { return hosts_[std::string(name)]; }
  Output& site() { return site_; }  // files of the site: site/prometheus/…
  std::map<std::string, Output, std::less<>>& hosts() { return hosts_; }
  bool joined() const { return joined_; }  // some host got what has to do with others

 private:
  bool joined_ = false;
  std::map<std::string, Output, std::less<>> hosts_;
  Output site_;
};

}  // namespace tunec
