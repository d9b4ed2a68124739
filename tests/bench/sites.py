"""Made-up sites for measuring: one seed, one text. `Site(...).write(folder)` writes only the files that changed.

A form is a way to say the same fleet:
  inline    each host's facts stand in its block
  patterns  one `host kvm-* { … }` over YAML facts; as nothing is a host's own, there is no WireGuard interface here
  aliases   YAML facts with an alias to its kind for each host, and a declaration of each
  export    the same, with each host's facts written out, as an inventory's exporter does it
"""
import os
import random

FORMS = ('inline', 'patterns', 'aliases', 'export')
RELEASES = ('ubuntu 24.04', 'debian 12', 'ubuntu 22.04', 'debian 13')
MEMORY = (64, 128, 256, 32, 512, 1024)  # GiB
PER_FILE = 25000  # hosts: tunec takes no .tune file of more than 16 MiB

PROFILE = '''profile hypervisor {
  include novacron.balanced
  include hugepages(reserve: clamp(25%% of host.memory, 2GiB, 16GiB))
  include isolation(cpus: host.cpus - siblings(0..1))
  qemu { set_process_name = on  max_files = %d }
}
'''


class Kind:
    """The k-th kind of machine; no two are alike."""

    def __init__(self, k):
        self.release = RELEASES[k % 4]
        self.memory = MEMORY[k // 4 % 6] + k // 24 * 16
        self.vendor = ('intel', 'amd')[(k + k // 4) % 2]
        self.cores = 8 + k % 5 * 8

    # `disk` is the disk's size, `nic` adds to the network card, `more` to the host.

    def block(self, disk='1TB', nic='', more=''):
        return ('facts { os = "%s"  memory = %dGiB  cpu { vendor = %s  cores = %d  threads = 2 }'
                '  disk nvme0n1 { kind = nvme  size = %s }  nic eno1 { mtu = 1500  speed = 10Gbps%s }%s }' % (
                    self.release, self.memory, self.vendor, self.cores, disk, nic, more))

    def flow(self):
        return ('{ os: %s, memory: %dGiB, cpu: { vendor: %s, cores: %d, threads: 2 }, '
                'disks: [{ name: nvme0n1, kind: nvme, size: 1TB }], '
                'nics: [{ name: eno1, mtu: 1500, speed: 10Gbps }] }' % (
                    self.release, self.memory, self.vendor, self.cores))

    def exported(self, disk='1TB', nic='', more=''):
        return ('\n    os: %s\n    memory: %dGiB\n    cpu:\n      vendor: %s\n      cores: %d\n      threads: 2\n'
                '    disks:\n      - name: nvme0n1\n        kind: nvme\n        size: %s\n'
                '    nics:\n      - name: eno1\n        mtu: 1500\n        speed: 10Gbps%s%s' % (
                    self.release, self.memory, self.vendor, self.cores, disk, nic, more))


def host_name(i):
    return 'kvm-%06d' % i


def address(i, first=64):
    return '10.%d.%d.%d' % (first + i // 62500, i // 250 % 250, i % 250 + 1)


class Site:
    def __init__(self, form, hosts, kinds, seed=1):
        self.form, self.hosts = form, hosts
        self.kinds = [Kind(k) for k in range(kinds)]
        self.kind_of = [i % kinds for i in range(hosts)]
        random.Random(seed).shuffle(self.kind_of)
        self.host_edit = self.profile_edit = 0  # the how-manieth edit, each to a value that was not there before
        self.written = {}                       # path → text

    def edited(self):
        return self.hosts // 2 if self.host_edit else None

    def host_line(self, i):
        facts = self.facts(i) + '  ' if self.form == 'inline' else ''
        own = '  sysctl.vm.stat_interval = %d' % (10 + self.host_edit) if i == self.edited() else ''
        return 'host %s { %sinclude hypervisor  wireguard wg0 { address = %s/8  private_key_file = "/etc/wireguard/wg0.key"%s }%s%s }\n' % (
            host_name(i), facts, address(i), self.interface(i), self.own(i), own)

    # What a fleet may make different in each host: see cliff_sites.py.

    def facts(self, i):
        kind = self.kinds[self.kind_of[i]]
        return kind.exported() if self.form == 'export' else kind.block()

    def interface(self, i):
        return ''

    def own(self, i):
        return ''

    def declarations(self):
        return ''

    def fact_lines(self):
        yield '.kinds:\n'
        for k, kind in enumerate(self.kinds):
            yield '  - &k%d %s\n' % (k, kind.flow())
        yield 'hosts:\n'
        for i, k in enumerate(self.kind_of):
            if self.form == 'patterns' and i == self.edited():  # it has no line of its own but that of its facts
                yield '  kvm-%06d: { <<: *k%d, cpu: { vendor: %s, cores: %d, threads: 2 } }\n' % (
                    i, k, self.kinds[k].vendor, 48 + self.host_edit)
            else:
                yield '  kvm-%06d: %s\n' % (i, self.facts(i) if self.form == 'export' else '*k%d' % k)

    def texts(self):
        main = ['site bench\n']
        files = {}
        if self.form != 'inline':
            main.append('import "hosts.yaml"\n')
            files['hosts.yaml'] = ''.join(self.fact_lines())
        main.append(PROFILE % (32768 + self.profile_edit))
        main.append(self.declarations())
        if self.form == 'patterns':
            main.append('host kvm-* { include hypervisor }\n')
        else:
            main += map(self.host_line, range(min(self.hosts, PER_FILE)))
            for first in range(PER_FILE, self.hosts, PER_FILE):
                name = 'hosts-%d.tune' % (first // PER_FILE)
                main.insert(1, 'import "%s"\n' % name)
                files[name] = ''.join(map(self.host_line, range(first, min(self.hosts, first + PER_FILE))))
        files['site.tune'] = ''.join(main)
        return files

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        for name, text in self.texts().items():
            if self.written.get(name) != text:
                with open(os.path.join(folder, name), 'w') as out:
                    out.write(text)
                self.written[name] = text

    def size(self):
        return sum(map(len, self.written.values()))
