// Sizes grow with RapidCheck's size: the first sites of a run are small.
#include "support/site_generator.h"

#include <algorithm>
#include <functional>

namespace tunec::test {
namespace {

int up_to(int most) { return *rc::gen::inRange(0, most + 1); }
bool one_in(int count) { return *rc::gen::resize(100, rc::gen::inRange(0, count)) == 0; }
template <class... T>
auto one_of(T... values) {
  return *rc::gen::element(values...);
}

Machine any_machine() {
  Machine machine;
  machine.os = one_of<std::string>("debian 11", "debian 12", "debian 12", "debian 13", "ubuntu 20.04",
                                   "ubuntu 22.04", "ubuntu 24.04", "ubuntu 24.04", "rocky 9");
  machine.vendor = one_of<std::string>("intel", "amd");
  machine.sockets = one_of(1, 1, 2, 2, 4);
  machine.cores = one_of(4, 8, 12, 16, 32);
  machine.threads = one_of(1, 2, 2);
  machine.half_nodes = one_in(4);
  machine.memory = one_of(16, 32, 64, 96, 256, 512);
  machine.disk = one_of<std::string>("ssd", "nvme", "hdd");
  machine.mtu = one_of(1500, 1500, 9000);
  machine.gpus = one_of(0, 0, 1, 2);
  return machine;
}

std::vector<SettingChoice> any_settings(int most) {
  std::vector<SettingChoice> all;
  for (int count = up_to(most); count > 0; --count) {
    all.push_back({*rc::gen::resize(100, rc::gen::inRange<std::size_t>(0, plain_settings().size())),
                   one_of<std::size_t>(0, 1), one_in(4)});
  }
  return all;
}

std::vector<PoolChoice> any_pools() {
  std::vector<PoolChoice> pools;
  for (int count = up_to(3); count > 0; --count)
    pools.push_back({up_to(2), one_of(10, 15, 20), one_in(2), one_in(2)});
  return pools;
}

Role any_role(bool settings) {
  Role role;
  role.machine = any_machine();
  role.hosts = 1 + up_to(2);
  role.grade = one_of<std::string>("", "", "formation.operator", "novacron.balanced", "novacron.secure",
                                   "novacron.maximum");
  role.host_cores = one_of(0, 1, 1, 2);
  role.computed = one_in(2);
  role.reserve = one_of(0, 0, 2, 4, 8, 12, 16, 24, 100);
  role.gigantic = one_in(2);
  for (const char* intent : {"kvm", "governor", "scheduler", "bbr", "numa", "nested", "ksm", "ballooning",
                             "monitoring", "vmstore", "passthrough"}) {
    if (one_in(3)) role.intents[intent] = up_to(1);
  }
  role.mesh = one_of(-1, 0, 0, 1);
  role.pools = any_pools();
  if (settings) {
    role.settings = any_settings(6);
    role.own = any_settings(4);
  }
  return role;
}

SiteModel any_model(bool settings) {
  SiteModel site;
  const int roles = 1 + up_to(settings ? 3 : 1);
  for (int i = 0; i < roles; ++i) site.roles.push_back(any_role(settings));
  if (settings) site.common = any_settings(3);
  for (std::size_t i = 0; i < house_policies().size(); ++i) {
    if (one_in(4)) site.policies.insert(i);
  }
  site.partner = one_in(3);
  return site;
}

using Sites = std::vector<SiteModel>;

void keep_if_other(Sites& sites, const SiteModel& site, SiteModel other) {
  if (other != site) sites.push_back(std::move(other));
}

// Candidates for a list of the site: half of the items left out, then each single item left out.
template <class List>
void with_less_of(Sites& sites, const SiteModel& site, const std::function<List&(SiteModel&)>& list) {
  SiteModel copy = site;
  const auto size = static_cast<std::ptrdiff_t>(list(copy).size());
  if (size > 1) {
    SiteModel none = site;
    list(none).clear();
    sites.push_back(std::move(none));
  }
  for (std::ptrdiff_t i = 0; i < size; ++i) {
    SiteModel less = site;
    List& items = list(less);
    items.erase(std::next(items.begin(), i));
    sites.push_back(std::move(less));
  }
}

// Resets a part of a role to its default.
template <class Part>
void with_default(Sites& sites, const SiteModel& site, std::size_t number, Part Role::*part) {
  SiteModel other = site;
  other.roles[number].*part = Role().*part;
  keep_if_other(sites, site, std::move(other));
}

template <class Part>
void with_default(Sites& sites, const SiteModel& site, std::size_t number, Part Machine::*part) {
  SiteModel other = site;
  other.roles[number].machine.*part = Machine().*part;
  keep_if_other(sites, site, std::move(other));
}

void simpler_role(Sites& sites, const SiteModel& site, std::size_t number) {
  with_default(sites, site, number, &Role::hosts);
  with_default(sites, site, number, &Role::grade);
  with_default(sites, site, number, &Role::host_cores);
  with_default(sites, site, number, &Role::reserve);
  with_default(sites, site, number, &Role::gigantic);
  with_default(sites, site, number, &Role::mesh);
  with_default(sites, site, number, &Role::computed);
  with_less_of<std::map<std::string, int>>(
      sites, site, [number](SiteModel & m) -> auto& { return m.roles[number].intents; });
  with_less_of<std::vector<PoolChoice>>(
      sites, site, [number](SiteModel & m) -> auto& { return m.roles[number].pools; });
  with_less_of<std::vector<SettingChoice>>(
      sites, site, [number](SiteModel & m) -> auto& { return m.roles[number].settings; });
  with_less_of<std::vector<SettingChoice>>(
      sites, site, [number](SiteModel & m) -> auto& { return m.roles[number].own; });
  for (std::size_t pool = 0; pool < site.roles[number].pools.size(); ++pool) {
    for (const int types : {0, 1}) {
      SiteModel other = site;
      PoolChoice& choice = other.roles[number].pools[pool];
      choice = {std::min(choice.types, types), 10, choice.pinned, choice.gpu};
      keep_if_other(sites, site, std::move(other));
    }
  }
  with_default(sites, site, number, &Role::machine);
  with_default(sites, site, number, &Machine::os);
  with_default(sites, site, number, &Machine::vendor);
  with_default(sites, site, number, &Machine::sockets);
  with_default(sites, site, number, &Machine::cores);
  with_default(sites, site, number, &Machine::threads);
  with_default(sites, site, number, &Machine::half_nodes);
  with_default(sites, site, number, &Machine::memory);
  with_default(sites, site, number, &Machine::disk);
  with_default(sites, site, number, &Machine::mtu);
  with_default(sites, site, number, &Machine::gpus);
}

Sites simpler(const SiteModel& site) {
  Sites sites;
  if (site.roles.size() > 1) {
    for (std::size_t i = 0; i < site.roles.size(); ++i) {
      SiteModel less = site;
      less.roles.erase(less.roles.begin() + static_cast<std::ptrdiff_t>(i));
      sites.push_back(std::move(less));
    }
  }
  with_less_of<std::vector<SettingChoice>>(
      sites, site, [](SiteModel & m) -> auto& { return m.common; });
  with_less_of<std::set<std::size_t>>(
      sites, site, [](SiteModel & m) -> auto& { return m.policies; });
  if (site.partner) {
    SiteModel alone = site;
    alone.partner = false;
    sites.push_back(std::move(alone));
  }
  for (std::size_t i = 0; i < site.roles.size(); ++i) simpler_role(sites, site, i);
  return sites;
}

rc::Gen<SiteModel> shrinking(rc::Gen<SiteModel> base) {
  return [base = std::move(base)](const rc::Random& random, int size) {
    return rc::shrinkable::shrinkRecur(base(random, size).value(), [](const SiteModel& site) {
      return rc::seq::fromContainer(simpler(site));
    });
  };
}

}  // namespace

rc::Gen<SiteModel> any_site_model() {
  return shrinking(rc::gen::exec([] { return any_model(true); }));
}

rc::Gen<SiteModel> plain_site_model() {
  return shrinking(rc::gen::exec([] { return any_model(false); }));
}

}  // namespace tunec::test
