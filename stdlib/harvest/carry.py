"""A table of what somebody else read off a running kernel, in our columns: for releases whose packages cannot be had.

It was one boot of one machine, with the modules that were loaded then. A default that differs between boots of another release is no
default here either; and that a parameter is not listed says something only where another one of its module is.
"""
from pathlib import Path

import live
from releases import HERE
from row import COMPUTED, UNKNOWN, Row, read

KINDS = live.KINDS

MODES = {letter: value for letter, value in zip("rwx", (4, 2, 1))}
PATHS = {"sysctl": "/proc/sys/{}", "module-param": "/sys/module/{}/parameters/{}", "queue-attr": "/sys/block/disk/queue/{}"}


def octal(text):
    """-rw-r--r-- as 644; "-" where the file's mode was not read."""
    if not text:
        return UNKNOWN
    return "".join(str(sum(MODES.get(letter, 0) for letter in text[at:at + 3])) for at in (1, 4, 7))


def reported(lines):
    """What the table's machine would have said to live.py. The names have dots where the paths have slashes."""
    report = live.Report()
    for line in lines:
        if line.startswith("#"):
            continue
        kind, name, mode, value = (*line.rstrip("\n").split("\t"), "", "")[:4]
        path = PATHS[kind].format(*(name.split(".", 1) if kind == "module-param" else [name.replace(".", "/")]))
        report.modes[path] = octal(mode)
        report.values[path] = value
    return report


def computed(folder, own):
    """Knobs whose default is computed by the kernels that were booted twice."""
    found = set()
    for table in sorted(Path(folder).glob("linux-*.tsv")):
        if table.stem != own:
            found.update((row.kind, row.name) for row in read(table) if row.default == COMPUTED)
    return found


def rows(release, fetch):
    lines = (HERE / "carried" / f"{release.name}.tsv").read_text(encoding="utf-8").splitlines()
    fetch.note(f"carried {lines[0].lstrip('# ')}")
    elsewhere = computed(HERE.parent / "harvested", release.name)
    for kind, below, words in live.SHOWN:
        for row in live.shown([reported(lines)], kind, below, words):
            default = COMPUTED if (row.kind, row.name) in elsewhere and row.default != UNKNOWN else row.default
            yield Row(row.kind, row.name, row.seen, mode=row.mode, default=default)
