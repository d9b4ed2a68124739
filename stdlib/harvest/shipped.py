"""What a distribution's own packages set: their files in sysctl.d, modprobe.d and modules-load.d, and tuned's profiles.

A name is the file and the key, with a blank between them, since files set the same things to other values: a test makes a site of each
file. The value is in the column of defaults.
"""
import re

from row import UNKNOWN, Row

KINDS = ("sysctl.d", "modprobe.d", "modules-load.d", "tuned")

FOLDERS = ("usr/lib", "lib", "etc")


def lines(file, comment="#;"):
    """The lines of a file that say something, in one piece each."""
    text = file.read_text(encoding="utf-8", errors="replace").replace("\\\n", " ")
    return [line.strip() for line in text.split("\n") if line.strip() and line.strip()[0] not in comment]


def sysctl(file):
    """(key, value). A minus before a key says that its failing is no matter; a key may have slashes, and is a whole one then."""
    for line in lines(file):
        key, sign, value = line.partition("=")
        key = key.strip().removeprefix("-").strip()
        slash, dot = key.find("/"), key.find(".")
        if 0 <= slash and (dot < 0 or slash < dot):
            key = key.strip("/").translate(str.maketrans("/.", "./"))
        yield key, value.strip() if sign else UNKNOWN


def modprobe(file):
    """(M.P, value) of options; (blacklist:M, -), (install:M, command) and so on of the rest."""
    for line in lines(file, "#"):
        word, *rest = line.split(None, 2)
        module = rest[0].replace("-", "_") if rest else ""
        told = rest[1] if len(rest) > 1 else ""
        if word == "options":
            for option in re.findall(r'[^\s"]+(?:"[^"]*")?', told):
                name, sign, value = option.partition("=")
                yield f"{module}.{name}", value if sign else UNKNOWN
        else:
            yield f"{word}:{rest[0] if word == 'alias' else module}", told or UNKNOWN


def modules_load(file):
    for line in lines(file):
        yield line, UNKNOWN


def tuned(file):
    """(SECTION KEY, value) of a profile; a section is a plugin's, unless it has a type."""
    section, entries, types = "", [], {}
    for line in lines(file):
        heading = re.fullmatch(r"\[(.*)\]", line)
        key, _, value = line.partition("=")
        if heading:
            section = heading[1]
        elif key.strip() == "type":
            types[section] = value.strip()
        else:
            entries.append((section, key.strip(), value.strip()))
    for section, key, value in entries:
        yield f"{types.get(section, section)} {key}", value or UNKNOWN


READERS = (("sysctl.d", sysctl), ("modprobe.d", modprobe), ("modules-load.d", modules_load))


def files(place):
    """(kind, file, what it is called, reader) of what a package has."""
    for folder in FOLDERS:
        for kind, reader in READERS:
            for file in sorted((place / folder / kind).glob("*.conf")):
                yield kind, file, file.name, reader
    for file in sorted(place.glob("usr/lib/tuned/**/tuned.conf")):
        yield "tuned", file, str(file.parent.relative_to(place / "usr/lib/tuned")), tuned
    if (place / "etc/sysctl.conf").is_file():
        yield "sysctl.d", place / "etc/sysctl.conf", "sysctl.conf", sysctl


def rows(release, fetch):
    for package in release.entry["packages"]:
        place = fetch(release, package)[0]
        for kind, file, called, reader in files(place):
            if file.is_symlink() and not file.exists():
                continue
            for key, value in dict(reader(file)).items():  # of a key that a file sets twice, the last counts
                yield Row(kind, f"{called} {key}", "p", default=value, where=f"{package}:{file.relative_to(place)}")
