"""What a running kernel shows: its package's kernel is booted in qemu with the modules that a hypervisor loads, and asked.

It boots twice, on machines that differ in memory, CPUs, nodes and vendor: what differs then is no default but computed.
"""
import errno
import hashlib
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import yaml

import packages
from fold import agreed, default_of, folded, unfolded_defaults, value_of
from releases import HERE
from row import COMPUTED, UNKNOWN, Row

KINDS = ("sysctl", "module-param", "queue", "mm")
KNOWN = yaml.safe_load((HERE / "live.yaml").read_text(encoding="utf-8"))
BUSYBOX = Path("/bin/busybox")  # a static one
TIMEOUT = 900  # seconds: emulation on a busy machine


@dataclass(frozen=True)
class Machine:
    memory: int  # MiB
    cpus: int
    nodes: int
    cpu: str


LARGE = Machine(8192, 2, 2, "max,la57=off")
SMALL = Machine(1536, 1, 1, "max,la57=off,vendor=GenuineIntel")
# Nothing that a knob shows, but for one: the tests of ciphers take long under emulation.
COMMAND_LINE = "console=ttyS0 lpj=4000000 no_timer_check cryptomgr.notests"
ON_COMMAND_LINE = "cryptomgr.notests"


DISKS = ["virtio-blk-pci", "virtio-blk-pci", "virtio-blk-pci", "scsi-hd,bus=scsi.0,scsi-id=0,rotation_rate=1",
         "scsi-hd,bus=scsi.0,scsi-id=1,rotation_rate=7200", "nvme,serial=harvest"]
DEVICES = ["-device", "ipmi-bmc-sim,id=bmc", "-device", "isa-ipmi-kcs,bmc=bmc", "-netdev", "user,id=net,restrict=on", "-device", "virtio-net-pci,netdev=net",
           "-device", "virtio-scsi-pci,id=scsi"]
for number, device in enumerate(DISKS):
    DEVICES += ["-drive", f"driver=null-co,size=1G,read-zeroes=on,if=none,id=disk{number}", "-device", f"{device},drive=disk{number}"]


@dataclass
class Report:
    """What a guest said. A scheduler's settings are below a disk that is called as the scheduler."""
    loaded: set = field(default_factory=set)       # modules
    modes: dict = field(default_factory=dict)       # path to octal
    values: dict = field(default_factory=dict)      # path to text
    changed: set = field(default_factory=set)       # paths whose value did not stay
    writes: list = field(default_factory=list)      # (path, value, "ok" or "error", read back or the error's name)


def rows(release, fetch):
    kernel = fetch.kernel(release)
    reports = [boot(kernel, machine, kept=fetch.cache / "reports") for machine in (LARGE, SMALL)]
    for kind, below, words in SHOWN:
        yield from shown(reports, kind, below, words)
    yield from hidden(reports, packages.tree_modules(kernel))


# Of each kind: what part of a path names it; whether one of several words is the value.
SHOWN = [
    ("sysctl", re.compile(r"/proc/sys/(.*)"), False),
    ("module-param", re.compile(r"/sys/module/([^/]+)/parameters/([^/]+)"), True),
    ("mm", re.compile(r"/sys/(kernel/mm/.*)"), True),
    ("queue", re.compile(r"/sys/block/[^/]+/queue/(.*)"), True),
]


def sysctls(reports):
    """Rows of /proc/sys."""
    yield from shown(reports, *SHOWN[0])


def shown(reports, kind, below, words):
    """Rows of what kernels show, of one kind."""
    computed = re.compile("|".join(KNOWN["computed"][kind] or ["(?!)"]))
    for name, mode, default in knobs(reports, below, words):
        yield Row(kind, name, "l", mode=mode, default=COMPUTED if computed.fullmatch(name) else UNKNOWN if name == ON_COMMAND_LINE else default)


def hidden(reports, modules):
    """The parameters that sysfs could show, as their module is there, and does not."""
    loaded = set.union(*(report.loaded for report in reports))
    shown = {path for report in reports for path in report.modes}
    for name, module in modules.items():
        if module.built_in or not module.file or name in loaded:
            for parameter, kind in module.parameters.items():
                if kind != UNKNOWN and f"/sys/module/{name}/parameters/{parameter}" not in shown:
                    yield Row("module-param", f"{name}.{parameter}", mode="000")


def knobs(reports, below, words):
    """(name, mode, default) of all paths that `below` matches whole; its groups are the name."""
    modes, defaults = {}, {}
    for report in reports:
        read = {}
        for path, mode in report.modes.items():
            found = below.fullmatch(path)
            if found:
                name, instance = folded("/".join(found.groups()))
                if path.startswith("/sys/block/"):  # disks are instances of a queue, of which no part of the name tells
                    instance = path.split("/")[3]
                value = COMPUTED if path in report.changed else value_of(report.values.get(path, ""), words)
                read[name, instance] = (mode, value)
        values = {}
        for (name, instance), (mode, value) in unfolded_defaults(read).items():
            modes.setdefault(name, mode)
            values.setdefault(name, {})[instance] = value
        for name, instances in values.items():
            defaults.setdefault(name, []).append(default_of(instances))
    for name, mode in modes.items():
        yield name, mode, agreed(defaults[name])


