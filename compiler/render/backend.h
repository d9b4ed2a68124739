// A file in backends/ provides data and one function. A Backend writes the files of one host, and sees only
// that host's settings. A FleetBackend writes files that need all hosts: peers of a mesh, scrape targets.
//
// A backend cannot fail, touch the disk or see source text. A value that it could not write was refused
// before it runs, by the record's `pattern` or by a policy. It knows surfaces and the shape of keys, never
// the name of a parameter.
#pragma once

#include <span>
#include <string_view>

#include "plan/plan.h"
#include "render/output.h"

namespace tunec {

// The settings of one host on the surfaces that a backend writes, by (order, name).
struct HostView {
  const Platform& platform;
  Settings settings;
  Settings on(std::string_view surface) const;
};

// A setting whose key begins with `key` is written only if another setting is there too.
struct Need {
  std::string_view key, help;  // "alert.", "an alert needs `expr`"
};

// How the effect of a surface's settings is read back on the running host.
struct ReadBack {
  std::string_view surface;  // the record's surface, whatever carries it on a host
  // A file, or a pattern with stars for several files, and the text that each then contains. An empty text if
  // there is no such file, or if its text is unknown
  std::string (*path)(const Setting& setting);
  std::string (*expect)(const Setting& setting);
  // The command that sets them. A program that writes `expect` to `path` does not need it. Empty: such a
  // write is not enough
  std::string_view command{};
  // Of a path with a star: the devices that are meant, as a file in the folder of the star and what it
  // contains, "queue/rotational=0"; null or an empty text: all
  std::string (*where)(const Setting& setting) = nullptr;
};

struct Backend {
  std::string_view name;                       // "sysctl": also its golden folder
  std::string_view summary;                    // one line for `tunec backends`
  std::span<const std::string_view> surfaces;  // which settings it writes
  bool on_by_default = true;                   // false: an alternative carrier
  std::span<const Need> needs{};
  std::span<const ReadBack> reads{};
  // Reads nothing but the view: it is called once for all hosts with equal views.
  void (*emit)(const HostView& host, Output& out);
};

struct FleetHost {
  std::string_view name;
  HostView view;
};

struct FleetBackend {
  std::string_view name;  // this and the next four: as in Backend
  std::string_view summary;
  std::span<const std::string_view> surfaces;
  bool on_by_default = true;
  std::span<const Need> needs{};
  // Whether a file of one host may depend on other hosts. A shard with settings on such a backend's surfaces
  // has to plan the whole fleet.
  bool joins_hosts = false;
  // Called once, with every host of the fleet, by name.
  void (*emit)(std::span<const FleetHost> fleet, FleetOutput& out);
};

struct Backends {
  std::vector<const Backend*> of_host;        // sorted by name
  std::vector<const FleetBackend*> of_fleet;  // sorted by name
};

Backends all_backends();  // written by the build

}  // namespace tunec
