"""What a guest prints, as rows; and what it is given."""
import shutil
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import live
import packages
from fold import folded, value_of
from row import Row

LARGE = """#loaded
kvm
wireguard
#modes
644 /proc/sys/vm/swappiness
644 /proc/sys/vm/min_free_kbytes
444 /proc/sys/fs/file-nr
200 /proc/sys/net/ipv4/route/flush
644 /proc/sys/net/ipv4/conf/all/rp_filter
644 /proc/sys/net/ipv4/conf/default/rp_filter
644 /proc/sys/net/ipv4/conf/eth0.7/rp_filter
644 /proc/sys/net/ipv4/neigh/default/gc_thresh1
644 /proc/sys/net/ipv4/neigh/default/locktime
644 /proc/sys/net/ipv4/neigh/lo/locktime
644 /proc/sys/kernel/sem
444 /proc/sys/kernel/uptime
#values
/proc/sys/vm/swappiness:60
/proc/sys/vm/min_free_kbytes:67584
/proc/sys/fs/file-nr:288\t0\t99
/proc/sys/net/ipv4/conf/all/rp_filter:2
/proc/sys/net/ipv4/conf/default/rp_filter:0
/proc/sys/net/ipv4/conf/eth0.7/rp_filter:1
/proc/sys/net/ipv4/neigh/default/gc_thresh1:128
/proc/sys/net/ipv4/neigh/default/locktime:100
/proc/sys/net/ipv4/neigh/lo/locktime:100
/proc/sys/kernel/sem:32000\t1024000000\t500\t32000
/proc/sys/kernel/uptime:1
#modes
644 /sys/module/kvm/parameters/halt_poll_ns
644 /sys/module/tls/parameters/names
644 /sys/kernel/mm/transparent_hugepage/enabled
644 /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
644 /sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages
644 /sys/block/vda/queue/nomerges
644 /sys/block/sda/queue/nomerges
644 /sys/block/vda/queue/rotational
644 /sys/block/sda/queue/rotational
#values
/sys/module/kvm/parameters/halt_poll_ns:200000
/sys/module/tls/parameters/names:first: 1
/sys/module/tls/parameters/names:second: 2
/sys/kernel/mm/transparent_hugepage/enabled:[always] madvise never
/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages:0
/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages:0
/sys/block/vda/queue/nomerges:0
/sys/block/sda/queue/nomerges:0
/sys/block/vda/queue/rotational:0
/sys/block/sda/queue/rotational:1
#scheduler none
#modes
#values
#scheduler mq-deadline
#modes
644 /sys/block/vda/queue/iosched/async_depth
644 /sys/block/vda/queue/iosched/fifo_batch
#values
/sys/block/vda/queue/iosched/async_depth:48
/sys/block/vda/queue/iosched/fifo_batch:16
#scheduler kyber
#modes
644 /sys/block/vda/queue/iosched/async_depth
#values
/sys/block/vda/queue/iosched/async_depth:64
#again
#modes
444 /proc/sys/kernel/uptime
644 /proc/sys/vm/swappiness
#values
/proc/sys/kernel/uptime:2
/proc/sys/vm/swappiness:60
#writes
/proc/sys/vm/swappiness\t201\terror Invalid argument
/proc/sys/kernel/sem\t1\t2\t3\t4\tok 1 2 3 4 
/proc/sys/no/such\t\terror nonexistent directory
#end
"""
SMALL = """#loaded
#modes
644 /proc/sys/vm/swappiness
644 /proc/sys/vm/min_free_kbytes
#values
/proc/sys/vm/swappiness:60
/proc/sys/vm/min_free_kbytes:4096
#end
"""


def rows_of(*reports):
    return {(row.kind, row.name): row for kind, below, words in live.SHOWN for row in live.shown([live.understood(said) for said in reports], kind, below, words)}


class Rows(unittest.TestCase):
    def setUp(self):
        self.rows = rows_of(LARGE, SMALL)

    def expect(self, kind, name, mode, default):
        self.assertEqual(self.rows.get((kind, name)), Row(kind, name, "l", mode=mode, default=default))

    def test_what_is_the_same_on_both_machines_is_the_default(self):
        self.expect("sysctl", "vm.swappiness", "644", "60")
        self.expect("sysctl", "kernel.sem", "644", "32000 1024000000 500 32000")

    def test_what_differs_between_machines_or_moments_or_counts_is_computed(self):
        self.expect("sysctl", "vm.min_free_kbytes", "644", "~")
        self.expect("sysctl", "kernel.uptime", "444", "~")
        self.expect("sysctl", "fs.file-nr", "444", "~")

    def test_what_nobody_can_read_has_no_default(self):
        self.expect("sysctl", "net.ipv4.route.flush", "200", "-")

    def test_an_interface_is_an_instance_and_the_default_one_tells(self):
        self.expect("sysctl", "net.ipv4.conf().rp_filter", "644", "0")
        self.expect("sysctl", "net.ipv4.neigh().locktime", "644", "100")
        self.assertFalse([name for _, name in self.rows if "eth0" in name or ".all." in name])

    def test_what_only_the_default_has_is_no_interfaces(self):
        self.expect("sysctl", "net.ipv4.neigh.default.gc_thresh1", "644", "128")

    def test_one_of_several_words_is_the_value(self):
        self.expect("mm", "kernel.mm.transparent_hugepage.enabled", "644", "always")

    def test_sizes_of_huge_pages_are_instances(self):
        self.expect("mm", "kernel.mm.hugepages().nr_hugepages", "644", "0")

    def test_disks_and_schedulers_must_agree(self):
        self.expect("queue", "nomerges", "644", "0")
        self.expect("queue", "rotational", "644", "~")
        self.expect("queue", "iosched.fifo_batch", "644", "16")
        self.expect("queue", "iosched.async_depth", "644", "~")

    def test_parameters_of_modules(self):
        self.expect("module-param", "kvm.halt_poll_ns", "644", "200000")
        self.expect("module-param", "tls.names", "644", "first: 1 second: 2")

    def test_a_loaded_modules_parameter_that_sysfs_lacks_is_hidden(self):
        modules = {}
        for name, built_in in ("kvm", False), ("tls", False), ("printk", True):
            modules[name] = packages.Module()
            modules[name].built_in, modules[name].file = built_in, Path("kernel", f"{name}.ko")
            modules[name].parameters = {"halt_poll_ns": "int", "secret": "int", "of_its_own": "-"}
        self.assertEqual(list(live.hidden([live.understood(LARGE)], modules)),
                         [Row("module-param", name, mode="000") for name in ("kvm.secret", "printk.halt_poll_ns", "printk.secret")])

    def test_writes(self):
        self.assertEqual(live.understood(LARGE).writes, [("/proc/sys/vm/swappiness", "201", "error", "EINVAL"),
                                                         ("/proc/sys/kernel/sem", "1\t2\t3\t4", "ok", "1 2 3 4"), ("/proc/sys/no/such", "", "error", "ENOENT")])


