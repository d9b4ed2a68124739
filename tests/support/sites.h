// Random sites, made from the catalogue: hosts of three kinds, profiles that include one another, and
// settings of every surface for which a value can be generated from the record's type. Most sites have no
// errors, so that they have output.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rapidcheck.h>

#include "base/file_system.h"

namespace tunec::test {

struct SiteDeclaration {
  std::string head;                     // "profile p0", "host h1"; "site s" stands alone
  std::vector<std::string> statements;  // in any order
  bool operator==(const SiteDeclaration&) const = default;
};

struct RandomSite {
  std::vector<SiteDeclaration> declarations;  // in any order
  std::string text() const;                   // of main.tune
  MemoryFileSystem files() const;             // that and hosts.yaml
};

// Only inside a property. `conflicts`: some settings come from two profiles that do not include one another.
RandomSite any_site(bool conflicts);
// The same declarations and statements in another order.
RandomSite any_order_of(RandomSite site);

// The facts of these hosts: of hosts a*, b* and c*, in YAML.
extern const std::string_view three_machines;

// A setting that is accepted on every machine of these sites. They are found when the tests are built
// (tests/usable/).
struct UsableSetting {
  std::string name;                 // as in the source: wireguard("wg0").mtu
  std::vector<std::string> values;  // as in the source; never empty
};
const std::vector<UsableSetting>& usable_settings();

}  // namespace tunec::test
