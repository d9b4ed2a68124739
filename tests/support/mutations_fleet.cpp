// Mistakes about the network, pools and Formation.
#include <fmt/format.h>

#include "support/mutations.h"

namespace tunec::test {
namespace {

using Statements = std::vector<std::string>;

void in_a_mesh(Role& role) {
  role.mesh = 0;
  role.machine.mtu = 1500;
}

void two_in_a_mesh(Role& role) {
  in_a_mesh(role);
  role.hosts = 2;
}

void without_pools(Role& role) { role.pools.clear(); }

// A pool that a mutation adds. The first host offers it instead of its role's pools.
Mutation with_pool(std::string name, std::string says, int law, void (*change)(SiteModel& site)) {
  const bool budget = says.starts_with("budget");
  return {std::move(name), budget ? "T0604" : "T0600",
          std::move(says), law,
          without_pools,   [](const Role&) -> Statements { return {"pools = [broken]"}; },
          change};
}

template <class... Lines>
void add_pool(SiteModel& site, Lines... lines) {
  site.broken.push_back({"pool broken", {lines...}});
}

std::vector<Mutation> of_network() {
  return {
      {"tcp_mem in bytes", "T0411", "tcp_mem", 28, [](Role& role) { role.machine.memory = 32; },
       [](const Role&) -> Statements {
         return {"sysctl.net.ipv4.tcp_mem = [16777216, 16777216, 16777216]"};
       }},
      {"buffers beyond what programs may ask for", "T0600", "tcp-buffers-within", 28, nullptr,
       [](const Role&) -> Statements {
         return {"sysctl { net.core.rmem_max = 1MiB  net.ipv4.tcp_rmem = [4KiB, 128KiB, 16MiB] }"};
       }},
      {"a port with two listeners", "T0600", "ports-unique", 30, nullptr,
       [](const Role&) -> Statements {
         return {"prometheus { exporter(one).port = 9500  exporter(two).port = 9500 }"};
       }},
      {"a listener in the ephemeral range", "T0600", "ephemeral-ports", 29, nullptr,
       [](const Role&) -> Statements {
         return {"sysctl.net.ipv4.ip_local_port_range = [2048, 65535]",
                 "prometheus.exporter(one).port = 9500"};
       }},
      {"a listener in the default ephemeral range", "T0600", "ephemeral-ports-by-default", 29, nullptr,
       [](const Role&) -> Statements { return {"prometheus.exporter(one).port = 40000"}; }},
      {"an ephemeral range of privileged ports", "T0600", "ephemeral-ports-privileged", 31, nullptr,
       [](const Role&) -> Statements { return {"sysctl.net.ipv4.ip_local_port_range = [80, 60999]"}; }},
      {"a tunnel wider than the network beneath", "T0600", "wireguard-mtu", 34, in_a_mesh,
       [](const Role&) -> Statements { return {"wireguard wg0 { mtu = 1480 }"}; }},
      {"a queue for a device that has none", "T0702", "tx_queue_length", 38, in_a_mesh,
       [](const Role&) -> Statements { return {"wireguard wg0 { tx_queue_length = 2000 }"}; }},
      {"BBR without fq", "T0600", "bbr-paced", 32, [](Role& role) { role.intents["bbr"] = 0; },
       [](const Role&) -> Statements { return {"sysctl.net.core.default_qdisc = fq_codel"}; }},
      {"a range of ports backwards", "T0600", "port-range-order", 58, nullptr,
       [](const Role&) -> Statements {
         return {"qemu { migration_port_min = 49200  migration_port_max = 49180 }"};
       }},
      {"Formation's metrics on the node exporter's port", "T0600", "node-exporter-port", 30,
       [](Role& role) { role.intents["monitoring"] = 0; },
       [](const Role&) -> Statements { return {"formation.monitoring.prometheus_port = 9100"}; }},
  };
}

std::vector<Mutation> of_meshes() {
  return {
      {"two hosts with one key", "T0600", "wireguard-key-unique", 35, two_in_a_mesh, nullptr,
       [](SiteModel& site) { site.roles.front().twins = "key"; }},
      {"two hosts with one address", "T0600", "wireguard-address-unique", 36, two_in_a_mesh, nullptr,
       [](SiteModel& site) { site.roles.front().twins = "address"; }},
      {"a prefix that two members claim", "T0600", "wireguard-mesh-prefixes", 36,
       [](Role& role) {
         in_a_mesh(role);
         role.hosts = 3;  // the third has the other two as peers
       },
       [](const Role&) -> Statements { return {"wireguard wg0 { allowed_ips = [10.8.0.2/32] }"}; }},
      {"a peer that is oneself", "T0600", "wireguard-peer-not-self", 35, in_a_mesh,
       [](const Role&) -> Statements {
         return {fmt::format(
             "wireguard wg0 {{ peer me {{ public_key = \"{}\"  allowed_ips = [192.168.77.0/24] }} }}",
             mesh_key(0, 1))};
       }},
      {"a mark copied from the port", "T0600", "wireguard-mark-not-port", 38, in_a_mesh,
       [](const Role&) -> Statements { return {"wireguard wg0 { fwmark = 51820 }"}; }},
  };
}

std::vector<Mutation> of_pools() {
  return {
      with_pool("a pool of more CPUs than there are", "budget `pool-cpus`", 62,
                [](SiteModel& site) {
                  add_pool(site, "cpus = 4000  memory = 1GiB  disk = 10GB  is_default = on");
                }),
      with_pool("a pool of more memory than there is", "budget `", 62,
                [](SiteModel& site) {
                  add_pool(site, "cpus = 1  memory = 4000GiB  disk = 10GB  is_default = on");
                }),
      with_pool(
          "a pool of more disk than there is", "budget `pool-disk`", 62,
          [](SiteModel& site) { add_pool(site, "cpus = 1  memory = 1GiB  disk = 4000GB  is_default = on"); }),
      with_pool("pinned and promised twice", "pool-pinned-not-overcommitted", 12,
                [](SiteModel& site) {
                  add_pool(site, "cpus = 1  memory = 1GiB  disk = 10GB  is_default = on",
                           "cpu_pinning = on  overcommit = 2x");
                }),
      {"more pinned than isolated", "T0604", "budget `pinned-cpus`", 11,
       [](Role& role) {
         without_pools(role);
         role.host_cores = 2;
         role.machine.cores = 8;
       },
       [](const Role&) -> Statements { return {"pools = [broken]"}; },
       [](SiteModel& site) {
         add_pool(
             site,
             fmt::format("cpus = {}  memory = 1GiB  disk = 10GB", site.roles.front().isolated().size() + 1),
             "cpu_pinning = on  overcommit = off  is_default = on");
       }},
      with_pool("a ratio without bounds", "pool-overcommit-sane", 0,
                [](SiteModel& site) {
                  add_pool(site, "cpus = 1  memory = 1GiB  disk = 10GB  is_default = on  overcommit = 9x");
                }),
      with_pool("a ratio that the switch forbids", "pool-overcommit-agrees", 63,
                [](SiteModel& site) {
                  add_pool(site, "cpus = 1  memory = 1GiB  disk = 10GB  is_default = on",
                           "overcommit = 2x  allow_overcommit = off");
                }),
      with_pool("dedicated memory where the switch allows overcommit", "pool-dedicated-once", 64,
                [](SiteModel& site) {
                  add_pool(site, "cpus = 2  memory = 2GiB  disk = 20GB  is_default = on",
                           "allow_overcommit = on  instance_types = [whole]");
                  site.broken.push_back({"instance type whole",
                                         {"vcpus = 1..2 default 1  memory = 1GiB..2GiB default 1GiB  disk = "
                                          "10GB..20GB default 10GB  memory_dedicated = on"}});
                }),
      with_pool("a default outside of its range", "instance-default-in-range", 61,
                [](SiteModel& site) {
                  add_pool(site, "cpus = 2  memory = 2GiB  disk = 20GB  is_default = on",
                           "instance_types = [odd]");
                  site.broken.push_back({"instance type odd",
                                         {"vcpus = 1..2 default 3  memory = 1GiB..2GiB default 1GiB  disk = "
                                          "10GB..20GB default 10GB"}});
                }),
      with_pool("an instance type that fits nowhere", "instance-fits-pool", 61,
                [](SiteModel& site) {
                  add_pool(site, "cpus = 2  memory = 2GiB  disk = 20GB  is_default = on",
                           "instance_types = [large]");
                  site.broken.push_back({"instance type large",
                                         {"vcpus = 1..8 default 1  memory = 1GiB..2GiB default 1GiB  disk = "
                                          "10GB..20GB default 10GB"}});
                }),
      with_pool("dedicated memory where memory is promised twice", "pool-pinned-not-overcommitted", 64,
                [](SiteModel& site) {
                  add_pool(site, "cpus = 2  memory = 2GiB  disk = 20GB  is_default = on",
                           "overcommit = 2x  instance_types = [whole]");
                  site.broken.push_back({"instance type whole",
                                         {"vcpus = 1..2 default 1  memory = 1GiB..2GiB default 1GiB  disk = "
                                          "10GB..20GB default 10GB  memory_dedicated = on"}});
                }),
      {"two default pools", "T0600", "pool-one-default", 62, without_pools,
       [](const Role&) -> Statements { return {"pools = [one, two]"}; },
       [](SiteModel& site) {
         for (const char* name : {"one", "two"})
           site.broken.push_back(
               {fmt::format("pool {}", name), {"cpus = 1  memory = 1GiB  disk = 10GB  is_default = on"}});
       }},
      {"weights that no scheduler honours", "T0600", "io-weight-honoured", 55,
       [](Role& role) {
         without_pools(role);
         role.intents["scheduler"] = 0;
       },
       [](const Role&) -> Statements { return {"pools = [broken]"}; },
       [](SiteModel& site) {
         add_pool(site, "cpus = 2  memory = 2GiB  disk = 20GB  is_default = on", "instance_types = [heavy]");
         site.broken.push_back({"instance type heavy",
                                {"vcpus = 1..2 default 1  memory = 1GiB..2GiB default 1GiB  disk = "
                                 "10GB..20GB default 10GB  io_weight = 500"}});
       }},
  };
}

std::vector<Mutation> of_formation() {
  return {
      {"another swappiness in the JSON", "T0600", "formation-swappiness", 70, nullptr,
       [](const Role&) -> Statements {
         return {"sysctl.vm.swappiness = 10", "formation.performance.swappiness = 60"};
       }},
      {"another scheduler in the JSON", "T0600", "formation-scheduler", 70,
       [](Role& role) { role.intents["scheduler"] = 0; },
       [](const Role&) -> Statements { return {"formation.performance.io_scheduler = kyber"}; }},
      {"another congestion control in the JSON", "T0600", "formation-bbr", 70,
       [](Role& role) { role.intents["bbr"] = 0; },
       [](const Role&) -> Statements { return {"sysctl.net.ipv4.tcp_congestion_control = cubic"}; }},
      {"another tunnel in the JSON", "T0600", "formation-wireguard", 70, in_a_mesh,
       [](const Role&) -> Statements { return {"formation.network.wireguard_mtu = 1300"}; }},
      {"another memory in the JSON", "T0600", "formation-machine", 0, nullptr,
       [](const Role&) -> Statements { return {"formation.hardware.total_memory_mb = 4096GiB"}; }},
      {"balancing of guests that cannot move", "T0600", "formation-balancing", 65,
       [](Role& role) {
         role.host_cores = 1;
         role.machine.cores = 8;
       },
       [](const Role&) -> Statements { return {"formation.advanced.load_balancing.enabled = on"}; }},
      {"a queue of no power of two", "T0600", "queue-size", 67, nullptr,
       [](const Role&) -> Statements { return {"formation.vm.network_queue_size = 300"}; }},
  };
}

}  // namespace

std::vector<Mutation> fleet_mutations() {
  std::vector<Mutation> all;
  for (const auto& some : {of_network(), of_meshes(), of_pools(), of_formation()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace tunec::test