class Names(unittest.TestCase):
    def test_instances(self):
        for path, name, instance in [
                ("net/ipv6/conf/eth0.7/mtu", "net.ipv6.conf().mtu", "eth0.7"),
                ("net/mpls/conf/lo/input", "net.mpls.conf().input", "lo"),
                ("net/netfilter/nf_log/10", "net.netfilter.nf_log()", "10"),
                ("net/netfilter/nf_log_all_netns", "net.netfilter.nf_log_all_netns", ""),
                ("kernel/sched_domain/cpu0/domain1/flags", "kernel.sched_domain.cpu().domain().flags", "0/1"),
                ("fs/binfmt_misc/status", "fs.binfmt_misc.status", ""),
                ("fs/binfmt_misc/python3.11", "fs.binfmt_misc()", "python3.11"),
                ("kernel/mm/transparent_hugepage/hugepages-64kB/enabled", "kernel.mm.transparent_hugepage.hugepages().enabled", "64kB")]:
            self.assertEqual(folded(path), (name, instance))

    def test_values(self):
        self.assertEqual(value_of("none [mq-deadline] kyber\n"), "mq-deadline")
        self.assertEqual(value_of("[always] x", words=False), "[always] x")
        self.assertEqual(value_of("A 0x1 [ ] B 0x2 [ ]"), "A 0x1 [ ] B 0x2 [ ]")
        self.assertEqual(value_of("\n"), "-")
        self.assertEqual(value_of("x" * 101), "-")


def elf(*facts):
    """An object file with nothing but a .modinfo section."""
    strings, data = b"\0.modinfo\0.shstrtab\0", b"\0".join(fact.encode() for fact in facts) + b"\0"
    header = b"\x7fELF\x02\x01\x01" + bytes(33) + struct.pack("<Q", 64 + len(data) + len(strings)) + bytes(10) + struct.pack("<HHH", 64, 3, 2)
    sections = bytes(64) + struct.pack("<IIQQQQ", 1, 1, 0, 0, 64, len(data)) + bytes(24) + struct.pack("<IIQQQQ", 10, 3, 0, 0, 64 + len(data), len(strings)) + bytes(24)
    return header + data + strings + sections


class Kernel:
    """A kernel of two modules that can be loaded and one that is built in."""

    def __init__(self, folder):
        self.modules = Path(folder)
        (self.modules / "kernel/net").mkdir(parents=True)
        (self.modules / "kernel/net/low.ko").write_bytes(elf("license=GPL", "parmtype=depth:int", "parm=depth:how deep"))
        (self.modules / "kernel/net/high-up.ko").write_bytes(elf("depends=low", "parmtype=names:array of charp", "parm=own:with functions of its own"))
        (self.modules / "modules.builtin").write_text("kernel/kernel/base-one.ko\n", encoding="utf-8")
        (self.modules / "modules.builtin.modinfo").write_bytes(b"base_one.parmtype=on:bool\0base_one.license=GPL\0tree.parmtype=leaf:int\0")


class Packages(unittest.TestCase):
    def test_modules_and_their_parameters(self):
        with tempfile.TemporaryDirectory() as folder:
            found = packages.tree_modules(Kernel(folder))
        self.assertEqual({name: (module.built_in, module.where, module.parameters) for name, module in found.items()}, {
            "base_one": (True, "kernel/kernel", {"on": "bool"}),
            "high_up": (False, "kernel/net", {"names": "array of charp", "own": "-"}),
            "low": (False, "kernel/net", {"depth": "int"}),
            "tree": (False, "-", {"leaf": "int"})})

    def test_a_module_goes_in_after_what_it_needs(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(list(live.loading_order(Kernel(folder), ["high_up absent", "low"])), ["low", "high_up"])


@unittest.skipUnless(shutil.which("busybox"), "no busybox, which a guest needs too")
class Initramfs(unittest.TestCase):
    def test_cpio_unpacks_it(self):
        archive = live.Archive()
        archive.add("dir", 0o040755)
        archive.add("dir/odd", 0o100755, b"seven b")
        archive.add("TRAILER!!!", 0)
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["busybox", "cpio", "-i"], cwd=folder, input=bytes(archive.data), check=True, capture_output=True)
            self.assertEqual(Path(folder, "dir/odd").read_bytes(), b"seven b")
            self.assertEqual(Path(folder, "dir/odd").stat().st_mode & 0o777, 0o755)


if __name__ == "__main__":
    unittest.main()
