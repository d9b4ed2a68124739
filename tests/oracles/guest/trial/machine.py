"""The machine that a host's tree was made for, in qemu. The manifest says what it assumes of the machine (`checks` of the kind
`assumed`), so no list of hosts is needed."""
import json
import os
import re
import subprocess


def emulator(cpus):
    """multi: a thread for each CPU. single is better where fewer cores are free: CPUs that wait for one another cost nothing then."""
    return 'tcg,thread=' + os.environ.get('ORACLE_VM_THREAD', 'multi' if cpus <= 2 * len(os.sched_getaffinity(0)) else 'single')


# An emulated CPU costs time in every boot; the memory that a guest has and never touches costs its table of pages only.
MOST_CPUS = 64
PAGE_TABLE = 64  # one byte of the table for so many bytes of memory: struct page has 64 bytes
OWN_KIB = 2 << 20  # what the guest really uses beside it


def available_kib():
    return int(re.search(r'MemAvailable:\s*(\d+)', open('/proc/meminfo').read()).group(1))


class Machine:
    def __init__(self, tree):
        self.tree = tree
        self.manifest = json.load(open(os.path.join(tree, 'manifest.json')))
        self.host = self.manifest['host']
        self.cpus, self.kib, self.nodes, self.maker, self.devices = 2, 1 << 20, 1, 'AuthenticAMD', []
        self.disks, self.cards, self.rotates = [], [], False
        for check in self.manifest['checks']:
            read = check.get('read', '')
            if check['kind'] != 'assumed':
                continue
            if read == '/proc/meminfo':
                self.kib = int(check['most'])
            elif read.startswith('/sys/devices/system/cpu/'):
                self.cpus = 1 + max(int(n) for n in re.findall(r'\d+', check['is']))
            elif read.startswith('/sys/devices/system/node/'):
                self.nodes = int(check['most'])
            elif read == '/proc/cpuinfo':
                self.maker = check['is']
            elif read.startswith('/sys/block/'):
                name = read.split('/')[3]
                self.disks += [name] if '*' not in name else []
                self.rotates |= check.get('line') == '1'
            elif read.startswith('/sys/class/net/'):
                self.cards.append(read.split('/')[4])
            else:
                self.devices.append(check['what'])

    def why_not(self):
        """Why this machine cannot be had here, or an empty text."""
        if self.devices:
            return 'no emulator has ' + ', '.join(self.devices)
        if self.cpus > MOST_CPUS:
            return '%d CPUs, and more than %d take too long to emulate' % (self.cpus, MOST_CPUS)
        needed = self.kib // PAGE_TABLE + OWN_KIB
        if needed > available_kib():
            return 'the kernel of a machine with %d GiB uses %d MiB by itself, and here %d MiB are left' % (self.kib >> 20, needed >> 10, available_kib() >> 10)
        return ''

    def mounted(self):
        """(device, type) of each mount unit of the tree."""
        units = os.path.join(self.tree, 'etc/systemd/system')
        for name in sorted(os.listdir(units)) if os.path.isdir(units) else []:
            if name.endswith('.mount'):
                text = open(os.path.join(units, name)).read()
                what, kind = (re.search(r'^%s=(.*)' % key, text, re.M) for key in ('What', 'Type'))
                if what and kind:
                    yield what.group(1), kind.group(1)

    def qemu(self, folder):
        """The options of qemu. The disks are made in the folder: those of the manifest, at least one NVMe and one SSD, and one for each
        label that a mount names. Names of disks are given in order, so sdc needs sda and sdb."""
        mib, options = self.kib >> 10, []
        cpu = 'max,la57=off,vendor=%s' % self.maker
        options += ['-machine', 'pc', '-accel', emulator(self.cpus), '-cpu', cpu, '-m', str(mib), '-smp', '%d,sockets=%d,cores=%d,threads=1' % (
            self.cpus, self.nodes, self.cpus // self.nodes)]
        each, per = mib // self.nodes, self.cpus // self.nodes
        for n in range(self.nodes):
            options += ['-object', 'memory-backend-ram,id=m%d,size=%dM,reserve=off' % (n, each), '-numa', 'node,nodeid=%d,cpus=%d-%d,memdev=m%d' % (n, n * per, n * per + per - 1, n)]
        nvme = [int(n) for name in self.disks for n in re.findall(r'^nvme(\d+)n', name)]
        scsi = [ord(n) - ord('a') for name in self.disks for n in re.findall(r'^sd([a-z])$', name)]
        disks = [('nvme%d' % n, '', '', 'nvme,serial=lab-nvme%d' % n) for n in range(max(nvme, default=0) + 1)]
        last = max(scsi, default=0)
        for n in range(last + 1):  # of disks that rotate and do not, the first ones do not
            rate = 7200 if self.rotates and n == last else 1
            disks.append(('scsi%d' % n, '', '', 'scsi-hd,bus=scsi0.0,scsi-id=%d,rotation_rate=%d' % (n, rate)))
        for device, kind in self.mounted():
            label = re.match(r'(?:LABEL=|/dev/disk/by-label/)(.*)', device)
            if label:
                disks.append((label.group(1), label.group(1), kind, 'virtio-blk-pci,serial=lab-' + label.group(1)))
        options += ['-device', 'virtio-scsi-pci,id=scsi0']
        for name, label, kind, device in disks:
            path = os.path.join(folder, 'disk-' + name)
            subprocess.run(['truncate', '-s', '1G', path], check=True)
            if kind:
                subprocess.run(['mkfs.' + kind, '-L', label, path], check=True, stdout=subprocess.DEVNULL)
            options += ['-drive', 'file=%s,format=raw,if=none,id=d%s,cache=unsafe' % (path, name), '-device', '%s,drive=d%s' % (device, name)]
        for n in range(max(1, len(self.cards))):  # no host is without a card
            options += ['-netdev', 'hubport,id=n%d,hubid=%d' % (n, n), '-device', 'virtio-net-pci,netdev=n%d,mac=%s' % (n, self.address(n))]
        return options

    def address(self, card):
        return '52:54:00:00:00:%02x' % (card + 1)

    def overlay(self, folder):
        """What the host has beside its tree: its name, keys that WireGuard reads, names of its peers."""
        def write(path, text, mode=0o644):
            os.makedirs(os.path.dirname(folder + path), exist_ok=True)
            with open(os.open(folder + path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), 'w') as f:
                f.write(text)
        hosts = ['127.0.0.1 localhost']
        write('/etc/hostname', self.host + '\n')
        wireguard = os.path.join(self.tree, 'etc/wireguard')
        for name in sorted(os.listdir(wireguard)) if os.path.isdir(wireguard) else []:
            text = open(os.path.join(wireguard, name)).read()
            hosts += ['203.0.113.9 ' + h for h in re.findall(r'^Endpoint\s*=\s*([\w.-]*[A-Za-z][\w.-]*):\d+', text, re.M)]
            for key in re.findall(r'(?:private|preshared)-key\s+(?:<\(cat )?(/etc/[\w./%-]+)', text):
                key = key.replace('%i', name.removesuffix('.conf'))
                write(key, subprocess.run(['wg', 'genkey'], capture_output=True, text=True, check=True).stdout, 0o600)
        write('/etc/hosts', '\n'.join(hosts) + '\n')
        for n, card in enumerate(self.cards):
            write('/etc/systemd/network/10-lab-%s.link' % card, '[Match]\nMACAddress=%s\n[Link]\nName=%s\n' % (self.address(n), card))

    def commands(self):
        """What an operator runs beside tunec-host: after the apply, before the roll-back, and after it."""
        steps = self.manifest['apply']
        boot = [s['command'] for s in steps if s['effect'] == 'reboot']
        return {
            'left': [s['command'] for s in steps if s['effect'] == 'restart'] + boot,
            'undo': ['systemctl disable --now ' + s['unit'] for s in reversed(steps) if s.get('at_boot')],
            'boot': boot,
        }
