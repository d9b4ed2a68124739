"""The keys of systemd's files, out of the programs that read them: their parsers' tables hold each as Section.Key.

The manual pages tell which of them are documented, and where one program reads two kinds of files, which kind has which. Of udev's
rules and of tmpfiles.d they are all there is.
"""
import gzip
import re

from row import Row

SECTIONS = {"Unit": "unit", "Install": "unit", "Service": "service", "Mount": "mount", "Automount": "automount", "Socket": "socket",
            "Swap": "swap", "Timer": "timer", "Path": "path", "Slice": "slice", "Scope": "scope"}
KINDS = (*dict.fromkeys(SECTIONS.values()), "link", "network", "netdev", "udev-key", "tmpfiles")

PACKAGES = ("systemd", "udev", "libsystemd-shared")  # the last one has been split off by and by
UNIT_PAGES = ("unit", "service", "exec", "kill", "resource-control", "mount", "automount", "socket", "swap", "timer", "path", "slice", "scope")
LIKE = {"IPVTAP": "IPVLAN", "MACVTAP": "MACVLAN", "Tap": "Tun"}  # sections that the pages explain by others
TABLED = re.compile(rb"(?<=\0)[A-Z][A-Za-z0-9-]*\.[A-Z][A-Za-z0-9]*(?=\0)")


class Installed:
    """The packages of a release, where they are there."""

    def __init__(self, release, fetch):
        self.places = [fetch(release, package)[0] for package in release.entry.get("packages", PACKAGES)]

    def programs(self, *names):
        """The files with one of these names that hold a table, first name first."""
        for name in names:
            for place in self.places:
                for file in sorted(place.glob(f"**/{name}")):
                    if file.is_file() and not file.is_symlink():
                        yield file

    def page(self, name):
        return next(gzip.decompress(file.read_bytes()).decode("utf-8") for place in self.places for file in sorted(place.glob(f"usr/share/man/man?/{name}.gz")))


def tabled(file):
    return sorted({key.decode() for key in TABLED.findall(file.read_bytes())})


def plain(page):
    """A manual page's lines without fonts and escapes."""
    return re.sub(r"\\f[BIR]", "", page).replace("\\-", "-").replace("\\&", "")


def terms(page):
    """{SECTION: keys} that a page explains, each on a line of its own with a "=" behind it; headings are in capitals."""
    found, section = {}, ""
    for heading, line in re.findall(r'^\.SH "?([^"\n]*)|^\.PP\n(.*)\n\.RS 4$', plain(page), re.MULTILINE):
        if line:
            found.setdefault(section, set()).update(re.findall(r"\b([A-Z]\w*)=", line))
        else:
            named = re.match(r"\[([\w-]+)\]", heading)
            section = named[1].upper() if named else ""
    return found


def unit_rows(installed):
    documented = {key for page in UNIT_PAGES for keys in terms(installed.page(f"systemd.{page}.5")).values() for key in keys}
    program = next(file for file in installed.programs("libsystemd-core-*.so", "systemd") if b"\0Service.ExecStart\0" in file.read_bytes())
    for name in tabled(program):
        section, key = name.split(".")
        if section in SECTIONS:
            yield Row(SECTIONS[section], name, "pd" if key in documented else "p", where=program.name)


def link_rows(installed):
    documented = {key for keys in terms(installed.page("systemd.link.5")).values() for key in keys}
    program = next(file for file in installed.programs("udevadm", "systemd-udevd") if b"\0Link.WakeOnLan\0" in file.read_bytes())
    for name in tabled(program):
        yield Row("link", name, "pd" if name.split(".")[1] in documented else "p", where=program.name)


def network_rows(installed):
    """systemd-networkd reads .network and .netdev; both have sections [Match] and [Bridge], with keys of their own."""
    pages = {kind: terms(installed.page(f"systemd.{kind}.5")) for kind in ("network", "netdev")}
    program = next(installed.programs("systemd-networkd"))
    for name in tabled(program):
        section, key = name.split(".")
        heading = LIKE.get(section, section).upper()
        explained = [kind for kind, page in pages.items() if key in page.get(heading, ())]
        likely = [kind for kind, page in pages.items() if heading in page]
        for kind in explained or likely[:1] or ["network"]:
            yield Row(kind, name, "pd" if explained else "p", where=program.name)


def udev_rows(installed):
    """Keys of rules, with {} where they name something; the type is what may be done with them."""
    page = plain(installed.page("udev.7"))
    found = {}
    matched, assigned = page.index("key names can be used to match"), page.index("keys can get values assigned")
    for word, text in (("match", page[matched:assigned]), ("assign", page[assigned:])):
        for line in re.findall(r"^(?:\.PP|\.TP)\n((?:[A-Z]+(?:\{[^}\n]*\})?(?:, )?)+)$", text, re.MULTILINE):
            for key in line.split(", "):
                found.setdefault(re.sub(r"\{.*\}", "{}", key), []).append(word)
    for key, words in found.items():
        yield Row("udev-key", key, "d", type="|".join(words), where="udev(7)")


def tmpfiles_rows(installed):
    """Types of lines, out of the synopsis."""
    page = plain(installed.page("tmpfiles.d.5"))
    lines = page[page.index("#Type Path"):].split("\n.fi")[0].split("\n")[1:]
    for letter in sorted({line.split()[0] for line in lines if line.strip()}):
        yield Row("tmpfiles", letter, "d", where="tmpfiles.d(5)")


def rows(release, fetch):
    installed = Installed(release, fetch)
    parts = (unit_rows, link_rows, network_rows, udev_rows, tmpfiles_rows)
    return [row for part in parts for row in part(installed)]