def boot(kernel, machine, writes=(), quick=False, kept=None):
    """The report of a guest with this kernel. `writes`: (path, value) that it shall try. `quick`: it shows sysctls alone, and has no drivers.

    `kept`: a folder with what guests said; the same guest is not asked twice.
    """
    with tempfile.TemporaryDirectory(prefix="harvest.") as folder:
        folder = Path(folder)
        root = initramfs(kernel, writes, quick)
        (folder / "initramfs").write_bytes(root)
        asked = hashlib.sha256(repr(machine).encode() + COMMAND_LINE.encode() + " ".join(DEVICES).encode() + kernel.image.read_bytes() + root).hexdigest()
        known = kept and kept / f"{kernel.version}-{asked[:16]}"
        if known and known.exists():
            return understood(known.read_text(encoding="utf-8"))
        said = run(kernel, machine, folder)
        if known:
            known.parent.mkdir(parents=True, exist_ok=True)
            known.write_text(said, encoding="utf-8")
        return understood(said)


def run(kernel, machine, folder):
    """What a guest printed. `folder` has its initramfs."""
    nodes = []
    for node in range(machine.nodes):
        first, last = node * machine.cpus // machine.nodes, (node + 1) * machine.cpus // machine.nodes - 1
        nodes += ["-object", f"memory-backend-ram,id=node{node},size={machine.memory // machine.nodes}M",
                  "-numa", f"node,nodeid={node},cpus={first}-{last},memdev=node{node}"]
    qemu = ["qemu-system-x86_64", "-machine", "pc", "-accel", "tcg,thread=multi", "-cpu", machine.cpu, "-m", str(machine.memory), *nodes,
            "-smp", f"{machine.cpus},sockets={machine.nodes},cores={machine.cpus // machine.nodes},threads=1",
            "-nodefaults", "-display", "none", "-no-reboot", "-kernel", kernel.image, "-initrd", folder / "initramfs", "-append", COMMAND_LINE,
            "-serial", f"file:{folder}/console", "-serial", f"file:{folder}/report", *DEVICES]
    try:
        done = subprocess.run(["nice", *qemu], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT)
        trouble = done.stderr
    except subprocess.TimeoutExpired:
        trouble = f"no end within {TIMEOUT} s"
    said, console = ((folder / name).read_text(encoding="utf-8", errors="replace") if (folder / name).exists() else "" for name in ("report", "console"))
    if not said.endswith("#end\n"):
        raise SystemExit(f"harvest: the guest with Linux {kernel.version} did not finish: {trouble}\n{console[-3000:]}\n{said[-1000:]}")
    return said


def understood(said):
    """The report that a guest printed, as a Report."""
    report = Report()
    names = {os.strerror(number): name for number, name in errno.errorcode.items()} | {"nonexistent directory": "ENOENT"}
    section, scheduler = "", None
    first, second = {}, {}
    values = first
    for line in said.splitlines():
        heading = re.fullmatch(r"#([a-z]+) ?(\S*)", line)
        if heading:
            section = heading[1]
            if section == "scheduler":
                scheduler = heading[2]
            elif section == "again":
                values, scheduler = second, None
        elif section == "loaded":
            report.loaded.add(line)
        elif section == "writes":
            path, rest = line.split("\t", 1)
            value, outcome = rest.rsplit("\t", 1)
            verdict, _, detail = outcome.partition(" ")
            report.writes.append((path, value, verdict, names.get(detail, detail) if verdict == "error" else detail.strip()))
        else:
            mode, _, path = line.partition(" ") if section == "modes" else ("", "", line)
            path, _, value = path.partition(":")
            if scheduler:
                path = re.sub(r"(?<=^/sys/block/)[^/]+", scheduler, path)
            if section == "modes":
                report.modes[path] = mode
            else:
                values[path] = f"{values[path]} {value}" if path in values else value
    report.values = first
    report.changed = {path for path, value in second.items() if first.get(path) != value}
    return report


def initramfs(kernel, writes, quick):
    """The guest's root, as a newc archive: busybox, init, the modules in the order in which they go in."""
    wanted = loading_order(kernel, KNOWN["modules"] + ([] if quick else KNOWN["drivers"]))
    archive = Archive()
    for directory in ("bin", "dev", "proc", "sys", "modules.d"):
        archive.add(directory, 0o040755)
    archive.add("bin/busybox", 0o100755, BUSYBOX.read_bytes())
    archive.add("init", 0o100755, (HERE / "init").read_bytes())
    archive.add("modules", 0o100644, "".join(f"{name}\n" for name in wanted).encode())
    archive.add("writes", 0o100644, "".join(f"{path}\t{value}\n" for path, value in writes).encode())
    if quick:
        archive.add("quick", 0o100644)
    for name, content in wanted.items():
        archive.add(f"modules.d/{name}", 0o100644, content)
    archive.add("TRAILER!!!", 0)
    return bytes(archive.data)


class Archive:
    """A cpio archive in the form that a kernel unpacks."""

    def __init__(self):
        self.data, self.count = bytearray(), 0

    def add(self, name, mode, content=b""):
        self.count += 1
        data = name.encode() + b"\0"
        numbers = [self.count, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(data), 0]
        self._padded(b"070701" + b"".join(b"%08x" % number for number in numbers) + data)
        self._padded(content)

    def _padded(self, data):
        self.data += data + b"\0" * (-len(data) % 4)


def loading_order(kernel, lines):
    """The content of each module to load by name, what another needs before it. `lines`: names with blanks between."""
    files = {file.name.split(".ko")[0].replace("-", "_"): file for file in kernel.modules.glob("kernel/**/*.ko*")}
    order, begun = {}, set()

    def load(name):
        if name not in files or name in begun:
            return
        begun.add(name)
        content = packages.module_bytes(files[name])
        for key, value in packages.modinfo(content):
            if key == "depends":
                before = value.split(",")
            elif key == "softdep" and value.startswith("pre:"):
                before = value[len("pre:"):].split("post:")[0].split()
            else:
                continue
            for other in before:
                load(other.replace("-", "_"))
        order[name] = content

    for line in lines:
        for name in line.split():
            load(name.replace("-", "_"))
    return order
