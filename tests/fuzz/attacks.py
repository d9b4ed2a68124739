#!/usr/bin/env python3
"""What a machine does to tunec while it runs: attacks.py TUNEC

Signals, full disks, devices and pipes as output, names that a terminal or another program takes for commands.
"""
import json, os, pty, resource, signal, stat, subprocess, sys, tempfile, time, unittest

TUNEC = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
FACTS = 'os = "debian 12"  memory = 64GiB  cpu { vendor = intel  cores = 16  threads = 2 }'
STEERING = "\x1b[31m", "\u202e", "\u009b", "\u2066"


def read_or_end(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


class Attack(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.write("s.tune", "site s\nhost h {\n  facts { %s }\n  sysctl.vm.swappiness = 1\n}\n" % FACTS)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def run_tunec(self, *args, **more):
        more.setdefault("stdout", subprocess.PIPE)
        return subprocess.run([TUNEC, *args], cwd=self.folder.name, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=120, **more)

    def test_what_is_no_regular_file_is_written_to_and_never_replaced(self):
        os.symlink("/proc/self/fd/1", self.path("out"))
        with open(self.path("x.tar"), "wb") as tar:
            self.assertEqual(self.run_tunec("compile", "s.tune", "--format", "tar", "-o", "out", stdout=tar).returncode, 0)
        self.assertTrue(os.path.islink(self.path("out")))
        self.assertGreater(os.path.getsize(self.path("x.tar")), 512)
        os.mkdir(self.path("o"))
        for i in (1, 2):
            self.assertEqual(self.run_tunec("compile", "s.tune", "--shard", f"{i}/2", "-o", f"o/{i}").returncode, 0)
        os.mkfifo(self.path("pipe"))
        reader = subprocess.Popen(["cat", self.path("pipe")], stdout=subprocess.PIPE)
        self.assertEqual(self.run_tunec("merge-manifests", "o/1", "o/2", "-o", "pipe").returncode, 0)
        self.assertIn(b"90-tunec.conf", reader.communicate(timeout=30)[0])
        self.assertTrue(stat.S_ISFIFO(os.lstat(self.path("pipe")).st_mode))

    def test_a_full_disk_is_exit_code_2(self):
        self.write("bad.tune", "site s\nhost h { facts { %s }  sysctl.vm.swappines = 1 }\n" % FACTS)
        self.write("untidy.tune", "site   s\n")
        for command in (["check", "bad.tune", "--format", "json"], ["explain", "vm.swappiness"], ["knobs", "swap*"], ["budget", "s.tune"],
                        ["why", "s.tune", "h", "vm.swappiness"], ["shards", "s.tune", "--ninja", "2", "-o", "o"], ["backends"],
                        ["list", "intents"], ["list", "hosts", "s.tune"], ["diff", "s.tune", "s.tune"], ["fmt", "--diff", "untidy.tune"], ["waivers", "s.tune"],
                        ["check", "s.tune", "--decisions"], ["help"], ["--version"],
                        ["compile", "s.tune", "--format", "tar", "-o", "-"]):
            with self.subTest(command=command), open("/dev/full", "wb") as full:
                self.assertEqual(self.run_tunec(*command, stdout=full).returncode, 2)

    def test_nothing_from_a_site_steers_a_terminal(self):
        label = "x" + "".join(STEERING)
        self.write("facts.yaml", "hosts:\n  h: { os: %s, memory: 64GiB, labels: { role: %s } }\n" % (json.dumps("debian" + label), json.dumps(label)))
        self.write("s.tune", 'site s\nimport "facts.yaml"\nhost h {\n  unchecked sysctl.kernel.core_pattern = "{host.label.role}" because "%s"\n'
                   '  sysctl.vm.swappines = 1  # %s\n}\nwaive hugepage-bounds on host h owner "%s" until 2030-01-01 because "%s"\n'
                   % (label.replace("\x1b[31m", ""), label, label.replace("\x1b[31m", ""), label.replace("\x1b[31m", "")))
        for command in (["check", "s.tune"], ["check", "s.tune", "--format", "json"], ["budget", "s.tune"], ["budget", "s.tune", "--format", "json"],
                        ["why", "s.tune", "h", "kernel.core_pattern"], ["why", "s.tune", "h", "kernel.core_pattern", "--format", "json"],
                        ["waivers", "s.tune"], ["waivers", "s.tune", "--format", "json"], ["test", "s.tune", "--format", "junit"]):
            with self.subTest(command=command):
                done = self.run_tunec(*command)
                shown = (done.stdout + done.stderr).decode("utf-8")
                for steering in STEERING:
                    self.assertNotIn(steering[0], shown)
                if command[-1] == "json":
                    for line in done.stdout.decode().splitlines():
                        json.loads(line)

    def test_what_ninja_cannot_write_is_refused(self):
        os.mkdir(self.path("d"))
        for output, launcher in (("o|p", None), ("a\nb", None), ("o", "srun\n-n1")):
            with self.subTest(output=output):
                more = ["--launcher", launcher] if launcher else []
                done = self.run_tunec("shards", "s.tune", "--ninja", "2", "-o", output, *more)
                self.assertEqual((done.returncode, done.stdout), (2, b""))

    def test_a_file_with_a_password_is_for_root_alone(self):
        self.write("s.tune", 'site s\nhost h { facts { %s }  qemu.vnc_password = "XYZ12345" }\n' % FACTS)
        self.run_tunec("compile", "s.tune", "-o", "out")
        path = self.path("out/h/etc/libvirt/qemu.conf")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with open(self.path("out/h/manifest.json"), encoding="utf-8") as f:
            self.assertIn("0600", [x["mode"] for x in json.load(f)["files"] if x["path"].endswith("qemu.conf")])

    def test_an_empty_option_is_no_option(self):
        self.assertEqual(self.run_tunec("knobs", "--on", "").returncode, 2)
        self.assertEqual(self.run_tunec("check", "s.tune", "--stdlib", "").returncode, 2)

    def test_colours_are_for_terminals_that_have_them(self):
        def seen(terminal, **more):
            ours, theirs = pty.openpty()
            env = {k: v for k, v in os.environ.items() if k not in ("TERM", "NO_COLOR")} | {"TERM": terminal} | more
            subprocess.run([TUNEC, "check", "bad.tune"], cwd=self.folder.name, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL, env=env, timeout=60)
            os.close(theirs)
            text = b""
            while part := read_or_end(ours):
                text += part
            os.close(ours)
            self.assertIn(b"T0301", text)
            return text

        self.write("bad.tune", "site s\nhost h { facts { %s }  sysctl.vm.swappines = 1 }\n" % FACTS)
        self.assertIn(b"\x1b[", seen("xterm"))
        self.assertNotIn(b"\x1b[", seen("dumb"))
        self.assertNotIn(b"\x1b[", seen("xterm", NO_COLOR="1"))

    def test_tar_reads_the_archive_without_a_word(self):
        self.write("s.tune", 'site s\nhost h { facts { %s }  mount "/srv/\u00e9" { what = "UUID=1"  type = xfs } }\n' % FACTS)
        self.assertEqual(self.run_tunec("compile", "s.tune", "--format", "tar", "-o", "x.tar").returncode, 0)
        tar = subprocess.run(["tar", "tf", "x.tar"], cwd=self.folder.name, capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8"}, timeout=60)
        self.assertEqual((tar.returncode, tar.stderr), (0, b""))
        self.assertIn(b".mount", tar.stdout)

    def test_of_several_runs_at_once_each_is_whole_or_says_that_another_writes(self):
        self.write("s.tune", "site s\nhosts h-[001..200] {\n  facts { %s }\n  sysctl.vm.swappiness = 1\n}\n" % FACTS)
        runs = [subprocess.Popen([TUNEC, "compile", "s.tune", "-o", "out"], cwd=self.folder.name, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                for _ in range(6)]
        ended = [(run.communicate(timeout=60)[1], run.returncode) for run in runs]
        self.assertIn(0, [code for _, code in ended])
        for said, code in ended:
            self.assertTrue(code == 0 or (code == 2 and b"another tunec is writing there" in said), (code, said))
        last = self.run_tunec("compile", "s.tune", "-o", "out")
        self.assertIn(b" 0 written", last.stderr)

    def test_a_line_in_the_list_of_files_removes_no_file_of_others(self):
        self.assertEqual(self.run_tunec("compile", "s.tune", "-o", "out").returncode, 0)
        self.write("out/mine", "by hand")
        with open(self.path("out/.tunec/files"), "a", encoding="utf-8") as f:
            f.write("mine\n")
        self.assertEqual(self.run_tunec("compile", "s.tune", "-o", "out", "--no-cache").returncode, 0)
        self.assertTrue(os.path.exists(self.path("out/mine")))

    def test_a_signal_leaves_the_old_tree_or_the_new_one(self):
        def site(value):
            self.write("s.tune", "site s\nhosts h-[001..400] {\n  facts { %s }\n  sysctl.vm.swappiness = %d\n}\n" % (FACTS, value))

        def values():
            found = set()
            for i in range(1, 401):
                with open(self.path(f"out/h-{i:03}/etc/sysctl.d/90-tunec.conf"), encoding="utf-8") as f:
                    found.add(f.read().splitlines()[-1])
            return found

        site(1)
        begin = time.monotonic()
        self.assertEqual(self.run_tunec("compile", "s.tune", "-o", "out").returncode, 0)
        whole = time.monotonic() - begin
        for i in range(20):
            site(2 + i)
            run = subprocess.Popen([TUNEC, "compile", "s.tune", "-o", "out"], cwd=self.folder.name, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(whole * (0.4 + 0.04 * i))
            run.send_signal((signal.SIGINT, signal.SIGTERM)[i % 2])
            run.wait(timeout=60)
            self.assertEqual(len(values()), 1, f"signal {i}")

    def test_a_small_text_asks_for_little_work(self):
        groups = [f"g{i:03}" for i in range(200)]
        self.write("hosts.ini", "[g000]\n" + "".join(f"h-{i:04}\n" for i in range(1000))
                   + "".join(f"[{a}:children]\n{b}\n" for a, b in zip(groups, groups[1:] + groups[:1])))
        self.write("groups.tune", 'site s\nimport "hosts.ini"\nhosts h-* { facts { %s }  sysctl.vm.swappiness = 1 }\n' % FACTS)
        self.write("signs.tune", "site s\nhost h { sysctl.vm.swappiness = " + "@ " * 20000 + "}\n")
        self.write("twice.tune", "site s\nprofile p0(x = 1) { sysctl.vm.swappiness = 1 }\n" + "".join(
            f"profile p{i}(x = 1) {{ include p{i - 1}(x: x + 1)  include p{i - 1}(x: x + {2 ** i}) }}\n" for i in range(1, 25))
            + "host h { facts { memory = 64GiB }  include p24 }\n")
        for name in ("groups.tune", "signs.tune", "twice.tune"):
            with self.subTest(name=name):
                done = self.run_tunec("check", name, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (30, 30)))
                self.assertIn(done.returncode, (0, 1))
                self.assertLess(len(done.stderr), 3 << 20)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
