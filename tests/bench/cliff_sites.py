"""Made-up fleets whose hosts differ: each is the plain site of sites.py and one thing more, as real fleets have it.

A compiler that computes one host of each class and copies the others is quick only while classes are few. Each fleet
tempts it to make every host a class of its own, by a fact that no two hosts share or a declaration about each host.
`CLIFFS` lists them; `CliffSite(name, hosts).write(folder)` writes one. tunec accepts them all; only `warning` has a
warning, and `patterns` wants 100 hosts.
"""
import base64
import hashlib

from sites import Site, address, host_name

PLAIN = 'plain'
KINDS = 12
RACK, MESH = 40, 20  # hosts of each
LAYERS, PATTERNS = 60, 100

RACK_POLICY = '''policy rack-has-a-second-host {
  for fleet per host.rack
  require count(host.name for host) >= 2
  else error "rack {group} holds one host"
}
'''
PAIR_POLICY = '''policy racks-swap-alike {
  for pair of hosts where a.rack == b.rack
  require a.sysctl.vm.swappiness == b.sysctl.vm.swappiness
  else error "{a.name} and {b.name} of one rack swap differently"
}
'''
ADDRESS_POLICY = '''policy address-in-the-underlay {
  for host
  let own = matching(host.addresses, "10.*")
  require count(own) == 1
  unique own
  else error "{host.name} has no address of its own in 10.0.0.0/8"
}
'''
POOLS = '''pool pinned {
  cpus = 4  memory = 2GiB  disk = 100GB  allow_overcommit = off  overcommit = off  instance_types = [large]
}
pool shared {
  cpus = 2  memory = 4GiB  disk = 200GB  allow_overcommit = on  overcommit = 1.5x  instance_types = [small]
  is_default = on
}
pool spare {
  cpus = 1  memory = 1GiB  disk = 50GB  allow_overcommit = off  overcommit = off  instance_types = [small]
}
instance type large {
  vcpus = 1..4  default 2  memory = 1GiB..2GiB  default 1GiB  disk = 10GB..100GB  default 20GB
}
instance type small {
  vcpus = 1..1  default 1  memory = 1GiB..1GiB  default 1GiB  disk = 10GB..50GB  default 20GB
}
'''
POOLS_OF_HOST = ('pinned, shared', 'shared, spare', 'shared')


def layers():
    """Profiles that include one another; each gives the same two settings values of its own."""
    within = 'hypervisor'
    for depth in range(1, LAYERS + 1):
        yield ('profile layer-%02d {\n  include %s\n  sysctl.fs.inotify.max_queued_events = %d\n'
               '  when host.memory >= %dGiB { sysctl.fs.inotify.max_user_instances = %d }\n}\n' % (
                   depth, within, 16384 + depth, depth * 4, 128 + depth))
        within = 'layer-%02d' % depth


