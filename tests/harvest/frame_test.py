"""Releases, rows and tables."""
import tempfile
import unittest
from pathlib import Path

import row
from releases import HERE, releases
from row import Row


class Releases(unittest.TestCase):
    def test_a_name_says_product_version_and_system(self):
        one = releases()["linux-6.1-debian-12"]
        self.assertEqual((one.product, one.version, one.system, one.suite), ("linux", "6.1", "debian-12", "bookworm"))
        self.assertEqual(one.title, "linux 6.1 on debian 12")
        self.assertEqual(releases()["linux-7.2-debian-sid"].title, "linux 7.2 on debian sid")

    def test_each_part_is_a_module_here_and_says_its_kinds(self):
        for release in releases().values():
            for part in release.parts:
                self.assertRegex((HERE / f"{part}.py").read_text(encoding="utf-8"), r"(?m)^KINDS = ")


class Tables(unittest.TestCase):
    def test_the_first_who_knows_a_column_wins_and_all_who_saw_it_are_named(self):
        live = Row("sysctl", "vm.swappiness", "l", mode="644", default="60")
        source = Row("sysctl", "vm.swappiness", "s", type="int", range="0..200", mode="600")
        self.assertEqual(row.merged([live, source]), [Row("sysctl", "vm.swappiness", "ls", type="int", range="0..200", mode="644", default="60")])

    def test_nobody_counts_as_a_witness_for_knowing_that_it_is_hidden(self):
        self.assertEqual(row.merged([Row("module-param", "m.p", mode="000"), Row("module-param", "m.p", "p", type="int")]),
                         [Row("module-param", "m.p", "p", type="int", mode="000")])

    def test_a_table_is_read_as_it_was_written(self):
        rows = [Row("mm", "kernel.mm.ksm.run", "l", mode="644", default="0"), Row("sysctl", "kernel.core_pattern", "l", default="a\tb\nc")]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "table.tsv")
            row.write(path, "linux 6.1 on debian 12", ["package p 1 sha256:0"], rows)
            text = path.read_text(encoding="utf-8")
            self.assertEqual(row.read(path), [rows[0], Row("sysctl", "kernel.core_pattern", "l", default="a b c")])
        self.assertTrue(text.startswith("# linux 6.1 on debian 12\n# package p 1 sha256:0\n# kind\tname\tseen\t"))


if __name__ == "__main__":
    unittest.main()
