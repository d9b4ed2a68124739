"""Which knobs a kernel's documents name. Absence there proves nothing, and neither does presence: dead names stay for years.

Names and formats are facts and are taken; the documents' sentences are not.
"""
import re

import source
from fold import folded, of_kind
from row import UNKNOWN, Row

KINDS = ("sysctl", "boot", "module-param")

ELSEWHERE = ("ARM", "ARM64", "HEXAGON", "IA-64", "IA64", "LOONGARCH", "M68k", "M68K", "MIPS", "OPENRISC", "PARISC", "PPC", "PPC64",
             "RISCV", "RISCV64", "S390", "SH", "SPARC", "XTENSA")
NAME = r"[A-Za-z0-9_](?:[\w.-]*[\w-])?(?:\{[\w,]+\}[\w.-]*)?"
ENTRY = re.compile(rf"^\t({NAME}=?(?:, ?{NAME}=?)*)(?=$|[\s=\[<])(\S*)\s*(.*)$")
PLAIN = {
    "int": "int", "integer": "int", "long": "long", "bool": "bool", "boolean": "bool", "uint": "uint", "unsigned int": "uint",
    "unsigned integer": "uint", "string": "string", "cpu list": "cpulist", "cpu-list": "cpulist", "ulong": "ulong",
}


def formatted(text):
    """The type that a Format: tells, where it is one word or a choice of words."""
    text = " ".join(text.split())
    plain = re.fullmatch(r"<([a-z -]+)>(?: \(.*\))?", text)
    if plain:
        return PLAIN.get(plain[1])
    if re.fullmatch(r"(?:nn?|size|<size>)\[KMGT?[KMGTPE]*\]", text):
        return "size"
    text = re.sub(r" \(default\)", "", text)
    choice = re.fullmatch(r"\{? ?(\"?[\w-]+\"?(?: ?\| ?\"?[\w-]+\"?)+) ?\}?", text)
    return re.sub(r"[ \"]", "", choice[1]) if choice else None


def boot(text):
    """(names, type) of kernel-parameters.txt. An entry is a line with one tab; what belongs to it has more."""
    lines = text[max(text.find("\nKernel parameters\n"), 0):].split("\n")  # in newer ones, flags are explained before
    for at, line in enumerate(lines):
        entry = ENTRY.match(line)
        if not entry:
            continue
        names, value, rest = entry.groups()
        flags = re.match(r"\[([^\]]*)\]?", value if value.startswith("[") else rest)
        prose = rest.startswith("[") and rest.partition("]")[2].strip() or flags is None and rest
        flags = set(re.split(r"[ ,;/]+", flags[1])) if flags else set()
        if flags & set(ELSEWHERE) and not any("X86" in flag or flag == "IOMMU" for flag in flags):
            continue
        if names in flags:  # a word on a subsystem as a whole
            continue
        kind = formatted(value.lstrip("=")) if value.startswith("=") or names.endswith("=") and value else None
        below = at + 1
        while not prose and below < len(lines) and ENTRY.match(lines[below]):  # entries that share their text
            below += 1
        end = next((n for n in range(below, len(lines)) if re.match(r"\t\S", lines[n])), len(lines))
        told = re.findall(r"^\s+Format:\s*([^{\n]*(?:\{[^}]*\})?[^\n]*)", "\n".join(lines[below:end]), re.MULTILINE)
        kind = kind or (formatted(told[0]) if len(told) == 1 else None)
        yield [one for name in re.split(r",\s*(?![^{]*\})", names) for one in alternatives(name.strip().rstrip("="))], kind


def alternatives(name):
    """kvm-{amd,intel}.avic is two."""
    choice = re.search(r"\{([\w,]+)\}", name)
    return [name.replace(choice[0], word) for word in choice[1].split(",")] if choice else [name]


def boot_rows(text, where, handled):
    """`handled`: boot parameters whose names have a dot though no module has them."""
    for names, kind in boot(text):
        for name in names:
            module, dot, parameter = name.partition(".")
            of_module = dot and parameter and name not in handled
            known = ("module-param", f"{module}.{parameter}".replace("-", "_")) if of_module else ("boot", name)
            yield Row(*known, "d", type=kind or UNKNOWN, where=where)


# --- sysctl -----------------------------------------------------------------------------------------------------------

def titles(text):
    """The headings of a document, in order."""
    return re.findall(r"^(\S[^\n]*)\n(?:=|-|~|\^){3,}[ \t]*$", text, re.MULTILINE)


def by_title(text, path):
    """Names that are headings of their own, below a heading that names their directory."""
    for title in titles(text):
        directory = re.search(r"/proc/sys/([\w/]+?)/?(?:$|\s)", title)
        if directory or re.match(r"\d+\. ", title):
            path = directory[1] if directory else None
            continue
        title = re.sub(r"\s*\(.*\)$", "", title.rstrip(":"))
        names = re.split(r",? and |, | & ", title)
        if path and all(re.fullmatch(r"[a-z][\w./-]*", name) for name in names):
            yield from (f"{path}/{name}" for name in names)


def by_entry(text):
    """Names with a type after them: `tcp_sack - BOOLEAN`."""
    path = None
    for line in text.split("\n"):
        directory = re.match(r"^`*/?proc/sys/([\w/]+?)/\*", line)
        below = re.match(r"^`*((?:conf/(?:interface|all|default|<interface>))|icmp)/\*`*:?\s*$", line)
        entry = re.match(r"^([a-z][\w/<>-]*(?:, [a-z][\w/]*)*) - \S", line)
        if directory:
            path = root = directory[1]
        elif below and path:
            path = f"{root}/{below[1]}"
        elif entry and path:
            yield from (f"{root if name.startswith('conf/') else path}/{name}" for name in entry[1].split(", "))


def sysctl_rows(directory):
    for file in sorted((directory / "Documentation/admin-guide/sysctl").glob("*.rst")):
        if file.stem != "index":
            yield from named(by_title(file.read_text(encoding="utf-8"), file.stem), file.relative_to(directory))
    for file in sorted((directory / "Documentation/networking").glob("*sysctl*.rst")):
        yield from named(by_entry(file.read_text(encoding="utf-8")), file.relative_to(directory))


def named(paths, where):
    for path in paths:
        path = re.sub(r"(?<=/conf/)<\w+>", "interface", path)
        if not re.search(r"[<>]", path):
            yield Row("sysctl", of_kind(folded(path)[0]), "d", where=str(where))


def rows(release, fetch):
    directory = source.unpacked(release, fetch)
    where = "Documentation/admin-guide/kernel-parameters.txt"
    handled = {row.name for row in source.rows(release, fetch) if row.kind == "boot" and "." in row.name}
    return boot_rows((directory / where).read_text(encoding="utf-8"), where, handled)


def also(release, fetch, found):
    """Of the sysctls those that somebody saw: what documents alone name has long gone, or never was called so."""
    seen = {row.name for row in found if row.kind == "sysctl"}
    return [row for row in sysctl_rows(source.unpacked(release, fetch)) if row.name in seen]
