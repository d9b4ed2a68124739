"""The harvest's parts that read documents, programs, pages and configuration files, on texts of our own."""
import gzip
import shutil
import tempfile
import unittest
from pathlib import Path

import carry
import documents
import libvirt
import live
import shipped
import systemd
from row import Row


class Documents(unittest.TestCase):
    TEXT = """
	depth=		[KNL,EARLY] How deep.
			Format: <int>

	nothing		[X86] No value.
	far=		[PPC] Of another machine.
	both.one=	[HW]
	both.two=	[HW]
			Text first.
			Format: { "on" | off (default) }
	maybe[=list]
	area=nn[KMG]
	of-{a,b}.some=	[KVM]
	dotted.boot=	[KNL]
	ALSA		[HW,ALSA] See elsewhere.
	(in.brackets)	prose
	many=		Two formats:
			Format: <int>
			Format: <string>
	first=, second=	[KNL]
"""

    def rows(self):
        return list(documents.boot_rows(self.TEXT, "x.txt", {"dotted.boot"}))

    def test_names_and_types(self):
        self.assertEqual([(r.kind, r.name, r.type) for r in self.rows()], [
            ("boot", "depth", "int"), ("boot", "nothing", "-"), ("module-param", "both.one", "on|off"), ("module-param", "both.two", "on|off"),
            ("boot", "maybe", "-"), ("boot", "area", "size"), ("module-param", "of_a.some", "-"), ("module-param", "of_b.some", "-"),
            ("boot", "dotted.boot", "-"), ("boot", "many", "-"), ("boot", "first", "-"), ("boot", "second", "-")])
        self.assertEqual({r.seen for r in self.rows()}, {"d"})

    def test_sysctls_by_title(self):
        text = "Documentation for /proc/sys/fs/\n====\n\n1. /proc/sys/fs\n----\n\na-one & b-two\n~~~~\n\nIntroduction\n====\n\nc (x86 only)\n====\n\n" \
               "2. Others\n====\n\nlost\n----\n\n3. /proc/sys/fs/deep - in words\n----\n\nd, e and f\n~~~~\n"
        self.assertEqual(list(documents.by_title(text, "fs")), ["fs/a-one", "fs/b-two", "fs/c", "fs/deep/d", "fs/deep/e", "fs/deep/f"])

    def test_sysctls_by_entry(self):
        text = "/proc/sys/net/ipv4/* Variables:\nttl - INTEGER\n\tttl - not one\nconf/all/deep - BOOLEAN\n``conf/interface/*``\nlog - BOOLEAN\n" \
               "conf/all/again - BOOLEAN\n/proc/sys/net/ipv6/* Variables:\nttl - INTEGER\n"
        self.assertEqual(list(documents.by_entry(text)), ["net/ipv4/ttl", "net/ipv4/conf/all/deep", "net/ipv4/conf/interface/log", "net/ipv4/conf/all/again",
                                                          "net/ipv6/ttl"])

    def test_instances(self):
        found = documents.named(["net/ipv4/conf/all/x", "net/ipv6/neigh/default/gc_thresh1", "net/mpls/conf/<interface>/input", "net/<x>/y"], "f")
        self.assertEqual([r.name for r in found], ["net.ipv4.conf().x", "net.ipv6.neigh.default.gc_thresh1", "net.mpls.conf().input"])


class Libvirt(unittest.TestCase):
    def test_types_are_the_lens_s(self):
        lens = 'let a = str_entry "one"\n | bool_entry "two" | str_array_entry "three"\n (* int_entry "gone" *) let l = limits_entry "four"\n'
        self.assertEqual(libvirt.lens_keys(lens), {"one": "str", "two": "bool", "three": "str_list", "four": "limits"})

    def test_a_default_is_what_is_called_one(self):
        sample = "# Turn it on.\n#\n#off_by_nature = 1\n\n# Whether. Defaults to 1.\n#on = 1\n\n# If this is off, the default is 0.\n#hangs = 1\n\n" \
                 "# It defaults to 5, that one defaults to 6.\n#a = 5\n#b = 6\n\n# The default value is \"/var/x\".\n#\n#path = \"/y\"\n"
        self.assertEqual(libvirt.sample_defaults(sample), {"on": "1", "path": "/var/x"})