def crossing(hosts):
    """Half of the patterns are rows of the fleet, half are columns: few hosts are in the same two."""
    each = -(-hosts // (PATTERNS // 2))
    for row in range(PATTERNS // 2):
        yield 'hosts kvm-[%06d..%06d] { sysctl.fs.inotify.max_user_watches = %d }\n' % (
            row * each, row * each + each - 1, 1048576 + row)
    for column in range(PATTERNS // 2):
        yield 'hosts kvm-*%02d { sysctl.fs.inotify.max_user_instances = %d }\n' % (column * 2, 128 + column)


def key(i):
    return base64.b64encode(hashlib.sha256(b'%d' % i).digest()).decode()


class Cliff:
    """`own`, `interface` and `declarations` write what a host, its WireGuard interface and the site have besides."""

    def __init__(self, title, facts=(), own=None, interface=None, declarations=None, form='inline'):
        self.title, self.facts, self.form = title, frozenset(facts), form
        self.own = own or (lambda i: '')
        self.interface = interface or (lambda i: '')
        self.declarations = declarations or (lambda hosts: '')


def own_setting(i):
    return '  sysctl.fs.inotify.max_user_instances = %d' % (128 + i)


def member(i):
    return '  public_key = "%s"  endpoint = "%s.example.net:51820"' % (key(i), host_name(i))


CLIFFS = {
    PLAIN: Cliff('plain: 12 kinds of hosts'),
    'addresses': Cliff('own NIC addresses', ['address']),
    'address-policy': Cliff('own NIC addresses, read by a policy', ['address'],
                            declarations=lambda hosts: ADDRESS_POLICY),
    'disks': Cliff('own disk sizes and serials', ['disk', 'serial']),
    'labels': Cliff('own labels', ['asset']),
    'racks': Cliff('racks, a policy for each', ['rack'], declarations=lambda hosts: RACK_POLICY),
    'rack-pairs': Cliff('a policy for pairs joined by rack', ['rack'],
                        declarations=lambda hosts: PAIR_POLICY),
    'meshes': Cliff('meshes of %d hosts' % MESH, own=lambda i: '  include mesh(network: m%d)' % (i // MESH),
                    interface=member),
    'warning': Cliff('a warning on one host',
                     own=lambda i: '  module kvm { halt_poll_ns = 3ms }' if i == 1 else ''),
    'settings': Cliff('own settings', own=own_setting),
    'layers': Cliff('%d profiles deep' % LAYERS, own=lambda i: '  include layer-%02d' % LAYERS,
                    declarations=lambda hosts: ''.join(layers())),
    'patterns': Cliff('%d crossing patterns' % PATTERNS, form='aliases',
                      declarations=lambda hosts: ''.join(crossing(hosts))),
    'gpus': Cliff('own GPUs, passed through', ['gpu'], own=lambda i: '  include passthrough'),
    'pools': Cliff('pools on each host', own=lambda i: '  pools = [%s]' % POOLS_OF_HOST[i % 3],
                   declarations=lambda hosts: POOLS),
    'export': Cliff('a YAML export, no two hosts alike', ['address', 'disk', 'serial', 'card'],
                    form='export'),
    'all': Cliff('all facts and a setting differ', ['address', 'disk', 'serial', 'asset', 'rack', 'card'],
                 own=own_setting),
}


def device(i):
    """A PCI address that no other host's device has."""
    return '%04x:%02x:00.0' % (i // 255, i % 255 + 1)


class CliffSite(Site):
    def __init__(self, name, hosts, seed=1):
        self.cliff = CLIFFS[name]
        super().__init__(self.cliff.form, hosts, KINDS, seed)

    def interface(self, i):
        return self.cliff.interface(i)

    def own(self, i):
        return self.cliff.own(i)

    def declarations(self):
        return self.cliff.declarations(self.hosts)

    def facts(self, i):
        kind = self.kinds[self.kind_of[i]]
        disk = '%dGB' % (1000 + i) if 'disk' in self.cliff.facts else '1TB'
        if self.form == 'export':
            return kind.exported(disk, *self.exported_facts(i))
        return kind.block(disk, *self.block_facts(i))

    def block_facts(self, i):
        """What the network card has besides, and the host."""
        has = self.cliff.facts
        nic = '  addresses = [%s/8]' % address(i, 16) if 'address' in has else ''
        labels = '  serial = "S4EV%08d"' % i if 'serial' in has else ''
        labels += '  asset = asset-%d' % i if 'asset' in has else ''
        more = '  labels {%s }' % labels[1:] if labels else ''
        more += '  rack = r%d' % (i // RACK) if 'rack' in has else ''
        more += '  gpu "%s" { id = "10de:2206" }' % device(i) if 'gpu' in has else ''
        more += '  pci "%s" { id = "15b3:1017" }' % device(i) if 'card' in has else ''
        return nic, more

    def exported_facts(self, i):
        """The same of an export: address, serial and card."""
        labels = '\n    labels:\n      serial: S4EV%08d' % i
        cards = '\n    pci:\n      - address: "%s"\n        id: "15b3:1017"' % device(i)
        return '\n        addresses: [%s/8]' % address(i, 16), labels + cards
