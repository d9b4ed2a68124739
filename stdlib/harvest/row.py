"""One line of a table in stdlib/harvested: a knob of one release, and what was read of it.

A part of the harvest (live, packages, source, documents, …) is a function from a release to rows; `merged` puts the rows of all
parts together. What a part could not tell is "-". The meaning of each column: stdlib/harvest/README.md.
"""
from dataclasses import dataclass, fields, replace

UNKNOWN = "-"
COMPUTED = "~"  # a default that differs from machine to machine, or from boot to boot


@dataclass(frozen=True, order=True)
class Row:
    kind: str             # sysctl, module-param, module, boot, queue, mm, config, qemu.conf, link, …
    name: str             # the target's own, "()" where an instance is named: net.ipv4.conf().rp_filter
    seen: str = ""        # who saw it, letters in this order: l live, p package, s source, d documents
    type: str = UNKNOWN   # the source's own word: int, uint, charp, array of int, int[3], builtin, str_list, …
    unit: str = UNKNOWN   # s, ms, us, ns, cs, page, KiB, B
    range: str = UNKNOWN  # 0..255, 1.., ..5: what the consumer refuses to leave
    mode: str = UNKNOWN   # octal: 644; 000 for a module parameter that sysfs does not show
    default: str = UNKNOWN
    gate: str = UNKNOWN   # kernel options that must be on, "+" between them: KSM, SECCOMP+X86
    where: str = UNKNOWN  # the source file, document or package that tells most


COLUMNS = [f.name for f in fields(Row)]
SEEN = "lpsd"


def clean(text):
    """Text as a column holds it: one line, no tabs, never empty."""
    return " ".join(str(text).split()) or UNKNOWN


def merged(rows):
    """Rows of the same knob made one: all who saw it; of each column the first that is known, in the order of `rows`."""
    table = {}
    for row in rows:
        known = table.get((row.kind, row.name))
        if known is None:
            table[row.kind, row.name] = row
            continue
        better = {c: getattr(row, c) for c in COLUMNS[3:] if getattr(known, c) == UNKNOWN}
        seen = "".join(letter for letter in SEEN if letter in known.seen + row.seen)
        table[row.kind, row.name] = replace(known, seen=seen, **better)
    return sorted(table.values(), key=lambda row: (row.kind, row.name))


def write(path, title, provenance, rows):
    """`provenance`: lines such as "package linux-image-6.1.0-56-amd64 6.1.192-2 sha256:…"."""
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        for line in [title, *provenance, "\t".join(COLUMNS)]:
            out.write(f"# {line}\n")
        for row in rows:
            out.write("\t".join(clean(getattr(row, c)) for c in COLUMNS) + "\n")


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [Row(*line.rstrip("\n").split("\t")) for line in lines if not line.startswith("#")]