class Systemd(unittest.TestCase):
    PAGE = '.SH "[BRIDGE] SECTION OPTIONS"\n.PP\n\\fIMode=\\fR\n.RS 4\nText with Other=no\\&.\n.RE\n.PP\n\\fILow=\\fR\\fIbytes\\fR, \\fIHigh=\\fR\n.RS 4\n' \
           'x\n.RE\n.SH "EXAMPLE"\n.PP\nNo=1\n'

    def test_terms_of_a_page(self):
        self.assertEqual(systemd.terms(self.PAGE), {"BRIDGE": {"Mode", "Low", "High"}})

    def installed(self, files):
        folder = Path(tempfile.mkdtemp(prefix="harvest-test."))
        self.addCleanup(lambda: shutil.rmtree(folder))
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)

        class Release:
            entry = {"packages": ["one"]}

        return systemd.Installed(Release, lambda release, package: (folder, ""))

    def test_keys_are_what_the_program_has(self):
        pages = {f"usr/share/man/man5/systemd.{page}.5.gz": b"" for page in systemd.UNIT_PAGES}
        pages["usr/share/man/man5/systemd.service.5.gz"] = b".PP\n\\fIExecStart=\\fR\n.RS 4\n"
        program = b"\0Service.ExecStart\0Service.OldWord\0Unit.After\0Else.Where\0Text. Not\0xService.No\0"
        installed = self.installed({**{name: gzip.compress(data) for name, data in pages.items()}, "usr/lib/systemd/systemd": program})
        self.assertEqual([(r.kind, r.name, r.seen) for r in systemd.unit_rows(installed)],
                         [("service", "Service.ExecStart", "pd"), ("service", "Service.OldWord", "p"), ("unit", "Unit.After", "p")])

    def test_rules(self):
        page = b"The following key names can be used to match:\n.PP\n\\fIKERNEL\\fR\n.RS 4\n.PP\n\\fIATTR{\\fR\\fIfile\\fR\\fI}\\fR\n.RS 4\n" \
               b"The following keys can get values assigned:\n.PP\n\\fIOWNER\\fR, \\fIGROUP\\fR\n.RS 4\n.PP\n\\fIATTR{\\fR\\fIkey\\fR\\fI}\\fR\n.RS 4\n"
        installed = self.installed({"usr/share/man/man7/udev.7.gz": gzip.compress(page)})
        self.assertEqual([(r.name, r.type) for r in systemd.udev_rows(installed)],
                         [("KERNEL", "match"), ("ATTR{}", "match|assign"), ("OWNER", "assign"), ("GROUP", "assign")])


class Carried(unittest.TestCase):
    def test_a_table_is_read_as_a_guest_is(self):
        report = carry.reported(["# head", "sysctl\tnet.ipv4.conf.eth0.log\t-rw-r--r--\t1", "sysctl\tnet.ipv4.conf.default.log\t-rw-r--r--\t0",
                                 "module-param\tkvm.nested\t-r--r--r--\tY", "queue-attr\tnr_requests", "sysctl\tvm.drop\t--w-------\t"])
        rows = [row for kind, below, words in live.SHOWN for row in live.shown([report], kind, below, words)]
        self.assertEqual(sorted(rows), [
            Row("module-param", "kvm.nested", "l", mode="444", default="Y"), Row("queue", "nr_requests", "l"),
            Row("sysctl", "net.ipv4.conf().log", "l", mode="644", default="0"), Row("sysctl", "vm.drop", "l", mode="200")])


class Shipped(unittest.TestCase):
    def read(self, reader, text):
        with tempfile.NamedTemporaryFile("w", prefix="harvest-test.") as file:
            file.write(text)
            file.flush()
            return dict(reader(Path(file.name)))

    def test_sysctl(self):
        self.assertEqual(self.read(shipped.sysctl, "# a\n; b\n-kernel.x = 1 \nnet/ipv4/conf/eth0.5/y=2\nnet.ipv4.conf.*.z = 3\n-net.ipv4.conf.all.z\n"),
                         {"kernel.x": "1", "net.ipv4.conf.eth0/5.y": "2", "net.ipv4.conf.*.z": "3", "net.ipv4.conf.all.z": "-"})

    def test_modprobe(self):
        self.assertEqual(self.read(shipped.modprobe, 'options a-b x=1 y="c d" z\nblacklist e-f\ninstall g /bin/x \\\n  y\nalias pci:* h\nsoftdep i pre: j\n'),
                         {"a_b.x": "1", "a_b.y": '"c d"', "a_b.z": "-", "blacklist:e_f": "-", "install:g": "/bin/x    y", "alias:pci:*": "h", "softdep:i": "pre: j"})

    def test_tuned(self):
        self.assertEqual(self.read(shipped.tuned, "[main]\nsummary=x\n[sysctl]\nvm.y = >10\n[more]\ntype=sysctl\nvm.z=1\n"),
                         {"main summary": "x", "sysctl vm.y": ">10", "sysctl vm.z": "1"})

    def test_modules_load(self):
        self.assertEqual(self.read(shipped.modules_load, "# x\nloop\n\n;y\ndm-crypt\n"), {"loop": "-", "dm-crypt": "-"})


if __name__ == "__main__":
    unittest.main()
